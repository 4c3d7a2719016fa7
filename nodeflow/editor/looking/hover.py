"""What the pointer rests on: after a moment on a wire or an output, the value there is worth a look. Pure.

rest.update(hit, pointer)       # once per frame
rest.on                         # Endpoint("pose", "poses"), or None
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from nodeflow.editor.canvas.geometry import Point
from nodeflow.editor.canvas.scene import NOTHING, Hit, Scene
from nodeflow.editor.numbers import ago
from nodeflow.engine.look import Look, Picture
from nodeflow.graph import ANY, Endpoint

_REST = 0.35
"""Seconds that the pointer has to keep still."""
_STILL = 4.0
"""How far it may tremble meanwhile, in pixels."""


class Rest:
    """See the module's head."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._hit = NOTHING
        self._at: Point = (0.0, 0.0)
        self._since = 0.0
        self._rests = False

    @property
    def hit(self) -> Hit:
        """The wire or the port that it rests on."""
        return self._hit if self._rests else NOTHING

    @property
    def on(self) -> Endpoint | None:
        """The output whose value is there."""
        return output_of(self.hit)

    def update(self, hit: Hit, pointer: Point) -> None:
        """The pointer is on `hit`, or on nothing that counts. Once it rests, it may move along the same wire."""
        now = self._clock()
        if output_of(hit) is None:
            hit = NOTHING
        moved = math.dist(pointer, self._at) > _STILL
        if hit != self._hit or (moved and not self._rests):
            self._rests = False
            self._hit, self._at, self._since = hit, pointer, now
        self._rests = self._rests or (hit != NOTHING and now - self._since >= _REST)

    def leave(self) -> None:
        """The person does something else: it begins anew."""
        self._rests = False
        self._since = self._clock()


def output_of(hit: Hit) -> Endpoint | None:
    """The output that feeds a wire, or that a port is."""
    if hit.kind == "wire" and hit.link is not None:
        return hit.link.source
    if hit.kind == "port" and hit.port is not None and hit.port.side == "out":
        return Endpoint(hit.port.node, hit.port.name)
    return None


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a value: its kind, what it is, and where it comes from and how old it is."""

    kind: str
    summary: str
    facts: str


def told(scene: Scene, hit: Hit, look: Look | None, now: float) -> Told:
    """What is known of the value on a wire or at an output; `look` is the last one seen there."""
    wire = scene.wires.get(hit.link) if hit.link is not None else None
    kind = wire.kind if wire is not None else scene.kind_of(hit.port) if hit.port is not None else ANY
    facts: list[str] = []
    if hit.link is not None:
        facts.append(str(hit.link))
    if wire is not None and wire.converts:
        target = scene.boxes[wire.link.target.node].face.port("in", wire.link.target.port)
        facts.append(f"becomes {target.kind}" if target else "is converted")
    if wire is not None and not wire.fits:
        facts.append("does not fit")
    if look is None:
        return Told(kind, "nothing has come yet", " \u00b7 ".join(facts))
    if kind == ANY:
        kind = look.kind
    if isinstance(look.shows, Picture) and look.device != "cpu":
        facts.append(f"on {look.device}")
    facts.append(f"frame {look.frame}, {ago(now - look.at)}")
    return Told(kind, look.summary, " \u00b7 ".join(facts))

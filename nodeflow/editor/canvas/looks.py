"""What a painter needs to know of the person's hand, as one value that can be compared with that of the last frame."""

from __future__ import annotations

from dataclasses import dataclass, field

from nodeflow.editor.canvas.geometry import Curve, Point, Rect, Viewport
from nodeflow.editor.canvas.gestures import BoxSelect, Cutting, Idle, MapPanning
from nodeflow.editor.canvas.guides import Line
from nodeflow.editor.canvas.interaction import Interaction
from nodeflow.editor.canvas.minimap import Minimap
from nodeflow.editor.canvas.moving import DragNodes
from nodeflow.editor.canvas.pads import PadId
from nodeflow.editor.canvas.scene import NOTHING, Hit, Port
from nodeflow.editor.canvas.selection import Selection
from nodeflow.editor.canvas.wiring import Wiring
from nodeflow.graph import Link


@dataclass(frozen=True, slots=True)
class Ghost:
    """The wires in hand: the port they are drawn from, how they lie, where their loose end is, the kind they carry and
    the ports that they may go to."""

    port: Port
    curves: tuple[Curve, ...]
    end: Point
    kind: str
    lit: frozenset[Port] = frozenset()
    target: Port | None = None
    detached: tuple[Link, ...] = ()
    """The links that they were until they were taken off."""


@dataclass(frozen=True, slots=True)
class Looks:
    """How a scene is looked at, and what the hand does there. `size` is the canvas's, in logical pixels."""

    viewport: Viewport
    size: Point
    selection: Selection = field(default_factory=Selection)
    hover: Hit = NOTHING
    ghost: Ghost | None = None
    band: Rect | None = None
    stroke: tuple[Point, ...] = ()
    doomed: frozenset[Link] = frozenset()
    landing: Link | None = None
    """The wire that a dragged node would be put into."""
    into: PadId | None = None
    """The group that a dragged node would lie in."""
    guides: tuple[Line, ...] = ()
    """What a dragged node is in line with."""
    map: Minimap | None = None


def looks_of(canvas: Interaction) -> Looks:
    gesture = canvas.gesture
    return Looks(
        viewport=canvas.viewport,
        size=canvas.size,
        selection=canvas.selection,
        hover=canvas.hover if isinstance(gesture, Idle) else NOTHING,
        ghost=_ghost(gesture) if isinstance(gesture, Wiring) else None,
        band=gesture.band if isinstance(gesture, BoxSelect) else None,
        stroke=tuple(gesture.stroke) if isinstance(gesture, Cutting) else (),
        doomed=frozenset(gesture.doomed) if isinstance(gesture, Cutting) else frozenset(),
        landing=gesture.wire if isinstance(gesture, DragNodes) else None,
        into=gesture.into if isinstance(gesture, DragNodes) else None,
        guides=gesture.guides if isinstance(gesture, DragNodes) else (),
        map=gesture.map if isinstance(gesture, MapPanning) else canvas.map,
    )


def _ghost(held: Wiring) -> Ghost:
    return Ghost(held.port, held.curves, held.end, held.kind, held.lit, held.target, held.detached)

"""What the run says of the nodes on screen, at the pace of a reader, and the pictures that they show.

Numbers that change faster than a few times a second cannot be read, so statuses are taken five times a second;
pictures are taken every frame. GUI thread only.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping

from nodeflow.editor.canvas.complaint import Way
from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.canvas.layout import PORTS_ZOOM
from nodeflow.editor.canvas.live import BROKEN, Image, Live
from nodeflow.editor.looking.textures import Textures, Wanted
from nodeflow.editor.looking.watching import Watching
from nodeflow.editor.running.standing import blame
from nodeflow.editor.workspace import Workspace
from nodeflow.engine.look import Glance, Look, Picture
from nodeflow.engine.messages import NodeStatus, Snapshot

_EVERY = 0.2
_SIDES = (96, 160, 240, 360, 480)
_NO_STATUS = NodeStatus()
_PART = "canvas"


class Living:
    """Live parts for the painter, and what they want to see of the run. `ways` tells the ways out of a failure."""

    def __init__(
        self, workspace: Workspace, textures: Textures, watching: Watching, ways: Callable[[str], tuple[Way, ...]]
    ) -> None:
        self._workspace, self._textures, self._watching, self._ways = workspace, textures, watching, ways
        self._live: dict[str, Live] = {}
        self._next = 0.0
        self._key: tuple[object, ...] = ()
        self._sides: dict[str, int] = {}
        """How many pixels the picture of each node on screen has at most."""
        self.broken: tuple[str, ...] = ()
        """The nodes on screen that failed."""

    def update(self, shown: Iterable[str], scale: float, pointed: tuple[str, str] | None = None) -> Mapping[str, Live]:
        """Once per frame. `shown` are the nodes on screen, `scale` real pixels to a logical one, `pointed` the node and
        the way out of its failure that the pointer is on."""
        snapshot = self._workspace.run.snapshot
        now = time.monotonic()
        due = now >= self._next
        if due:
            self._next = now + _EVERY
            self._sides = self._node_sides(snapshot, shown, scale)
            self._watching.want(_PART, {_name(node): Glance(node, side=side) for node, side in self._sides.items()})
        self._update_textures(snapshot)
        key = (snapshot.state, pointed, *((node, self._image(node)) for node in self._sides))
        if due or key != self._key:
            self._key = key
            self._live = self._lives(snapshot, shown, pointed)
            self.broken = tuple(node for node, live in self._live.items() if live.broken)
        return self._live

    def forget(self) -> None:
        """Another graph is looked at: its nodes may have the same names."""
        self._live, self._sides, self._key, self._next = {}, {}, (), 0.0

    def _node_sides(self, snapshot: Snapshot, shown: Iterable[str], scale: float) -> dict[str, int]:
        """The nodes on screen that show a picture, and how many pixels are enough for it."""
        canvas = self._workspace.canvas
        zoom, boxes = canvas.viewport.zoom, canvas.scene.boxes
        if zoom < PORTS_ZOOM:
            return {}
        rooms = {node: boxes[node].face.preview for node in shown if node in boxes}
        return {
            node: _step(_longer_side(room, _look(snapshot, node)) * zoom * scale, _SIDES)
            for node, room in rooms.items()
            if room is not None
        }

    def _update_textures(self, snapshot: Snapshot) -> None:
        wanted = {}
        for node, side in self._sides.items():
            look = _look(snapshot, node)
            if look is not None and isinstance(look.shows, Picture):
                wanted[_name(node)] = Wanted(look.shows.pixels, look.serial, side)
        self._textures.update(_PART, wanted)

    def _image(self, node: str) -> Image | None:
        texture = self._textures.get(_name(node))
        return Image(texture.item, texture.width, texture.height) if texture else None

    def _lives(self, snapshot: Snapshot, shown: Iterable[str], pointed: tuple[str, str] | None) -> dict[str, Live]:
        errors = [problem for problem in self._workspace.sheet.shown_problems() if problem.severity == "error"]
        problems = {problem.node: problem.message for problem in reversed(errors)}
        if snapshot.state == "idle":
            return {node: Live(_NO_STATUS, problem=problems[node]) for node in shown if node in problems}
        slowest = max((status.ms for status in snapshot.nodes.values()), default=0.0) or 1.0
        lives = {}
        for node in shown:
            status, look, image = snapshot.nodes.get(node, _NO_STATUS), _look(snapshot, node), self._image(node)
            way = pointed[1] if pointed and pointed[0] == node else ""
            seen = look if image is None else None
            why = blame(status, self._workspace.run.whole.nodes, self._workspace.sheet.title_of)
            ways = self._ways(node) if status.state in BROKEN else ()
            lives[node] = Live(status, status.ms / slowest, image, seen, problems.get(node, ""), way, why, ways)
        return lives


def _name(node: str) -> str:
    """What the look at a node is called."""
    return f"{_PART} {node}"


def _look(snapshot: Snapshot, node: str) -> Look | None:
    return snapshot.looks.get(_name(node))


def _longer_side(room: Rect, look: Look | None) -> float:
    """How long the longer side of what is shown in `room` will be: a picture fills it one way only."""
    if look is None or not isinstance(look.shows, Picture):
        return max(room.width, room.height)
    width, height = look.shows.width, look.shows.height
    return max(width, height) * min(room.width / width, room.height / height)


def _step(side: float, steps: tuple[int, ...]) -> int:
    """The first of `steps` that is enough: a picture is not asked for anew with every pixel of zoom."""
    return next((step for step in steps if step >= side), steps[-1])

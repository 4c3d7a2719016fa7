"""What the run says of the nodes on screen, at the pace of a reader, and what it is asked to show.

Numbers that change faster than a few times a second cannot be read, so statuses are taken five times a second;
pictures are taken every frame. GUI thread only.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

from nodeflow.editor.canvas.layout import PORTS_ZOOM
from nodeflow.editor.canvas.live import Image, Live
from nodeflow.editor.panels.viewer import KEY
from nodeflow.editor.sheet import Sheet
from nodeflow.editor.textures import Textures, Wanted
from nodeflow.editor.workspace import Workspace
from nodeflow.engine.messages import NodeStatus, Snapshot

_EVERY = 0.2
_LOOKED_AWAY = 3.0
"""Seconds after which a node that nobody sees is no longer pictured."""
_SIDES = (96, 160, 240, 360, 480)
_VIEWER_SIDES = (320, 480, 640, 960, 1280, 1920)
_NO_STATUS = NodeStatus()


class Living:
    """Live parts for the painter, textures for all, and the watch list for the run."""

    def __init__(self, workspace: Workspace, textures: Textures) -> None:
        self._workspace, self._textures = workspace, textures
        self._live: dict[str, Live] = {}
        self._next = 0.0
        self._key: tuple[object, ...] = ()
        self._sides: dict[str, int] = {}
        self._watched: dict[str, tuple[float, int]] = {}
        """When each node was last looked at, and how many pixels it is asked for."""
        self._sheet = workspace.sheet
        self.broken: tuple[str, ...] = ()
        """The nodes on screen that failed."""

    def update(
        self, shown: Iterable[str], scale: float, viewer_side: int, pointed: tuple[str, str] | None = None
    ) -> Mapping[str, Live]:
        """Once per frame. `shown` are the nodes on screen; `viewer_side` the viewer's longer side in real pixels;
        `pointed` the node and the way out of its failure that the pointer is on."""
        if self._sheet is not self._workspace.sheet:
            self._turn_to(self._workspace.sheet)
        snapshot = self._workspace.run.refresh()
        now = time.monotonic()
        due = now >= self._next
        if due:
            self._next = now + _EVERY
            self._sides = self._node_sides(shown, scale)
            self._watch(now, _step(viewer_side, _VIEWER_SIDES))
        self._update_textures(snapshot, viewer_side)
        key = (snapshot.state, pointed, *((node, self._image(node)) for node in self._sides))
        if due or key != self._key:
            self._key = key
            self._live = self._lives(snapshot, shown, pointed)
            self.broken = tuple(node for node, live in self._live.items() if live.broken)
        return self._live

    def _turn_to(self, sheet: Sheet) -> None:
        """Forget the nodes of the sheet that was in front: those of this one may have the same names."""
        self._sheet = sheet
        self._watched, self._sides, self._live = {}, {}, {}
        self._next, self._key = 0.0, ()
        self._textures.update({})

    def _watch(self, now: float, viewer_side: int) -> None:
        """Ask the run for what is looked at. To stop asking costs it a new plan, so that is not done in passing."""
        viewed, graph = self._workspace.viewed, self._workspace.graph
        looked_at = self._sides | ({viewed: viewer_side} if viewed else {})
        self._watched |= {node: (now, side) for node, side in looked_at.items()}
        self._watched = {
            node: (seen, side)
            for node, (seen, side) in self._watched.items()
            if now - seen < _LOOKED_AWAY and node in graph.nodes
        }
        self._workspace.run.watch({node: side for node, (_seen, side) in self._watched.items()})

    def _node_sides(self, shown: Iterable[str], scale: float) -> dict[str, int]:
        """The nodes on screen that show a picture, and how many pixels are enough for it."""
        canvas = self._workspace.canvas
        zoom, boxes = canvas.viewport.zoom, canvas.scene.boxes
        if zoom < PORTS_ZOOM:
            return {}
        rooms = {node: boxes[node].face.preview for node in shown if node in boxes}
        return {
            node: _step(max(room.width, room.height) * zoom * scale, _SIDES)
            for node, room in rooms.items()
            if room is not None
        }

    def _update_textures(self, snapshot: Snapshot, viewer_side: int) -> None:
        previews, viewed = snapshot.previews, self._workspace.viewed
        wanted = {node: Wanted(previews[node], side) for node, side in self._sides.items() if node in previews}
        if viewed is not None and viewed in previews:
            wanted[KEY] = Wanted(previews[viewed], _step(viewer_side, _VIEWER_SIDES))
        self._textures.update(wanted)

    def _image(self, node: str) -> Image | None:
        texture = self._textures.get(node)
        return Image(texture.item, texture.width, texture.height) if texture else None

    def _lives(self, snapshot: Snapshot, shown: Iterable[str], pointed: tuple[str, str] | None) -> dict[str, Live]:
        errors = [problem for problem in self._workspace.problems if problem.severity == "error"]
        problems = {problem.node: problem.message for problem in reversed(errors)}
        if snapshot.state == "idle":
            return {node: Live(_NO_STATUS, problem=problems[node]) for node in shown if node in problems}
        slowest = max((status.ms for status in snapshot.nodes.values()), default=0.0) or 1.0
        lives = {}
        for node in shown:
            status, preview = snapshot.nodes.get(node, _NO_STATUS), snapshot.previews.get(node)
            text, problem = preview.text if preview else "", problems.get(node, "")
            way = pointed[1] if pointed and pointed[0] == node else ""
            lives[node] = Live(status, status.ms / slowest, self._image(node), text, problem, way)
        return lives


def _step(side: float, steps: tuple[int, ...]) -> int:
    """The first of `steps` that is enough: a picture is not asked for anew with every pixel of zoom."""
    return next((step for step in steps if step >= side), steps[-1])

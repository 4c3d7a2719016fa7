"""The ways out of a failure: play a sample instead, try the node again, look at it closely, take a report of it.

They stand under the node that failed (see canvas/complaint.py), in its menu and in the inspector. GUI thread only; no
DearPyGui here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from nodeflow.editor.canvas.complaint import COMMON_WAYS, Measure, Way, complaint_of
from nodeflow.editor.canvas.layout import ROWS_ZOOM
from nodeflow.editor.canvas.live import BROKEN
from nodeflow.editor.canvas.selection import Selection
from nodeflow.editor.mending.report import report
from nodeflow.editor.running.stand_in import StandIn, stand_in
from nodeflow.editor.workspace import Workspace
from nodeflow.engine.messages import NodeStatus

_NO_STATUS = NodeStatus()


class WaysOut:
    """What can be done about a node that failed, and which button the pointer is on.

    `copy` puts a text on the clipboard, `inspect` brings the inspector into view.
    """

    def __init__(
        self, workspace: Workspace, faces: Measure, copy: Callable[[str], None], inspect: Callable[[], object]
    ) -> None:
        self._workspace, self._faces = workspace, faces
        self._copy, self._inspect = copy, inspect
        self.pointed: tuple[str, Way] | None = None
        """The node and the way out whose button the pointer is on."""

    @property
    def selected(self) -> str | None:
        """The selected node, if it is the only one and broken."""
        nodes = self._workspace.canvas.selection.nodes
        node = next(iter(nodes)) if len(nodes) == 1 else None
        return node if node is not None and self._status(node).state in BROKEN else None

    def of(self, node: str) -> tuple[Way, ...]:
        """What can be done about a node that failed, the likeliest first."""
        return COMMON_WAYS if self._stand_in(node) is None else ("sample", *COMMON_WAYS)

    def can(self, way: Way) -> bool:
        """Whether that can be done about the selected node."""
        return self.selected is not None and way in self.of(self.selected)

    def point(self, broken: Iterable[str], over: bool) -> None:
        """Once per frame: `broken` are the failed nodes on screen, `over` says whether the pointer is on the canvas."""
        self.pointed = next((found for node in broken if (found := self._at(node))), None) if over else None

    def press(self) -> bool:
        """Do what the button under the pointer says; False if there is none."""
        if self.pointed is None:
            return False
        self.take(*self.pointed)
        return True

    def take(self, node: str, way: Way) -> None:
        workspace = self._workspace
        if way == "sample":
            if found := self._stand_in(node):
                workspace.set_param(node, found.param, found.ref)
        elif way == "retry":
            workspace.sheet.retry(node)
        elif way == "inspect":
            workspace.canvas.select(Selection(frozenset({node})))
            self._inspect()
        else:
            self._copy(report(workspace.sheet, node, self._status(node)))
            workspace.notices.say(f"A report of {workspace.title(node)} is on the clipboard", "done")

    def _at(self, node: str) -> tuple[str, Way] | None:
        status = self._status(node)
        canvas = self._workspace.canvas
        box = canvas.scene.boxes.get(node)
        if status.state not in BROKEN or box is None or canvas.viewport.zoom < ROWS_ZOOM:
            return None
        x, y = canvas.world
        way = complaint_of(status, box.face, self._faces, self.of(node)).way_at((x - box.at[0], y - box.at[1]))
        if way is None:
            return None
        above = canvas.hit().node
        covered = above is not None and canvas.scene.boxes[above].z > box.z
        return None if covered else (node, way)

    def _stand_in(self, node: str) -> StandIn | None:
        workspace = self._workspace
        made, schema = workspace.graph[node], workspace.schema(node)
        return stand_in(made, schema, self._status(node).hint, workspace.samples)

    def _status(self, node: str) -> NodeStatus:
        return self._workspace.run.snapshot.nodes.get(node, _NO_STATUS)

"""One open document and what belongs to it: its canvas, its run, its problems, what its viewer shows.

Every change of the document goes through `edit`, `undo` or `redo`, so that canvas, run, problems and history always
agree. A sheet is the `CanvasActions` of its canvas: what is done there happens here, whichever sheet is in front.
No DearPyGui here; GUI thread only.
"""

from __future__ import annotations

import time
from collections.abc import Hashable

from nodeflow.editor.canvas.geometry import Point
from nodeflow.editor.canvas.interaction import Interaction
from nodeflow.editor.canvas.layout import Measure, shows_preview
from nodeflow.editor.canvas.operations import frame_all
from nodeflow.editor.canvas.pads import PadId
from nodeflow.editor.canvas.scene import Hit, Port, Scene
from nodeflow.editor.canvas.selection import Selection
from nodeflow.editor.document import Document
from nodeflow.editor.front import Front
from nodeflow.editor.notices import Notices
from nodeflow.editor.run import Run
from nodeflow.graph import Catalog, Graph, Json, NodeSchema, Problem, View, check

_CHECK_AFTER = 0.15
"""Seconds without an edit after which the graph is checked: a check of a large graph takes longer than a frame."""


class Sheet:
    """See the module's head. `pinned` is the node that the viewer keeps showing."""

    def __init__(
        self, document: Document, run: Run, catalog: Catalog, measure: Measure, front: Front, notices: Notices
    ) -> None:
        self.document, self.run = document, run
        self.problems: list[Problem] = []
        self.pinned: str | None = None
        self._catalog, self._measure = catalog, measure
        self._front, self._notices = front, notices
        self.canvas = Interaction(Scene(catalog, measure), self)
        self.canvas.show(self.graph)
        self._checked: Graph | None = None
        self._told = self.graph
        """What the run last heard of; a node that only moved is no news to it."""
        self._edited_at = 0.0
        self._preview_of: tuple[Graph | None, str | None] = (None, None)

    def use_catalog(self, catalog: Catalog) -> None:
        """Show the document with these node types. The canvas is another one afterwards."""
        self._catalog = catalog
        old = self.canvas
        self.canvas = Interaction(Scene(catalog, self._measure), self)
        self.take_place_of(old)
        self.canvas.viewport = old.viewport
        self.canvas.show(self.graph)
        self._checked = None
        self._preview_of = (None, None)

    def take_place_of(self, canvas: Interaction) -> None:
        """Be as large on screen as the canvas that was there, and behave as it did."""
        self.canvas.size = canvas.size
        self.canvas.habits = canvas.habits

    # ---- the document --------------------------------------------------------------------------------------------

    @property
    def graph(self) -> Graph:
        return self.document.graph

    @property
    def blank(self) -> bool:
        """Whether nothing was ever done here, so that nothing is lost with it."""
        history = self.document.history
        untouched = self.document.path is None and history.undo_name is None and history.redo_name is None
        return untouched and not self.graph.nodes and not self.run.started

    def edit(self, name: str, graph: Graph, merge: Hashable | None = None) -> None:
        """Make `graph` the document, as a step called `name`."""
        self.document.history.push(name, graph, merge)
        self._changed()

    def set_param(self, node: str, param: str, value: Json, merge: Hashable | None = None) -> None:
        """Set a parameter, unless it has that value already."""
        schema = self.schema(node)
        known = schema.param(param) if schema else None
        before = self.graph[node].params.get(param, known.default if known else None)
        if value != before or type(value) is not type(before):
            self.edit(f"Set {node}.{param}", self.graph.set_param(node, param, value), merge)

    def rename(self, node: str, label: str) -> None:
        """Call a node something else; an empty label gives it the title of its type again."""
        schema, label = self.schema(node), label.strip()
        wanted = label if label and (schema is None or label != schema.title) else None
        if self.graph.view.get(node, View()).label != wanted:
            self.edit(f"Rename {node}", self.graph.rename(node, wanted))

    def undo(self) -> None:
        self.canvas.cancel()
        self.document.history.undo()
        self._changed()

    def redo(self) -> None:
        self.canvas.cancel()
        self.document.history.redo()
        self._changed()

    def schema(self, node: str) -> NodeSchema | None:
        return self._catalog.get(self.graph[node].type)

    def title(self, node: str) -> str:
        """What a node is called on the canvas."""
        schema, view = self.schema(node), self.graph.view.get(node, View())
        return view.label or (schema.title if schema else self.graph[node].type)

    def check_when_quiet(self) -> None:
        """Look for problems, if the graph changed and no edit came for a moment. Once per frame."""
        graph = self.graph
        same = self._checked is not None and self._checked.nodes is graph.nodes and self._checked.links is graph.links
        if not same and self._catalog.nodes and time.monotonic() - self._edited_at >= _CHECK_AFTER:
            self._checked = graph
            self.problems = check(graph, self._catalog)

    def retry(self, node: str) -> None:
        """Try a node again that failed; a run that has ended begins anew."""
        if self.run.started:
            self.run.retry(node)
        else:
            self.run.start(self.graph, self.document.folder)

    # ---- what is seen of it --------------------------------------------------------------------------------------

    @property
    def viewed(self) -> str | None:
        """The node that the viewer shows: the pinned one, else the selected one, else a preview at an end."""
        if self.pinned in self.graph.nodes:
            return self.pinned
        if len(self.canvas.selection.nodes) == 1:
            return next(iter(self.canvas.selection.nodes))
        graph = self.graph
        if self._preview_of[0] is not graph:
            shown = [node for node in graph.nodes if self._is_preview(node)]
            ends = [node for node in shown if not graph.links_from(node)]
            self._preview_of = (graph, next(iter([*ends, *shown]), None))
        return self._preview_of[1]

    def jump_to(self, node: str) -> None:
        """Select a node and bring it into the middle of the canvas."""
        box = self.canvas.scene.boxes.get(node)
        if box is None:
            return
        self.canvas.select(Selection(frozenset({node})))
        x, y = self.canvas.viewport.to_screen(box.bounds.center)
        width, height = self.canvas.size
        self.canvas.look_at(self.canvas.viewport.panned(width / 2 - x, height / 2 - y))

    def show_all(self) -> None:
        """Bring the whole graph into view."""
        frame_all(self.canvas)
        self.canvas.viewport = self.canvas.goal

    # ---- what the canvas asks ------------------------------------------------------------------------------------

    def open_search(self, at: Point, port: Port | None) -> None:
        self._front.open_search(at, port)

    def open_menu(self, at: Point, hit: Hit) -> None:
        self._front.open_menu(at, hit)

    def open_connect(self, node: str) -> None:
        self._front.open_connect(node)

    def open_param(self, node: str, param: str, by_keys: bool = False) -> None:
        self._front.open_param(node, param, by_keys)

    def open_rename(self, node: str) -> None:
        self._front.open_rename(node)

    def open_words(self, pad: PadId) -> None:
        self._front.open_words(pad)

    def open_viewer(self, node: str) -> None:
        self.pinned = node
        self._front.open_viewer()

    def refuse(self, message: str, at: Point) -> None:
        self._notices.say(message, "warning", self.canvas.viewport.to_screen(at))

    def selection_changed(self) -> None:
        """The panels look at the selection every frame, so there is nothing to do."""

    # ---- inside --------------------------------------------------------------------------------------------------

    def _changed(self) -> None:
        graph, told = self.graph, self._told
        self.canvas.show(graph)
        self._edited_at = time.monotonic()
        if graph.nodes is not told.nodes or graph.links is not told.links:
            self.run.edit(graph)
        self._told = graph

    def _is_preview(self, node: str) -> bool:
        return shows_preview(self.schema(node), self.graph.view.get(node, View()))

"""What the editor knows and can do, apart from how it looks: the document, the canvas, the run and what to say.

The window draws a workspace and calls it; a workspace asks the window for what needs a person (`Front`): a file name,
an answer, a value to type. Every change of the document goes through `edit`, `undo` or `redo`, so that canvas, run,
problems and history always agree. No DearPyGui here; GUI thread only.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Hashable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from nodeflow.editor.canvas.geometry import Point
from nodeflow.editor.canvas.interaction import Interaction
from nodeflow.editor.canvas.layout import Measure, approximate_width, shows_preview
from nodeflow.editor.canvas.operations import frame_all
from nodeflow.editor.canvas.scene import Hit, Port, Scene
from nodeflow.editor.canvas.selection import Selection
from nodeflow.editor.dialogs import Ask
from nodeflow.editor.document import Document
from nodeflow.editor.notices import Notices
from nodeflow.editor.run import MakeEngine, Run
from nodeflow.editor.shelf import Shelf
from nodeflow.graph import Catalog, Graph, GraphFileError, Json, NodeSchema, Problem, View, check

_CHECK_AFTER = 0.15
"""Seconds without an edit after which the graph is checked: a check of a large graph takes longer than a frame."""


class Front(Protocol):
    """The part of the window that a workspace asks for things. Answers come later, by the function handed over."""

    def open_search(self, at: Point, port: Port | None) -> None: ...
    def open_menu(self, at: Point, hit: Hit) -> None: ...
    def open_param(self, node: str, param: str) -> None: ...
    def open_rename(self, node: str) -> None: ...
    def open_viewer(self) -> None: ...
    def ask_path(self, ask: Ask, then: Callable[[Path], None]) -> None: ...
    def ask_unsaved(self, then: Callable[[], None]) -> None: ...


class Workspace:
    """See the module's head. It is the `CanvasActions` of its canvas."""

    def __init__(self, front: Front, make_engine: MakeEngine, measure: Measure = approximate_width) -> None:
        self.front = front
        self.document = Document()
        self.run = Run(make_engine)
        self.notices = Notices()
        self.shelf = Shelf()
        self.problems: list[Problem] = []
        self.pinned: str | None = None
        self.catalog = Catalog()
        self.ready = False
        """Whether the node types are known yet."""
        self._measure = measure
        self.canvas = Interaction(Scene(self.catalog, measure), self)
        self._checked: Graph | None = None
        self._told = self.graph
        """What the run last heard of; a node that only moved is no news to it."""
        self._edited_at = 0.0
        self._preview_of: tuple[Graph | None, str | None] = (None, None)

    def use_catalog(self, catalog: Catalog) -> None:
        """Show the document with these node types. The canvas is another one afterwards."""
        self.catalog, self.ready = catalog, True
        old = self.canvas
        self.canvas = Interaction(Scene(catalog, self._measure), self)
        self.canvas.size, self.canvas.viewport = old.size, old.viewport
        self.canvas.show(self.graph)
        self._checked = None
        self._preview_of = (None, None)

    # ---- the document --------------------------------------------------------------------------------------------

    @property
    def graph(self) -> Graph:
        return self.document.graph

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

    def new(self) -> None:
        """An empty document, once what is unsaved is taken care of."""
        self._leave(lambda: self.adopt(Document()))

    def open(self) -> None:
        """Ask for a graph file and open it."""
        ask = Ask("open", "Open a graph", self.document.folder, ("*.json",))
        self._leave(lambda: self.front.ask_path(ask, self.open_path))

    def open_path(self, path: Path) -> None:
        try:
            document = Document.open(path, self.catalog)
        except GraphFileError as error:
            self.notices.say(str(error), "error")
            return
        self.adopt(document)

    def save(self, then: Callable[[], None] | None = None) -> None:
        """Save to the document's file, asking for one if it has none; then do `then`."""
        if self.document.path is None:
            self.save_as(then)
        else:
            self._save(None, then)

    def save_as(self, then: Callable[[], None] | None = None) -> None:
        start = self.document.path or (self.document.folder or Path.cwd()) / "graph.json"
        self.front.ask_path(Ask("save", "Save the graph", start, ("*.json",)), lambda path: self._save(path, then))

    def leave(self, then: Callable[[], None]) -> None:
        """Do `then` once what is unsaved is taken care of; not at all if the person decides to stay."""
        self._leave(then)

    def adopt(self, document: Document) -> None:
        """Show another document. The run of the one before ends."""
        self.run.drop()
        self.document = document
        self.pinned = None
        self.canvas.select(Selection())
        self._changed()
        frame_all(self.canvas)

    # ---- the run -------------------------------------------------------------------------------------------------

    def start_or_pause(self) -> None:
        if self.run.active:
            self.run.pause()
        else:
            self.run.start(self.graph, self.document.folder)

    def step(self) -> None:
        self.run.step(self.graph, self.document.folder)

    def save_trace(self) -> None:
        """Ask for a file and put into it what ran when, until now."""
        trace = self.run.trace()
        start = (self.document.folder or Path.cwd()) / f"{self.document.name}-trace.json"
        self.front.ask_path(
            Ask("save", "Save the trace", start, ("*.json",)), lambda path: self._save_trace(path, trace)
        )

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

    def schema(self, node: str) -> NodeSchema | None:
        return self.catalog.get(self.graph[node].type)

    def title(self, node: str) -> str:
        """What a node is called on the canvas."""
        schema, view = self.schema(node), self.graph.view.get(node, View())
        return view.label or (schema.title if schema else self.graph[node].type)

    def check_when_quiet(self) -> None:
        """Look for problems, if the graph changed and no edit came for a moment. Once per frame."""
        graph = self.graph
        same = self._checked is not None and self._checked.nodes is graph.nodes and self._checked.links is graph.links
        if not same and self.catalog.nodes and time.monotonic() - self._edited_at >= _CHECK_AFTER:
            self._checked = graph
            self.problems = check(graph, self.catalog)

    def search_in_the_middle(self) -> None:
        """List node types to add in the middle of the canvas, for where there is no pointer on it."""
        width, height = self.canvas.size
        self.canvas.cancel()
        self.front.open_search(self.canvas.viewport.to_world((width / 2 - 160.0, height / 4)), None)

    def jump_to(self, node: str) -> None:
        """Select a node and bring it into the middle of the canvas."""
        box = self.canvas.scene.boxes.get(node)
        if box is None:
            return
        self.canvas.select(Selection(frozenset({node})))
        x, y = self.canvas.viewport.to_screen(box.bounds.center)
        width, height = self.canvas.size
        self.canvas.viewport = self.canvas.viewport.panned(width / 2 - x, height / 2 - y)

    # ---- what the canvas asks ------------------------------------------------------------------------------------

    def open_search(self, at: Point, port: Port | None) -> None:
        self.front.open_search(at, port)

    def open_menu(self, at: Point, hit: Hit) -> None:
        self.front.open_menu(at, hit)

    def open_param(self, node: str, param: str) -> None:
        self.front.open_param(node, param)

    def open_rename(self, node: str) -> None:
        self.front.open_rename(node)

    def open_viewer(self, node: str) -> None:
        self.pinned = node
        self.front.open_viewer()

    def refuse(self, message: str, at: Point) -> None:
        self.notices.say(message, "warning", self.canvas.viewport.to_screen(at))

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

    def _leave(self, then: Callable[[], None]) -> None:
        if self.document.dirty:
            self.front.ask_unsaved(then)
        else:
            then()

    def _save(self, path: Path | None, then: Callable[[], None] | None) -> None:
        try:
            self.document.save(path)
        except (GraphFileError, ValueError) as error:
            self.notices.say(str(error), "error")
            return
        self.notices.say(f"Saved {self.document.name}", "done")
        if then:
            then()

    def _save_trace(self, path: Path, trace: dict[str, Any]) -> None:
        path = path if path.suffix else path.with_suffix(".json")
        part = path.with_name(path.name + ".part")
        try:
            part.write_text(json.dumps(trace), encoding="utf-8")
            part.replace(path)
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            self.notices.say(f"{path}: this cannot be written: {error.strerror}", "error")
            return
        self.notices.say(f"Saved {path.name}: ui.perfetto.dev opens it", "done")

    def _is_preview(self, node: str) -> bool:
        return shows_preview(self.schema(node), self.graph.view.get(node, View()))

"""What the editor knows and can do, apart from how it looks: the open sheets, the one in front, and what to say.

The window draws a workspace and calls it; a workspace asks the window for what needs a person (`Front`). A panel asks
the workspace for `document`, `canvas`, `run` ... and means those of the sheet in front (see sheet.py).
No DearPyGui here; GUI thread only.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable
from contextlib import suppress
from pathlib import Path
from typing import Any

from nodeflow.editor.canvas.interaction import Interaction
from nodeflow.editor.canvas.layout import Measure, approximate_width
from nodeflow.editor.dialogs import Ask
from nodeflow.editor.document import Document
from nodeflow.editor.front import Front
from nodeflow.editor.habits import Habits
from nodeflow.editor.notices import Notices
from nodeflow.editor.run import MakeEngine, Run
from nodeflow.editor.settings import Preferences
from nodeflow.editor.sheet import Sheet
from nodeflow.editor.shelf import Shelf
from nodeflow.graph import Catalog, Graph, GraphFileError, Json, NodeSchema, Problem


class Workspace:
    """See the module's head."""

    def __init__(
        self,
        front: Front,
        make_engine: MakeEngine,
        measure: Measure = approximate_width,
        preferences: Preferences | None = None,
        habits: Habits | None = None,
    ) -> None:
        self.front = front
        self.preferences = preferences or Preferences()
        self.habits = habits or Habits()
        self.notices = Notices()
        self.shelf = Shelf()
        self.catalog = Catalog()
        self.ready = False
        """Whether the node types are known yet."""
        self._make_engine, self._measure = make_engine, measure
        self.sheet = self._sheet_of(Document())
        """The sheet in front."""

    def use_catalog(self, catalog: Catalog) -> None:
        """Show the documents with these node types."""
        self.catalog, self.ready = catalog, True
        self.sheet.use_catalog(catalog)

    # ---- the sheet in front --------------------------------------------------------------------------------------

    @property
    def document(self) -> Document:
        return self.sheet.document

    @property
    def graph(self) -> Graph:
        return self.sheet.graph

    @property
    def canvas(self) -> Interaction:
        return self.sheet.canvas

    @property
    def run(self) -> Run:
        return self.sheet.run

    @property
    def problems(self) -> list[Problem]:
        return self.sheet.problems

    @property
    def pinned(self) -> str | None:
        return self.sheet.pinned

    @pinned.setter
    def pinned(self, node: str | None) -> None:
        self.sheet.pinned = node

    @property
    def viewed(self) -> str | None:
        return self.sheet.viewed

    def edit(self, name: str, graph: Graph, merge: Hashable | None = None) -> None:
        self.sheet.edit(name, graph, merge)

    def set_param(self, node: str, param: str, value: Json, merge: Hashable | None = None) -> None:
        self.sheet.set_param(node, param, value, merge)

    def rename(self, node: str, label: str) -> None:
        self.sheet.rename(node, label)

    def undo(self) -> None:
        self.sheet.undo()

    def redo(self) -> None:
        self.sheet.redo()

    def schema(self, node: str) -> NodeSchema | None:
        return self.sheet.schema(node)

    def title(self, node: str) -> str:
        return self.sheet.title(node)

    def check_when_quiet(self) -> None:
        self.sheet.check_when_quiet()

    def jump_to(self, node: str) -> None:
        self.sheet.jump_to(node)

    def open_viewer(self, node: str) -> None:
        self.sheet.open_viewer(node)

    def search_in_the_middle(self) -> None:
        """List node types to add in the middle of the canvas, for where there is no pointer on it."""
        width, height = self.canvas.size
        self.canvas.cancel()
        self.front.open_search(self.canvas.viewport.to_world((width / 2 - 160.0, height / 4)), None)

    # ---- files ---------------------------------------------------------------------------------------------------

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
        old = self.sheet
        old.run.drop()
        self.sheet = self._sheet_of(document, old.run)
        self.sheet.take_place_of(old.canvas)
        self.sheet.show_all()

    # ---- the run -------------------------------------------------------------------------------------------------

    def start_or_pause(self) -> None:
        if self.run.active:
            self.run.pause()
        else:
            self._fit_run()
            self.run.start(self.graph, self.document.folder)

    def step(self) -> None:
        self._fit_run()
        self.run.step(self.graph, self.document.folder)

    def save_trace(self) -> None:
        """Ask for a file and put into it what ran when, until now."""
        trace = self.run.trace()
        start = (self.document.folder or Path.cwd()) / f"{self.document.name}-trace.json"
        self.front.ask_path(
            Ask("save", "Save the trace", start, ("*.json",)), lambda path: self._save_trace(path, trace)
        )

    # ---- inside --------------------------------------------------------------------------------------------------

    def _fit_run(self) -> None:
        """See that the run is one made with the settings of now, unless it is under way."""
        now = self.preferences.now
        self.run.fit((now.device, now.threads))

    def _sheet_of(self, document: Document, run: Run | None = None) -> Sheet:
        run = run or Run(self._make_engine)
        return Sheet(document, run, self.catalog, self._measure, self.front, self.notices)

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

"""What the editor knows and can do, apart from how it looks: the open sheets, the one in front, and what to say.

The window draws a workspace and calls it; a workspace asks the window for what needs a person (`Front`). A panel asks
the workspace for `document`, `canvas`, `run` ... and means those of the sheet in front (see sheet.py).
No DearPyGui here; GUI thread only.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Any

from nodeflow.editor.canvas.geometry import Point
from nodeflow.editor.canvas.interaction import Interaction
from nodeflow.editor.canvas.layout import Measure, approximate_width
from nodeflow.editor.canvas.scene import Onto, Scene
from nodeflow.editor.desktop import show_in_folder
from nodeflow.editor.documents.adapting import Adapt
from nodeflow.editor.documents.addable import Addable
from nodeflow.editor.documents.dialogs import Ask
from nodeflow.editor.documents.document import Document
from nodeflow.editor.documents.files import Files
from nodeflow.editor.documents.front import Front
from nodeflow.editor.documents.home import files_told, told
from nodeflow.editor.documents.sheet import Sheet
from nodeflow.editor.documents.sheets import Sheets
from nodeflow.editor.documents.subgraph_library import SubgraphLibrary
from nodeflow.editor.notices import Level, Notices
from nodeflow.editor.painting.easel import Easel
from nodeflow.editor.running.log import Log
from nodeflow.editor.running.news import News
from nodeflow.editor.running.offers import Offer, Offers
from nodeflow.editor.running.run import MakeEngine, Run
from nodeflow.editor.running.samples import MissingSample, Samples
from nodeflow.editor.running.shelf import ModelEntry, Shelf
from nodeflow.editor.running.standing import stopping_words
from nodeflow.editor.running.written import Written
from nodeflow.editor.settings.memory import Memory
from nodeflow.editor.settings.values import Preferences
from nodeflow.graph import Catalog, Graph, Json, NodeSchema, Problem, lowered, subgraphs
from nodeflow.whole import write_whole


class Workspace:
    """See the module's head."""

    def __init__(
        self,
        front: Front,
        make_engine: MakeEngine,
        measure: Measure = approximate_width,
        preferences: Preferences | None = None,
        memory: Memory | None = None,
    ) -> None:
        self.front = front
        self.preferences = preferences or Preferences()
        self.memory = memory or Memory()
        self.log = Log()
        self._news = News(self.log)
        self.written = Written()
        self.notices = Notices(heard=self._hear)
        self.shelf = Shelf()
        self.samples = Samples()
        self.offers = Offers()
        self._offers_ended = 0
        self.types = Catalog()
        """The node types of the packs."""
        self._adapt: Adapt | None = None
        self.ready = False
        """Whether the node types are known yet."""
        self.easel = Easel(self)
        self.library = SubgraphLibrary(front, self.notices, lambda: self.types)
        self._addable = Addable()
        self._make_engine, self._measure = make_engine, measure
        self.sheets = Sheets(self._sheet_of)
        self.files = Files(self.sheets, front, self.notices, self.memory, lambda: self.types)

    def use_catalog(self, catalog: Catalog, adapt: Adapt | None = None) -> None:
        """Show the documents with these node types; `adapt` tells the ports of those that depend on what they are set
        to."""
        self.types, self.ready, self._adapt = catalog, True, adapt
        self.sheets.use_catalog(catalog)

    # ---- the sheet in front --------------------------------------------------------------------------------------

    @property
    def sheet(self) -> Sheet:
        return self.sheets.front

    @property
    def document(self) -> Document:
        return self.sheet.document

    @property
    def graph(self) -> Graph:
        return self.sheet.graph

    @property
    def catalog(self) -> Catalog:
        """The node types, with the subgraphs of the document."""
        return self.sheet.catalog

    @property
    def addable(self) -> Catalog:
        """The node types that can be added to what is shown."""
        return self._addable.catalog(self.sheet, self.library.kept)

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
    def viewed(self) -> str | None:
        return self.sheet.viewed

    def edit(self, name: str, graph: Graph, merge: Hashable | None = None) -> None:
        self.sheet.edit(name, graph, merge)

    def set_param(self, node: str, param: str, value: Json, merge: Hashable | None = None) -> None:
        self.sheet.set_param(node, param, value, merge)

    def rename(self, node: str, label: str) -> None:
        self.sheet.rename(node, label)

    def add(self, schema: NodeSchema, at: Point, onto: Onto | None = None) -> str:
        """Add one of the `addable` at a world point, wired to `onto`; of the library, with its definition."""
        kept = self.library.get(schema.type)
        if kept is None:
            return self.canvas.add(schema, at, onto)
        graph, node_type = kept.into(self.graph)
        return self.canvas.add(subgraphs(graph, self.types).catalog.nodes[node_type], at, onto, graph)

    def undo(self) -> None:
        self.sheet.undo()

    def redo(self) -> None:
        self.sheet.redo()

    def schema(self, node: str) -> NodeSchema | None:
        return self.sheet.schema(node)

    def title(self, node: str) -> str:
        return self.sheet.title(node)

    def check_when_quiet(self) -> None:
        self.sheet.adapting.apply()
        self.sheet.aside.apply()
        self.sheet.check_when_quiet()

    def jump_to(self, node: str) -> None:
        self.sheet.jump_to(node)

    def find(self, flat: str) -> None:
        self.sheet.find(flat)

    def open_viewer(self, node: str) -> None:
        self.sheet.open_viewer(node)

    def search_in_the_middle(self) -> None:
        """List node types to add in the middle of the canvas, for where there is no pointer on it."""
        width, height = self.canvas.size
        self.canvas.cancel()
        self.front.open_search(self.canvas.viewport.to_world((width / 2 - 160.0, height / 4)), None)

    def keep_habits(self) -> None:
        """Remember how the person has the canvas behave now."""
        habits = self.canvas.habits
        if habits != self.preferences.now.habits:
            wheel = "pan" if habits.wheel_pans else "zoom"
            self.preferences.change(snap=habits.snap, minimap=habits.minimap, wheel=wheel)

    # ---- the run -------------------------------------------------------------------------------------------------

    @property
    def can_run(self) -> bool:
        """Whether there is a graph to start, or one that runs and may be paused."""
        return self.ready and bool(self.document.graph.nodes or self.run.started)

    def start_or_pause(self) -> None:
        if self.run.active and not self.run.stopping:
            self.run.pause()
        else:
            self._fit_run()
            self.run.start(self.document.graph, self.document.folder)

    def stop(self) -> None:
        """Stop the run; of one that is stopping already, say what it waits for."""
        if self.run.stopping:
            waits = stopping_words(self.run, self.sheet.title_of)
            self.notices.say(f"{waits}. A call that does not end is given up after some seconds", "info")
        else:
            self.run.stop()

    def open_and_start(self, path: Path) -> None:
        """Open a graph and run it at once."""
        if self.files.open_path(path) is not None and not self.run.active:
            self.start_or_pause()

    def next_offer(self) -> Offer | None:
        """What a run waits for and that a person is to be asked about now. Once per frame."""
        if self._offers_ended != self.offers.ended:
            self._offers_ended = self.offers.ended
            self.shelf.refresh()
            self.samples.refresh()
        return self.offers.waiting

    def models_missing(self) -> tuple[ModelEntry, ...]:
        """The models that running graphs name and that are not on this machine."""
        found = (entry for graph in self._running() for entry in self.shelf.missing(graph, self.types))
        return tuple(dict.fromkeys(found))

    def samples_missing(self) -> tuple[MissingSample, ...]:
        """The samples that running graphs name and that are not on this machine."""
        found = (sample for graph in self._running() for sample in self.samples.missing(graph, self.types))
        return tuple(dict.fromkeys(found))

    def gather_news(self) -> None:
        """Have the log tell what happened in the runs, and say what they wrote. Once per frame."""
        self._news.look((sheet.document.name, sheet.run, sheet.title_of) for sheet in self.sheets)
        for sheet in self.sheets:
            self.written.look(sheet.run, sheet.document.graph, self.types, sheet.document.folder)
        for paths in self.written.news():
            self.notices.say(f"Wrote {files_told(paths)}", "done")

    def step(self) -> None:
        self._fit_run()
        self.run.step(self.document.graph, self.document.folder)

    def save_trace(self) -> None:
        """Ask for a file and put into it what ran when, until now."""
        trace = self.run.trace()
        start = (self.document.folder or Path.cwd()) / f"{self.document.name}-trace.json"
        self.front.ask_path(
            Ask("save", "Save the trace", start, ("*.json",)), lambda path: self._save_trace(path, trace)
        )

    def show_written(self) -> None:
        """Have the desktop show the file that was written last."""
        path = self.written.paths[-1].absolute()
        if not show_in_folder(path):
            self.notices.say(f"Nothing here shows folders: it is {told(path)}", "warning")

    def scene_of(self, graph: Graph) -> Scene:
        """A scene of a graph that is only looked at."""
        scene = Scene(self.catalog, self._measure)
        scene.update(graph)
        return scene

    def close(self, patience: float) -> bool:
        """End every run, `patience` seconds at most; False if a node does not close."""
        return self.sheets.close(patience)

    # ---- inside --------------------------------------------------------------------------------------------------

    def _running(self) -> Iterator[Graph]:
        """The graphs that run, as they run."""
        return (lowered(sheet.document.graph, self.types) for sheet in self.sheets if sheet.run.started)

    def _fit_run(self) -> None:
        """See that the run is one made with the settings and for the folder of now, unless it is under way."""
        now = self.preferences.now
        self.run.fit((now.device, now.threads, self.document.folder))

    def _hear(self, level: Level, text: str) -> None:
        """Keep a notice in the log: it is gone from the screen before long."""
        self.log.say("info" if level == "done" else level, "editor", text)

    def _sheet_of(self, document: Document) -> Sheet:
        run, adapt = Run(self._make_engine), lambda: self._adapt
        return Sheet(document, run, self.types, self._measure, self.front, self.notices, adapt)

    def _save_trace(self, path: Path, trace: dict[str, Any]) -> None:
        path = path if path.suffix else path.with_suffix(".json")
        try:
            write_whole(path, json.dumps(trace))
        except OSError as error:
            self.notices.say(f"{path}: this cannot be written: {error.strerror}", "error")
            return
        self.notices.say(f"Saved {told(path.absolute())}: ui.perfetto.dev opens it", "done")

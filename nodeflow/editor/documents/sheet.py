"""One open document and what belongs to it: its canvas, its run, its problems, what its viewer shows.

Every change of the document goes through `edit`, `undo` or `redo`, so that canvas, run, problems and history always
agree. A sheet is the `CanvasActions` of its canvas: what is done there happens here, whichever sheet is in front.
No DearPyGui here; GUI thread only.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import replace
from pathlib import Path

from nodeflow.editor.canvas.actions import Made
from nodeflow.editor.canvas.arranging import arrange
from nodeflow.editor.canvas.geometry import Point, Viewport
from nodeflow.editor.canvas.interaction import Interaction
from nodeflow.editor.canvas.layout import Measure, shows_preview
from nodeflow.editor.canvas.names import title_of
from nodeflow.editor.canvas.operations import frame_all
from nodeflow.editor.canvas.pads import PadId
from nodeflow.editor.canvas.scene import Hit, Onto, Scene
from nodeflow.editor.canvas.selection import Selection
from nodeflow.editor.canvas.steps import Step
from nodeflow.editor.documents.adapting import Adapt, Adapting
from nodeflow.editor.documents.aside import Aside
from nodeflow.editor.documents.document import Document
from nodeflow.editor.documents.front import Front
from nodeflow.editor.documents.levels import Levels
from nodeflow.editor.documents.path_checks import PathChecks
from nodeflow.editor.notices import Notices
from nodeflow.editor.running.inside import Inside
from nodeflow.editor.running.run import Run
from nodeflow.editor.running.viewing import Viewing
from nodeflow.graph import OUTPUT, Catalog, Graph, Json, NodeSchema, Problem, View, check, subgraphs
from nodeflow.graph.definitions import definition_of

_CHECK_AFTER = 0.15
"""Seconds without an edit after which the graph is checked: a check of a large graph takes longer than a frame."""
_NO_VIEW = View()


class Sheet:
    """See the module's head."""

    def __init__(
        self,
        document: Document,
        run: Run,
        catalog: Catalog,
        measure: Measure,
        front: Front,
        notices: Notices,
        adapt: Callable[[], Adapt | None] = lambda: None,
    ) -> None:
        self.document, self.run = document, run
        self.problems: list[Problem] = []
        self.paths = PathChecks()
        self._wrong: list[Problem] = []
        """What is wrong with the graph itself, whatever is on the disk."""
        self._viewings: dict[tuple[str, ...], Viewing] = {}
        self._types, self._measure = catalog, measure
        self._front, self._notices = front, notices
        self.adapting = Adapting(self, adapt, notices)
        self.aside = Aside()
        self.levels = Levels()
        self._viewports: dict[tuple[str, ...], Viewport] = {}
        """How each level was last looked at."""
        self.canvas = Interaction(Scene(catalog, measure), self)
        self.canvas.show(self.graph)
        self._checked: Graph | None = None
        self._told = document.graph
        """What the run last heard of; a node that only moved is no news to it."""
        self._edited_at = 0.0
        self._preview_of: tuple[Graph | None, str | None] = (None, None)
        self._look()

    def use_catalog(self, catalog: Catalog) -> None:
        """Show the document with these node types. The canvas is another one afterwards."""
        self._types = catalog
        self.aside.drop()
        old = self.canvas
        self.canvas = Interaction(Scene(catalog, self._measure), self)
        self.take_place_of(old)
        self.canvas.viewport = old.viewport
        self.canvas.show(self.graph)
        self._checked = None
        self._preview_of = (None, None)
        self._look()

    def take_place_of(self, canvas: Interaction) -> None:
        """Be as large on screen as the canvas that was there, and behave as it did."""
        self.canvas.size = canvas.size
        self.canvas.habits = canvas.habits

    # ---- the document --------------------------------------------------------------------------------------------

    @property
    def graph(self) -> Graph:
        """What is shown: the document, or the inside of a subgraph in it."""
        return self.levels.shown(self.document.graph)

    @property
    def folder(self) -> Path | None:
        """Where relative paths start from; None before the document was saved."""
        return self.document.folder

    @property
    def catalog(self) -> Catalog:
        """The node types, with the subgraphs of the document."""
        return subgraphs(self.document.graph, self._types).catalog

    @property
    def blank(self) -> bool:
        """Whether nothing was ever done here, so that nothing is lost with it."""
        history = self.document.history
        untouched = self.document.path is None and history.undo_name is None and history.redo_name is None
        return untouched and not self.graph.nodes and not self.run.started

    def edit(self, name: str, graph: Graph, merge: Hashable | None = None) -> None:
        """Make `graph` what is shown, as a step called `name`."""
        path = self.levels.path
        self.rewrite(name, self.levels.put(self.document.graph, graph), (path, merge) if path and merge else merge)

    def rewrite(self, name: str, whole: Graph, merge: Hashable | None = None) -> None:
        """Make `whole` the document, whatever level of it is shown."""
        self.document.history.push(name, whole, merge)
        self._changed()

    def set_param(self, node: str, param: str, value: Json, merge: Hashable | None = None) -> None:
        """Set a parameter, unless it has that value already."""
        schema = self.schema(node)
        known = schema.param(param) if schema else None
        before = self.graph[node].params.get(param, known.default if known else None)
        if value == before and type(value) is type(before):
            return
        if schema is not None and schema.adapts and known is not None and known.group == "setup":
            self.adapting.want(node, param, value, merge)
        else:
            self.edit(f"Set {self.title(node)}.{param}", self.graph.set_param(node, param, value), merge)

    def rename(self, node: str, label: str) -> None:
        """Call a node something else; an empty label gives it the title of its type again."""
        schema, label = self.schema(node), label.strip()
        wanted = label if label and (schema is None or label != schema.title) else None
        if self.graph.view.get(node, View()).label != wanted:
            self.edit(f"Rename {self.title(node)}", self.graph.rename(node, wanted))

    def undo(self) -> None:
        self._go(self.document.history.undo)

    def redo(self) -> None:
        self._go(self.document.history.redo)

    def schema(self, node: str) -> NodeSchema | None:
        return self.catalog.get(self.graph[node].type)

    def title(self, node: str) -> str:
        """What a node is called on the canvas."""
        return title_of(self.graph, self.catalog, node)

    def title_of(self, flat: str) -> str:
        """What a node of the document is called, after the subgraphs that it is in; "" is the graph itself."""
        titles, level = [], self.document.graph
        for node in flat.split("/") if flat else ():
            if node not in level.nodes:
                return flat  # of a node that is gone, or never was
            titles.append(title_of(level, self.catalog, node))
            level = self.document.graph.definitions.get(definition_of(level[node].type) or "", level)
        return " / ".join(titles) or "Graph"

    def check_when_quiet(self) -> None:
        """Look for problems, if the graph changed and no edit came for a moment. Once per frame."""
        graph, checked = self.document.graph, self._checked
        same = (
            checked is not None
            and checked.nodes is graph.nodes
            and checked.links is graph.links
            and checked.definitions is graph.definitions
        )
        if not same and self._types.nodes and time.monotonic() - self._edited_at >= _CHECK_AFTER:
            self._checked = graph
            self._wrong = check(graph, self._types) if graph.nodes else []  # nothing is wrong with an empty sheet
            self.problems = [*self._wrong, *self.paths.problems]
        self.paths.look(self._checked, self._types, self.folder)
        if self.paths.update():
            self.problems = [*self._wrong, *self.paths.problems]

    def retry(self, node: str) -> None:
        """Try a node again that failed; a run that has ended begins anew."""
        self._again(self.run.retry, node)

    def retry_flat(self, flat: str) -> None:
        """The same for a node by its flat id."""
        self._again(self.run.retry_flat, flat)

    # ---- subgraphs -----------------------------------------------------------------------------------------------

    def enter(self, node: str) -> bool:
        """Show the inside of a subgraph; False if `node` is none."""
        self._viewports[self.levels.path] = self.canvas.viewport
        entered = self.levels.enter(self.document.graph, node)
        if entered:
            self._show_level(Selection())
        return entered

    def leave(self, depth: int | None = None) -> bool:
        """Show the graph around what is shown, or that with so many subgraphs around it; False if there is none."""
        path = self.levels.path
        depth = len(path) - 1 if depth is None else depth
        if not 0 <= depth < len(path):
            return False
        self._viewports[path] = self.canvas.viewport
        self.levels.leave(depth)
        self._show_level(Selection(frozenset({path[depth]})))
        return True

    def shown_problems(self) -> list[Problem]:
        """The problems of the nodes that are shown, by their ids here; of a subgraph, also those inside it."""
        prefix = "".join(f"{use}/" for use in self.levels.path)
        found = []
        for problem in self.problems:
            if problem.node.startswith(prefix):
                node, below, rest = problem.node[len(prefix) :].partition("/")
                message = f"{rest}: {problem.message}" if below else problem.message
                found.append(replace(problem, node=node, message=message))
        return found

    # ---- what is seen of it --------------------------------------------------------------------------------------

    @property
    def viewing(self) -> Viewing:
        """How the viewer looks at the level that is shown."""
        return self._viewings.setdefault(self.levels.path, Viewing())

    @property
    def viewed(self) -> str | None:
        """The node that the viewer shows: the one it holds, else the selected one, else a preview at an end, else what
        the subgraph gives that is shown."""
        held = self.viewing.held
        if held is not None and held.node in self.graph.nodes:
            return held.node
        if len(self.canvas.selection.nodes) == 1:
            return next(iter(self.canvas.selection.nodes))
        graph = self.graph
        if self._preview_of[0] is not graph:
            schema, view = self.catalog.get, graph.view.get
            shown = [
                each for each, made in graph.nodes.items() if shows_preview(schema(made.type), view(each, _NO_VIEW))
            ]
            ends = [node for node in shown if not graph.links_from(node)]
            gives = [node for node, made in graph.nodes.items() if made.type == OUTPUT]
            self._preview_of = (graph, next(iter([*ends, *shown, *gives]), None))
        return self._preview_of[1]

    def jump_to(self, node: str) -> None:
        """Select a node that is shown and bring it into the middle of the canvas."""
        box = self.canvas.scene.boxes.get(node)
        if box is None:
            return
        self.canvas.select(Selection(frozenset({node})))
        x, y = self.canvas.viewport.to_screen(box.bounds.center)
        width, height = self.canvas.size
        self.canvas.look_at(self.canvas.viewport.panned(width / 2 - x, height / 2 - y))

    def find(self, flat: str) -> None:
        """Jump to a node of the document, into the subgraph that it is in."""
        *path, node = flat.split("/")
        if tuple(path) != self.levels.path:
            self.leave(0)
            for use in path:
                self.enter(use)
        self.jump_to(node)

    def show_all(self) -> None:
        """Bring the whole graph into view."""
        frame_all(self.canvas)
        self.canvas.viewport = self.canvas.goal

    def unpile(self) -> None:
        """Lay out a graph that says of no node where it lies, as one that a person or a program wrote: one step."""
        if self._types.nodes and len(self.graph.nodes) > 1 and not self.graph.view:
            arrange(self.canvas)
            self.show_all()

    # ---- what the canvas asks ------------------------------------------------------------------------------------

    def open_search(self, at: Point, onto: Onto | None) -> None:
        self._front.open_search(at, onto)

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
        self.viewing.release()
        self.canvas.select(Selection(frozenset({node})))
        self._front.open_viewer()

    def refuse(self, message: str, at: Point) -> None:
        self._notices.say(message, "warning", self.canvas.viewport.to_screen(at))

    def ask_name(self, title: str, name: str, take: Callable[[str], None]) -> None:
        self._front.ask_name(title, name, take)

    def say(self, message: str) -> None:
        """Say that something was done which is not to be seen."""
        self._notices.say(message, "done")

    def do_aside(self, title: str, size: int, work: Callable[[Step], Made], then: Callable[[Made], None]) -> None:
        self.aside.begin(title, size, work, then)

    def drop_aside(self) -> bool:
        return self.aside.drop()

    # ---- inside --------------------------------------------------------------------------------------------------

    def _again(self, retry: Callable[[str], None], node: str) -> None:
        if self.run.started:
            retry(node)
        else:
            self.run.start(self.document.graph, self.document.folder)

    def _changed(self) -> None:
        graph, told = self.document.graph, self._told
        self.canvas.show(self.graph)
        self._edited_at = time.monotonic()
        if graph.nodes is not told.nodes or graph.links is not told.links or graph.definitions is not told.definitions:
            self.run.edit(graph)
            self._look()
        self._told = graph

    def _go(self, step: Callable[[], Graph]) -> None:
        """Undo or redo, and show the level where that changed something."""
        self.canvas.cancel()
        before, path, viewport = self.document.graph, self.levels.path, self.canvas.viewport
        self.levels.follow(before, step())
        self._changed()
        if self.levels.path != path:
            self._viewports[path] = viewport
            self._show_level(Selection())

    def _show_level(self, selection: Selection) -> None:
        self.canvas.cancel()
        self.canvas.show(self.graph)
        self.canvas.select(selection)
        viewport = self._viewports.get(self.levels.path)
        if viewport is None:
            frame_all(self.canvas)
        else:
            self.canvas.viewport = viewport
        self._look()

    def _look(self) -> None:
        """See the run from the level that is shown."""
        self.run.look_from(Inside(self.document.graph, self.levels.path, self.graph, self.catalog))

"""What wants a person's eye, in one list: what is wrong with the graph, what fails in its run, what is missing.

    troubles = Troubles(workspace)
    troubles.update()                       # once per frame; looks a few times a second
    troubles.list[0].fix.do()               # where one press mends it

Nodes go by flat ids, so the list is the same from every level of the document. GUI thread only; no DearPyGui here.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

from nodeflow.editor.canvas.live import BROKEN
from nodeflow.editor.documents.sheet import Sheet
from nodeflow.editor.mending.mends import mend_of
from nodeflow.editor.running.stand_in import StandIn, stand_in
from nodeflow.editor.workspace import Workspace
from nodeflow.engine.messages import NodeStatus, Snapshot
from nodeflow.graph import Catalog, Graph, Problem, lowered
from nodeflow.sizes import size_text

Severity = Literal["error", "warning", "info"]
_EVERY: Final = 0.2


@dataclass(frozen=True, slots=True)
class Fix:
    """`title` is what the button says."""

    title: str
    do: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Trouble:
    """One entry. `node` is a flat id, "" for the graph itself; `where` is what a person calls it."""

    severity: Severity
    node: str
    where: str
    message: str
    hint: str = ""
    fix: Fix | None = None

    @property
    def text(self) -> str:
        """All of it, to be pasted somewhere."""
        return f"{self.severity}: {self.where}: {self.message} {self.hint}".strip()


class Troubles:
    """Of the sheet in front. See the module's head."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.list: list[Trouble] = []
        """Errors first, then warnings, then what is only to be known."""
        self.version = 0
        self._key: tuple[object, ...] = ()
        self._next = 0.0
        self._wanted: tuple[Graph | None, Catalog | None, tuple[tuple[str, str, str], ...]] = (None, None, ())

    @property
    def bad(self) -> int:
        """How many of them are errors."""
        return sum(trouble.severity == "error" for trouble in self.list)

    @property
    def count(self) -> int:
        """How many of them are errors or warnings."""
        return sum(trouble.severity != "info" for trouble in self.list)

    def update(self) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + _EVERY
        sheet = self._workspace.sheet
        failing, missing = tuple(_failing(sheet.run.whole)), tuple(self._missing(sheet))
        failed = [(node, status.state, status.message, self._stand_in(sheet, node, status)) for node, status in failing]
        key = (sheet, sheet.problems, failed, missing)
        if key != self._key:
            self._key = key
            self.version += 1
            self.list = [*self._of_graph(sheet), *self._of_run(sheet, failing), *self._of_models(sheet, missing)]
            self.list.sort(key=lambda trouble: ("error", "warning", "info").index(trouble.severity))

    # ---- inside --------------------------------------------------------------------------------------------------

    def _of_graph(self, sheet: Sheet) -> Iterator[Trouble]:
        for problem in sheet.problems:
            mend = mend_of(sheet.document.graph, sheet.catalog, problem)
            fix = Fix(mend.title, partial(_mend, sheet, problem)) if mend else None
            title = sheet.title_of(problem.node)
            where = f"{title}.{problem.port}" if problem.port else title
            yield Trouble(problem.severity, problem.node, where, problem.message, problem.hint, fix)

    def _of_run(self, sheet: Sheet, failing: tuple[tuple[str, NodeStatus], ...]) -> Iterator[Trouble]:
        known = {(problem.node, problem.message) for problem in sheet.problems}
        unknown = self._unknown(sheet) if failing else {}
        for node, status in failing:
            if (node, status.message) not in known:
                fix = Fix("Retry", partial(sheet.retry_flat, node))
                if found := self._stand_in(sheet, node, status):
                    fix = Fix("Play a sample", partial(_play, sheet, node, found))
                elif node in unknown:
                    fix = Fix("Choose a model \u2026", partial(self._choose_model, sheet, node, unknown[node]))
                yield Trouble("error", node, sheet.title_of(node), status.message, status.hint, fix)

    def _stand_in(self, sheet: Sheet, flat: str, status: NodeStatus) -> StandIn | None:
        """What may play in place of a node of the graph itself."""
        node = sheet.document.graph.nodes.get(flat)
        return stand_in(node, sheet.catalog.get(node.type), status.hint, self._workspace.samples) if node else None

    def _choose_model(self, sheet: Sheet, node: str, task: str) -> None:
        """Show the models that a node may have instead of the one that it names."""
        sheet.find(node)
        self._workspace.front.open_models(task)

    def _of_models(self, sheet: Sheet, missing: tuple[tuple[str, str, str, int, bool], ...]) -> Iterator[Trouble]:
        for node, model, title, size, asked in missing:
            message = f"{title} is not on this machine: {size_text(size)} to download."
            hint = "It is on its way, or waits for an answer." if asked else "It is offered when the graph runs."
            fix = None if asked else Fix("Download \u2026", partial(_download, model))
            yield Trouble("info", node, sheet.title_of(node), message, hint, fix)

    def _missing(self, sheet: Sheet) -> Iterator[tuple[str, str, str, int, bool]]:
        """The nodes whose model is not here, with the model's id, title and size, and whether it is asked for now."""
        workspace = self._workspace
        for node, task, model in self._models(sheet.document.graph):
            for entry in workspace.shelf.models(task) or ():
                if entry.id == model and not entry.ready:
                    yield node, model, entry.title, entry.download, workspace.offers.of(model) is not None

    def _unknown(self, sheet: Sheet) -> dict[str, str]:
        """The nodes that name a model which is not known here, and its task."""
        entries = {task: self._workspace.shelf.models(task) for _, task, _ in self._models(sheet.document.graph)}
        return {
            node: task
            for node, task, model in self._models(sheet.document.graph)
            if model and (known := entries[task]) is not None and model not in {entry.id for entry in known}
        }

    def _models(self, graph: Graph) -> tuple[tuple[str, str, str], ...]:
        """Which nodes name a model: the node, the model's task and its id."""
        before, known, _models = self._wanted
        types = self._workspace.types
        same = before is not None and before.nodes is graph.nodes and before.definitions is graph.definitions
        if not same or types is not known:
            found = (
                (node, param.task, str(made.params.get(param.name, param.default)))
                for node, made in lowered(graph, types).nodes.items()
                if (schema := types.get(made.type)) is not None
                for param in schema.params
                if param.type == "model"
            )
            self._wanted = graph, types, tuple(found)
        return self._wanted[2]


def _failing(snapshot: Snapshot) -> Iterator[tuple[str, NodeStatus]]:
    return ((node, status) for node, status in snapshot.nodes.items() if status.state in BROKEN)


def _mend(sheet: Sheet, problem: Problem) -> None:
    """Mend a problem, if it can still be mended: the graph may have changed since it was found."""
    mend = mend_of(sheet.document.graph, sheet.catalog, problem)
    if mend is not None:
        sheet.rewrite(mend.step, mend.do(sheet.document.graph))


def _play(sheet: Sheet, node: str, found: StandIn) -> None:
    sheet.find(node)
    sheet.set_param(node, found.param, found.ref)


def _download(model: str) -> None:
    """Fetch a model on a thread of its own: its card is shown first, as to a node that wants it."""

    def fetch() -> None:
        import logging

        from nodeflow.models import ModelError, library

        try:
            library().files(model)
        except ModelError as fault:
            logging.getLogger(__name__).warning("%s was not downloaded: %s", model, fault)

    threading.Thread(target=fetch, name=f"fetching {model}", daemon=True).start()

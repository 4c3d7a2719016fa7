"""An engine and a window front that only note what they are asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from nodeflow.editor.documents.dialogs import Ask
from nodeflow.editor.workspace import Workspace
from nodeflow.engine.look import Look
from nodeflow.engine.messages import Command, NodeStatus, Pause, RunState, Snapshot, Start, Stop
from nodeflow.graph import Graph
from nodeflow.testing.graphs import TOY


class FakeEngine:
    """Takes commands, and is at once in the state that they ask for."""

    def __init__(self, graph: Graph, folder: Path | None) -> None:
        self.graph, self.folder = graph, folder
        self.sent: list[Command] = []
        self.closed = False
        self.message = ""
        self.state: RunState = "idle"
        self.nodes: dict[str, NodeStatus] = {}
        self.looks: dict[str, Look] = {}

    def send(self, command: Command) -> None:
        self.sent.append(command)
        states: dict[type, RunState] = {Start: "running", Pause: "paused", Stop: "stopped"}
        self.state = states.get(type(command), self.state)

    def snapshot(self) -> Snapshot:
        return Snapshot(state=self.state, message=self.message, nodes=self.nodes, looks=self.looks)

    def trace(self) -> dict[str, Any]:
        return {"traceEvents": [{"sent": len(self.sent)}]}

    def close(self) -> None:
        self.closed = True


class FakeFront:
    """Answers what a person would, from `path`, `name`, `sure`, `save` and `leave`, and notes what it was asked."""

    def __init__(self) -> None:
        self.opened: list[tuple[Any, ...]] = []
        self.path: Path | None = None
        self.leave = self.save = self.sure = False
        self.name: str | None = None

    def open_search(self, *about: Any) -> None:
        self.opened.append(("search", *about))

    def open_models(self, task: str) -> None:
        self.opened.append(("models", task))

    def open_menu(self, *about: Any) -> None:
        self.opened.append(("menu", *about))

    def open_connect(self, *about: Any) -> None:
        self.opened.append(("connect", *about))

    def open_param(self, *about: Any) -> None:
        self.opened.append(("param", *about))

    def open_rename(self, *about: Any) -> None:
        self.opened.append(("rename", *about))

    def open_words(self, *about: Any) -> None:
        self.opened.append(("words", *about))

    def open_viewer(self) -> None:
        self.opened.append(("viewer",))

    def ask_path(self, ask: Ask, then: Callable[[Path], object]) -> None:
        self.opened.append(("path", ask.mode))
        if self.path is not None:
            then(self.path)

    def ask_name(self, title: str, name: str, take: Callable[[str], None]) -> None:
        self.opened.append(("name", title, name))
        if self.name is not None:
            take(self.name)

    def ask_sure(self, question: str, more: str, yes: str, do: Callable[[], None]) -> None:
        self.opened.append(("sure", question))
        if self.sure:
            do()

    def ask_unsaved(self, question: str, more: str, save: Callable[[], None], leave: Callable[[], None]) -> None:
        self.opened.append(("unsaved", question))
        if self.save:
            save()
        elif self.leave:
            leave()


class Bench:
    """A workspace on the toy catalog, with its front and the engines that were made for it."""

    def __init__(self) -> None:
        self.front = FakeFront()
        self.engines: list[FakeEngine] = []
        self.workspace = Workspace(self.front, self._make)
        self.workspace.use_catalog(TOY)

    def _make(self, graph: Graph, folder: Path | None) -> FakeEngine:
        self.engines.append(FakeEngine(graph, folder))
        return self.engines[-1]

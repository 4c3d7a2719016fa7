"""Long work beside the window: what is done at once, what comes later, and what is left undone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from typing import Any
from unittest import mock
from unittest.mock import Mock

import pytest

from nodeflow.editor.canvas import arranging
from nodeflow.editor.canvas.arranging import arrange
from nodeflow.editor.canvas.nested import nested
from nodeflow.editor.canvas.operations import escape
from nodeflow.editor.canvas.steps import Step
from nodeflow.editor.commands.actions import all_commands
from nodeflow.editor.documents import aside
from nodeflow.editor.documents.aside import Aside
from nodeflow.graph import Graph, Node
from nodeflow.testing.graphs import TOY
from nodeflow.testing.pilot import Pilot

from .fakes import Bench

WAIT = 60.0


class Slow:
    """`nested`, which waits in its midst; `went_on` once it was let go and still wanted."""

    def __init__(self) -> None:
        self.entered, self.go, self.ended = threading.Event(), threading.Event(), threading.Event()
        self.went_on = False

    def __call__(self, *given: Any) -> Any:
        *_, step = given
        try:
            step(1)
            self.entered.set()
            assert self.go.wait(WAIT)
            step(0)
            self.went_on = True
            return nested(*given)
        finally:
            self.ended.set()


@pytest.fixture
def slow(patient: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    monkeypatch.setattr(aside, "PATIENCE", 0.0)
    work = Slow()
    with mock.patch.object(arranging, "nested", work):
        yield work
        work.go.set()


def _bench() -> Bench:
    bench = Bench()
    bench.workspace.use_catalog(TOY)
    graph = Graph()
    for _ in range(4):
        graph, _name = graph.add(Node("toy.blur"))
    names = list(graph.nodes)
    graph = graph.connect(*(f"{one}.image -> {other}.image" for one, other in pairwise(names)))
    bench.workspace.edit("Build", graph.move(dict.fromkeys(names, (0.0, 0.0))))
    return bench


@contextmanager
def _arranging(bench: Bench, slow: Slow) -> Iterator[None]:
    """While this bench's graph is being arranged; its end comes with the next frame after this."""
    arrange(bench.workspace.canvas)
    assert slow.entered.wait(WAIT)
    before = bench.workspace.graph
    bench.workspace.check_when_quiet()
    assert bench.workspace.graph is before
    assert bench.workspace.sheet.aside.words.startswith("Arranging 4 nodes \u2026 25%")
    yield
    slow.go.set()
    work = bench.workspace.sheet.aside._now
    assert work is None or work.done(WAIT)
    bench.workspace.check_when_quiet()
    assert bench.workspace.sheet.aside.words == ""


def _expected(graph: Graph) -> Graph:
    pilot = Pilot(TOY, graph)
    arrange(pilot.canvas)
    return pilot.graph


def test_it_comes_with_a_later_frame_as_one_step(slow: Slow) -> None:
    bench = _bench()
    before = bench.workspace.graph
    with _arranging(bench, slow):
        pass
    assert bench.workspace.graph == _expected(before) != before
    bench.workspace.undo()
    assert bench.workspace.graph is before


def test_escape_gives_it_up_before_it_leaves_a_subgraph(slow: Slow) -> None:
    bench = _bench()
    sheet = bench.workspace.sheet
    outer, use = Graph().redefine({"soft": bench.workspace.graph}).add(Node("subgraph.soft"))
    bench.workspace.edit("Build", outer)
    assert sheet.enter(use)
    keys = all_commands(bench.workspace, Mock(leave_viewer=lambda: False), Mock())
    with _arranging(bench, slow):
        before = bench.workspace.graph
        keys["view.escape"].action()
        assert sheet.aside.words == ""
        assert list(sheet.levels.path) == [use]
    assert bench.workspace.graph is before
    keys["view.escape"].action()
    assert list(sheet.levels.path) == []


def test_what_is_edited_meanwhile_and_moves_nothing_stays(slow: Slow) -> None:
    bench = _bench()
    name = next(iter(bench.workspace.graph.nodes))
    with _arranging(bench, slow):
        bench.workspace.set_param(name, "radius", 7.0)
    after = bench.workspace.graph
    assert after[name].params == {"radius": 7.0}
    assert after.view == _expected(after.move(dict.fromkeys(after.nodes, (0.0, 0.0)))).view


@pytest.mark.parametrize("edit", ["move", "remove", "disconnect"])
def test_it_is_refused_where_what_it_was_made_from_has_changed(slow: Slow, edit: str) -> None:
    bench = _bench()
    graph = bench.workspace.graph
    first, *_rest, last = graph.nodes
    edits = {
        "move": partial(graph.move, {last: (500.0, 40.0)}),
        "remove": partial(graph.remove, [last]),
        "disconnect": partial(graph.disconnect, *graph.links[:1]),
    }
    with _arranging(bench, slow):
        bench.workspace.edit("Edit", edits[edit]())
        after = bench.workspace.graph
    assert bench.workspace.graph is after
    assert any("changed meanwhile" in notice.text for notice in bench.workspace.notices.current())
    assert first in after.nodes


def test_escape_gives_it_up_and_ends_the_work(slow: Slow) -> None:
    bench = _bench()
    before = bench.workspace.graph
    with _arranging(bench, slow):
        escape(bench.workspace.canvas)
        assert bench.workspace.sheet.aside.words == ""
    assert slow.ended.wait(WAIT)
    assert not slow.went_on
    assert bench.workspace.graph is before


def test_what_is_quick_is_there_at_once_and_what_fails_says_why() -> None:
    desk, made = Aside(), list[int]()

    def quick(step: Step) -> int:
        step(3)
        return 7

    desk.begin("Counting", 3, quick, made.append)
    assert made == [7]

    def broken(step: Step) -> int:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        desk.begin("Counting", 3, broken, made.append)
    assert desk.words == ""
    assert not desk.drop()
    assert made == [7]

"""Undo and redo, scrubs that are one step, and whether the graph is saved."""

from __future__ import annotations

from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from hypothesis.strategies import integers, none, sampled_from

from nodeflow.graph import Graph, History, Node


def numbered(number: int) -> Graph:
    return Graph({"node": Node("a.b", params={"x": number})})


def test_edits_are_undone_and_made_again_by_name() -> None:
    history = History(numbered(0))
    history.push("Add pose", numbered(1))
    history.push("Move", numbered(2))
    assert (history.undo_name, history.redo_name) == ("Move", None)
    assert history.undo() == numbered(1)
    assert (history.undo_name, history.redo_name) == ("Add pose", "Move")
    assert history.undo() == history.undo() == numbered(0)
    assert (history.undo_name, history.redo_name) == (None, "Add pose")
    assert history.redo() == numbered(1)


def test_an_edit_after_undo_forgets_what_was_undone() -> None:
    history = History(numbered(0))
    history.push("One", numbered(1))
    history.undo()
    history.push("Two", numbered(2))
    assert history.redo_name is None
    assert history.redo() == numbered(2)
    assert history.undo() == numbered(0)


def test_a_scrub_is_one_step() -> None:
    history = History(numbered(0))
    for number in range(1, 9):
        history.push("Set x", numbered(number), merge="drag 1")
    history.push("Set x", numbered(20), merge="drag 2")
    assert history.undo() == numbered(8)
    assert history.undo() == numbered(0)


def test_a_scrub_that_goes_on_after_undo_is_a_new_step() -> None:
    history = History(numbered(0))
    history.push("Set x", numbered(1), merge="drag")
    history.push("Other", numbered(2))
    history.undo()
    history.push("Set x", numbered(3), merge="drag")
    assert history.undo() == numbered(1)


def test_undo_comes_back_to_what_was_saved_in_the_middle_of_a_scrub() -> None:
    history = History(numbered(0))
    history.push("Set x", numbered(1), merge="drag")
    history.mark_saved()
    history.push("Set x", numbered(2), merge="drag")
    assert not history.saved
    history.undo()
    assert history.saved


def test_saved_is_told_of_what_was_written_even_if_edits_came_meanwhile() -> None:
    history = History(numbered(0))
    written = history.graph
    history.push("Set x", numbered(1))
    history.mark_saved(written)
    assert not history.saved
    history.undo()
    assert history.saved
    history.mark_unsaved()
    assert not history.saved


def test_an_edit_that_changes_nothing_is_none() -> None:
    history = History(numbered(0))
    history.push("Nothing", history.graph)
    assert history.undo_name is None
    assert history.saved


class Model(RuleBasedStateMachine):
    """Against the obvious model: two plain stacks."""

    def __init__(self) -> None:
        super().__init__()
        self.history = History(numbered(0), depth=5)
        self.done, self.count = [numbered(0)], 0
        self.undone: list[Graph] = []
        self.last_merge: str | None = None

    @rule(merge=none() | sampled_from("ab"))
    def push(self, merge: str | None) -> None:
        self.count += 1
        graph = numbered(self.count)
        self.history.push(str(self.count), graph, merge)
        if merge is not None and merge == self.last_merge:
            self.done.pop()
        self.done, self.undone, self.last_merge = [*self.done, graph][-6:], [], merge

    @rule(times=integers(1, 3))
    def undo(self, times: int) -> None:
        for _ in range(times):
            self.history.undo()
            if len(self.done) > 1:
                self.undone.append(self.done.pop())
                self.last_merge = None

    @rule()
    def redo(self) -> None:
        self.history.redo()
        if self.undone:
            self.done.append(self.undone.pop())
            self.last_merge = None

    @invariant()
    def agrees(self) -> None:
        assert self.history.graph == self.done[-1]
        assert (self.history.undo_name is None) == (len(self.done) == 1)
        assert (self.history.redo_name is None) == (not self.undone)


TestHistoryModel = Model.TestCase
TestHistoryModel.settings = settings(max_examples=30, deadline=None)

"""Edits that are overtaken by the next while they are carried out: what nobody wants any more is not opened."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from nodeflow.engine import Edit, Session, Start
from nodeflow.engine.plan import Plan
from nodeflow.engine.replan import Planner
from nodeflow.graph import Graph
from nodeflow.node import Context, NodeError, Params, Registry, node
from nodeflow.values import Number
from tests.engine.parts import Collect, chain_of
from tests.engine.session_parts import ALL, PATIENCE, until
from tests.engine.session_parts import clean as clean


class Doors:
    """What was opened, and the doors that a test opens."""

    entered: list[str] = []
    first = threading.Event()
    inside = threading.Event()


@node("t.door", category="Test")
class Door:
    """Opens when the test lets it, if it is the first; any other when it is told to stop."""

    class Setup(Params):
        name: str = "first"

    def open(self, setup: Setup, ctx: Context) -> None:
        Doors.entered.append(setup.name)
        Doors.inside.set()
        if setup.name == "first":
            assert Doors.first.wait(PATIENCE)
        elif setup.name != "free":
            assert ctx.wait(PATIENCE), "it was opened in vain, and nobody told it to stop"

    def run(self, number: Number) -> Number:
        return number


DOORS = Registry({**ALL.types, **Registry.of(Door).types})


@pytest.fixture(autouse=True)
def shut() -> None:
    Doors.entered.clear()
    Doors.first.clear()
    Doors.inside.clear()


def doors(*names: str) -> Graph:
    """A chain with these doors in it."""
    graph = chain_of(DOORS, "t.steady", *["t.door"] * len(names), "t.collect")
    for place, name in enumerate(names):
        graph = graph.set_param("door" if place == 0 else f"door_{place + 1}", "name", name)
    return graph


def test_an_edit_that_comes_while_one_is_planned_keeps_its_nodes_from_being_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plan: Callable[..., Plan] = Planner.plan
    to_come = [Edit(doors("free"))]

    def planned(self: Planner, graph: Graph, watched: frozenset[str], revision: int) -> Plan:
        if graph.nodes.keys() & {"door"} and to_come:
            session.send(to_come.pop())
        return plan(self, graph, watched, revision)

    with Session(chain_of(DOORS, "t.steady", "t.collect"), DOORS) as session:
        session.send(Start())
        until(lambda: session.snapshot().finished >= 5)
        monkeypatch.setattr(Planner, "plan", planned)
        session.send(Edit(doors("useless")))
        until(lambda: session.snapshot().nodes.get("door") and session.snapshot().nodes["door"].runs >= 5)
    assert Doors.entered == ["free"]


def test_an_edit_that_comes_while_a_node_opens_keeps_those_behind_it_from_being_opened() -> None:
    with Session(doors("first", "useless"), DOORS) as session:
        session.send(Start())
        assert Doors.inside.wait(PATIENCE)
        session.send(Edit(doors("first", "free")))
        Doors.first.set()
        until(lambda: len(Collect.kept.get("out", ())) >= 5)  # frames may end before that, at the shut door
    assert Doors.entered == ["first", "free"]


def test_what_an_edit_takes_back_that_was_to_come_is_opened_after_all() -> None:
    with Session(doors("first", "free"), DOORS) as session:
        session.send(Start())
        assert Doors.inside.wait(PATIENCE)
        session.send(Edit(doors("first", "useless")))
        session.send(Edit(doors("first", "free")))
        Doors.first.set()
        until(lambda: session.snapshot().finished >= 5)
    assert Doors.entered == ["first", "free"]


def test_a_change_that_an_edit_takes_back_while_it_is_made_and_another_makes_again_is_made() -> None:
    """The node of before serves on meanwhile; what nobody wanted for a moment was not refused."""

    @node("t.shy", category="Test")
    class Shy:
        """The first that is called "shy" opens until it is told to stop, when somebody wants it again."""

        class Setup(Params):
            name: str = "bold"

        def open(self, setup: Setup, ctx: Context) -> None:
            self.name = setup.name
            if self.name == "shy" and not Doors.inside.is_set():
                Doors.inside.set()
                assert ctx.wait(PATIENCE)
                session.send(Edit(shy))
                raise NodeError("it was told to stop")

        def run(self, number: Number) -> Number:
            Doors.entered.append(self.name)
            return number

    known = Registry({**ALL.types, **Registry.of(Shy).types})
    graph = chain_of(known, "t.steady", "t.shy", "t.collect")
    shy = graph.set_param("shy", "name", "shy")
    with Session(graph, known, interactive=True) as session:
        session.send(Start())
        until(lambda: session.snapshot().finished >= 5)
        session.send(Edit(shy))
        assert Doors.inside.wait(PATIENCE)
        session.send(Edit(graph.set_param("shy", "name", "other")))
        until(lambda: "shy" in Doors.entered)
        assert session.snapshot().nodes["shy"].message == ""
    assert set(Doors.entered) == {"bold", "shy"}

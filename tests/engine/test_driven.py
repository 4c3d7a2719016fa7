"""Parameters that wires decide, in a session."""

from __future__ import annotations

import pytest

from nodeflow.engine import Edit, Session, Start, Step
from nodeflow.graph import Graph, Node
from nodeflow.node import Registry
from tests.engine.parts import Collect
from tests.engine.session_parts import ALL, PATIENCE, run, until
from tests.engine.zoo import ZOO


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    Collect.kept.clear()


def drawn(*links: str, **nodes: str) -> Graph:
    return Graph({name: Node(f"t.{kind}") for name, kind in nodes.items()}).connect(*links)


COUNTED = drawn(
    *("count.number -> add.a", "count.number -> add.b", "add.number -> out.number"),
    count="count",
    add="add",
    out="collect",
).set_param("count", "frames", 4)


def values() -> list[float]:
    return [kept.value for kept in Collect.kept["out"]]


def test_each_frame_is_made_with_what_the_wire_brings_on_it() -> None:
    run(COUNTED.connect("count.number -> add.plus"))
    assert values() == [0, 3, 6, 9]


def test_where_the_wire_brings_nothing_the_parameter_decides() -> None:
    graph = COUNTED.add(Node("t.odd_only"))[0].set_param("add", "plus", 100.0)
    run(graph.connect("count.number -> odd_only.number", "odd_only.number -> add.plus"))
    assert values() == [100, 3, 104, 9]


def test_a_failure_on_the_wire_is_one_of_its_giver() -> None:
    graph = COUNTED.add(Node("t.fail_on", params={"every": 3}))[0]
    snapshot, _ = run(graph.connect("count.number -> fail_on.number", "fail_on.number -> add.plus"))
    assert values() == [3, 6]
    assert {name: node.failed for name, node in snapshot.nodes.items() if node.failed} == {"fail_on": 2}


def test_a_value_that_cannot_be_set_fails_there_and_is_named() -> None:
    graph = COUNTED.set_param("count", "frames", 1).add(Node("t.spread"))[0]
    graph = graph.add(Node("t.double"))[0].connect("count.number -> spread.number", "spread.numbers -> double.number")
    with Session(graph.connect("double.number -> add.plus"), Registry({**ZOO.types, **ALL.types})) as session:
        session.send(Start())
        snapshot = session.wait(PATIENCE)
    assert "plus is given a list" in snapshot.nodes["add"].message
    assert "plus: 3 items: 0" in snapshot.nodes["add"].inputs


def test_a_node_keeps_what_it_remembers_when_a_wire_takes_over_a_parameter() -> None:
    graph = drawn(*("tape.number -> sum.number", "sum.number -> out.number"), tape="tape", sum="sum", out="collect")
    with Session(graph, ALL) as session:
        for _ in range(3):
            session.send(Step())
        until(lambda: session.snapshot().finished == 3)
        session.send(Edit(graph.connect("tape.number -> sum.factor")))  # the same frame again: 3 + 2 * 2
        session.send(Step())
        until(lambda: len(values()) == 4)
    assert values() == [0, 1, 3, 7 + 3 * 3]

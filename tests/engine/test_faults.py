"""Nodes that misbehave: each stays its own problem."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from nodeflow.engine import Session, Snapshot, Start
from nodeflow.graph import Graph, Node
from nodeflow.models import BadModel
from nodeflow.node import Nothing, Registry, node
from nodeflow.values import Image, Number
from tests.engine.parts import REGISTRY, Collect
from tests.engine.session_parts import PATIENCE, until


@node("t.picture", category="Test")
def picture(number: Number) -> Image:
    return Image(np.zeros((4, 4, 3), np.uint8))


@node("t.scribble", category="Test")
def scribble(image: Image) -> Number:
    """Writes into its input."""
    image.array[0, 0] = 255
    return Number(1)


@node("t.greedy", category="Test")
def greedy(number: Number) -> Number:
    return Number(float(np.zeros((1 << 20, 1 << 20, 1 << 10)).sum()))


class Hungry:
    """Finds no memory for its call `short`, and the second try of it only if there is none at all. No call
    is made before the test says so."""

    go = threading.Event()
    made = 0
    short = 0
    never = False


@node("t.hungry", category="Test")
def hungry(number: Number) -> Number:
    assert Hungry.go.wait(PATIENCE)
    Hungry.made += 1
    if Hungry.made == Hungry.short or (Hungry.never and Hungry.made == Hungry.short + 1):
        raise MemoryError("no room")
    return number


@node("t.canvas", category="Test")
def canvas(number: Number) -> Image:
    return Image(np.zeros((1000, 1000, 3), np.uint8))


@node("t.starve", category="Test")
def starve(image: Image) -> Number:
    raise MemoryError("no room")


class Sulky(Exception):
    def __str__(self) -> str:
        raise RuntimeError("not telling")


@node("t.sulk", category="Test")
def sulk(number: Number) -> Number:
    raise Sulky


@node("t.leave", category="Test")
def leave(number: Number) -> Number:
    raise SystemExit(3)


@node("t.quit", category="Test")
def quitting() -> Iterator[Number]:
    yield Number(1)
    raise SystemExit(3)


@node("t.deep", category="Test")
def deep(number: Number) -> Number:
    return deep(number)


@node("t.none", category="Test")
def nothing(number: Number) -> Number | Nothing:
    return Nothing("never any")


@node("t.bad_close", category="Test")
class BadClose:
    def run(self, number: Number) -> None:
        pass

    def close(self) -> None:
        raise OSError("the disk is full")


@node("t.lost", category="Test")
def lost(number: Number) -> Number:
    raise BadModel("pose.onnx failed: it is not a model; fetch it again")


BAD = (lost, picture, scribble, greedy, hungry, canvas, starve, sulk, leave, quitting, deep, nothing, BadClose)
ALL = Registry({**REGISTRY.types, **Registry.of(*BAD).types})


def run(bad: Graph) -> tuple[Snapshot, dict[str, Any]]:
    """Run a graph beside a healthy branch on the same source, and see that the healthy one is whole."""
    Collect.kept.clear()
    graph = bad.connect()
    graph, sink = graph.add(Node("t.collect", params={"name": "healthy"}))
    threads = threading.enumerate()
    with Session(graph.connect(f"count.number -> {sink}.number"), ALL) as session:
        session.send(Start())
        end, report = session.wait(PATIENCE), session.report()
    assert end.state == "finished"
    assert [kept.value for kept in Collect.kept["healthy"]] == [0, 1, 2, 3, 4]
    assert (end.finished, end.in_flight) == (5, 0)
    assert not [thread for thread in threading.enumerate() if thread not in threads]
    return end, report


def branch(*types: str) -> Graph:
    graph, above = Graph().add(Node("t.count"))
    for kind in types:
        output = ALL.types[graph.nodes[above].type].schema.outputs[0].name
        graph, name = graph.add(Node(kind))
        graph = graph.connect(f"{above}.{output} -> {name}.{ALL.types[kind].schema.inputs[0].name}")
        above = name
    return graph


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("t.greedy", "allocate"),
        ("t.sulk", "Sulky: it cannot even say why"),
        ("t.leave", "SystemExit: 3"),
        ("t.deep", "RecursionError"),
        ("t.lost", "pose.onnx failed"),
    ],
)
def test_what_a_node_raises_is_said_on_it(kind: str, says: str) -> None:
    end, _ = run(branch(kind, "t.collect"))
    bad = end.nodes[kind.removeprefix("t.")]
    assert bad.failed == 5
    assert says in bad.message
    assert "BadModel" not in bad.message  # what the model library says needs no name of a class before it
    assert end.nodes["collect"].state == "skipped"


@pytest.mark.parametrize("never", [False, True])
def test_a_call_without_memory_is_made_once_more_when_what_is_kept_was_dropped(
    never: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    Hungry.made, Hungry.short, Hungry.never = 0, 3, never
    Hungry.go.clear()
    kept: list[int] = []
    graph, _ = branch("t.hungry", "t.collect").add(Node("t.constant"))
    graph, _ = graph.add(Node("t.collect", params={"name": "still"}))
    Collect.kept.clear()
    with Session(graph.connect("constant.number -> collect_2.number"), ALL) as session:
        cache = session._conductor.cache
        clear = cache.clear

        def noted() -> None:
            kept.append(len(cache))
            clear()

        monkeypatch.setattr(cache, "clear", noted)
        session.send(Start())
        until(lambda: len(cache) == 1)
        Hungry.go.set()
        end = session.wait(PATIENCE)
        assert len(cache) == 0
    assert kept == [1]
    assert Hungry.made == 6
    assert end.nodes["hungry"].failed == int(never)
    assert [each.value for each in Collect.kept["out"]] == ([0, 1, 3, 4] if never else [0, 1, 2, 3, 4])


def test_who_holds_most_is_named_where_memory_does_not_suffice() -> None:
    end, _ = run(branch("t.canvas", "t.starve", "t.collect"))
    assert end.nodes["starve"].failed == 5
    assert "the host has no memory left" in end.nodes["starve"].message
    assert end.nodes["starve"].message.endswith("no room; most is held by canvas 3.0 MB")


def test_a_source_that_quits_ends_and_says_so() -> None:
    Collect.kept.clear()
    graph, source = Graph().add(Node("t.quit"))
    graph, sink = graph.add(Node("t.collect"))
    with Session(graph.connect(f"{source}.number -> {sink}.number"), ALL) as session:
        session.send(Start())
        end = session.wait(PATIENCE)
    assert end.state == "finished"
    assert [kept.value for kept in Collect.kept["out"]] == [1]
    assert end.nodes[source].message == "SystemExit: 3"


def test_writing_into_an_input_fails_and_nobody_sees_it() -> None:
    end, _ = run(branch("t.picture", "t.scribble", "t.collect"))
    assert "read-only" in end.nodes["scribble"].message


def test_a_node_that_never_gives_anything_is_no_failure() -> None:
    end, report = run(branch("t.none", "t.collect"))
    assert end.nodes["collect"].state == "skipped"
    assert end.nodes["collect"].message == "never any"
    assert report["nodes"]["none"]["failed"] == 0


def test_a_close_that_fails_is_said() -> None:
    end, report = run(branch("t.bad_close"))
    assert "the disk is full" in end.nodes["bad_close"].message
    assert report["nodes"]["bad_close"]["failed"] == 1

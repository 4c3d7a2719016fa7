"""A source whose reading is trivial runs the trivial calls of its frames on its own thread, and reads on then."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from nodeflow.engine import Session, Start
from nodeflow.graph import Graph, Node
from nodeflow.node import Registry, Stream, node
from nodeflow.values import Number
from tests.engine.parts import Collect, chain_of
from tests.engine.session_parts import ALL, PATIENCE

FRAMES = 3000


class Seen:
    """On which threads calls were made, whether one of them hung, and where the source was closed."""

    names: set[str] = set()
    hung = False
    gate = threading.Event()
    closed: list[str] = []


@node("t.quick", category="Test")
class Quick:
    """Numbers, as fast as they are taken."""

    def run(self) -> Iterator[Number]:
        for i in range(FRAMES):
            yield Number(i)

    def close(self) -> None:
        Seen.closed.append(threading.current_thread().name)


@node("t.quick_live", category="Test", clock="live")
class QuickLive:
    """The same, of which the newest counts. Gives until a frame has come through."""

    def open(self) -> Stream:
        return Stream(clock="live")

    def run(self) -> Iterator[Number]:
        for i in range(100 * FRAMES):
            yield Number(i)
            if Seen.names and i > FRAMES:
                return


@node("t.whose", category="Test")
def whose(number: Number) -> Number:
    Seen.names.add(threading.current_thread().name)
    return number


@node("t.hangs_once", category="Test", time_limit=0.2)
def hangs_once(number: Number) -> Number:
    """The first call on the source's own thread does not come back until the test lets it go."""
    if threading.current_thread().name.startswith("source") and not Seen.hung:
        Seen.hung = True
        assert Seen.gate.wait(PATIENCE)
    return number


NODES = Registry({**ALL.types, **Registry.of(Quick, QuickLive, whose, hangs_once).types})


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    Collect.kept.clear()
    Seen.names, Seen.hung, Seen.closed = set(), False, []
    Seen.gate = threading.Event()
    yield
    Seen.gate.set()


def _graph(source: str, node: str = "t.whose") -> Graph:
    return chain_of(NODES, source, node, "t.collect")


def test_the_thread_of_a_trivial_source_runs_its_frames() -> None:
    with Session(_graph("t.quick"), NODES) as session:
        session.send(Start())
        assert session.wait(PATIENCE).state == "finished"
    assert "source quick" in Seen.names
    assert [number.value for number in Collect.kept["out"]] == list(range(FRAMES))


def test_that_of_a_live_source_reads_on() -> None:
    with Session(_graph("t.quick_live"), NODES) as session:
        session.send(Start())
        assert session.wait(PATIENCE).state == "finished"
    assert Seen.names
    assert all(name.startswith("worker") for name in Seen.names)


def test_a_call_that_hangs_on_it_does_not_keep_its_source() -> None:
    """The source goes on, in order, and is closed once; who made the call goes away when that comes back."""
    graph, other = _graph("t.quick", "t.hangs_once").add(Node("t.collect", params={"name": "other"}))
    with Session(graph.connect(f"quick.number -> {other}.number"), NODES) as session:
        session.send(Start())
        end = session.wait(PATIENCE)
        assert Seen.hung
        assert end.state == "finished"
        assert [number.value for number in Collect.kept["other"]] == list(range(FRAMES))
        assert "hung" in end.nodes["hangs_once"].message
        assert Seen.closed == ["source quick"]
        assert len([thread for thread in threading.enumerate() if thread.name == "source quick"]) == 1
        Seen.gate.set()
    for thread in threading.enumerate():
        if thread.name == "source quick":
            thread.join(PATIENCE)
            assert not thread.is_alive()
    assert Seen.closed == ["source quick"]

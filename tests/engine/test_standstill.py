"""What is said of a run that goes on and in which nothing runs: somebody is to mend it, and then it runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nodeflow.engine import Edit, NodeStatus, Pause, Session, Snapshot, Start
from nodeflow.graph import Graph, Node
from nodeflow.node import Params, Registry, RetryLater, node
from nodeflow.values import Number
from tests.engine.graph_parts import build
from tests.engine.parts import Collect, chain_of
from tests.engine.session_parts import ALL, PATIENCE, Log, until
from tests.engine.session_parts import clean as clean


@node("t.page", category="Test")
def page(file: str = "") -> Number:
    if not file:
        raise ValueError("no file is chosen")
    if file == "slow":
        Log.entered.set()
        assert Log.gate.wait(PATIENCE)
    return Number(len(file))


@node("t.away", category="Test", clock="live")
class Away:
    """A camera that is not there."""

    class Setup(Params):
        index: int = 0

    def open(self, setup: Setup) -> None:
        raise RetryLater(f"camera {setup.index} is not there", "Plug it in.")

    def run(self) -> Iterator[Number]:
        yield Number(1)


KNOWN = Registry({**ALL.types, **Registry.of(page, Away).types})


def seen(session: Session, told: str) -> Snapshot:
    until(lambda: session.snapshot().message == told)
    return session.snapshot()


def has_failed(session: Session, name: str) -> bool:
    return session.snapshot().nodes.get(name, NodeStatus()).failed > 0


NO_PAGE = "page: ValueError: no file is chosen"
NO_CAMERA = "away: camera 0 is not there Plug it in."


def test_where_all_still_nodes_have_failed_it_is_said_why_and_no_more_once_it_is_mended() -> None:
    graph = chain_of(KNOWN, "t.page", "t.double", "t.collect")
    with Session(graph, KNOWN, interactive=True) as session:
        session.send(Start())
        assert seen(session, NO_PAGE).state == "running"
        session.send(Pause())
        until(lambda: session.snapshot().state == "paused")
        assert session.snapshot().message == NO_PAGE
        session.send(Start())
        session.send(Edit(graph.set_param("page", "file", "four")))
        until(lambda: Collect.kept.get("out"))
        assert seen(session, "").state == "running"
    assert [kept.value for kept in Collect.kept["out"]] == [8]


def test_while_what_failed_is_tried_again_it_is_not_said_that_nothing_runs() -> None:
    graph = chain_of(KNOWN, "t.page", "t.double", "t.collect")
    with Session(graph, KNOWN, interactive=True) as session:
        session.send(Start())
        seen(session, NO_PAGE)
        session.send(Edit(graph.set_param("page", "file", "slow")))
        assert Log.entered.wait(PATIENCE)
        assert session.snapshot().message == ""
        Log.gate.set()


def test_where_a_still_node_is_well_something_runs() -> None:
    graph = build(
        {"page": "t.page", "a": "t.collect", "one": "t.constant", "b": "t.collect"}, "page.number -> a.number"
    )
    with Session(graph.connect("one.number -> b.number"), KNOWN, interactive=True) as session:
        session.send(Start())
        until(lambda: has_failed(session, "page") and Collect.kept.get("out"))
        assert session.snapshot().message == ""


def test_a_source_that_is_tried_again_keeps_all_waiting_whatever_is_well_behind_it() -> None:
    graph = chain_of(KNOWN, "t.away", "t.add", "t.collect")
    graph, one = graph.add(Node("t.constant"))
    with Session(graph.connect(f"{one}.number -> add.b"), KNOWN, interactive=True) as session:
        session.send(Start())
        assert seen(session, NO_CAMERA).state == "running"


@pytest.mark.parametrize(("other", "told"), [("t.endless", ""), ("t.count", NO_CAMERA)])
def test_one_stream_that_moves_is_enough_and_one_that_has_ended_is_not(other: str, told: str) -> None:
    graph = build({"away": "t.away", "a": "t.collect", "other": other, "b": "t.collect"}, "away.number -> a.number")
    with Session(graph.connect("other.number -> b.number"), KNOWN, interactive=True) as session:
        session.send(Start())
        until(lambda: has_failed(session, "away") and session.snapshot().finished >= 5)
        seen(session, told)


def test_a_source_that_broke_is_told_once_its_last_frame_has_ended() -> None:
    with Session(chain_of(KNOWN, "t.broken_file", "t.hold", "t.collect"), KNOWN, interactive=True) as session:
        session.send(Start())
        until(lambda: has_failed(session, "broken_file") and session.snapshot().in_flight)
        assert session.snapshot().message == ""
        session.send(Pause())
        Log.gate.set()
        seen(session, "broken_file: the file ends in the middle of a frame Get it again.")


def test_a_graph_with_nothing_in_it_to_run_says_so_and_one_that_gets_it_runs() -> None:
    half = Graph().add(Node("t.double"))[0].add(Node("t.collect"))[0].connect("double.number -> collect.number")
    whole, one = half.add(Node("t.constant"))
    with Session(Graph(), KNOWN, interactive=True) as session:
        session.send(Start())
        until(lambda: "nothing to run" in session.snapshot().message)
        session.send(Edit(half))
        until(lambda: session.snapshot().message.startswith("double.number: "))
        session.send(Edit(whole.connect(f"{one}.number -> double.number")))
        until(lambda: Collect.kept.get("out"))
        seen(session, "")

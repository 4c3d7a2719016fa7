"""What a node pack may do that nobody would think of: whatever it is, the session lives and the rest of the graph runs.

See also `test_faults`: these are the worse ones.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator

import pytest

from nodeflow.engine import Edit, Glance, Retry, Session, Snapshot, Start, Stop, Watch
from nodeflow.engine.packets import LONGEST
from nodeflow.graph import Graph, Node
from tests.engine.nasty import ALL, Later, Now
from tests.engine.parts import Collect, chain_of
from tests.engine.session_parts import PATIENCE, until


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    Collect.kept.clear()
    Now.raised, Now.time, Now.pause = SystemExit, math.nan, math.nan
    Now.opened.clear()
    Now.closed.clear()
    Now.inside.clear()
    Now.leave.clear()
    Later.tries = 0
    yield
    Now.leave.set()
    names = ("worker", "source", "session", "opening", "closing")
    until(lambda: not [thread for thread in threading.enumerate() if thread.name.startswith(names)])


def beside(*types: str, source: str = "t.count") -> Graph:
    """A chain of these behind a source, and a healthy branch beside it."""
    graph, above = Graph().add(Node(source))
    first = above
    for kind in (*types, "t.collect"):
        output = ALL.types[graph.nodes[above].type].schema.outputs[0].name
        graph, name = graph.add(Node(kind))
        graph = graph.connect(f"{above}.{output} -> {name}.{ALL.types[kind].schema.inputs[0].name}")
        above = name
    if ALL.types[source].schema.outputs[0].kind == "Number":
        graph, healthy_sink = graph.add(Node("t.collect", params={"name": "healthy"}))
        graph = graph.connect(f"{first}.number -> {healthy_sink}.number")
    return graph


def values(name: str = "out") -> list[float]:
    return [kept.value for kept in Collect.kept.get(name, ())]


def run(graph: Graph, interactive: bool = True) -> Snapshot:
    with Session(graph, ALL, interactive=interactive) as session:
        session.send(Start())
        end = session.wait(PATIENCE)
    assert end.in_flight == 0
    return end


BASES = [SystemExit, KeyboardInterrupt, GeneratorExit, MemoryError, RecursionError, StopIteration]


@pytest.mark.parametrize("raised", BASES)
@pytest.mark.parametrize("kind", ["no_init", "no_open"])
def test_whatever_is_raised_when_a_node_is_made_or_opened_stays_on_it(kind: str, raised: type[BaseException]) -> None:
    Now.raised = raised
    end = run(beside(f"t.{kind}"))
    assert (end.state, values("healthy")) == ("finished", [0, 1, 2, 3, 4])
    assert (end.nodes[kind].state, end.nodes["collect"].state) == ("failed", "skipped")
    assert raised.__name__ in end.nodes[kind].message
    end = run(beside(f"t.{kind}"), interactive=False)
    assert (end.state, end.message.partition(":")[0]) == ("failed", kind)


@pytest.mark.parametrize("raised", BASES)
def test_whatever_a_call_raises_stays_on_its_frame(raised: type[BaseException]) -> None:
    Now.raised = raised
    end = run(beside("t.raises"))
    assert (end.state, values("healthy"), end.nodes["raises"].failed) == ("finished", [0, 1, 2, 3, 4], 5)


@pytest.mark.parametrize("raised", BASES)
def test_a_close_that_raises_is_said_also_by_who_comes_in_its_place(
    raised: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    Now.raised = raised
    graph = beside("t.no_close", source="t.steady")
    with Session(graph, ALL) as session:
        session.send(Start())
        until(lambda: session.snapshot().finished >= 5)
        session.send(Edit(graph.set_param("no_close", "name", "two")))
        until(lambda: Now.closed == ["one"])
        until(lambda: "The one before it could not be closed." in session.snapshot().nodes["no_close"].message)
        assert raised.__name__ in session.snapshot().nodes["no_close"].message
        seen = session.snapshot().finished
        until(lambda: session.snapshot().finished >= seen + 5)
    assert "could not be closed" in caplog.text
    assert Now.closed == ["one", "two"]


@pytest.mark.parametrize("by", ["edit", "retry"])
def test_a_node_that_opens_for_ever_is_left_behind_when_it_is_taken_away(
    monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    monkeypatch.setattr("nodeflow.engine.instances._PATIENCE", 0.05)
    graph = beside("t.endless_open")
    healthy = graph.remove(["endless_open", "collect"])
    with Session(graph, ALL, interactive=True) as session:
        session.send(Start())
        assert Now.inside.wait(PATIENCE)
        session.send(Edit(healthy) if by == "edit" else Retry("somebody else"))
        if by == "retry":
            assert not Now.opened
            session.send(Retry("endless_open"))
            session.send(Edit(healthy))
        until(lambda: values("healthy") == [0, 1, 2, 3, 4])
        Now.leave.set()
        until(lambda: Now.closed == Now.opened != [])


def test_a_node_that_opens_for_ever_does_not_keep_a_session_from_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nodeflow.engine.instances._PATIENCE", 0.05)
    with Session(beside("t.endless_open"), ALL, interactive=True) as session:
        session.send(Start())
        assert Now.inside.wait(PATIENCE)
        session.send(Stop())
        assert session.wait(PATIENCE).state == "stopped"
    assert (Now.opened, Now.closed) == ([], [])
    Now.leave.set()
    until(lambda: Now.closed == ["open"])
    assert Now.opened == ["open"]


def test_a_node_that_closes_for_ever_does_not_either_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nodeflow.engine.instances._CLOSING", 0.05)
    end = run(beside("t.endless_close"))
    assert end.state == "finished"
    assert "it is not closed after 0.05 s" in end.nodes["endless_close"].message
    assert values("healthy") == [0, 1, 2, 3, 4]


def test_an_error_of_ten_million_letters_is_cut() -> None:
    said = run(beside("t.loud")).nodes["loud"]
    assert LONGEST == len(said.message) == len(said.hint)
    assert len(said.trace) <= 6001


@pytest.mark.parametrize(("kind", "says"), [("mute", "cannot even say why"), ("vague", "None")])
def test_an_error_that_cannot_be_told_is_one_all_the_same(kind: str, says: str) -> None:
    end = run(beside(f"t.{kind}"))
    assert says in end.nodes[kind].message
    assert (end.nodes[kind].failed, values("healthy")) == (5, [0, 1, 2, 3, 4])


def test_nonsense_inside_a_value_is_the_failure_of_who_gave_it_where_it_is_converted() -> None:
    end = run(beside("t.none_inside", "t.read"))
    assert (end.state, values(), values("healthy")) == ("finished", [], [0, 1, 2, 3, 4])
    assert end.nodes["read"].cause == "none_inside"
    assert "TypeError" in end.nodes["read"].message


@pytest.mark.parametrize("kind", ["none_inside", "huge_inside"])
def test_nonsense_inside_a_value_that_is_watched_costs_nothing_but_its_place_in_the_plot(kind: str) -> None:
    with Session(beside(f"t.{kind}"), ALL) as session:
        session.send(Watch({"it": Glance(kind)}))
        session.send(Start())
        end = session.wait(PATIENCE)
        assert (end.state, end.nodes[kind].failed, values("healthy")) == ("finished", 0, [0, 1, 2, 3, 4])
        until(lambda: "it" in session.snapshot().looks)


def test_nonsense_for_a_choice_fails_the_switch_alone() -> None:
    graph = beside("t.none_inside", "flow.switch")
    graph = graph.disconnect(*graph.links_into("switch"))
    end = run(graph.connect("none_inside.number -> switch.choice", "count.number -> switch.a"))
    assert (end.state, values(), values("healthy")) == ("finished", [], [0, 1, 2, 3, 4])
    assert end.nodes["switch"].failed == 5


def test_a_list_that_is_given_cannot_be_changed_for_others() -> None:
    graph = beside("t.spread", "t.take_away")
    graph, other = graph.add(Node("t.length"))
    graph, sink = graph.add(Node("t.collect", params={"name": "lengths"}))
    end = run(graph.connect(f"spread.numbers -> {other}.numbers", f"{other}.number -> {sink}.number"))
    assert values("lengths") == [2, 2, 2, 2, 2]
    assert end.nodes["take_away"].failed == 5


def test_a_node_cannot_turn_its_own_knob() -> None:
    assert run(beside("t.turn")).nodes["turn"].failed == 5


@pytest.mark.parametrize("said", [math.nan, math.inf, -math.inf, "soon", None, True])
def test_a_time_that_is_none_ends_the_source_with_a_word(said: object) -> None:
    Now.time = said
    end = run(beside(source="t.timed"))
    if said is True:
        assert values() == [1, 2, 3]
        return
    assert (end.state, values()) == ("finished", [1])
    assert "as the time of a frame" in end.nodes["timed"].message
    assert math.isfinite(end.time_s)


def test_time_may_go_back() -> None:
    Now.time = -3.0
    end = run(beside(source="t.timed"))
    assert values() == [1, 2, 3]
    assert end.nodes["timed"].failed == 0


@pytest.mark.parametrize("said", [math.nan, math.inf, -1.0, "soon", None])
def test_a_pause_that_is_none_is_bounded(said: object) -> None:
    Now.pause = said
    with Session(beside("t.mean", source="t.later").remove(["mean"]), ALL, interactive=True) as session:
        session.send(Start())
        until(lambda: Later.tries)
        until(lambda: said == -1.0 or session.snapshot().nodes["later"].state == "resting")
        session.send(Stop())
        assert session.wait(PATIENCE).state == "stopped"


def test_who_writes_into_a_buffer_that_it_gave_away_gets_an_error_and_nobody_sees_it() -> None:
    end = run(beside("t.mean", source="t.one_buffer"))
    assert values() == [0]
    assert "read-only" in end.nodes["one_buffer"].message


def test_what_cannot_be_measured_is_not_kept_and_does_no_harm() -> None:
    graph = chain_of(ALL, "t.constant", "t.unmeasured", "t.mean", "t.collect")
    with Session(graph, ALL, interactive=True) as session:
        session.send(Start())
        for number in (7.0, 8.0, 7.0):
            session.send(Edit(graph.set_param("constant", "value", number)))
            until(lambda: values()[-1:] == [number])  # noqa: B023


def test_the_same_picture_again_and_again_is_as_good_as_others() -> None:
    run(beside("t.mean", source="t.same"))
    assert values() == [7, 7, 7]


def test_threads_that_a_node_leaves_behind_are_its_own() -> None:
    assert run(beside("t.threads")).state == "finished"
    assert values() == [0, 1, 2, 3, 4]

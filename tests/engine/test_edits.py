"""Graphs that change while they run, while they are paused, and while they stand still."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from itertools import pairwise

from nodeflow.engine import Edit, Glance, Pause, Session, Start, Step, Stop, Watch
from nodeflow.graph import Node
from nodeflow.node import Context, Params, Registry, node
from nodeflow.values import Number
from nodes.flow.flow import previous
from tests.engine.parts import Collect, chain_of
from tests.engine.session_parts import ALL, PATIENCE, Log, chain, until
from tests.engine.session_parts import clean as clean


def test_frames_under_way_may_end_after_a_change_to_more_nodes() -> None:
    @node("t.hold_eighth", category="Test")
    def hold_eighth(number: Number) -> Number:
        if number.value == 7:
            Log.entered.set()
            assert Log.gate.wait(PATIENCE)
        return number

    registry = Registry({**ALL.types, **Registry.of(hold_eighth).types})
    graph = chain("t.steady", "t.double")
    graph, held = graph.add(Node("t.hold_eighth"))
    graph, sink = graph.add(Node("t.collect"))
    graph = graph.connect(f"steady.number -> {held}.number", f"{held}.number -> {sink}.number")
    more, other = graph.add(Node("t.collect", params={"name": "other"}))
    with Session(graph, registry) as session:
        session.send(Start())
        assert Log.entered.wait(PATIENCE)
        session.send(Edit(more.connect(f"double.number -> {other}.number")))
        until(lambda: session.snapshot().revision == 2)
        Log.gate.set()
        until(lambda: session.snapshot().finished >= 20)


def test_a_changed_parameter_takes_effect_and_untouched_nodes_keep_their_state() -> None:
    graph = chain("t.steady", "t.sum", "t.collect")
    with Session(graph, ALL) as session:
        session.send(Start())
        until(lambda: session.snapshot().finished >= 20)
        session.send(Edit(graph.set_param("sum", "factor", -1.0)))
        until(lambda: session.snapshot().revision >= 2)
        seen = session.snapshot().finished
        until(lambda: session.snapshot().finished >= seen + 20)
        session.send(Stop())
        session.wait(PATIENCE)
    values = [kept.value for kept in Collect.kept["out"]]
    assert [kept.frame for kept in Collect.kept["out"]] == list(range(len(values)))
    steps = [b - a for a, b in pairwise(values)]
    turn = next(i for i, step in enumerate(steps) if step < 0)
    assert steps == [float(i + 1) if i < turn else -float(i + 1) for i in range(len(steps))]
    assert Collect.closed == {"out": 1}


def test_a_changed_setup_reopens_the_node_and_closes_the_old_one_once() -> None:
    graph = chain("t.steady", "t.model", "t.collect", model={"name": "one"})
    with Session(graph, ALL) as session:
        session.send(Start())
        until(lambda: session.snapshot().finished >= 5)
        session.send(Edit(graph.set_param("model", "name", "two")))
        until(lambda: Log.closed == ["one"])
        session.send(Stop())
        session.wait(PATIENCE)
    assert Log.opened == ["one", "two"]
    assert Log.closed == ["one", "two"]
    indices = [kept.frame for kept in Collect.kept["out"]]
    assert indices == list(range(len(indices)))


def test_a_node_that_is_replaced_beside_one_with_two_parts_is_closed_while_the_run_goes_on() -> None:
    registry = Registry({**ALL.types, **Registry.of(previous).types})
    graph = chain("t.steady", "t.model", "t.collect", model={"name": "one"})
    graph, before = graph.add(Node("flow.previous"))
    graph, sink = graph.add(Node("t.collect", params={"name": "before"}))
    graph = graph.connect(f"model.number -> {before}.value", f"{before}.value -> {sink}.number")
    with Session(graph, registry) as session:
        session.send(Start())
        until(lambda: session.snapshot().finished >= 5)
        session.send(Edit(graph.set_param("model", "name", "two")))
        until(lambda: Log.closed == ["one"])


def test_a_camera_goes_on_while_a_still_value_is_made_anew_and_then_all_that_was_edited_is_there() -> None:
    graph = chain("t.endless", "t.add", "t.model", "t.collect", model={"name": "one"})
    graph, still = graph.add(Node("t.constant"))
    graph, slow = graph.add(Node("t.hold"))
    graph = graph.connect(f"{still}.number -> {slow}.number", f"{slow}.number -> add.b")
    with Session(graph, ALL, interactive=True) as session:
        Log.gate.set()
        session.send(Start())
        until(lambda: session.snapshot().finished >= 5)
        Log.gate.clear()
        Log.entered.clear()
        session.send(Edit(graph.set_param(still, "value", 1e6).set_param("model", "name", "two")))
        assert Log.entered.wait(PATIENCE)
        seen = session.snapshot().finished
        until(lambda: session.snapshot().finished >= seen + 20)
        assert (Log.opened, Log.closed) == (["one", "two"], [])
        assert all(kept.value < 1e6 for kept in Collect.kept["out"])
        Log.gate.set()
        until(lambda: Collect.kept["out"][-1].value >= 1e6)
        until(lambda: Log.closed == ["one"])
    indices = [kept.frame for kept in Collect.kept["out"]]
    assert indices == list(range(len(indices)))


def test_a_change_that_does_not_open_leaves_the_old_one_serving() -> None:
    graph = chain("t.steady", "t.model", "t.collect", model={"name": "one"})
    with Session(graph, ALL, interactive=True) as session:
        session.send(Start())
        until(lambda: session.snapshot().finished >= 5)
        session.send(Edit(graph.set_param("model", "name", "bad")))
        until(lambda: "cannot be had" in session.snapshot().nodes["model"].message)
        seen = session.snapshot().finished
        until(lambda: session.snapshot().finished >= seen + 5)
        assert session.snapshot().nodes["model"].failed == 0
        session.send(Edit(graph))
        until(lambda: session.snapshot().nodes["model"].message == "")
    assert Log.closed == ["one"]


def test_an_edit_of_a_still_graph_recomputes_only_what_it_changes() -> None:
    graph = chain("t.constant", "t.double", "t.collect")
    graph, other = graph.add(Node("t.constant", params={"value": 1.0}))
    graph, sink = graph.add(Node("t.collect", params={"name": "other"}))
    graph = graph.connect(f"{other}.number -> {sink}.number")
    with Session(graph, ALL, interactive=True) as session:
        session.send(Start())
        until(lambda: len(Collect.kept.get("other", ())) >= 1 and len(Collect.kept.get("out", ())) >= 1)
        session.send(Edit(graph.set_param(other, "value", 2.0)))
        until(lambda: len(Collect.kept["other"]) >= 2)
    assert [kept.value for kept in Collect.kept["other"]] == [1, 2]
    assert [kept.value for kept in Collect.kept["out"]] == [14]


def has_collected(value: float) -> bool:
    return any(kept.value == value for kept in Collect.kept.get("out", [])[-1:])


def test_going_back_to_earlier_parameters_computes_nothing_again() -> None:
    graph = chain("t.constant", "t.double", "t.collect")
    with Session(graph, ALL, interactive=True) as session:
        session.send(Start())
        for value, runs in ((7.0, 1), (8.0, 2), (7.0, 2)):
            session.send(Edit(graph.set_param("constant", "value", value)))
            until(partial(has_collected, 2 * value))
            assert session.snapshot().nodes["double"].runs == runs
    assert [kept.value for kept in Collect.kept["out"]] == [14, 16, 14]


def test_while_paused_an_edit_runs_the_same_frame_again_from_where_it_differs() -> None:
    graph = chain("t.count", "t.double", "t.add", "t.collect")
    graph, still = graph.add(Node("t.constant", params={"value": 100.0}))
    graph = graph.connect(f"{still}.number -> add.b")
    with Session(graph, ALL) as session:
        session.send(Watch({"add": Glance("add")}))
        session.send(Step())
        until(lambda: session.snapshot().finished == 1)
        session.send(Step())
        until(lambda: session.snapshot().finished == 2)
        session.send(Edit(graph.set_param("add", "plus", 0.5)))
        until(lambda: session.snapshot().nodes["add"].runs == 3)
        until(lambda: session.snapshot().nodes["add"].summary == "102.5")
        now = session.snapshot()
        assert (now.state, now.finished, now.nodes["double"].runs) == ("paused", 2, 2)
        session.send(Start())
        session.wait(PATIENCE)
    assert [kept.value for kept in Collect.kept["out"]] == [100, 102, 104.5, 106.5, 108.5]


def test_of_several_edits_that_wait_only_the_last_is_made() -> None:
    graph = chain("t.steady", "t.model", "t.collect", model={"name": "one"})
    with Session(graph, ALL, interactive=True) as session:
        session.send(Start())
        until(lambda: session.snapshot().finished >= 5)
        with session._conductor.news:  # the session's thread finds all three when it next looks
            session._commands.extend(Edit(graph.set_param("model", "name", name)) for name in ("two", "three", "four"))
            session._conductor.news.notify_all()
        until(lambda: Log.opened[-1] == "four" and Log.closed == ["one"])
    assert Log.opened == ["one", "four"]
    assert session.snapshot().revision == 2


def test_commands_between_edits_keep_their_place() -> None:
    graph = chain("t.steady", "t.model", "t.collect", model={"name": "one"})
    with Session(graph, ALL, interactive=True) as session:
        edits = [Edit(graph.set_param("model", "name", name)) for name in ("two", "three")]
        with session._conductor.news:
            session._commands.extend((edits[0], Start(), edits[1], Pause()))
            session._conductor.news.notify_all()
        until(lambda: session.snapshot().state == "paused")
    assert Log.opened == ["two", "three"]


def test_what_is_edited_away_is_told_to_stop_and_the_run_goes_on() -> None:
    told: list[str] = []
    begun = threading.Event()

    @node("t.polite", category="Test", time_limit=1e6)
    class Polite:
        """A call of it goes on until it is told to stop."""

        def open(self, ctx: Context) -> None:
            self.ctx = ctx

        def run(self, number: Number) -> Number:
            Log.entered.set()
            if self.ctx.wait(PATIENCE):
                told.append("node")
            return number

    @node("t.waiting", category="Test", clock="live")
    class Waiting:
        """A source that has nothing to give until it is told to stop."""

        def open(self, ctx: Context) -> None:
            self.ctx = ctx

        def run(self) -> Iterator[Number]:
            begun.set()
            if self.ctx.wait(PATIENCE):
                told.append("source")
            return
            yield

    registry = Registry({**ALL.types, **Registry.of(Polite, Waiting).types})
    healthy = chain("t.steady", "t.collect")
    graph, polite = healthy.connect().add(Node("t.polite"))
    graph, source = graph.add(Node("t.count"))
    graph, waiting = graph.add(Node("t.waiting"))
    graph, sink = graph.add(Node("t.collect", params={"name": "a"}))
    graph, end = graph.add(Node("t.collect", params={"name": "b"}))
    graph = graph.connect(
        f"{source}.number -> {polite}.number", f"{polite}.number -> {sink}.number", f"{waiting}.number -> {end}.number"
    )
    with Session(graph, registry) as session:
        session.send(Start())
        assert Log.entered.wait(PATIENCE)
        assert begun.wait(PATIENCE)
        session.send(Edit(healthy))
        until(lambda: set(told) == {"node", "source"})
        names = (f"source {source}", f"source {waiting}")
        until(lambda: not any(thread.name in names for thread in threading.enumerate()))
        seen = session.snapshot().finished
        until(lambda: session.snapshot().finished > seen + 5)


def test_a_source_that_is_edited_away_while_nothing_moves_is_closed() -> None:
    closed = threading.Event()

    @node("t.ledge", category="Test")
    class Ledge:
        """Its second number waits at the gate for ever."""

        def run(self) -> Iterator[Number]:
            while True:
                yield Number(1)

        def close(self) -> None:
            closed.set()

    known = Registry({**ALL.types, **Registry.of(Ledge).types})
    graph = chain_of(known, "t.ledge", "t.collect")
    with Session(graph, known, interactive=True) as session:
        session.send(Step())
        until(lambda: session.snapshot().waiting)
        session.send(Edit(graph.remove(["ledge"])))
        assert closed.wait(PATIENCE)


def test_an_edit_of_its_setup_gives_up_a_node_that_does_not_come_to_an_end_of_opening() -> None:
    graph = chain("t.steady", "t.model", "t.collect", model={"name": "slow"})
    for interactive in (True, False):
        Log.entered.clear()
        Collect.kept.clear()
        with Session(graph, ALL, interactive=interactive) as session:
            session.send(Start())
            assert Log.entered.wait(PATIENCE)
            session.send(Edit(graph.set_param("model", "name", "good")))
            until(lambda: len(Collect.kept.get("out", ())) >= 5)  # frames may end before that, without the model
    assert Log.opened == Log.closed == ["good", "good"]


def test_an_edit_of_something_else_leaves_a_node_that_opens_alone() -> None:
    graph = chain_of(WITH_PATIENT, "t.steady", "t.patient", "t.double", "t.collect")
    with Session(graph, WITH_PATIENT) as session:
        session.send(Start())
        assert Log.entered.wait(PATIENCE)
        session.send(Edit(graph.set_param("patient", "live", 2).set_param("double", "factor", 3.0)))
        Log.gate.set()
        until(lambda: session.snapshot().revision >= 2 and session.snapshot().finished >= 5)
    assert Log.opened == ["patient, untold"]


def test_a_source_that_was_taken_away_and_brought_back_before_it_was_opened_plays() -> None:
    there = chain("t.steady", "t.collect")
    graph, patient = there.add(Node("t.patient"))
    graph, source = graph.add(Node("t.steady"))
    graph, sink = graph.add(Node("t.collect", params={"name": "other"}))
    graph = graph.connect(f"{source}.number -> {patient}.number", f"{patient}.number -> {sink}.number")
    with Session(there, WITH_PATIENT, interactive=True) as session:
        session.send(Start())
        session.send(Edit(graph))
        assert Log.entered.wait(PATIENCE)
        session.send(Edit(there))
        session.send(Edit(graph))
        Log.gate.set()
        until(lambda: len(Collect.kept.get("other", ())) >= 5)


@node("t.patient", category="Test")
class Patient:
    """Opening it waits for the test, and it knows whether it was told to stop meanwhile."""

    class Live(Params):
        live: int = 1

    def open(self, ctx: Context) -> None:
        Log.entered.set()
        assert Log.gate.wait(PATIENCE)
        Log.opened.append("patient, told" if ctx.stopping else "patient, untold")

    def run(self, number: Number, live: Live) -> Number:
        return number


WITH_PATIENT = Registry({**ALL.types, **Registry.of(Patient).types})

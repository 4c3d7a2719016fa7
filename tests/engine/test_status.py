"""What a run says of its nodes, above all of those that fail, and how they are tried again."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Iterator
from functools import partial
from itertools import count as integers
from pathlib import Path
from types import FrameType, SimpleNamespace

import numpy as np
import pytest

from nodeflow.engine import Edit, Glance, NodeStatus, Retry, Session, Snapshot, Start, Step, Watch
from nodeflow.engine.mishap import in_words, remember
from nodeflow.engine.packets import Failed
from nodeflow.engine.stage import Stage
from nodeflow.engine.status import _seen, _Sight, _status, snapshot
from nodeflow.graph import Graph, Node
from nodeflow.models import Library, UnknownModel
from nodeflow.node import Context, NodeError, Registry, RetryLater, Stream, node
from nodeflow.values import Image, Number, Text
from tests.engine.graph_parts import build
from tests.engine.parts import REGISTRY, Bench, Collect, chain_of, plan_of
from tests.engine.running_parts import offer
from tests.engine.session_parts import PATIENCE, until
from tests.engine.virtual import virtual
from tests.engine.zoo import ZOO


class Switches:
    """What the nodes below do now; each test sets it."""

    broken = True
    gate = threading.Event()


@node("t.photo", category="Test")
def photo(number: Number) -> Image:
    return Image(np.zeros((48, 64, 3), np.uint8))


@node("t.lamp", category="Test")
def lamp(image: Image, number: Number | None = None) -> Number:
    """Fails while the switch says so."""
    if Switches.broken:
        raise NodeError("The lamp is broken.", "Change the lamp.")
    return Number(image.width)


@node("t.gauge", category="Test")
def gauge(number: Number) -> Number:
    if Switches.broken:
        raise ValueError("off the scale")
    return number


@node("t.engine", category="Test")
class Engine:
    """Opens only when the switch says so."""

    tries = 0

    def open(self) -> None:
        Engine.tries += 1
        if Switches.broken:
            raise NodeError("no fuel")

    def run(self, number: Number) -> Number:
        return number


@node("t.mast", category="Test", clock="live")
class Mast:
    """A live source that gives numbers as fast as they are taken; each looked at in its own time."""

    def open(self, ctx: Context) -> Stream:
        self.ctx = ctx
        return Stream(rate=1000.0)

    def run(self) -> Iterator[Number]:
        for i in integers():
            if self.ctx.wait(0.001):
                return
            yield Number(i)


@node("t.port", category="Test", clock="live")
class Port:
    """A source that is not there while the switch says so."""

    def open(self) -> None:
        if Switches.broken:
            raise RetryLater("nothing is plugged in", "Plug it in.", seconds=1e6)

    def run(self) -> Iterator[Number]:
        yield Number(1)


@node("t.swamp", category="Test", time_limit=0.2)
def swamp(number: Number) -> Number:
    """The first call does not come back until the test ends; later ones do at once."""
    if Switches.broken:
        assert Switches.gate.wait(PATIENCE)
    return number


@node("t.dam", category="Test")
def dam(number: Number) -> Number:
    """Waits until the test lets it go, however long that is."""
    assert Switches.gate.wait(PATIENCE)
    return number


class Stubborn(Image):
    """A picture that cannot even be described."""

    @property
    def device(self) -> str:  # type: ignore[override]
        raise RuntimeError("not telling")


EXTRA = Registry.of(photo, lamp, gauge, Engine, Mast, Port, swamp, dam)
ALL = Registry({**REGISTRY.types, **EXTRA.types})


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    Collect.kept.clear()
    Switches.broken, Engine.tries = True, 0
    Switches.gate.clear()
    yield
    Switches.gate.set()


def graph_of(*types: str) -> Graph:
    return chain_of(ALL, *types)


def status_of(session: Session, name: str) -> NodeStatus:
    return session.snapshot().nodes.get(name, NodeStatus())


def tells(session: Session, words: str) -> bool:
    return status_of(session, "double").summary == words


def run(*types: str) -> Snapshot:
    with Session(graph_of(*types), ALL) as session:
        session.send(Start())
        return session.wait(PATIENCE)


def test_a_failed_call_leaves_its_inputs_its_frame_and_where_it_failed() -> None:
    status = run("t.count", "t.photo", "t.lamp", "t.collect").nodes["lamp"]
    assert (status.state, status.message, status.hint) == ("failed", "The lamp is broken.", "Change the lamp.")
    assert status.inputs == ("image: 64x48", "number: nothing")
    assert status.frame is not None
    assert "in lamp" in status.trace
    assert "The lamp is broken." in status.trace
    assert "engine/workers.py" not in status.trace


def test_what_goes_well_leaves_nothing() -> None:
    Switches.broken = False
    end = run("t.count", "t.photo", "t.lamp", "t.collect")
    for status in end.nodes.values():
        assert (status.inputs, status.trace, status.frame, status.cause) == ((), "", None, "")


def test_a_skipped_node_names_the_one_that_failed() -> None:
    end = run("t.count", "t.photo", "t.lamp", "t.double", "t.collect")
    assert [(end.nodes[name].state, end.nodes[name].cause) for name in ("double", "collect")] == [
        ("skipped", "lamp")
    ] * 2
    assert end.nodes["collect"].trace == ""


def test_inputs_that_cannot_be_described_are_no_second_failure() -> None:
    assert in_words(Stubborn.__new__(Stubborn)) == "a strange Stubborn"
    assert len(in_words(Text("long " * 100))) <= 100


def test_a_sample_that_is_not_there_is_said_in_a_sentence_without_a_traceback(tmp_path: Path) -> None:
    library = Library(cache=tmp_path)
    with pytest.raises(UnknownModel) as raised:
        library.asset("one_prson")
    failed = Failed.from_exception("clip", raised.value)
    assert failed.message.startswith("There is no sample 'one_prson': did you mean one_person")
    stage = Stage(plan_of(graph_of_numbers(), ("double",)).nodes[0])
    remember(stage, raised.value)
    assert stage.mishap is not None
    assert stage.mishap.trace == ""


def test_a_traceback_is_bounded() -> None:
    stage = Stage(plan_of(graph_of_numbers(), ("double",)).nodes[0])
    remember(stage, ValueError("x" * 100_000))
    assert stage.mishap is not None
    assert len(stage.mishap.trace) <= 6001


def graph_of_numbers() -> Graph:
    return Graph(nodes={"count": Node("t.count"), "double": Node("t.double")}).connect("count.number -> double.number")


def test_the_status_of_a_node_is_the_same_object_until_something_changes() -> None:
    bench = Bench(plan_of(graph_of_numbers(), ("double",)))
    stage = bench.revision.stages[1]
    before = _status(stage, _seen(stage, 0, 10.0, 1))
    assert _status(stage, _seen(stage, 0, 20.0, 1)) is before
    assert _status(stage, _seen(stage, 3, 20.0, 1)).dropped == 3


def test_a_call_that_takes_long_is_told_by_the_second() -> None:
    bench = Bench(plan_of(graph_of_numbers(), ("double",)))
    stage = bench.revision.stages[1]
    frame = bench.admit(bench.revision.clocks[0], 1.0)
    call = bench.circuit.take()
    assert call is not None
    assert _Sight(*_seen(stage, 0, 99.0, 1)).calling == 0  # it waits for a thread
    stage.serving, stage.began = frame, 10.0
    assert _Sight(*_seen(stage, 0, 12.7, 1)).calling == 2
    bench.circuit.finish(call, call.run())
    assert _Sight(*_seen(stage, 0, 99.0, 1)).calling == 0


@pytest.mark.parametrize(("source", "goes_on"), [("t.tape", False), ("t.live", True)])
def test_a_source_that_waits_for_a_still_node_says_for_which(
    source: str, goes_on: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    nodes = {"source": source, "one": "t.constant", "x": "t.stall", "far": "t.double", "both": "t.add"}
    graph = build(
        {**nodes, "out": "t.collect"},
        *("source.number -> both.a", "one.number -> x.number", "x.number -> far.number", "far.number -> both.b"),
        "both.number -> out.number",
    )
    with virtual(ZOO, lambda count: 0) as run:
        monkeypatch.setattr("nodeflow.engine.status.time", SimpleNamespace(perf_counter=lambda: run.now))

        def awaited() -> str:
            return snapshot(run.conductor).nodes["source"].cause

        run.conductor.begin(graph)
        offer(run, "source")
        assert awaited() == ""  # so far it is not worth a word
        run.now += 1.0
        assert awaited() == "x"
        run.all_come_back()
        run.drain()
        assert awaited() == ""
        run.conductor.edit(graph.set_param("x", "offset", 100))
        run.drain()
        run.now += 1.0
        assert awaited() == ("" if goes_on else "x")
        run.all_come_back()


@node("t.overtaken", category="Test", parallel=True)
def overtaken(number: Number) -> Number:
    """Its first call ends last."""
    assert number.value > 0 or Switches.gate.wait(PATIENCE)
    return number


def test_of_a_parallel_node_the_newest_frames_value_is_the_last_whichever_call_ended_last() -> None:
    registry = Registry({**REGISTRY.types, **Registry.of(overtaken).types})
    Switches.gate.clear()
    with Session(chain_of(registry, "t.count", "t.overtaken", "t.collect", count={"frames": 2}), registry) as session:
        session.send(Start())
        until(lambda: session.snapshot().nodes.get("overtaken", NodeStatus()).runs == 1)
        Switches.gate.set()
        end = session.wait(PATIENCE)
    assert (end.nodes["overtaken"].runs, end.nodes["overtaken"].summary) == (2, "1")


def test_a_value_from_the_cache_is_said_to_be_one() -> None:
    graph = graph_of("t.constant", "t.double", "t.collect")
    with Session(graph, ALL, interactive=True) as session:
        session.send(Start())
        until(lambda: status_of(session, "collect").runs == 1)
        assert status_of(session, "double").state == "ready"
        session.send(Edit(graph.set_param("constant", "value", 8.0)))
        until(lambda: status_of(session, "collect").runs == 2)
        session.send(Edit(graph))
        until(lambda: status_of(session, "double").state == "cached")
        assert status_of(session, "double").summary == "14"
        streams = graph.add(Node("t.count"))[0].disconnect(*graph.links_into("double"))
        session.send(Edit(streams.connect("count.number -> double.number")))
        until(lambda: status_of(session, "double").summary == "8")
        until(lambda: status_of(session, "double").state == "ready")  # its value comes from no cache any more


def test_of_values_from_the_cache_the_one_of_now_is_shown() -> None:
    graph = graph_of("t.constant", "t.double", "t.collect")
    edits = {"14": Edit(graph), "16": Edit(graph.set_param("constant", "value", 8.0))}
    with Session(graph, ALL, interactive=True) as session:
        session.send(Start())
        for told in ("16", "14", "16", "14"):
            session.send(edits[told])
            until(partial(tells, session, told))


def test_a_node_that_fails_on_a_live_stream_rests_and_is_tried_at_once_when_asked() -> None:
    with Session(graph_of("t.mast", "t.gauge", "t.collect"), ALL) as session:
        session.send(Start())
        until(lambda: status_of(session, "gauge").failed >= 9)
        status = until(lambda: (status := status_of(session, "gauge")).rests_s >= 2 and status)
        assert (status.state, status.inputs[0].split(":")[0]) == ("resting", "number")
        Switches.broken = False
        session.send(Retry("gauge"))
        until(lambda: status_of(session, "gauge").state in ("ready", "running"))
        assert status_of(session, "gauge").trace == ""


def test_a_node_that_did_not_open_is_opened_again_when_asked() -> None:
    graph = graph_of("t.mast", "t.engine", "t.collect")
    with Session(graph, ALL, interactive=True) as session:
        session.send(Start())
        until(lambda: status_of(session, "engine").state == "failed")
        status = status_of(session, "engine")
        assert (status.message, status.inputs, status.frame) == ("no fuel", (), None)
        assert "in open" in status.trace
        Switches.broken = False
        session.send(Retry("engine"))
        until(lambda: Collect.kept.get("out"))
    assert Engine.tries == 2


def test_a_retry_of_a_node_that_is_well_changes_nothing() -> None:
    Switches.broken = False
    graph = graph_of("t.mast", "t.engine", "t.collect")
    with Session(graph, ALL) as session:
        session.send(Start())
        until(lambda: session.snapshot().finished >= 3)
        before = session.snapshot().revision
        session.send(Retry("engine"))
        session.send(Retry("no_such_node"))
        until(lambda: session.snapshot().revision >= before + 2)
    assert Engine.tries == 1


def test_a_source_that_is_not_there_says_when_it_is_tried_again_or_is_tried_now() -> None:
    with Session(graph_of("t.port", "t.collect"), ALL, interactive=True) as session:
        session.send(Start())
        until(lambda: status_of(session, "port").state == "resting")
        status = status_of(session, "port")
        assert status.message == "nothing is plugged in"
        assert status.rests_s > 1000
        Switches.broken = False
        session.send(Retry("port"))
        assert session.wait(PATIENCE).state == "finished"
    assert [kept.value for kept in Collect.kept["out"]] == [1]


def test_a_hung_call_says_where_it_is_and_a_retry_puts_another_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    written = traceback.format_stack

    def nobody_waits(frame: FrameType) -> list[str]:
        """Reads files, and so is called without the session's lock."""
        assert session._conductor.lock.acquire(timeout=PATIENCE)
        session._conductor.lock.release()
        return written(frame)

    monkeypatch.setattr(traceback, "format_stack", nobody_waits)
    with Session(graph_of("t.mast", "t.swamp", "t.collect"), ALL) as session:
        session.send(Start())
        until(lambda: status_of(session, "swamp").state == "hung" and status_of(session, "swamp").trace)
        status = status_of(session, "swamp")
        assert "not back after 0.2 s" in status.message
        (given,) = status.inputs  # of the first frame that was admitted: newer ones may have taken the place of others
        assert given.removeprefix("number: ").isdecimal()
        assert "Switches.gate.wait" in status.trace
        Switches.broken = False
        session.send(Retry("swamp"))
        until(lambda: Collect.kept.get("out"))
        until(lambda: status_of(session, "swamp").state in ("ready", "running"))
        Switches.gate.set()


def test_a_retry_while_paused_calls_again_on_the_same_frame() -> None:
    with Session(graph_of("t.count", "t.photo", "t.lamp"), ALL) as session:
        session.send(Watch({"lamp": Glance("lamp")}))
        session.send(Step())
        until(lambda: status_of(session, "lamp").failed == 1)
        Switches.broken = False
        session.send(Retry("lamp"))
        until(lambda: status_of(session, "lamp").summary == "64")
        now = session.snapshot()
    assert (now.state, now.finished, now.nodes["photo"].runs) == ("paused", 1, 1)


def test_a_live_source_tells_what_it_dropped() -> None:
    with Session(graph_of("t.mast", "t.dam", "t.collect"), ALL) as session:
        session.send(Start())
        until(lambda: status_of(session, "mast").dropped >= 3)
        now = session.snapshot()
        Switches.gate.set()
    assert now.nodes["mast"].dropped == now.dropped
    assert now.nodes["dam"].dropped == 0

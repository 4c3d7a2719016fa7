"""Sessions with real threads: commands in, snapshots out. No test sleeps; what must wait, waits for an event."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from itertools import count as integers
from itertools import pairwise
from pathlib import Path

import pytest

from nodeflow.engine import Edit, Glance, Seek, Session, Snapshot, Start, Step, Stop, Watch
from nodeflow.graph import Graph, Node
from nodeflow.node import Context, NodeError, Params, Registry, RetryLater, Stream, node
from nodeflow.values import Number
from tests.engine.parts import REGISTRY, Collect

PATIENCE = 20.0


class Log:
    """What the nodes below did, for the tests to look at."""

    opened: list[str] = []  # noqa: RUF012
    closed: list[str] = []  # noqa: RUF012
    gate = threading.Event()
    entered = threading.Event()


@node("t.endless", category="Test", clock="live")
class Endless:
    """A live source that gives a number whenever the one before was taken or dropped."""

    def open(self, ctx: Context) -> Stream:
        self.ctx = ctx
        return Stream(rate=1000.0)

    def run(self) -> Iterator[Number]:
        for i in integers():
            if self.ctx.wait(0.0005):
                return
            yield Number(i)

    def close(self) -> None:
        Log.closed.append("endless")


@node("t.steady", category="Test")
class Steady:
    """An endless source that loses nothing."""

    def run(self) -> Iterator[Number]:
        for i in integers():
            yield Number(i)


@node("t.model", category="Test")
class Model:
    """Stands for a model: opening it may fail, and it knows what it was opened with."""

    class Setup(Params):
        name: str = "good"

    def open(self, setup: Setup, ctx: Context) -> None:
        if setup.name == "bad":
            raise NodeError("the model 'bad' cannot be had", "Choose another model.")
        if setup.name == "slow":
            Log.entered.set()
            while not ctx.stopping:
                ctx.wait(PATIENCE)
            raise NodeError("cancelled")
        ctx.provider("CPU")
        self.name = setup.name
        Log.opened.append(setup.name)

    def run(self, number: Number) -> Number:
        return Number(number.value, self.name)

    def close(self) -> None:
        Log.closed.append(self.name)


@node("t.hold", category="Test")
def hold(number: Number) -> Number:
    """Waits until the test lets it go."""
    Log.entered.set()
    assert Log.gate.wait(PATIENCE)
    return number


@node("t.tape", category="Test")
class Tape:
    """A hundred numbers, one a second, that can be wound."""

    def __init__(self) -> None:
        self.at = 0

    def seek(self, seconds: float) -> None:
        self.at = int(seconds)

    def run(self) -> Iterator[Number]:
        for i in range(self.at, 100):
            yield Number(i)


@node("t.busy", category="Test")
class Busy:
    """Waits for the test inside a call, and tells whether it was closed meanwhile."""

    inside = False

    def run(self, number: Number) -> Number:
        self.inside = True
        Log.entered.set()
        assert Log.gate.wait(PATIENCE)
        self.inside = False
        return number

    def close(self) -> None:
        Log.closed.append("busy, inside" if self.inside else "busy, outside")


@node("t.hang", category="Test", time_limit=0.2)
def hang(number: Number) -> Number:
    """Does not come back until the test lets it go."""
    assert Log.gate.wait(PATIENCE)
    return number


@node("t.liar", category="Test")
def liar(number: Number) -> Number:
    return number.value  # type: ignore[return-value]


@node("t.no_camera", category="Test", clock="live")
class NoCamera:
    """There on the third try."""

    tries = 0

    def open(self, ctx: Context) -> Stream:
        NoCamera.tries += 1
        if NoCamera.tries < 3:
            raise RetryLater("camera 0 is not there", "Plug it in.", seconds=0.0)
        return Stream(clock="every", note="here at last")

    def run(self) -> Iterator[Number]:
        yield Number(1)


@node("t.broken_file", category="Test")
def broken_file(good: int = 2) -> Iterator[Number]:
    for i in range(good):
        yield Number(i)
    raise NodeError("the file ends in the middle of a frame", "Get it again.")


EXTRA = Registry.of(Endless, Steady, Model, hold, hang, liar, Tape, Busy, NoCamera, broken_file)
ALL = Registry({**REGISTRY.types, **EXTRA.types})


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    Collect.kept.clear()
    Collect.closed.clear()
    Log.opened.clear()
    Log.closed.clear()
    Log.gate.clear()
    Log.entered.clear()
    NoCamera.tries = 0
    yield
    left = [t.name for t in threading.enumerate() if t.name.startswith(("worker", "source", "session"))]
    assert not left, f"threads left behind: {left}"


def chain(*types: str, **params: dict[str, object]) -> Graph:
    """A chain of nodes: each one's first output into the next one's first input. Ids are the last words of types."""
    graph = Graph()
    above: str | None = None
    for kind in types:
        name = kind.rpartition(".")[2]
        graph, made = graph.add(Node(kind, params=params.get(name, {})))
        if above:
            output = ALL.types[graph.nodes[above].type].schema.outputs[0].name
            graph = graph.connect(f"{above}.{output} -> {made}.{ALL.types[kind].schema.inputs[0].name}")
        above = made
    return graph


def until(true: Callable[[], object]) -> None:
    """Let the other threads run until something is true."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0)


def run(graph: Graph, **options: object) -> tuple[Snapshot, dict[str, object]]:
    with Session(graph, ALL, **options) as session:  # type: ignore[arg-type]
        session.send(Start())
        return session.wait(PATIENCE), session.report()


def test_a_file_is_run_to_its_end_and_nothing_is_lost() -> None:
    snapshot, report = run(chain("t.count", "t.double", "t.collect", count={"frames": 50}))
    assert snapshot.state == "finished"
    assert [tuple(kept) for kept in Collect.kept["out"]] == [(i, 2 * i) for i in range(50)]
    assert (snapshot.finished, snapshot.admitted, snapshot.dropped, snapshot.in_flight) == (50, 50, 0, 0)
    assert report["frames"] == 50
    assert report["nodes"]["double"]["runs"] == 50
    assert Collect.closed == {"out": 1}


def test_a_live_source_drops_what_nobody_is_ready_for_and_counts_it() -> None:
    with Session(chain("t.endless", "t.hold", "t.collect"), ALL) as session:
        session.send(Start())
        assert Log.entered.wait(PATIENCE)
        until(lambda: session.snapshot().dropped >= 10)
        Log.gate.set()
        session.send(Stop())
        end = session.wait(PATIENCE)
    assert end.state == "stopped"
    assert end.admitted == end.finished == len(Collect.kept["out"])
    assert end.offered == end.admitted + end.dropped + end.waiting
    assert Log.closed == ["endless"]


def test_an_error_stays_on_its_frames_and_is_shown_on_its_node() -> None:
    snapshot, report = run(chain("t.count", "t.fail_on", "t.collect", count={"frames": 7}))
    assert [kept.value for kept in Collect.kept["out"]] == [1, 2, 4, 5]
    assert snapshot.state == "finished"
    assert snapshot.nodes["fail_on"].state == "failed"
    assert snapshot.nodes["fail_on"].failed == 3
    assert "6 is a multiple of 3" in snapshot.nodes["fail_on"].message
    assert snapshot.nodes["collect"].state == "skipped"
    assert report["nodes"]["fail_on"]["error"].startswith("ValueError")


def test_a_node_that_gives_something_else_than_it_promised_fails() -> None:
    snapshot, _ = run(chain("t.count", "t.liar", "t.collect"))
    assert "promised Number and gave int" in snapshot.nodes["liar"].message
    assert Collect.kept["out"] == []


def test_a_model_that_does_not_open_ends_a_run_that_nobody_watches() -> None:
    snapshot, _ = run(chain("t.count", "t.model", "t.collect", model={"name": "bad"}))
    assert snapshot.state == "failed"
    assert snapshot.message == "model: the model 'bad' cannot be had Choose another model."
    assert Collect.kept["out"] == []


def test_a_model_that_does_not_open_is_shown_to_who_watches_and_the_rest_runs() -> None:
    graph = chain("t.count", "t.model", "t.collect", model={"name": "bad"})
    graph, other = graph.add(Node("t.collect", params={"name": "other"}))
    snapshot, _ = run(graph.connect(f"count.number -> {other}.number"), interactive=True)
    assert snapshot.nodes["model"].state == "failed"
    assert snapshot.nodes["model"].hint == "Choose another model."
    assert [kept.value for kept in Collect.kept["other"]] == [0, 1, 2, 3, 4]
    assert Collect.kept["out"] == []


def test_stop_cuts_short_what_is_loading() -> None:
    with Session(chain("t.count", "t.model", "t.collect", model={"name": "slow"}), ALL) as session:
        session.send(Start())
        assert Log.entered.wait(PATIENCE)
        session.send(Stop())
        assert session.wait(PATIENCE).state in ("stopped", "failed")


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
    assert [kept.index for kept in Collect.kept["out"]] == list(range(len(values)))
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
    indices = [kept.index for kept in Collect.kept["out"]]
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


def test_pause_step_and_go_on() -> None:
    graph = chain("t.count", "t.collect", count={"frames": 10})
    with Session(graph, ALL) as session:
        session.send(Step())
        until(lambda: session.snapshot().finished >= 1)
        assert session.snapshot().state == "paused"
        session.send(Step())
        until(lambda: session.snapshot().finished >= 2)
        assert session.snapshot().admitted == 2
        session.send(Start())
        assert session.wait(PATIENCE).state == "finished"
    assert [kept.value for kept in Collect.kept["out"]] == list(range(10))


def test_start_after_the_end_runs_anew() -> None:
    with Session(chain("t.count", "t.sum", "t.collect"), ALL) as session:
        for _ in range(2):
            session.send(Start())
            session.wait(PATIENCE)
    assert [kept.value for kept in Collect.kept["out"]] == [0, 1, 3, 6, 10] * 2
    assert Collect.closed == {"out": 2}


def test_a_source_that_is_not_there_yet_is_tried_again_while_someone_watches() -> None:
    snapshot, _ = run(chain("t.no_camera", "t.collect"), interactive=True)
    assert NoCamera.tries == 3
    assert snapshot.nodes["no_camera"].message == "here at last"
    assert [kept.value for kept in Collect.kept["out"]] == [1]


def test_a_source_that_is_not_there_ends_a_run_that_nobody_watches() -> None:
    snapshot, _ = run(chain("t.no_camera", "t.collect"))
    assert (snapshot.state, NoCamera.tries) == ("failed", 1)
    assert "camera 0 is not there" in snapshot.message


def test_a_file_that_breaks_off_gives_what_it_has_and_says_so() -> None:
    snapshot, report = run(chain("t.broken_file", "t.collect"))
    assert [kept.value for kept in Collect.kept["out"]] == [0, 1]
    assert snapshot.state == "finished"
    assert "middle of a frame" in snapshot.nodes["broken_file"].message
    assert report["nodes"]["broken_file"]["failed"] == 1


def test_still_nodes_run_once_and_serve_every_frame() -> None:
    graph = chain("t.count", "t.add", "t.collect")
    graph, still = graph.add(Node("t.constant"))
    snapshot, report = run(graph.connect(f"{still}.number -> add.b"))
    assert [kept.value for kept in Collect.kept["out"]] == [7, 8, 9, 10, 11]
    assert report["nodes"]["constant"]["runs"] == 1
    assert snapshot.finished == 5


def test_a_graph_without_a_stream_is_one_frame() -> None:
    snapshot, _ = run(chain("t.constant", "t.double", "t.collect"))
    assert (snapshot.state, snapshot.finished) == ("finished", 1)
    assert [kept.value for kept in Collect.kept["out"]] == [14]


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


def test_going_back_to_earlier_parameters_computes_nothing_again() -> None:
    graph = chain("t.constant", "t.double", "t.collect")
    with Session(graph, ALL, interactive=True) as session:
        session.send(Start())
        for value, runs in ((7.0, 1), (8.0, 2), (7.0, 2)):
            session.send(Edit(graph.set_param("constant", "value", value)))
            until(lambda value=value: (Collect.kept.get("out") or [(0, 0)])[-1][1] == 2 * value)
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


def test_a_call_over_its_time_limit_is_given_up_and_the_rest_goes_on() -> None:
    graph = chain("t.count", "t.hang", "t.collect", count={"frames": 6})
    graph, other = graph.add(Node("t.collect", params={"name": "other"}))
    with Session(graph.connect(f"count.number -> {other}.number"), ALL) as session:
        session.send(Start())
        end = session.wait(PATIENCE)
        assert end.state == "finished"
        assert [kept.value for kept in Collect.kept["other"]] == [0, 1, 2, 3, 4, 5]
        assert "not back after 0.2 s" in end.nodes["hang"].message
        Log.gate.set()
    assert Collect.kept["out"] == []


def test_a_node_is_not_closed_while_a_call_is_inside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nodeflow.engine.conductor._PATIENCE", 0.2)
    with Session(chain("t.count", "t.busy", "t.collect"), ALL) as session:
        session.send(Start())
        assert Log.entered.wait(PATIENCE)
        session.send(Stop())
        end = session.wait(PATIENCE)
        assert end.state == "stopped"
        assert "not back after 0.2 s" in end.nodes["busy"].message
        assert Log.closed == []
        Log.gate.set()
        until(lambda: Log.closed == ["busy, outside"])
    until(lambda: not any(thread.name.startswith("worker") for thread in threading.enumerate()))


def test_a_trace_tells_every_call(tmp_path: Path) -> None:
    with Session(chain("t.count", "t.double", "t.collect"), ALL) as session:
        session.send(Start())
        session.wait(PATIENCE)
        trace = session.trace()
    calls = [event for event in trace["traceEvents"] if event["ph"] == "X"]
    assert sorted((call["name"], call["args"]["frame"]) for call in calls) == sorted(
        (name, frame) for name in ("double", "collect") for frame in range(5)
    )
    assert {event["ph"] for event in trace["traceEvents"]} == {"M", "X", "b", "e"}


def test_seek_goes_on_from_elsewhere_and_shows_a_frame_while_paused() -> None:
    graph = chain("t.tape", "t.collect")
    with Session(graph, ALL) as session:
        session.send(Step())
        until(lambda: session.snapshot().finished == 1)
        session.send(Seek(40.0))
        until(lambda: session.snapshot().finished == 2)
        now = session.snapshot()
        assert now.state == "paused"
        assert now.offered == now.admitted + now.dropped + now.waiting
        session.send(Seek(97.0))
        session.send(Start())
        assert session.wait(PATIENCE).state == "finished"
    assert [kept.value for kept in Collect.kept["out"]] == [0, 40, 97, 98, 99]


def test_a_watched_node_runs_and_shows_what_it_gives() -> None:
    graph = chain("t.count", "t.double", count={"frames": 3})
    with Session(graph, ALL) as session:
        session.send(Watch({"double": Glance("double"), "source": Glance("count")}))
        session.send(Start())
        end = session.wait(PATIENCE)
        until(lambda: [seen(session, name) for name in ("double", "source")] == ["4", "2"])
    assert end.nodes["double"].runs == 3


def seen(session: Session, name: str) -> str:
    """The last look of a glance, in few words."""
    look = session.snapshot().looks.get(name)
    return look.summary if look else ""


def test_relative_files_start_from_the_graphs_folder(tmp_path: Path) -> None:
    @node("t.read", category="Test")
    class Read:
        class Setup(Params):
            name: str = "value.txt"

        def open(self, setup: Setup, ctx: Context) -> None:
            self.value = float(ctx.path(setup.name).read_text())

        def run(self) -> Number:
            return Number(self.value)

    registry = Registry({**ALL.types, **Registry.of(Read).types})
    graph, name = Graph().add(Node("t.read"))
    graph, sink = graph.add(Node("t.collect"))
    graph = graph.connect(f"{name}.number -> {sink}.number")
    with Session(graph, registry, folder=tmp_path) as session:
        session.send(Start())
        assert "does not exist" in session.wait(PATIENCE).message
        (tmp_path / "value.txt").write_text("42")
        session.send(Start())
        assert session.wait(PATIENCE).state == "finished"
    assert [kept.value for kept in Collect.kept["out"]] == [42]

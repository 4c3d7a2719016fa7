"""Sessions with real threads: commands in, snapshots out, from the first frame to the last."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from nodeflow.engine import Glance, Seek, Session, Start, Step, Stop, Watch
from nodeflow.engine.cache import DEVICE_BUDGET, HOST_BUDGET
from nodeflow.graph import Graph, Node
from nodeflow.node import Context, Params, Registry, node
from nodeflow.values import Number
from tests.engine.parts import Collect
from tests.engine.session_parts import ALL, PATIENCE, Log, chain, run, until
from tests.engine.session_parts import clean as clean


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


def test_a_trace_tells_every_call(tmp_path: Path) -> None:
    with Session(chain("t.count", "t.double", "t.collect"), ALL) as session:
        session.send(Start())
        session.wait(PATIENCE)
        trace = session.trace()
    calls = [event for event in trace["traceEvents"] if event.get("cat") == "node"]
    assert sorted((call["name"], call["args"]["frame"]) for call in calls) == sorted(
        (name, frame) for name in ("double", "collect") for frame in range(5)
    )
    ways = [event for event in trace["traceEvents"] if event.get("cat") == "frame"]
    assert sorted(way["name"] for way in ways) == [f"frame {number}" for number in range(5)]
    flows = [event for event in trace["traceEvents"] if event.get("cat") == "flow"]
    assert sorted((flow["id"], flow["ph"]) for flow in flows) == [(n, ph) for n in range(5) for ph in "fs"]


def test_seek_goes_on_from_elsewhere_and_shows_a_frame_while_paused() -> None:
    graph = chain("t.tape", "t.collect")
    with Session(graph, ALL) as session:
        session.send(Step())
        until(lambda: session.snapshot().finished == 1)
        session.send(Seek(40.0))
        until(lambda: session.snapshot().finished == 2)
        now = session.snapshot()
        assert (now.state, now.can_seek) == ("paused", True)
        assert now.offered == now.admitted + now.dropped + now.waiting
        session.send(Seek(97.0))
        session.send(Start())
        assert session.wait(PATIENCE).state == "finished"
    assert [kept.value for kept in Collect.kept["out"]] == [0, 40, 97, 98, 99]


def has_finished(session: Session, frames: int) -> bool:
    return session.snapshot().finished == frames


def test_a_source_that_has_come_to_its_end_can_be_sought_back_and_is_closed_with_the_run() -> None:
    with Session(chain("t.tape", "t.collect"), ALL) as session:
        session.send(Step())
        until(lambda: session.snapshot().finished == 1)
        for finished, back in ((2, 20.0), (4, 98.0)):
            session.send(Seek(99.0))
            until(partial(has_finished, session, finished))
            until(lambda: session._conductor.revision.clocks[0].ended)
            session.send(Step())  # there is none to step to, and nobody wants it once it is sought
            session.send(Step())
            session.send(Seek(back))
            until(partial(has_finished, session, finished + 1))
            until(lambda: session.snapshot().waiting)
        session.send(Step())
        until(lambda: session.snapshot().finished == 6)
        until(lambda: session._conductor.revision.clocks[0].ended)
        now = session.snapshot()
        assert (now.state, now.finished, now.can_seek) == ("paused", 6, True)
        session.send(Seek(97.0))
        session.send(Start())  # it is not over
        assert session.wait(PATIENCE).state == "finished"
        assert not session.snapshot().can_seek
    assert [kept.value for kept in Collect.kept["out"]] == [0, 99, 20, 99, 98, 99, 97, 98, 99]


def test_a_source_at_its_end_can_be_sought_back_while_another_goes_on() -> None:
    tape, camera = chain("t.tape", "t.collect"), Node("t.endless")
    graph = Graph({**tape.nodes, "camera": camera, "end": Node("t.collect", params={"name": "end"})})
    with Session(graph.connect(*tape.links, "camera.number -> end.number"), ALL) as session:
        session.send(Start())
        until(lambda: len(Collect.kept.get("out", ())) == 100)
        until(lambda: any(clock.ended for clock in session._conductor.revision.clocks))
        session.send(Seek(97.0))
        until(lambda: len(Collect.kept["out"]) == 103)
    assert [kept.value for kept in Collect.kept["out"]][100:] == [97, 98, 99]


def test_a_source_that_begins_again_and_again_tells_where_in_its_lap_it_is() -> None:
    with Session(chain("t.wheel", "t.collect"), ALL) as session:
        times: list[float] = []
        while len(times) < 6:
            session.send(Step())
            until(lambda: session.snapshot().finished == len(times) + 1)
            times.append(session.snapshot().time_s)
        now = session.snapshot()
        assert times == [10.0, 10.5, 11.0, 11.5, 10.0, 10.5]
        assert (now.start_s, now.length_s, now.frame_s, now.total) == (10.0, 2.0, 0.5, None)
        session.send(Seek(11.0))
        until(lambda: session.snapshot().finished == 7)
        assert (session.snapshot().time_s, session.snapshot().state) == (11.0, "paused")
        session.send(Start())
        until(lambda: session.snapshot().finished > 20)
        session.send(Seek(11.5))
        session.send(Stop())
        session.wait(PATIENCE)
    assert [kept.value for kept in Collect.kept["out"]][:8] == [0, 1, 2, 3, 0, 1, 2, 3]


def test_a_run_of_so_many_frames_ends_with_them() -> None:
    end, _ = run(chain("t.count", "t.collect", count={"frames": 10}), frames=3)
    assert (end.state, end.total, end.finished) == ("finished", 3, 3)
    assert [kept.value for kept in Collect.kept["out"]] == [0, 1, 2]


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


def test_results_are_kept_as_far_as_was_said() -> None:
    with Session(chain("t.count", "t.collect"), ALL, host_cache=5, device_cache=0) as session:
        assert session._conductor.cache.budget == (5, 0)
    with Session(chain("t.count", "t.collect"), ALL) as session:
        assert session._conductor.cache.budget == (HOST_BUDGET, DEVICE_BUDGET)

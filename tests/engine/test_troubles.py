"""What goes wrong in a session: nodes that raise, lie, hang or do not open, sources that are not there or break off."""

from __future__ import annotations

import threading

import pytest

from nodeflow.engine import Edit, NodeStatus, Retry, Session, Start, Stop
from nodeflow.engine.stage import Stage
from nodeflow.graph import Node
from nodeflow.node import Context, Registry, node
from nodeflow.values import Number
from tests.engine.parts import Collect, chain_of, plan_of
from tests.engine.session_parts import ALL, PATIENCE, Log, NoCamera, Waits, chain, run, until
from tests.engine.session_parts import clean as clean


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


def test_a_node_that_tells_of_its_progress_in_a_call_is_ready_after_it() -> None:
    @node("t.late", category="Test")
    class Late:
        """Loads something on its first call."""

        def open(self, ctx: Context) -> None:
            self.ctx = ctx

        def run(self, number: Number) -> Number:
            self.ctx.progress("loading", 0.5)
            if number.value == 3:
                Log.entered.set()
                assert Log.gate.wait(PATIENCE)
            return number

    registry = Registry({**ALL.types, **Registry.of(Late).types})
    with Session(chain_of(registry, "t.count", "t.late", "t.collect"), registry) as session:
        session.send(Start())
        assert Log.entered.wait(PATIENCE)
        during = session.snapshot().nodes["late"]
        Log.gate.set()
        after = session.wait(PATIENCE).nodes["late"]
    assert (during.state, during.message, during.fraction) == ("opening", "loading", 0.5)
    assert (after.state, after.message, after.fraction) == ("ready", "", None)


def test_a_parallel_node_hangs_until_the_last_of_its_calls_is_back() -> None:
    (hangs, *_) = plan_of(chain("t.count", "t.collect")).nodes
    stage = Stage(hangs)
    stage.open = True
    stage.give_up(1.0)
    stage.give_up(1.0)
    assert not stage.returned()
    assert stage.fault is not None
    stage.open = False  # the run ends meanwhile, and cannot close it
    assert stage.returned()
    assert stage.fault is None


def test_a_stop_also_cuts_short_what_a_start_before_it_has_yet_to_load() -> None:
    slow, good = (chain("t.count", "t.model", "t.collect", model={"name": name}) for name in ("slow", "good"))
    with Session(slow, ALL) as session:
        session.send(Start())
        assert Log.entered.wait(PATIENCE)
        with session._conductor.news:  # the session's thread finds all of them once it is told to stop
            session._commands.extend((Start(), Stop(), Start()))
            session._conductor.announce_stop()
        session.send(Stop())
        assert session.wait(PATIENCE).state == "stopped"
        session.send(Edit(good))
        session.send(Start())
        assert session.wait(PATIENCE).state == "finished"  # a stop that is carried out stops nothing later


def test_stop_cuts_short_what_is_loading() -> None:
    with Session(chain("t.count", "t.model", "t.collect", model={"name": "slow"}), ALL) as session:
        session.send(Start())
        assert Log.entered.wait(PATIENCE)
        session.send(Stop())
        assert session.wait(PATIENCE).state in ("stopped", "failed")


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


@node("t.hang_then", category="Test", time_limit=0.2)
def hang_then(number: Number) -> Number:
    """Hangs once a model is opened."""
    assert not Log.entered.is_set() or Log.gate.wait(PATIENCE)
    return number


def test_a_call_is_given_up_also_while_another_node_opens() -> None:
    known = Registry({**ALL.types, **Registry.of(hang_then).types})
    graph = chain_of(known, "t.steady", "t.hang_then", "t.collect")
    other = graph.add(Node("t.model", params={"name": "slow"}))[0].add(Node("t.collect"))[0]
    with Session(graph, known, interactive=True) as session:
        session.send(Start())
        until(lambda: session.snapshot().finished)
        session.send(Edit(other.connect("steady.number -> model.number", "model.number -> collect_2.number")))
        until(lambda: session.snapshot().nodes["hang_then"].state == "hung")
        assert session.snapshot().nodes["model"].state == "opening"
        Log.gate.set()


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


def test_a_hung_node_that_is_tried_again_is_replaced_at_once_and_closed_when_it_comes_back() -> None:
    graph = chain("t.steady", "t.wait", "t.collect")
    with Session(graph, ALL) as session:
        session.send(Start())
        until(lambda: session.snapshot().nodes.get("wait", NodeStatus()).state == "hung")
        assert Waits.lives == [[1, 0]]
        session.send(Retry("wait"))
        until(lambda: len(Waits.lives) == 2)
        assert Waits.lives[0] == [1, 0], "it was closed under its call"
        Log.gate.set()
        until(lambda: Waits.lives == [[1, 1], [1, 0]])
        seen = len(Collect.kept["out"])
        until(lambda: len(Collect.kept["out"]) > seen)
        session.send(Stop())
        session.wait(PATIENCE)
    until(lambda: Waits.lives == [[1, 1], [1, 1]])

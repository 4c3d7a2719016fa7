"""How a run stands, in the words of toolbar and status line, and a stop that has to wait."""

from __future__ import annotations

from typing import Any

import pytest

from nodeflow.editor.running.standing import (
    blame,
    node_words,
    numbers,
    pace_words,
    state_word,
    stopping_words,
    trouble_words,
    unseen_words,
)
from nodeflow.engine.messages import NodeStatus, RunState, Snapshot, Start, Stop
from nodeflow.graph import Graph, Node
from tests.editor.fakes import Bench


class SlowToStop:
    """A bench whose engine goes on after a stop until it is let go."""

    def __init__(self) -> None:
        self.bench = Bench()
        self.workspace = self.bench.workspace
        self.workspace.edit("Add", Graph().add(Node("toy.still"))[0])
        self.workspace.start_or_pause()
        self.engine = self.bench.engines[-1]
        self.workspace.run.refresh()

    def stop(self) -> None:
        self.workspace.stop()
        self.engine.state = "running"
        self.workspace.run.refresh()


@pytest.fixture
def slow() -> SlowToStop:
    return SlowToStop()


def test_who_got_nothing_says_whose_failure_it_is_and_when_that_is_tried_again() -> None:
    skipped = NodeStatus("skipped", "no such model", cause="pose")
    assert blame(skipped, {"pose": NodeStatus("failed")}, str.title) == "Pose failed"
    assert blame(skipped, {}, str.title) == "Pose failed"
    assert blame(skipped, {"pose": NodeStatus("opening", "mediapipe", fraction=0.5)}, str.title) == "Waits for Pose"
    assert blame(NodeStatus("skipped", "no face"), {}, str.title) == ""
    assert blame(NodeStatus("ready", cause="pose"), {}, str.title) == "Waits for Pose"
    assert blame(NodeStatus("ready"), {}, str.title) == ""


def test_a_node_that_has_yet_to_open_is_not_said_to_be_needless() -> None:
    waits = NodeStatus("idle")
    assert node_words(waits, "opening") == "Opened after others"
    assert "nothing asks" in node_words(waits, "running")


def test_a_stop_is_said_at_once_and_until_it_is_over(slow: SlowToStop) -> None:
    run = slow.workspace.run
    assert (state_word(run), stopping_words(run, str)) == ("Running", "")
    slow.stop()
    assert (run.stopping, state_word(run)) == (True, "Stopping")
    slow.engine.state = "stopped"
    run.refresh()
    assert (run.stopping, state_word(run)) == (False, "Stopped")


def test_it_is_said_what_a_stop_waits_for(slow: SlowToStop) -> None:
    title = slow.workspace.sheet.title_of
    slow.stop()
    assert "nodes closed" in stopping_words(slow.workspace.run, title)
    slow.engine.nodes = {
        "a": NodeStatus("ready"),
        "still": NodeStatus("running", calling_s=3),
        "c": NodeStatus("opening"),
    }
    slow.workspace.run.refresh()
    assert stopping_words(slow.workspace.run, title) == f"Stopping: {title('still')} is in a call for 3 s and 1 more"


def test_another_stop_says_what_is_waited_for_and_asks_nothing_more(slow: SlowToStop) -> None:
    slow.stop()
    sent = len(slow.engine.sent)
    slow.stop()
    assert len(slow.engine.sent) == sent
    assert any("given up" in notice.text for notice in slow.workspace.notices.current())


def test_start_while_it_stops_starts_anew_when_it_has(slow: SlowToStop) -> None:
    slow.stop()
    slow.workspace.start_or_pause()
    assert [type(command) for command in slow.engine.sent if isinstance(command, Start | Stop)] == [Start, Stop, Start]
    assert not slow.workspace.run.stopping


def test_a_run_in_which_nothing_runs_does_not_say_that_it_runs_and_tells_why(slow: SlowToStop) -> None:
    run, engine, title = slow.workspace.run, slow.engine, slow.workspace.sheet.title_of
    assert trouble_words(run, title) == ""
    engine.nodes = {"fine": NodeStatus("ready"), "still": NodeStatus("failed", "No file\nis chosen.", "Choose one.")}
    engine.message = "still: No file\nis chosen. Choose one."
    run.refresh()
    assert state_word(run) == "Nothing runs"
    assert trouble_words(run, title) == f"Nothing runs. {title('still')}: No file is chosen. Choose one."
    engine.state, engine.message = "failed", "internal error: KeyError: 3"
    run.refresh()
    assert (state_word(run), trouble_words(run, title)) == ("Failed", "Failed. internal error: KeyError: 3")


@pytest.mark.parametrize("state", ["paused", "stopped", "finished"])
def test_a_run_that_rests_tells_no_rate(state: RunState) -> None:
    rests = Snapshot(state, finished=12, total=40, fps=0.0, latency_ms=48.0, dropped=2)
    assert numbers(rests) == "2 dropped     frame 12 of 40"


def test_a_run_that_runs_tells_its_rate_once_there_is_one() -> None:
    assert numbers(Snapshot("running")) == ""
    assert numbers(Snapshot("running", finished=1, latency_ms=5.0)) == "5 ms     frame 1"
    assert pace_words(Snapshot("running", fps=24.96)) == "25.0 fps"


def test_of_a_clip_that_was_wound_it_is_told_which_frame_is_shown() -> None:
    clip: dict[str, Any] = {"total": 6, "can_seek": True, "start_s": 1.0, "length_s": 3.0, "frame_s": 0.5}
    assert numbers(Snapshot("paused", finished=8, time_s=2.5, **clip)) == "frame 4 of 6"
    assert numbers(Snapshot("paused", finished=3, time_s=3.5, **clip)) == "frame 6 of 6"
    assert numbers(Snapshot("paused", finished=8, time_s=2.5, **(clip | {"total": 12}))) == "frame 8 of 12", "two clips"
    assert numbers(Snapshot("finished", finished=8, total=6)) == "frame 8", "of which some came twice"


def test_where_nothing_is_seen_it_is_said_what_shows_it() -> None:
    assert unseen_words(True, False, ("F5",), ("F6",)) == "Nothing to see yet"
    assert unseen_words(False, False, ("F5", "Ctrl+Enter"), ("F6",)) == "Press F5 to see what it gives"
    assert unseen_words(False, True, ("F5",), ("F6",)) == "Press F6 to see the picture to paint on"
    assert unseen_words(False, True, (), ()) == "Step to see the picture to paint on"

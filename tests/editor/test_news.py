"""What the log says of runs."""

from __future__ import annotations

from typing import Any

from nodeflow.editor.running.log import Log
from nodeflow.editor.running.news import News
from nodeflow.engine.messages import NodeStatus, Snapshot


class FakeRun:
    def __init__(self) -> None:
        self.whole = Snapshot()


class Desk:
    """One run, and a clock of our own."""

    def __init__(self) -> None:
        self.now, self.log, self.run = 0.0, Log(), FakeRun()
        self.titles: dict[str, str] = {}
        self._news = News(self.log, lambda: self.now)

    def see(self, **fields: Any) -> list[str]:
        """What is new in the log when the run looks like this."""
        before = len(self.log.lines())
        self.now += 1.0
        self.run.whole = Snapshot(**fields)
        self._news.look([("graph", self.run, lambda node: self.titles.get(node, node))])
        return [f"{line.level} {line.source}: {line.text}" for line in self.log.lines()[before:]]


def test_a_run_is_told_from_its_start_to_its_end() -> None:
    desk = Desk()
    opening, ready = NodeStatus("opening", "Reading"), NodeStatus("ready", provider="CUDA", device="cuda:0", runs=1)
    assert desk.see(state="opening", nodes={"pose": opening}) == ["info graph: opening the nodes"]
    assert desk.see(state="running", nodes={"pose": ready}) == [
        "info graph: running",
        "info pose: opened, runs on CUDA on cuda:0",
    ]
    assert desk.see(state="running", nodes={"pose": ready}) == []
    assert desk.see(state="finished", finished=9, nodes={"pose": ready}) == ["info graph: finished after 9 frames"]


def test_nodes_are_told_by_their_titles_and_those_of_one_title_by_their_ids_too() -> None:
    desk, ready = Desk(), NodeStatus("ready", runs=1)
    desk.titles = {"clip": "Video file", "one": "Draw poses", "two": "Draw poses"}
    assert desk.see(state="running", nodes=dict.fromkeys(desk.titles, ready)) == [
        "info graph: running",
        "info Video file: opened",
        "info Draw poses (one): opened",
        "info Draw poses (two): opened",
    ]


def test_that_nothing_runs_is_told_once_for_each_reason() -> None:
    desk = Desk()
    assert desk.see(state="running", message="a: no file") == [
        "info graph: running",
        "warning graph: nothing runs: a: no file",
    ]
    assert desk.see(state="paused", message="a: no file") == ["info graph: paused after 0 frames"]
    assert desk.see(state="running", message="") == ["info graph: running"]
    assert desk.see(state="running", message="b: no way") == ["warning graph: nothing runs: b: no way"]
    desk.titles, nodes = {"b": "Blur"}, {"b": NodeStatus()}
    assert desk.see(state="failed", message="b: no way", nodes=nodes) == ["error graph: failed: Blur: no way"]


def test_a_failure_is_told_once_with_all_that_helps_and_so_is_its_end() -> None:
    desk = Desk()
    bad = NodeStatus("failed", "It broke.", "Mend it.", inputs=("image: 640x480",), trace="Traceback")
    good = NodeStatus("ready", runs=1)
    desk.see(state="running", nodes={"pose": good})
    assert desk.see(state="running", nodes={"pose": bad}) == ["error pose: It broke. Mend it."]
    assert desk.log.lines()[-1].more == "Traceback\ninput image: 640x480"
    resting = NodeStatus("resting", "It broke.", "Mend it.", failed=5)
    assert desk.see(state="running", nodes={"pose": resting}) == []
    assert desk.see(state="running", nodes={"pose": good}) == ["info pose: works again"]
    kept = NodeStatus("ready", "There is no such model.", runs=2)
    assert desk.see(state="running", nodes={"pose": kept}) == ["warning pose: There is no such model."]


def test_that_a_node_works_again_is_told_however_it_is_seen_on_the_way() -> None:
    desk = Desk()
    desk.see(state="running", nodes={"pose": NodeStatus("failed", "It broke.")})
    assert desk.see(state="running", nodes={"pose": NodeStatus("idle")}) == []
    good = {"pose": NodeStatus("ready", runs=1)}
    assert "info pose: works again" in desk.see(state="running", nodes=good)
    assert desk.see(state="running", nodes=good) == []


def test_drops_are_summed_up_every_few_seconds() -> None:
    desk = Desk()
    desk.now = 100.0
    said = [desk.see(state="running", dropped=10 * second) for second in range(1, 13)]
    told = [line for lines in said for line in lines if "dropped" in line]
    assert told == [
        f"info graph: {new} frames dropped, because newer ones came ({whole} in all)"
        for new, whole in ((10, 10), (50, 60), (50, 110))
    ]


def test_a_thousand_nodes_that_open_are_one_line() -> None:
    desk = Desk()
    nodes = {f"n{number}": NodeStatus("ready") for number in range(1000)}
    assert desk.see(state="running", nodes=nodes) == ["info graph: running", "info graph: 1000 nodes opened"]

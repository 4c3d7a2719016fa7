"""Retry, inspect and report: the ways out of a failure, and where they can be pressed."""

from __future__ import annotations

from unittest.mock import Mock

import pytest

from nodeflow.editor.canvas.complaint import Way, complaint_of
from nodeflow.editor.canvas.geometry import Viewport
from nodeflow.editor.canvas.selection import Selection
from nodeflow.editor.commands.actions import all_commands
from nodeflow.editor.mending.report import report
from nodeflow.editor.mending.ways_out import WaysOut
from nodeflow.engine.messages import NodeStatus, Retry, Start
from nodeflow.graph import Graph, Node
from tests.editor.canvas.test_live import Ruler
from tests.editor.fakes import Bench

FAILED = NodeStatus(
    "failed",
    "ValueError: too dark",
    "Turn on the light.",
    runs=8,
    failed=3,
    ms=12.5,
    provider="CPU",
    frame=7,
    inputs=("image: 640x480",),
    trace='File "mine.py", line 3, in run\nValueError: too dark',
)


class Desk:
    """A running graph in which `pose` has failed."""

    def __init__(self) -> None:
        bench = Bench()
        self.workspace = bench.workspace
        graph, self.node = Graph().add(Node("toy.pose", params={"score": 0.25}), (100.0, 50.0))
        self.workspace.edit("Add", graph)
        self.workspace.start_or_pause()
        self.engine = bench.engines[0]
        self.engine.nodes = {self.node: FAILED}
        self.workspace.run.refresh()
        self.copied: list[str] = []
        self.inspected: list[str] = []
        self.ways = WaysOut(self.workspace, Ruler(), self.copied.append, lambda: self.inspected.append(self.node))

    def point_at(self, way: Way) -> None:
        canvas = self.workspace.canvas
        box = canvas.scene.boxes[self.node]
        buttons = dict(complaint_of(FAILED, box.face, Ruler()).buttons)
        x, y = buttons[way].center
        canvas.move(*canvas.viewport.to_screen((box.at[0] + x, box.at[1] + y)))
        self.ways.point([self.node], over=True)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_press_on_retry_asks_the_run_for_another_try(desk: Desk) -> None:
    desk.workspace.canvas.viewport = Viewport(1.7, (-40.0, 12.0))
    desk.point_at("retry")
    assert desk.ways.pointed == (desk.node, "retry")
    assert desk.ways.press()
    assert desk.engine.sent[-1] == Retry(desk.node)


def test_a_retry_after_the_end_starts_the_run_anew(desk: Desk) -> None:
    desk.engine.state = "failed"
    desk.workspace.run.refresh()
    desk.ways.take(desk.node, "retry")
    assert desk.engine.sent[-1] == Start()


def test_inspect_selects_the_node_and_shows_the_inspector(desk: Desk) -> None:
    desk.point_at("inspect")
    assert desk.ways.press()
    assert desk.workspace.canvas.selection == Selection(frozenset({desk.node}))
    assert desk.inspected == [desk.node]


def test_a_report_tells_what_a_helper_asks_for(desk: Desk) -> None:
    desk.point_at("report")
    assert desk.ways.press()
    (text,) = desk.copied
    for word in ("toy.pose", "ValueError: too dark", "Turn on the light.", "score: 0.25", "image: 640x480", "frame: 7",
                 'File "mine.py", line 3', "runs: 8", "failed: 3", "NodeFlow:", "Python:", "NumPy:"):  # fmt: skip
        assert word in text
    assert "\n\n\n" not in text


def test_a_report_of_a_node_without_a_type_or_a_call_is_still_one(desk: Desk) -> None:
    graph, node = desk.workspace.graph.add(Node("gone.type", params={"secret": "x" * 10_000}))
    desk.workspace.edit("Add", graph)
    text = report(desk.workspace.sheet, node, NodeStatus("failed", "no such type"))
    assert "gone.type" in text
    assert len(text) < 2000


def test_nothing_is_pointed_at_beside_the_buttons_off_the_canvas_or_from_afar(desk: Desk) -> None:
    desk.point_at("retry")
    desk.ways.point([desk.node], over=False)
    assert desk.ways.pointed is None
    desk.workspace.canvas.move(0.0, 0.0)
    desk.ways.point([desk.node], over=True)
    assert desk.ways.pointed is None
    assert not desk.ways.press()
    desk.workspace.canvas.viewport = Viewport(0.3)
    desk.point_at("retry")
    assert desk.ways.pointed is None


def test_a_node_that_lies_over_a_complaint_is_what_is_pressed(desk: Desk) -> None:
    desk.point_at("retry")
    x, y = desk.workspace.canvas.world
    graph, _ = desk.workspace.graph.add(Node("toy.draw"), (x - 20, y - 10))
    desk.workspace.edit("Add", graph)
    desk.point_at("retry")
    assert desk.ways.pointed is None


def test_a_node_that_is_well_has_no_ways_out(desk: Desk) -> None:
    desk.engine.nodes = {desk.node: NodeStatus("ready")}
    desk.workspace.run.refresh()
    desk.point_at("retry")
    assert desk.ways.pointed is None


def test_the_commands_are_for_a_selected_node_that_failed(desk: Desk) -> None:
    commands = all_commands(desk.workspace, Mock(), desk.ways)
    assert not commands["node.retry"].enabled()
    desk.workspace.canvas.select(Selection(frozenset({desk.node})))
    assert commands["node.retry"].enabled()
    commands.run("node.retry")
    assert desk.engine.sent[-1] == Retry(desk.node)
    commands.run("node.report")
    assert len(desk.copied) == 1

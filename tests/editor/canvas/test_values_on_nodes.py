"""Parameters, buttons and corners of nodes, done by the pilot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from nodeflow.editor.canvas.by_keys import next_param
from nodeflow.editor.canvas.geometry import Point
from nodeflow.editor.canvas.gestures import Scrubbing
from nodeflow.editor.canvas.moving import Resizing
from nodeflow.editor.canvas.scene import Hit
from nodeflow.graph import Graph, Node, View
from nodeflow.node import Registry
from nodeflow.testing.graphs import TOY
from nodeflow.testing.pilot import Pilot
from nodes.flow.flow import switch
from tests.editor.canvas.stage import EMPTY, SHIFT, selected
from tests.engine.parts import constant


def test_a_scrub_is_one_step_and_takes_effect_on_the_way(pilot: Pilot) -> None:
    before = pilot.graph
    x, y = pilot.at_param("pose.score")
    pilot.hold((x, y), (x + 60, y))
    assert isinstance(pilot.canvas.gesture, Scrubbing)
    assert pilot.graph["pose"].params["score"] == pytest.approx(0.6)
    pilot.move((x + 500, y))
    assert pilot.graph["pose"].params["score"] == 1
    pilot.release()
    assert pilot.history.undo_name == "Set Pose.score"
    pilot.undo()
    assert pilot.graph is before


def test_two_scrubs_are_two_steps(pilot: Pilot) -> None:
    x, y = pilot.at_param("pose.score")
    pilot.drag((x, y), (x + 20, y))
    once = pilot.graph
    pilot.drag((x, y), (x + 20, y))
    pilot.undo()
    assert pilot.graph is once


def test_shift_scrubs_finely(pilot: Pilot) -> None:
    x, y = pilot.at_param("pose.score")
    pilot.drag((x, y), (x + 6, y), held=SHIFT)
    assert pilot.graph["pose"].params["score"] == pytest.approx(0.303)


def test_a_whole_number_stays_whole(pilot: Pilot) -> None:
    x, y = pilot.at_param("draw.width")
    pilot.drag((x, y), (x + 77, y))
    value = pilot.graph["draw"].params["width"]
    assert isinstance(value, int)
    assert value == 5


def test_escape_takes_a_scrub_back(pilot: Pilot) -> None:
    before = pilot.graph
    x, y = pilot.at_param("pose.score")
    pilot.hold((x, y), (x + 60, y))
    pilot.key("Escape")
    assert pilot.graph is before


def test_a_number_that_reopens_its_node_changes_on_release(pilot: Pilot) -> None:
    schema = TOY.nodes["toy.pose"]
    slow = tuple(replace(param, group="setup") for param in schema.params)
    catalog = replace(TOY, nodes={**TOY.nodes, "toy.pose": replace(schema, params=slow)})
    pilot, before = Pilot(catalog, pilot.graph), pilot.graph
    x, y = pilot.at_param("pose.score")
    pilot.hold((x, y), (x + 60, y))
    assert pilot.graph is before
    assert pilot.canvas.scene.boxes["pose"].face.params[1].text == "0.60"
    pilot.release()
    assert pilot.graph["pose"].params["score"] == pytest.approx(0.6)
    pilot.hold((x, y), (x + 60, y))
    pilot.key("Escape")
    assert pilot.canvas.scene.boxes["pose"].face.params[1].text == "0.60"


def test_clicks_on_values(pilot: Pilot) -> None:
    pilot.click(pilot.at_param("draw.names"))
    assert pilot.graph["draw"].params["names"] is False
    assert pilot.history.undo_name == "Set Draw.names"
    pilot.click(pilot.at_param("draw.names"))
    assert pilot.graph["draw"].params["names"] is True
    pilot.click(pilot.at_param("pose.model"))
    assert pilot.wishes[-1] == ("open_param", "pose", "model")
    count = len(pilot.wishes)
    pilot.click(pilot.at_param("pose.score"))
    assert [wish[0] for wish in pilot.wishes[count:]] == []


@pytest.mark.parametrize(
    ("at", "wish"),
    [
        (lambda pilot: pilot.at_param("pose.score"), ("open_param", "pose", "score")),
        (lambda pilot: pilot.at_title("pose"), ("open_rename", "pose")),
        (lambda pilot: EMPTY, ("open_search", EMPTY, None)),
    ],
)
def test_double_clicks(pilot: Pilot, at: Callable[[Pilot], Point], wish: tuple[object, ...]) -> None:
    before = pilot.graph
    pilot.double_click(at(pilot))
    assert pilot.wishes == [wish]
    assert pilot.graph is before


def test_a_double_click_on_a_preview_opens_the_viewer(pilot: Pilot) -> None:
    pilot.edit("Show", pilot.graph.set_view({"pose": View((320, 40), preview=True)}))
    box = pilot.canvas.scene.boxes["pose"]
    assert box.face.preview is not None
    pilot.double_click(pilot.at_world((box.at[0] + 100, box.at[1] + box.face.preview.top + 20)))
    assert pilot.wishes[-1] == ("open_viewer", "pose")


def test_two_quick_clicks_on_a_toggle_are_two_clicks(pilot: Pilot) -> None:
    pilot.double_click(pilot.at_param("draw.names"))
    assert pilot.graph["draw"].params["names"] is True


def test_the_buttons_of_the_title_bar(pilot: Pilot) -> None:
    box = pilot.canvas.scene.boxes["pose"]
    for part in (box.face.fold, box.face.eye):
        x, y = part.center
        pilot.click(pilot.at_world((box.at[0] + x, box.at[1] + y)))
    assert pilot.graph.view["pose"] == View((320, 40), collapsed=True, preview=True)
    assert pilot.history.undo_name == "Show the preview of Pose"
    assert selected(pilot) == set()


def test_a_corner_resizes(pilot: Pilot) -> None:
    pilot.click(pilot.at_title("pose"))
    pilot.key("P")
    before = pilot.graph
    box = pilot.canvas.scene.boxes["pose"]
    corner = pilot.at_world((box.bounds.right - 3, box.bounds.bottom - 3))
    pilot.hold(corner, (corner[0] + 80, corner[1] + 40))
    assert isinstance(pilot.canvas.gesture, Resizing)
    assert pilot.graph is before
    pilot.release()
    now = pilot.canvas.scene.boxes["pose"].face
    assert (now.width, now.height) == (box.face.width + 80, box.face.height + 40)
    assert pilot.history.undo_name == "Resize Pose"


def test_right_clicks(pilot: Pilot) -> None:
    pilot.click(EMPTY, "right")
    assert pilot.wishes[-1:] == [("open_search", EMPTY, None)]
    at = pilot.at_title("pose")
    pilot.click(at, "right")
    assert pilot.wishes[-1] == ("open_menu", at, Hit("title", "pose"))
    assert selected(pilot) == {"pose"}


def test_a_value_that_a_wire_decides_says_so_and_cannot_be_changed() -> None:
    graph = Graph({"pick": Node("flow.switch"), "n": Node("t.constant")}, view={"pick": View((300, 0))})
    pilot = Pilot(Registry.of(switch, constant).catalog, graph)
    at = pilot.at_param("pick.use")
    assert pilot.canvas.scene.hit(at) == Hit("param", "pick", param="use")
    pilot.edit("Connect", graph.connect("n.number -> pick.choice"))
    (row,) = pilot.canvas.scene.boxes["pick"].face.params
    assert (row.text, row.open) == ("from wire", False)
    assert pilot.canvas.scene.hit(at) == Hit("body", "pick")
    assert next_param(pilot.canvas, "pick", "", 1) is None

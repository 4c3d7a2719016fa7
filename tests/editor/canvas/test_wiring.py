"""Making, moving and cutting wires, done by the pilot."""

from __future__ import annotations

import pytest

from nodeflow.editor.canvas.gestures import (
    Cutting,
    Held,
    Idle,
)
from nodeflow.editor.canvas.layout import Side
from nodeflow.editor.canvas.press import Button
from nodeflow.editor.canvas.scene import Port
from nodeflow.editor.canvas.wiring import Rehanging, Rewiring, Wiring, fitting_ports
from nodeflow.graph import Link, Node, try_connect
from nodeflow.testing.graphs import TOY
from nodeflow.testing.pilot import Pilot
from tests.editor.canvas.stage import ALT, CAMERA_TO_POSE, CTRL, EMPTY, GRAPH, at_wire, selected


def test_a_wire_from_output_to_input(pilot: Pilot) -> None:
    pilot.wire("pose.poses", "draw.poses")
    assert Link.parse("pose.poses -> draw.poses") in pilot.graph.links
    assert pilot.history.undo_name == "Connect Pose.poses to Draw.poses"
    assert isinstance(pilot.canvas.gesture, Idle)


def test_a_wire_from_input_to_output(pilot: Pilot) -> None:
    pilot.drag(pilot.at_input("draw.poses"), pilot.at_output("pose.poses"))
    assert Link.parse("pose.poses -> draw.poses") in pilot.graph.links


def test_only_fitting_ports_light_up(pilot: Pilot) -> None:
    pilot.hold(pilot.at_output("pose.count"), EMPTY)
    gesture = pilot.canvas.gesture
    assert isinstance(gesture, Wiring)
    assert gesture.lit == {Port("say", "text", "in"), Port("draw", "width", "in")}  # a Number becomes Text on the wire
    assert gesture.kind == "Number"
    assert gesture.target is None
    assert gesture.end == EMPTY
    pilot.move(pilot.at_input("say.text"))
    assert gesture.target == Port("say", "text", "in")


def test_a_wire_to_a_row_decides_that_parameter(pilot: Pilot) -> None:
    pilot.drag(pilot.at_output("pose.count"), pilot.at_param("draw.width"))
    assert Link.parse("pose.count -> draw.width") in pilot.graph.links
    face = pilot.canvas.scene.boxes["draw"].face
    assert [(row.name, row.open) for row in face.params] == [("width", False), ("names", True)]
    pilot.drag(pilot.at_input("draw.width"), EMPTY)
    assert Link.parse("pose.count -> draw.width") not in pilot.graph.links
    assert pilot.history.undo_name == "Disconnect Pose.count from Draw.width"


def test_a_press_on_a_row_turns_it_and_one_at_its_edge_draws_a_wire(pilot: Pilot) -> None:
    scene = pilot.canvas.scene
    box = scene.boxes["draw"]
    row = next(row for row in box.face.params if row.name == "width")
    y = box.at[1] + row.rect.center[1]
    assert scene.hit((box.at[0] + row.rect.left + 1, y)).param == "width"
    assert scene.hit((box.at[0] + 4, y)).port == Port("draw", "width", "in")


@pytest.mark.parametrize("side", ["in", "out"])
def test_what_lights_up_is_what_may_be_connected(pilot: Pilot, side: Side) -> None:
    scene, graph = pilot.canvas.scene, pilot.graph.connect("pose.poses -> draw.poses")
    pilot.edit("Connect", graph)
    for port in [port for port in scene.ports() if port.side == side]:
        for other in [other for other in scene.ports() if other.side != side]:
            source, target = (port, other) if side == "out" else (other, port)
            allowed = try_connect(graph, TOY, Link.parse(f"{source} -> {target}")) is None
            assert (other in fitting_ports(scene, graph, port)) == allowed


def test_a_wire_near_a_port_snaps_to_it_and_one_on_a_node_takes_its_first_fitting_port(pilot: Pilot) -> None:
    x, y = pilot.at_input("draw.poses")
    pilot.hold(pilot.at_output("pose.poses"), (x - 18, y + 5))
    gesture = pilot.canvas.gesture
    assert isinstance(gesture, Wiring)
    assert gesture.end == pilot.canvas.scene.port_at(Port("draw", "poses", "in"))
    pilot.release()
    assert Link.parse("pose.poses -> draw.poses") in pilot.graph.links
    pilot.undo()
    pilot.drag(pilot.at_output("pose.poses"), pilot.at_title("draw"))
    assert Link.parse("pose.poses -> draw.poses") in pilot.graph.links


def test_a_wire_into_a_taken_input_takes_its_place(pilot: Pilot) -> None:
    pilot.wire("still.image", "pose.image")
    assert pilot.graph.links == (Link.parse("still.image -> pose.image"),)
    pilot.undo()
    assert pilot.graph.links == (CAMERA_TO_POSE,)


def test_a_wire_that_does_not_fit_is_refused_with_its_reason(pilot: Pilot) -> None:
    before = pilot.graph
    for end in (pilot.at_input("say.text"), pilot.at_title("say")):
        pilot.wishes.clear()
        pilot.drag(pilot.at_output("pose.poses"), end)
        refusal = next(wish for wish in pilot.wishes if wish[0] == "refuse")
        assert "Poses" in refusal[1]
        assert "Text" in refusal[1]
    assert pilot.graph is before


def test_a_wire_let_go_right_on_a_port_means_no_other_one(pilot: Pilot) -> None:
    x, y = pilot.at_input("draw.poses")
    pilot.drag(pilot.at_output("still.image"), (x - 2, y))  # outside the node, but on its port
    assert [wish[0] for wish in pilot.wishes] == ["refuse"]
    assert pilot.graph is GRAPH
    pilot.drag(pilot.at_output("still.image"), (x - 12, y - 4))
    assert Link.parse("still.image -> draw.image") in pilot.graph.links


def test_a_wire_dropped_on_its_own_node_is_nothing(pilot: Pilot) -> None:
    before = pilot.graph
    pilot.wire("pose.poses", "pose.image")
    assert pilot.graph is before
    assert pilot.wishes == []


def test_a_loop_is_refused(pilot: Pilot) -> None:
    graph, _ = pilot.graph.add(Node("toy.hold"), (900, 300))
    pilot.edit("Add", graph.connect("draw.image -> hold.image"))
    pilot.wire("hold.image", "draw.image")
    assert [wish[0] for wish in pilot.wishes] == ["refuse"]
    assert "draw" in pilot.wishes[0][1]
    assert Link.parse("hold.image -> draw.image") not in pilot.graph.links


def test_two_outputs_are_not_joined(pilot: Pilot) -> None:
    pilot.drag(pilot.at_output("camera.image"), pilot.at_output("still.image"))
    assert [wish[1] for wish in pilot.wishes if wish[0] == "refuse"] == [
        "Both are outputs: a wire goes from an output to an input."
    ]


def test_a_wire_dropped_on_empty_canvas_asks_for_a_node_and_is_tied_to_it(pilot: Pilot) -> None:
    pilot.drag(pilot.at_output("pose.count"), EMPTY)
    wish, at, port = pilot.wishes[-1]
    assert (wish, at, port) == ("open_search", EMPTY, Port("pose", "count", "out"))
    node = pilot.canvas.add(TOY.nodes["toy.say"], at, port)
    assert Link.parse(f"pose.count -> {node}.text") in pilot.graph.links
    assert pilot.canvas.scene.port_at(Port(node, "text", "in")) == EMPTY
    assert selected(pilot) == {node}
    assert pilot.history.undo_name == "Add Say"


def test_a_wire_dropped_from_an_input_asks_for_its_source(pilot: Pilot) -> None:
    pilot.drag(pilot.at_input("draw.image"), (500, 500))
    _, at, port = pilot.wishes[-1]
    node = pilot.canvas.add(TOY.nodes["toy.clip"], at, port)
    assert Link.parse(f"{node}.image -> draw.image") in pilot.graph.links
    assert pilot.canvas.scene.port_at(Port(node, "image", "out")) == pytest.approx((500, 500))


def test_a_port_that_went_away_while_searching_is_forgotten(pilot: Pilot) -> None:
    port = Port("pose", "poses", "out")
    pilot.edit("Delete pose", pilot.graph.remove(["pose"]))
    assert pilot.canvas.add(TOY.nodes["toy.draw"], (5, 5), port) in pilot.graph.nodes
    assert pilot.graph.links == ()


def test_drawing_a_wire_off_its_input_moves_it(pilot: Pilot) -> None:
    pilot.hold(pilot.at_input("pose.image"), pilot.at_input("draw.image"))
    gesture = pilot.canvas.gesture
    assert isinstance(gesture, Rewiring)
    assert gesture.detached == (CAMERA_TO_POSE,)
    assert gesture.port == Port("camera", "image", "out")
    assert pilot.graph.links == (CAMERA_TO_POSE,)
    pilot.release()
    assert pilot.graph.links == (Link.parse("camera.image -> draw.image"),)
    assert pilot.history.undo_name == "Connect Camera.image to Draw.image"


def _fan(pilot: Pilot) -> None:
    """Three wires from the camera."""
    graph, _ = pilot.graph.add(Node("toy.blend"), (900, 40))
    pilot.edit("Fan out", graph.connect("camera.image -> draw.image", "camera.image -> blend.a"))


def test_ctrl_draws_all_wires_of_an_output_to_another_as_one_step(pilot: Pilot) -> None:
    _fan(pilot)
    before = pilot.graph
    pilot.hold(pilot.at_output("camera.image"), EMPTY, held=CTRL)
    gesture = pilot.canvas.gesture
    assert isinstance(gesture, Rehanging)
    assert len(gesture.curves) == 3
    assert {curve.a for curve in gesture.curves} == {EMPTY}
    assert gesture.lit == {Port("still", "image", "out")}, "blend and draw would take from themselves"
    assert pilot.graph is before
    pilot.move(pilot.at_output("still.image"))
    pilot.release()
    assert {str(link) for link in pilot.graph.links} == {
        "still.image -> pose.image",
        "still.image -> draw.image",
        "still.image -> blend.a",
    }
    assert pilot.history.undo_name == "Move 3 wires of Camera.image to Still.image"
    pilot.undo()
    assert pilot.graph is before
    pilot.drag(pilot.at_output("camera.image"), pilot.at_title("still"), held=CTRL)
    assert len(pilot.graph.links_from("still")) == 3, "on a node, the first output that fits"


def test_wires_that_do_not_all_fit_stay_and_it_says_why(pilot: Pilot) -> None:
    _fan(pilot)
    before = pilot.graph
    pilot.drag(pilot.at_output("camera.image"), pilot.at_output("pose.count"), held=CTRL)
    pilot.drag(pilot.at_output("camera.image"), pilot.at_input("say.text"), held=CTRL)
    assert [wish[0] for wish in pilot.wishes] == ["refuse", "refuse"]
    assert "Number" in str(pilot.wishes[0][1])
    assert "another output" in str(pilot.wishes[1][1])
    assert pilot.graph is before


def test_all_wires_of_an_output_dropped_into_the_open_are_gone(pilot: Pilot) -> None:
    _fan(pilot)
    pilot.drag(pilot.at_output("camera.image"), EMPTY, held=CTRL)
    assert pilot.graph.links == ()
    assert pilot.history.undo_name == "Disconnect 3 wires of Camera.image"
    pilot.undo()
    pilot.drag(pilot.at_output("still.image"), EMPTY, held=CTRL)
    assert pilot.wishes[-1][0] == "open_search", "where there are none, it is a new wire"


def test_drawing_a_wire_off_its_input_into_the_open_removes_it(pilot: Pilot) -> None:
    pilot.drag(pilot.at_input("pose.image"), (250, 300))
    assert pilot.graph.links == ()
    assert pilot.history.undo_name == "Disconnect Camera.image from Pose.image"


@pytest.mark.parametrize("escape", [True, False])
def test_a_wire_put_back_or_escaped_is_as_it_was(pilot: Pilot, escape: bool) -> None:
    before = pilot.graph
    at = pilot.at_input("pose.image")
    pilot.hold(at, EMPTY)
    if escape:
        pilot.key("Escape")
    pilot.move(at)
    pilot.release()
    assert pilot.graph is before


@pytest.mark.parametrize(("button", "held"), [("right", CTRL), ("left", ALT)])
def test_a_stroke_cuts_the_wires_it_crosses(pilot: Pilot, button: Button, held: Held) -> None:
    x, y = at_wire(pilot)
    pilot.hold((x, y - 60), (x, y + 60), button, held)
    gesture = pilot.canvas.gesture
    assert isinstance(gesture, Cutting)
    assert gesture.doomed == {CAMERA_TO_POSE}
    assert len(gesture.stroke) == 3
    pilot.release(button, held)
    assert pilot.graph.links == ()
    assert pilot.history.undo_name == "Cut Camera.image -> Pose.image"


def test_tab_on_a_selected_wire_adds_a_node_into_it_as_one_step(pilot: Pilot) -> None:
    before = pilot.graph
    pilot.click(at_wire(pilot))
    pilot.key("Tab")
    name, at, onto = pilot.wishes[-1]
    assert (name, onto) == ("open_search", CAMERA_TO_POSE)
    schema = TOY.get("toy.draw")
    assert schema is not None
    node = pilot.canvas.add(schema, at, CAMERA_TO_POSE)
    links = set(map(str, pilot.graph.links))
    assert {f"camera.image -> {node}.image", f"{node}.image -> pose.image"} <= links
    assert str(CAMERA_TO_POSE) not in links
    assert pilot.canvas.scene.boxes[node].bounds.contains(at)
    assert pilot.history.undo_name == "Insert Draw into Camera.image -> Pose.image"
    pilot.undo()
    assert pilot.graph is before


def test_what_does_not_fit_into_the_wire_or_comes_too_late_is_added_beside_it(pilot: Pilot) -> None:
    schema = TOY.get("toy.pose")
    assert schema is not None
    node = pilot.canvas.add(schema, (500.0, 500.0), CAMERA_TO_POSE)
    assert CAMERA_TO_POSE in pilot.graph.links
    assert not pilot.graph.links_into(node)
    pilot.canvas.edit("Cut", pilot.graph.disconnect(CAMERA_TO_POSE))
    draw = TOY.get("toy.draw")
    assert draw is not None
    assert not pilot.graph.links_into(pilot.canvas.add(draw, (700.0, 500.0), CAMERA_TO_POSE))

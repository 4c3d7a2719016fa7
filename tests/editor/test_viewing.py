"""What the viewer shows: held or selected, pinned, compared."""

from __future__ import annotations

from nodeflow.editor.running.viewing import MOST_PINS, Viewing, counterpart
from nodeflow.graph import Endpoint, Graph, Node
from nodeflow.testing.graphs import TOY

POSE, CAMERA = Endpoint("pose", "poses"), Endpoint("camera", "")


def test_a_pin_is_held_until_it_is_released_or_clicked_again() -> None:
    viewing = Viewing()
    viewing.pin(POSE)
    viewing.pin(CAMERA)
    assert (viewing.pins, viewing.held) == ((POSE, CAMERA), CAMERA)
    viewing.hold(POSE)
    assert viewing.held == POSE
    viewing.hold(POSE)
    assert viewing.held is None
    assert viewing.pins == (POSE, CAMERA)
    viewing.pin(POSE)
    assert viewing.pins == (POSE, CAMERA)
    viewing.unpin(POSE)
    assert (viewing.pins, viewing.held) == ((CAMERA,), None)


def test_the_strip_is_bounded() -> None:
    viewing = Viewing()
    for number in range(MOST_PINS + 3):
        viewing.pin(Endpoint(f"node_{number}", ""))
    assert len(viewing.pins) == MOST_PINS
    assert viewing.held == viewing.pins[-1]


def test_an_output_is_chosen_for_each_node_and_a_pin_follows() -> None:
    viewing = Viewing()
    assert viewing.spot("pose") == Endpoint("pose", "")
    viewing.choose("pose", "poses")
    assert viewing.spot("pose") == POSE
    viewing.pin(POSE)
    viewing.choose("pose", "image")
    assert viewing.pins == (Endpoint("pose", "image"),)
    assert viewing.spot("pose") == Endpoint("pose", "image")


def test_nodes_that_are_gone_are_forgotten() -> None:
    viewing = Viewing()
    viewing.pin(POSE)
    viewing.pin(CAMERA)
    viewing.compare(POSE)
    viewing.keep_only({"camera"})
    assert (viewing.pins, viewing.held, viewing.other) == ((CAMERA,), CAMERA, None)
    viewing.compare(Endpoint("gone", "image"))
    viewing.keep_only({"camera"})
    assert viewing.other is None


def test_a_picture_is_compared_with_the_last_other_pin_or_with_what_goes_in() -> None:
    graph = Graph(nodes={"camera": Node("toy.camera"), "pose": Node("toy.pose")}).connect("camera.image -> pose.image")
    viewing, schema = Viewing(), TOY.nodes["toy.pose"]
    assert counterpart(viewing, POSE, graph, schema, ()) == Endpoint("camera", "image")
    assert counterpart(viewing, CAMERA, graph, TOY.nodes["toy.camera"], ()) is None
    assert counterpart(viewing, POSE, graph, None, ()) is None
    viewing.pin(CAMERA)
    viewing.pin(POSE)
    assert counterpart(viewing, POSE, graph, schema, {CAMERA, POSE}) == CAMERA
    assert counterpart(viewing, POSE, graph, schema, {POSE}) == Endpoint("camera", "image")

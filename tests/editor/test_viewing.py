"""What the viewer shows: held or selected, pinned, compared."""

from __future__ import annotations

from dataclasses import replace

from nodeflow.editor.running.viewing import DRAW, MOST_PINS, Viewing, counterpart, ground
from nodeflow.graph import Catalog, Endpoint, Graph, Link, Node
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


def test_the_ground_of_a_picture_is_what_was_drawn_into() -> None:
    draw = replace(TOY.nodes["toy.draw"], category=DRAW)
    catalog = Catalog({**TOY.nodes, "toy.draw": draw})
    names = ("camera", "pose", "draw", "draw_2", "preview")
    graph = Graph({name: Node(f"toy.{name.removesuffix('_2')}") for name in names}).connect(
        "camera.image -> pose.image",
        "camera.image -> draw.image",
        "pose.poses -> draw.poses",
        "draw.image -> draw_2.image",
        "draw_2.image -> preview.value",
    )
    camera = Endpoint("camera", "image")
    assert [ground(Endpoint(name, ""), graph, catalog) for name in names] == [None, None, camera, camera, camera]
    loop = graph.disconnect(Link.parse("camera.image -> draw.image")).connect("draw_2.image -> draw.image")
    assert ground(Endpoint("preview", ""), loop, catalog) is not None, "a circle has an end, too"
    bare = graph.disconnect(Link.parse("camera.image -> draw.image"))
    assert ground(Endpoint("draw", ""), bare, catalog) is None
    assert ground(Endpoint("gone", ""), graph, catalog) is None

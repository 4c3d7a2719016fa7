"""Moving, deleting and copying nodes, by pointer and by keys, done by the pilot."""

from __future__ import annotations

import pytest

from nodeflow.editor.canvas.edits import ROOM
from nodeflow.editor.canvas.gestures import Idle
from nodeflow.editor.canvas.moving import DragNodes
from nodeflow.graph import Link, Node
from nodeflow.testing.pilot import Pilot
from tests.editor.canvas.stage import CAMERA_TO_POSE, EMPTY, SHIFT, at_wire, selected


def test_a_node_follows_the_pointer_and_the_document_learns_once(pilot: Pilot) -> None:
    before = pilot.graph
    x, y = pilot.at_title("pose")
    pilot.hold((x, y), (x + 100, y + 30))
    assert isinstance(pilot.canvas.gesture, DragNodes)
    assert pilot.canvas.scene.boxes["pose"].at == (420, 70)
    assert pilot.graph is before
    pilot.release()
    assert pilot.graph.view["pose"].at == (420, 70)
    assert pilot.history.undo_name == "Move Pose"
    pilot.undo()
    assert pilot.graph is before
    assert pilot.canvas.scene.boxes["pose"].at == (320, 40)


def test_way_and_zoom(pilot: Pilot) -> None:
    pilot.wheel(pilot.at_title("pose"), 3)
    zoom = pilot.canvas.viewport.zoom
    pilot.drag_node("pose", by=(100, 0))
    assert pilot.graph.view["pose"].at == pytest.approx((320 + 100 / zoom, 40))


def test_selected_nodes_move_together(pilot: Pilot) -> None:
    pilot.click(pilot.at_title("pose"))
    pilot.click(pilot.at_title("draw"), held=SHIFT)
    pilot.drag_node("pose", by=(10, 20))
    assert [pilot.graph.view[node].at for node in ("pose", "draw", "say")] == [(330, 60), (650, 60), (640, 300)]
    assert pilot.history.undo_name == "Move 2 nodes"


def test_escape_puts_a_dragged_node_back(pilot: Pilot) -> None:
    before = pilot.graph
    pilot.hold(pilot.at_title("pose"), EMPTY)
    pilot.key("Escape")
    assert isinstance(pilot.canvas.gesture, Idle)
    assert pilot.graph is before
    assert pilot.canvas.scene.boxes["pose"].at == (320, 40)
    pilot.release()
    assert pilot.history.undo_name is None


def test_a_shaky_click_moves_nothing(pilot: Pilot) -> None:
    pilot.drag_node("pose", by=(2, 2))
    assert pilot.history.undo_name is None
    pilot.hold(pilot.at_title("pose"), EMPTY)
    pilot.move(pilot.at_world((400, 54)))  # and back to where it was
    pilot.release()
    assert pilot.history.undo_name is None


def test_snapping_puts_the_grabbed_node_on_the_grid(pilot: Pilot) -> None:
    pilot.key("Shift+S")
    pilot.drag_node("pose", by=(27, 8))
    assert pilot.graph.view["pose"].at == (340, 40)


def test_a_pressed_node_comes_to_the_front(pilot: Pilot) -> None:
    pilot.drag_node("pose", by=(320, 0))
    boxes = pilot.canvas.scene.boxes
    assert boxes["pose"].z > boxes["draw"].z
    assert pilot.canvas.scene.hit((700, 50)).node == "pose"


def test_arrows_nudge_as_one_step(pilot: Pilot) -> None:
    before = pilot.graph
    pilot.click(pilot.at_title("pose"))
    for keys in ("Right", "Right", "Down"):
        pilot.key(keys)
    assert pilot.graph.view["pose"].at == (360, 60)
    pilot.undo()
    assert pilot.graph is before


def test_a_loose_node_dropped_on_a_wire_is_put_into_it(pilot: Pilot) -> None:
    graph, _ = pilot.graph.add(Node("toy.hold"), (40, 560))
    pilot.edit("Add hold", graph)
    x, y = pilot.canvas.scene.boxes["hold"].bounds.center
    to_x, to_y = at_wire(pilot)
    start = pilot.at_title("hold")
    pilot.hold(start, (start[0] + to_x - x, start[1] + to_y - y))
    gesture = pilot.canvas.gesture
    assert isinstance(gesture, DragNodes)
    assert gesture.wire == CAMERA_TO_POSE
    pilot.release()
    assert {str(link) for link in pilot.graph.links} == {"camera.image -> hold.image", "hold.image -> pose.image"}
    assert pilot.history.undo_name == "Insert Hold latest into Camera.image -> Pose.image"
    pilot.undo()
    assert pilot.graph is graph


def test_what_follows_makes_room_for_what_is_put_into_a_wire(pilot: Pilot) -> None:
    graph, _ = pilot.graph.add(Node("toy.hold"), (40, 560))
    graph = graph.connect("pose.poses -> draw.poses")
    pilot.edit("Add hold", graph)
    x, y = pilot.canvas.scene.boxes["hold"].bounds.center
    to_x, to_y = at_wire(pilot)
    pilot.drag_node("hold", by=(to_x - x, to_y - y))
    boxes = {node: box.bounds for node, box in pilot.canvas.scene.boxes.items()}
    assert boxes["hold"].left - boxes["camera"].right == ROOM
    assert boxes["pose"].left - boxes["hold"].right == ROOM
    moved = boxes["pose"].left - 320
    assert moved > 0
    assert pilot.graph.view["draw"].at == (640 + moved, 40), "what comes after that moves as far"
    assert pilot.graph.view["say"].at == (640, 300), "what is not fed by it stays"
    pilot.undo()
    assert pilot.graph is graph


def test_where_there_is_room_nothing_moves(pilot: Pilot) -> None:
    graph, _ = pilot.graph.add(Node("toy.hold"), (40, 560))
    pilot.edit("Add hold", graph.move({"pose": (900.0, 40.0)}))
    x, y = pilot.canvas.scene.boxes["hold"].bounds.center
    to_x, to_y = at_wire(pilot)
    pilot.drag_node("hold", by=(to_x - x, to_y - y))
    assert pilot.history.undo_name == "Insert Hold latest into Camera.image -> Pose.image"
    assert pilot.graph.view["pose"].at == (900.0, 40.0)


def test_a_node_that_does_not_fit_into_a_wire_is_only_moved(pilot: Pilot) -> None:
    x, y = pilot.canvas.scene.boxes["say"].bounds.center
    to_x, to_y = at_wire(pilot)
    pilot.drag_node("say", by=(to_x - x, to_y - y))
    assert pilot.graph.links == (CAMERA_TO_POSE,)
    assert pilot.history.undo_name == "Move Say"


def test_deleting_takes_the_wires_along(pilot: Pilot) -> None:
    before = pilot.graph
    pilot.click(pilot.at_title("pose"))
    pilot.click(pilot.at_title("say"), held=SHIFT)
    pilot.key("Backspace")
    assert set(pilot.graph.nodes) == {"camera", "draw", "still"}
    assert pilot.graph.links == ()
    assert pilot.history.undo_name == "Delete 2 nodes"
    assert selected(pilot) == set()
    pilot.key("Delete")
    assert pilot.history.undo_name == "Delete 2 nodes"
    pilot.undo()
    assert pilot.graph is before


def test_a_node_deleted_while_it_is_dragged_is_deleted(pilot: Pilot) -> None:
    pilot.hold(pilot.at_title("pose"), EMPTY)
    pilot.key("Delete")
    assert "pose" not in pilot.graph.nodes
    pilot.release()
    assert pilot.history.undo_name == "Delete Pose"


def test_duplicates_are_fed_like_their_originals(pilot: Pilot) -> None:
    pilot.click(pilot.at_title("pose"))
    pilot.key("Ctrl+D")
    assert Link.parse("camera.image -> pose_2.image") in pilot.graph.links
    assert pilot.graph.view["pose_2"].at == (360, 80)
    assert selected(pilot) == {"pose_2"}
    assert pilot.history.undo_name == "Duplicate Pose"


def test_collapse_preview_and_rename(pilot: Pilot) -> None:
    pilot.click(pilot.at_title("pose"))
    pilot.click(pilot.at_title("draw"), held=SHIFT)
    pilot.key("H")
    assert all(pilot.graph.view[node].collapsed for node in ("pose", "draw"))
    pilot.key("H")
    assert not any(pilot.graph.view[node].collapsed for node in ("pose", "draw"))
    pilot.key("F2")
    assert pilot.wishes == []  # not for two at once
    pilot.click(pilot.at_title("draw"))
    pilot.key("F2")
    assert pilot.wishes == [("open_rename", "draw")]
    pilot.key("Tab")
    assert pilot.wishes[-1][0] == "open_search"
    pilot.key("Escape")
    assert selected(pilot) == set()


def test_the_document_changing_under_a_gesture_ends_it(pilot: Pilot) -> None:
    pilot.drag_node("say", by=(10, 0))
    pilot.hold(pilot.at_title("pose"), EMPTY)
    pilot.undo()
    assert isinstance(pilot.canvas.gesture, Idle)
    pilot.release()
    assert pilot.graph.view["pose"].at == (320, 40)
    assert pilot.canvas.scene.boxes["pose"].at == (320, 40)

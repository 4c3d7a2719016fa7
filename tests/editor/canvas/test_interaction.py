"""Every deed of the pointer, done by the pilot."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nodeflow.editor.canvas.gestures import (
    BoxSelect,
    Cutting,
    DragNodes,
    Held,
    Idle,
    Panning,
    Resizing,
    Scrubbing,
)
from nodeflow.editor.canvas.scene import NOTHING, Hit, Port
from nodeflow.editor.canvas.wiring import Rewiring, Wiring, fitting_ports
from nodeflow.graph import Graph, Link, Node, View, try_connect
from nodeflow.testing.graphs import TOY
from nodeflow.testing.pilot import Pilot

SHIFT, CTRL, ALT, SPACE = Held(shift=True), Held(ctrl=True), Held(alt=True), Held(space=True)
CAMERA_TO_POSE = Link.parse("camera.image -> pose.image")


@pytest.fixture
def pilot() -> Pilot:
    """camera -> pose, and a draw, a say and a still that nothing is wired to."""
    graph = Graph(
        {name: Node(f"toy.{name}") for name in ("camera", "pose", "draw", "say", "still")},
        (CAMERA_TO_POSE,),
        {
            "camera": View((40, 40)),
            "pose": View((320, 40)),
            "draw": View((640, 40)),
            "say": View((640, 300)),
            "still": View((40, 400)),
        },
    )
    return Pilot(TOY, graph)


def at_wire(pilot: Pilot, link: Link = CAMERA_TO_POSE, t: float = 0.5) -> tuple[float, float]:
    return pilot.at_world(pilot.canvas.scene.wires[link].curve.at(t))


def selected(pilot: Pilot) -> set[str]:
    return set(pilot.canvas.selection.nodes)


EMPTY = (1000.0, 600.0)


# ---- the view ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("button", "held"), [("middle", Held()), ("left", SPACE), ("right", Held())])
def test_panning(pilot: Pilot, button, held: Held) -> None:
    pilot.hold(EMPTY, (950, 620), button, held)
    assert isinstance(pilot.canvas.gesture, Panning)
    assert pilot.canvas.viewport.pan == (-50, 20)
    pilot.release(button, held)
    assert isinstance(pilot.canvas.gesture, Idle)
    assert pilot.history.undo_name is None
    assert pilot.wishes == []


def test_panning_over_a_node_leaves_it_where_it_is(pilot: Pilot) -> None:
    pilot.drag(pilot.at_title("pose"), EMPTY, "left", SPACE)
    assert pilot.history.undo_name is None
    assert selected(pilot) == set()


def test_the_wheel_zooms_about_the_pointer(pilot: Pilot) -> None:
    at = pilot.at_title("pose")
    before = pilot.canvas.viewport.to_world(at)
    pilot.wheel(at, 3)
    assert pilot.canvas.viewport.zoom > 1.4
    assert pilot.canvas.viewport.to_world(at) == pytest.approx(before)
    pilot.wheel(at, -1e9)
    assert pilot.canvas.viewport.zoom == pytest.approx(0.1)


def test_the_wheel_pans_with_shift_and_ctrl(pilot: Pilot) -> None:
    pilot.wheel(EMPTY, 1, SHIFT)
    pilot.wheel(EMPTY, -1, CTRL)
    assert pilot.canvas.viewport.pan == (60, -60)
    assert pilot.canvas.viewport.zoom == 1


def test_framing(pilot: Pilot) -> None:
    pilot.canvas.size = (800, 600)
    pilot.key("Home")
    shown = pilot.canvas.viewport.shown((800, 600))
    boxes = pilot.canvas.scene.boxes
    assert all(shown.contains(box.at) for box in boxes.values())
    pilot.click(pilot.at_title("say"))
    pilot.key("F")
    assert pilot.canvas.viewport.to_screen(boxes["say"].bounds.center) == pytest.approx((400, 300))
    pilot.key("Ctrl+=")
    assert pilot.canvas.viewport.zoom == pytest.approx(1.25)
    pilot.key("Ctrl+0")
    assert pilot.canvas.viewport.zoom == pytest.approx(1)


def test_the_pointer_shows_what_is_under_it(pilot: Pilot) -> None:
    pilot.move(pilot.at_title("pose"))
    assert pilot.canvas.hover == Hit("title", "pose")
    pilot.move(EMPTY)
    assert pilot.canvas.hover == NOTHING


# ---- selecting -----------------------------------------------------------------------------------------------------


def test_clicks_select(pilot: Pilot) -> None:
    pilot.click(pilot.at_title("pose"))
    assert selected(pilot) == {"pose"}
    pilot.click(pilot.at_title("draw"))
    assert selected(pilot) == {"draw"}
    pilot.click(pilot.at_title("pose"), held=SHIFT)
    assert selected(pilot) == {"draw", "pose"}
    pilot.click(pilot.at_title("draw"), held=SHIFT)
    assert selected(pilot) == {"pose"}
    pilot.click(pilot.at_title("camera"), held=SHIFT)
    pilot.click(pilot.at_title("pose"), held=CTRL)
    assert selected(pilot) == {"camera"}
    pilot.click(EMPTY, held=SHIFT)
    assert selected(pilot) == {"camera"}
    pilot.click(EMPTY)
    assert selected(pilot) == set()
    assert pilot.history.undo_name is None


def test_a_click_on_one_of_many_selected_leaves_that_one(pilot: Pilot) -> None:
    pilot.key("Ctrl+A")
    assert len(selected(pilot)) == 5
    pilot.click(pilot.at_title("say"))
    assert selected(pilot) == {"say"}


def test_a_wire_can_be_selected_and_deleted(pilot: Pilot) -> None:
    pilot.click(at_wire(pilot))
    assert pilot.canvas.selection.links == {CAMERA_TO_POSE}
    pilot.key("Delete")
    assert pilot.graph.links == ()
    assert pilot.history.undo_name == "Delete camera.image -> pose.image"
    pilot.undo()
    assert pilot.graph.links == (CAMERA_TO_POSE,)


def test_a_box_selects_what_it_touches_adds_and_takes(pilot: Pilot) -> None:
    pilot.hold((300, 20), (700, 60))
    gesture = pilot.canvas.gesture
    assert isinstance(gesture, BoxSelect)
    assert gesture.band == (300, 20, 700, 60)
    assert selected(pilot) == {"pose", "draw"}
    pilot.move((400, 60))
    assert selected(pilot) == {"pose"}
    pilot.release()
    pilot.drag((20, 380), (60, 420), held=SHIFT)
    assert selected(pilot) == {"pose", "still"}
    pilot.drag((300, 20), (400, 60), held=CTRL)
    assert selected(pilot) == {"still"}
    pilot.hold((300, 20), (700, 60))
    pilot.key("Escape")
    assert selected(pilot) == {"still"}


def test_the_program_hears_of_every_new_selection(pilot: Pilot) -> None:
    pilot.click(pilot.at_title("pose"))
    pilot.click(pilot.at_title("pose"))
    assert [wish[0] for wish in pilot.wishes] == ["selection_changed"]


# ---- moving --------------------------------------------------------------------------------------------------------


def test_a_node_follows_the_pointer_and_the_document_learns_once(pilot: Pilot) -> None:
    before = pilot.graph
    x, y = pilot.at_title("pose")
    pilot.hold((x, y), (x + 100, y + 30))
    assert isinstance(pilot.canvas.gesture, DragNodes)
    assert pilot.canvas.scene.boxes["pose"].at == (420, 70)
    assert pilot.graph is before
    pilot.release()
    assert pilot.graph.view["pose"].at == (420, 70)
    assert pilot.history.undo_name == "Move pose"
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
    assert pilot.history.undo_name == "Insert hold into camera.image -> pose.image"
    pilot.undo()
    assert pilot.graph is graph


def test_a_node_that_does_not_fit_into_a_wire_is_only_moved(pilot: Pilot) -> None:
    x, y = pilot.canvas.scene.boxes["say"].bounds.center
    to_x, to_y = at_wire(pilot)
    pilot.drag_node("say", by=(to_x - x, to_y - y))
    assert pilot.graph.links == (CAMERA_TO_POSE,)
    assert pilot.history.undo_name == "Move say"


# ---- wires ---------------------------------------------------------------------------------------------------------


def test_a_wire_from_output_to_input(pilot: Pilot) -> None:
    pilot.wire("pose.poses", "draw.poses")
    assert Link.parse("pose.poses -> draw.poses") in pilot.graph.links
    assert pilot.history.undo_name == "Connect pose.poses to draw.poses"
    assert isinstance(pilot.canvas.gesture, Idle)


def test_a_wire_from_input_to_output(pilot: Pilot) -> None:
    pilot.drag(pilot.at_input("draw.poses"), pilot.at_output("pose.poses"))
    assert Link.parse("pose.poses -> draw.poses") in pilot.graph.links


def test_only_fitting_ports_light_up(pilot: Pilot) -> None:
    pilot.hold(pilot.at_output("pose.count"), EMPTY)
    gesture = pilot.canvas.gesture
    assert isinstance(gesture, Wiring)
    assert gesture.lit == {Port("say", "text", "in")}  # a Number becomes Text on the wire
    assert gesture.kind == "Number"
    assert gesture.target is None
    assert gesture.curve.d == EMPTY
    pilot.move(pilot.at_input("say.text"))
    assert gesture.target == Port("say", "text", "in")


@pytest.mark.parametrize("side", ["in", "out"])
def test_what_lights_up_is_what_may_be_connected(pilot: Pilot, side) -> None:
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
    assert gesture.curve.d == pilot.canvas.scene.port_at(Port("draw", "poses", "in"))
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
    assert pilot.history.undo_name == "Add say_2"


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
    assert gesture.detached == CAMERA_TO_POSE
    assert gesture.port == Port("camera", "image", "out")
    assert pilot.graph.links == (CAMERA_TO_POSE,)
    pilot.release()
    assert pilot.graph.links == (Link.parse("camera.image -> draw.image"),)
    assert pilot.history.undo_name == "Connect camera.image to draw.image"


def test_drawing_a_wire_off_its_input_into_the_open_removes_it(pilot: Pilot) -> None:
    pilot.drag(pilot.at_input("pose.image"), (250, 300))
    assert pilot.graph.links == ()
    assert pilot.history.undo_name == "Disconnect camera.image from pose.image"


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
def test_a_stroke_cuts_the_wires_it_crosses(pilot: Pilot, button, held: Held) -> None:
    x, y = at_wire(pilot)
    pilot.hold((x, y - 60), (x, y + 60), button, held)
    gesture = pilot.canvas.gesture
    assert isinstance(gesture, Cutting)
    assert gesture.doomed == {CAMERA_TO_POSE}
    assert len(gesture.stroke) == 3
    pilot.release(button, held)
    assert pilot.graph.links == ()
    assert pilot.history.undo_name == "Cut camera.image -> pose.image"


# ---- values on nodes -----------------------------------------------------------------------------------------------


def test_a_scrub_is_one_step_and_takes_effect_on_the_way(pilot: Pilot) -> None:
    before = pilot.graph
    x, y = pilot.at_param("pose.score")
    pilot.hold((x, y), (x + 60, y))
    assert isinstance(pilot.canvas.gesture, Scrubbing)
    assert pilot.graph["pose"].params["score"] == pytest.approx(0.6)
    pilot.move((x + 500, y))
    assert pilot.graph["pose"].params["score"] == 1
    pilot.release()
    assert pilot.history.undo_name == "Set pose.score"
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
    assert pilot.history.undo_name == "Set draw.names"
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
def test_double_clicks(pilot: Pilot, at, wish) -> None:
    before = pilot.graph
    pilot.double_click(at(pilot))
    assert [made for made in pilot.wishes if made[0] != "selection_changed"] == [wish]
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
    assert pilot.history.undo_name == "Show the preview of pose"
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
    assert pilot.history.undo_name == "Resize pose"


def test_right_clicks(pilot: Pilot) -> None:
    pilot.click(EMPTY, "right")
    assert pilot.wishes[-1] == ("open_search", EMPTY, None)
    at = pilot.at_title("pose")
    pilot.click(at, "right")
    assert pilot.wishes[-1] == ("open_menu", at, Hit("title", "pose"))
    assert selected(pilot) == {"pose"}


# ---- keys ----------------------------------------------------------------------------------------------------------


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
    assert pilot.history.undo_name == "Delete pose"


def test_duplicates_are_fed_like_their_originals(pilot: Pilot) -> None:
    pilot.click(pilot.at_title("pose"))
    pilot.key("Ctrl+D")
    assert Link.parse("camera.image -> pose_2.image") in pilot.graph.links
    assert pilot.graph.view["pose_2"].at == (360, 80)
    assert selected(pilot) == {"pose_2"}
    assert pilot.history.undo_name == "Duplicate pose"


def test_collapse_preview_and_rename(pilot: Pilot) -> None:
    pilot.click(pilot.at_title("pose"))
    pilot.click(pilot.at_title("draw"), held=SHIFT)
    pilot.key("H")
    assert all(pilot.graph.view[node].collapsed for node in ("pose", "draw"))
    pilot.key("H")
    assert not any(pilot.graph.view[node].collapsed for node in ("pose", "draw"))
    pilot.key("F2")
    assert pilot.wishes[-1][0] == "selection_changed"  # not for two at once
    pilot.click(pilot.at_title("draw"))
    pilot.key("F2")
    assert pilot.wishes[-1] == ("open_rename", "draw")
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

"""Working without a pointer: going from node to node, wiring and setting values, done by the pilot's keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodeflow.editor.canvas.by_keys import next_param
from nodeflow.editor.canvas.layout import GRID
from nodeflow.editor.canvas.linking import joined, partners, ports_of
from nodeflow.editor.canvas.scene import Port, Scene
from nodeflow.editor.canvas.selection import Selection
from nodeflow.editor.canvas.walk import along_wires, beside
from nodeflow.editor.canvas.wiring import fitting_ports
from nodeflow.graph import Graph, Link, Node, View, check, try_connect
from nodeflow.testing.graphs import TOY, graphs
from nodeflow.testing.pilot import Pilot
from tests.editor.canvas.stage import selected

WIRED = Graph(
    {name: Node(f"toy.{name}") for name in ("camera", "pose", "draw", "say", "preview")},
    tuple(map(Link.parse, ("camera.image -> pose.image", "camera.image -> draw.image", "pose.poses -> draw.poses"))),
    {
        "camera": View((0, 0)),
        "pose": View((300, 0)),
        "draw": View((600, 20)),
        "say": View((600, 400)),
        "preview": View((900, 0)),
    },
)


@pytest.fixture
def wired() -> Pilot:
    pilot = Pilot(TOY, WIRED)
    pilot.click(pilot.at_title("pose"))
    return pilot


def at_once(pilot: Pilot, *keys: str) -> set[str]:
    for each in keys:
        pilot.key(each)
    return selected(pilot)


def test_alt_and_arrows_follow_the_wires(wired: Pilot) -> None:
    assert at_once(wired, "Alt+Left") == {"camera"}
    assert at_once(wired, "Alt+Left") == {"camera"}
    assert at_once(wired, "Alt+Right") == {"pose"}  # the levellest wire first
    assert at_once(wired, "Alt+Down") == {"draw"}  # fed by the camera, too
    assert at_once(wired, "Alt+Up") == {"pose"}
    assert at_once(wired, "Alt+Up") == {"pose"}
    assert at_once(wired, "Alt+Right", "Alt+Right") == {"draw"}
    assert wired.history.undo_name is None


def test_ctrl_and_arrows_go_to_what_lies_there(wired: Pilot) -> None:
    assert at_once(wired, "Ctrl+Right") == {"draw"}
    assert at_once(wired, "Ctrl+Down") == {"say"}
    assert at_once(wired, "Ctrl+Up", "Ctrl+Right") == {"preview"}
    assert at_once(wired, "Ctrl+Right") == {"preview"}
    assert at_once(wired, "Ctrl+Left", "Ctrl+Left", "Ctrl+Left") == {"camera"}


def test_the_first_step_selects_what_is_in_sight(wired: Pilot) -> None:
    wired.key("Escape")
    wired.canvas.viewport = wired.canvas.viewport.panned(-880, 200)
    assert at_once(wired, "Ctrl+Right") == {"preview"}
    empty = Pilot(TOY)
    assert at_once(empty, "Ctrl+Left", "Alt+Up", "C", "Enter", "Shift+F10", "Alt+Shift+Left") == set()


def test_what_was_gone_to_comes_into_sight(wired: Pilot) -> None:
    wired.canvas.size = (500, 300)
    before = wired.canvas.viewport
    assert at_once(wired, "Alt+Left") == {"camera"}
    assert wired.canvas.viewport.pan == (40, 40)
    wired.key("Ctrl+Right")
    wired.key("Ctrl+Right")
    shown = wired.canvas.viewport.shown(wired.canvas.size)
    box = wired.canvas.scene.boxes["draw"].bounds
    assert shown.contains((box.left, box.top))
    assert shown.contains((box.right, box.bottom))
    assert wired.canvas.viewport.zoom == before.zoom


def test_all_that_feeds_a_node_is_selected(wired: Pilot) -> None:
    assert at_once(wired, "Alt+Shift+Left") == {"camera", "pose"}
    assert at_once(wired, "Alt+Shift+Right") == {"camera", "pose", "draw"}


def test_enter_asks_for_the_first_value_and_its_next_one(wired: Pilot) -> None:
    wired.key("Enter")
    assert wired.wishes[-1] == ("type_param", "pose", "model")
    canvas = wired.canvas
    assert next_param(canvas, "pose", "model", 1) == "score"
    assert next_param(canvas, "pose", "score", 1) is None
    assert next_param(canvas, "pose", "score", -1) == "model"
    assert next_param(canvas, "pose", "model", -1) is None
    assert next_param(canvas, "gone", "model", 1) is None


def test_a_node_without_values_asks_for_none(wired: Pilot) -> None:
    wired.click(wired.at_title("camera"))
    wishes = len(wired.wishes)
    wired.key("Enter")
    assert len(wired.wishes) == wishes


def test_c_lists_the_ports_of_one_node_and_joins_several(wired: Pilot) -> None:
    wired.key("C")
    assert wired.wishes[-1:] == [("open_connect", "pose")]
    wired.canvas.select(Selection(frozenset({"draw", "preview"})))
    wired.key("C")
    assert Link.parse("draw.image -> preview.value") in wired.graph.links
    assert wired.history.undo_name == "Connect 2 nodes"
    wired.key("C")
    assert wired.wishes[-1][0] == "refuse"
    wired.undo()
    assert wired.graph is WIRED


def test_a_wire_may_go_to_free_inputs_first_and_the_nearest_of_them(wired: Pilot) -> None:
    scene, graph = wired.canvas.scene, wired.graph
    assert ports_of(scene, "pose") == [
        Port("pose", "poses", "out"),
        Port("pose", "count", "out"),
        Port("pose", "image", "in"),
        Port("pose", "score", "in"),
    ]
    assert partners(scene, graph, Port("camera", "image", "out")) == [Port("preview", "value", "in")]
    assert partners(scene, graph, Port("pose", "count", "out")) == [
        Port("say", "text", "in"),
        Port("preview", "value", "in"),
        Port("draw", "width", "in"),
    ]
    assert partners(scene, graph, Port("draw", "image", "in")) == []
    assert partners(scene, graph, Port("preview", "value", "in"))[0] == Port("draw", "image", "out")


def test_a_node_is_added_behind_the_selected_one(wired: Pilot) -> None:
    wired.key("Shift+Tab")
    wish, at, port = wired.wishes[-1]
    assert (wish, port) == ("open_search", Port("pose", "poses", "out"))
    node = wired.canvas.add(TOY.nodes["toy.draw"], at, port)
    assert Link.parse(f"pose.poses -> {node}.poses") in wired.graph.links
    box = wired.canvas.scene.boxes[node].bounds
    assert not any(other.bounds.meets(box) for other in wired.canvas.scene.boxes.values() if other.node != node)
    wired.click(wired.at_title("say"))
    wired.key("Shift+Tab")
    assert wired.wishes[-1][0] == "refuse"
    wired.key("Escape")
    wired.key("Shift+Tab")
    assert wired.wishes[-1][0] == "open_search"
    assert wired.wishes[-1][2] is None


def test_the_menu_of_a_node_opens_by_key(wired: Pilot) -> None:
    wired.key("Shift+F10")
    assert wired.wishes[-1][0] == "open_menu"
    assert wired.wishes[-1][2].node == "pose"


@settings(deadline=None)
@given(graphs(max_nodes=8), st.data())
def test_steps_lead_to_other_nodes_and_there_is_a_way_to_the_edge(graph: Graph, data: st.DataObject) -> None:
    scene = Scene(TOY)
    scene.update(graph)
    if not graph.nodes:
        return
    node = data.draw(st.sampled_from(sorted(graph.nodes)))
    for way in ("left", "right", "up", "down"):
        there = along_wires(scene, node, way)
        assert there != node
        met = {node}
        far = node
        while (step := beside(scene, far, way)) is not None:
            assert step not in met
            met.add(step)
            far = step


@settings(deadline=None, max_examples=60)
@given(graphs(max_nodes=8), st.data())
def test_joining_keeps_a_graph_sound(graph: Graph, data: st.DataObject) -> None:
    scene = Scene(TOY)
    scene.update(graph)
    nodes = data.draw(st.permutations(sorted(graph.nodes)))
    wired = joined(scene, nodes)
    assert set(graph.nodes) == set(wired.nodes)
    codes = {"cycle", "kind-mismatch", "unknown-port", "two-links"}
    assert [problem for problem in check(wired, TOY) if problem.code in codes] == []


@pytest.mark.parametrize("side", ["in", "out"])
def test_what_lights_up_may_close_a_loop_over_the_frame_before(side: str) -> None:
    catalog = replace(TOY, nodes={**TOY.nodes, "toy.blend": replace(TOY.nodes["toy.blend"], feedback="b")})
    graph = Graph({name: Node(f"toy.{name}") for name in ("still", "blend", "draw")})
    graph = graph.connect("still.image -> blend.a", "blend.image -> draw.image", "draw.image -> blend.b")
    scene = Scene(catalog)
    for each in (graph, graph.disconnect("draw.image -> blend.b")):
        scene.update(each)
        for port in [port for port in scene.ports() if port.side == side]:
            for other in [other for other in scene.ports() if other.side != side]:
                source, target = (port, other) if side == "out" else (other, port)
                allowed = try_connect(each, catalog, Link.parse(f"{source} -> {target}")) is None
                assert (other in fitting_ports(scene, each, port)) == allowed


def test_what_is_added_lies_on_nothing_however_large_it_is(wired: Pilot) -> None:
    canvas = wired.canvas
    canvas.habits = replace(canvas.habits, previews=True)
    for snap in (False, True):
        canvas.habits = replace(canvas.habits, snap=snap)
        for type_ in ("toy.draw", "toy.preview", "toy.draw"):
            canvas.select(Selection(frozenset({"pose"})))
            wired.key("Shift+Tab")
            _wish, at, onto = wired.wishes[-1]
            canvas.add(TOY.nodes[type_], at, onto)
            canvas.add(TOY.nodes[type_], (0.0, 0.0))
    boxes = canvas.scene.boxes
    assert len(boxes) == len(wired.graph.nodes)
    for node, box in boxes.items():
        assert canvas.scene.boxes_in(box.bounds) == {node}


def test_what_has_no_room_goes_up_or_down_whichever_is_nearer(wired: Pilot) -> None:
    canvas = wired.canvas
    bounds = canvas.scene.boxes["camera"].bounds
    above = canvas.add(TOY.nodes["toy.camera"], (bounds.left, bounds.top - 20.0))
    assert canvas.scene.boxes[above].bounds.bottom == bounds.top - GRID
    below = canvas.add(TOY.nodes["toy.camera"], (bounds.left, bounds.bottom - 20.0))
    assert canvas.scene.boxes[below].bounds.top == bounds.bottom + GRID

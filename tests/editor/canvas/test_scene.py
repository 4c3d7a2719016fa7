from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.canvas.layout import GAP, PORT_RADIUS, Face
from nodeflow.editor.canvas.scene import NOTHING, Hit, Port, Scene
from nodeflow.graph import Endpoint, Graph, Link, Node, View
from nodeflow.testing.graphs import TOY, documents, graphs

PAIR = Graph(
    {"camera": Node("toy.camera"), "pose": Node("toy.pose")},
    (Link.parse("camera.image -> pose.image"),),
    {"camera": View((0, 0)), "pose": View((400, 0))},
)
LINK = PAIR.links[0]
near = st.floats(-400, 400)


def scene_of(graph: Graph) -> Scene:
    scene = Scene(TOY)
    scene.update(graph)
    return scene


def squeezed(graph: Graph) -> Graph:
    """The same graph with its nodes lying over one another, so that there is something to hit."""
    return graph.move({node: (i * 37 % 300, i * 71 % 300) for i, node in enumerate(graph.nodes)})


def looks(scene: Scene) -> tuple[object, ...]:
    boxes = {
        node: (box.at, box.face.title, box.face.ports, box.face.params, box.bounds) for node, box in scene.boxes.items()
    }
    return boxes, dict(scene.wires)


# ---- building ------------------------------------------------------------------------------------------------------


def test_a_parameter_that_each_use_sets_is_marked_while_it_is_exposed() -> None:
    scene = scene_of(PAIR)

    def marked() -> list[str]:
        return [f"{node}.{row.name}" for node, box in scene.boxes.items() for row in box.face.params if row.exposed]

    assert marked() == []
    camera = scene.boxes["camera"]
    scene.update(PAIR.expose({"certainty": Endpoint("pose", "score")}))
    assert marked() == ["pose.score"]
    assert scene.boxes["camera"] is camera
    scene.update(PAIR.expose({"which": Endpoint("pose", "model")}))
    assert marked() == ["pose.model"]
    scene.update(PAIR)
    assert marked() == []


@settings(deadline=None, max_examples=40)
@given(st.lists(documents() | graphs(), min_size=2, max_size=4))
def test_what_is_built_step_by_step_equals_what_is_built_at_once(steps: list[Graph]) -> None:
    scene = Scene(TOY)
    for graph in steps:
        scene.update(graph)
        fresh = scene_of(graph)
        assert looks(scene) == looks(fresh)
        everything = Rect(-1e9, -1e9, 1e9, 1e9)
        assert {box.node for box in scene.visible(everything)[0]} == set(graph.nodes)
        assert {wire.link for wire in scene.visible(everything)[1]} == set(fresh.wires)


@given(graphs(max_nodes=8), st.data())
def test_edits_one_by_one_equal_the_whole(graph: Graph, data: st.DataObject) -> None:
    scene = scene_of(graph)
    for _ in range(4):
        if not graph.nodes:
            return
        node = data.draw(st.sampled_from(sorted(graph.nodes)))
        edits = [
            lambda graph=graph, node=node: graph.move({node: (data.draw(near), data.draw(near))}),
            lambda graph=graph, node=node: graph.remove([node]),
            lambda graph=graph, node=node: graph.rename(node, "Other"),
            lambda graph=graph, node=node: graph.set_param(node, "score", 0.9),
            lambda graph=graph, node=node: graph.duplicate([node])[0],
            lambda graph=graph, node=node: graph.disconnect(*graph.links_into(node)),
        ]
        graph = data.draw(st.sampled_from(edits))()
        scene.update(graph)
        assert looks(scene) == looks(scene_of(graph))


@settings(deadline=None, max_examples=40)
@given(documents() | graphs(), st.data())
def test_what_was_worked_out_beforehand_equals_what_is_built_then(graph: Graph, data: st.DataObject) -> None:
    scene = scene_of(graph)
    moved = (
        data.draw(st.dictionaries(st.sampled_from(sorted(graph.nodes)), st.tuples(near, near))) if graph.nodes else {}
    )
    after = graph.move(moved)
    scene.expect(scene.foresight().ahead(after))
    scene.update(after)
    assert looks(scene) == looks(scene_of(after))
    everything = Rect(-1e9, -1e9, 1e9, 1e9)
    assert {box.node for box in scene.visible(everything)[0]} == set(graph.nodes)
    lifted = data.draw(st.lists(st.sampled_from(sorted(graph.nodes)), max_size=2)) if graph.nodes else []
    for again in (graph, after, graph):
        scene.raise_up(lifted)
        heights = {node: box.z for node, box in scene.boxes.items()}
        scene.update(again)
        assert looks(scene) == looks(scene_of(again)), "and goes on from there"
        assert {node: box.z for node, box in scene.boxes.items()} == heights


def test_to_undo_what_was_worked_out_makes_nothing_anew() -> None:
    after = PAIR.move({"pose": (500.0, 80.0), "camera": (80.0, 160.0)})
    scene = scene_of(PAIR)
    scene.expect(scene.foresight().ahead(after))
    before = dict(scene.boxes)
    scene.update(after)
    made = dict(scene.boxes)
    scene.update(after.move({"pose": (1.0, 1.0)}))
    scene.update(after)  # an edit in between, and undone
    scene.update(PAIR)
    assert all(scene.boxes[node] is box for node, box in before.items())
    scene.update(after)
    assert scene.boxes["camera"] is made["camera"]


def test_what_is_known_of_a_graph_is_not_taken_when_its_nodes_look_otherwise_by_now() -> None:
    after = PAIR.move({"pose": (500.0, 80.0)})
    scene = scene_of(PAIR)
    scene.expect(scene.foresight().ahead(after))
    scene.update(after)
    folded = after.set_view({"camera": View((0, 0), collapsed=True)})
    scene.update(folded)
    scene.update(PAIR)
    assert looks(scene) == looks(scene_of(PAIR))


def test_a_drag_that_an_undo_ends_leaves_nothing_to_take() -> None:
    after = PAIR.move({"pose": (500.0, 80.0)})
    scene = scene_of(PAIR)
    scene.expect(scene.foresight().ahead(after))
    scene.update(after)
    scene.place({"camera": (-70.0, -70.0)})
    scene.update(PAIR)
    assert looks(scene) == looks(scene_of(PAIR))
    scene.update(after)
    assert looks(scene) == looks(scene_of(after))


def test_what_was_worked_out_for_another_state_is_not_taken() -> None:
    after = PAIR.move({"pose": (500.0, 80.0)})
    scene = scene_of(PAIR)
    foresight = scene.foresight()
    scene.raise_up(["camera"])
    top = scene.boxes["camera"].z
    scene.expect(foresight.ahead(after))
    scene.update(after)
    assert (scene.boxes["pose"].at, scene.boxes["camera"].z) == ((500.0, 80.0), top)
    scene.expect(scene.foresight().ahead(PAIR))
    other = PAIR.move({"camera": (9.0, 9.0)})
    scene.update(other)
    assert looks(scene) == looks(scene_of(other))


def test_only_what_changed_is_built_again() -> None:
    scene = scene_of(PAIR)
    camera, pose = scene.boxes["camera"], scene.boxes["pose"]
    scene.update(PAIR.move({"pose": (500, 50)}))
    assert scene.boxes["camera"] is camera
    assert scene.boxes["pose"].face is pose.face
    assert scene.boxes["pose"].at == (500, 50)
    scene.update(PAIR.move({"pose": (500, 50)}).set_param("pose", "score", 0.9))
    assert scene.boxes["pose"].face is not pose.face


def test_the_version_says_whether_anything_changed() -> None:
    scene = scene_of(PAIR)
    version = scene.version
    scene.update(PAIR)
    assert scene.version == version
    scene.update(PAIR.move({"pose": (1, 1)}))
    assert scene.version > version


def test_placed_nodes_and_their_wires_move_and_come_back() -> None:
    scene = scene_of(PAIR)
    before = looks(scene)
    scene.place({"pose": (900, 900)})
    assert scene.graph is PAIR
    assert scene.wires[LINK].curve.d == scene.port_at(Port("pose", "image", "in"))
    assert scene.hit((950, 910)).node == "pose"
    scene.update(PAIR)
    assert looks(scene) == before
    assert scene.hit((950, 910)) == NOTHING


def test_a_wire_knows_its_kind_and_whether_its_ends_meet() -> None:
    graph = PAIR.add(Node("toy.say"), (800, 0))[0].add(Node("gone.type"), (800, 300))[0]
    graph = graph.connect("pose.count -> say.text", "pose.poses -> type.poses")
    scene = scene_of(graph)
    wires = {str(link): (wire.kind, wire.converts, wire.fits) for link, wire in scene.wires.items()}
    assert wires == {
        "camera.image -> pose.image": ("Image", False, True),
        "pose.count -> say.text": ("Number", True, True),
        "pose.poses -> type.poses": ("Poses", False, True),
    }
    wrong = scene_of(PAIR.add(Node("toy.say"))[0].connect("pose.poses -> say.text"))
    assert not wrong.wires[Link.parse("pose.poses -> say.text")].fits


# ---- hits ----------------------------------------------------------------------------------------------------------


def by_brute_force(scene: Scene, point: Point) -> tuple[str, str | None]:
    """Kind ("port", "box", "wire", "empty") and what, by looking at everything."""
    over = [box for box in scene.boxes.values() if box.bounds.contains(point)]
    top = max(over, key=lambda box: box.z, default=None)
    ports = [
        (
            math.dist(point, (box.at[0] + port.at[0], box.at[1] + port.at[1])),
            -box.z,
            Port(box.node, port.name, port.side),
        )
        for box in scene.boxes.values()
        if top is None or box.z >= top.z
        for port in box.face.ports
    ]
    if ports and min(ports)[0] <= 12:
        return "port", str(min(ports)[2])
    if top is not None:
        return "box", top.node
    wires = [(wire.curve.distance(point), wire.link) for wire in scene.wires.values()]
    if wires and min(wires)[0] <= 7:
        return "wire", str(min(wires)[1])
    return "empty", None


@given(graphs(max_nodes=8).map(squeezed), st.floats(-50, 700), st.floats(-50, 700))
def test_a_hit_is_what_looking_at_everything_finds(graph: Graph, x: float, y: float) -> None:
    scene = scene_of(graph)
    hit = scene.hit((x, y))
    kind, name = by_brute_force(scene, (x, y))
    if kind == "box":
        assert hit.node == name
        assert hit.kind not in ("port", "wire", "empty")
    else:
        assert hit.kind == kind
        assert str(hit.port or hit.link or None) == str(name)


@pytest.mark.parametrize(
    ("part", "hit"),
    [
        (lambda face: face.fold.center, Hit("fold", "pose")),
        (lambda face: face.eye.center, Hit("eye", "pose")),
        (lambda face: (face.width / 2, 10), Hit("title", "pose")),
        (lambda face: face.params[1].rect.center, Hit("param", "pose", param="score")),
        (lambda face: face.preview.center, Hit("preview", "pose")),
        (lambda face: (face.width - 4, face.height - 4), Hit("grip", "pose")),
        (lambda face: (face.width / 2, face.ports[0].at[1]), Hit("body", "pose")),
        (lambda face: face.ports[0].at, Hit("port", "pose", Port("pose", "image", "in"))),
        (lambda face: (-9, face.ports[0].at[1] + 3), Hit("port", "pose", Port("pose", "image", "in"))),
    ],
)
def test_each_part_of_a_node_can_be_hit(part: Callable[[Face], Point], hit: Hit) -> None:
    scene = scene_of(PAIR.set_view({"pose": View((400, 0), preview=True)}))
    box = scene.boxes["pose"]
    x, y = part(box.face)
    assert scene.hit((box.at[0] + x, box.at[1] + y)) == hit


def test_far_away_a_node_is_only_its_body_and_its_ports_are_gone() -> None:
    scene = scene_of(PAIR)
    box = scene.boxes["pose"]
    x, y = box.face.params[1].rect.center
    assert scene.hit((box.at[0] + x, box.at[1] + y), zoom=0.3) == Hit("body", "pose")
    port = scene.port_at(Port("pose", "image", "in"))
    assert port is not None
    assert scene.hit(port, zoom=0.15).kind == "body"


def test_a_wire_is_hit_beside_it_but_not_through_a_node() -> None:
    scene = scene_of(PAIR)
    x, y = scene.wires[LINK].curve.at(0.5)
    assert scene.hit((x, y + 5)) == Hit("wire", link=LINK)
    assert scene.hit((x, y + 12)) == NOTHING
    scene.update(PAIR.add(Node("toy.hold"), (x - 50, y - 50))[0])
    assert scene.hit((x, y)).node == "hold"


def test_a_node_on_top_hides_the_ports_below_it() -> None:
    scene = scene_of(PAIR.move({"pose": (100, 20)}))
    at = scene.port_at(Port("camera", "image", "out"))
    assert at is not None
    assert scene.boxes["pose"].bounds.contains(at)
    assert scene.hit(at).node == "pose"
    scene.raise_up(["camera"])
    assert scene.hit(at).port == Port("camera", "image", "out")


# ---- culling -------------------------------------------------------------------------------------------------------


@given(graphs(max_nodes=8), st.floats(-6000, 6000), st.floats(-6000, 6000), st.floats(1, 4000))
def test_nothing_that_shows_is_left_out(graph: Graph, x: float, y: float, side: float) -> None:
    scene = scene_of(graph)
    rect = Rect.of(x, y, side, side)
    boxes, wires = scene.visible(rect)
    shown, strung = {box.node for box in boxes}, {wire.link for wire in wires}
    for node, box in scene.boxes.items():
        if box.bounds.grown(PORT_RADIUS).meets(rect):
            assert node in shown
    for link, wire in scene.wires.items():
        if any(rect.contains(point) for point in wire.curve.points(200)):
            assert link in strung
    assert [box.z for box in boxes] == sorted(box.z for box in boxes)


def test_what_is_far_off_is_not_drawn() -> None:
    scene = scene_of(PAIR.move({"pose": (5000, 0)}))
    boxes, wires = scene.visible(Rect(-100, -100, 400, 400))
    assert [box.node for box in boxes] == ["camera"]
    assert len(wires) == 1
    assert scene.visible(Rect(0, 1000, 500, 1500)) == ([], [])
    assert scene.visible(Rect(-500 - GAP, 0, -400, 10)) == ([], [])


def test_strokes_and_boxes_find_what_they_cross() -> None:
    scene = scene_of(PAIR)
    x, y = scene.wires[LINK].curve.at(0.5)
    assert scene.wires_under([(x, y - 50), (x, y + 50)]) == {LINK}
    assert scene.wires_under([(x, y + 20), (x, y + 50)]) == set()
    assert scene.wires_under([]) == set()
    assert scene.boxes_in(Rect(-10, -10, 10, 10)) == {"camera"}
    assert scene.boxes_in(Rect(-10, -10, 500, 10)) == {"camera", "pose"}


def test_nodes_that_look_alike_share_a_face_and_others_do_not() -> None:
    scene = Scene(TOY)
    scores = {"a": 1, "b": 1, "c": 1.0, "d": True, "e": 2}
    graph = Graph({name: Node("toy.pose", params={"score": value}) for name, value in scores.items()})
    scene.update(graph)
    faces = {node: box.face for node, box in scene.boxes.items()}
    assert faces["a"] is faces["b"]
    assert len({id(face) for face in faces.values()}) == 4, "1, 1.0 and True are not written alike"
    scene.update(graph.set_param("a", "score", 2))
    assert scene.boxes["a"].face is faces["e"]
    assert scene.boxes["a"].face is not faces["a"]
    assert scene.boxes["b"].face is faces["b"]

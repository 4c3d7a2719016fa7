"""Laying nodes out along their wires: what holds for any graph, and what a person would expect of a small one."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nodeflow.editor.canvas.arrange import arranged
from nodeflow.editor.canvas.arranging import strands_of
from nodeflow.editor.canvas.geometry import Point, Rect, wire_curve
from nodeflow.editor.canvas.layers import Layers, Strand, forward
from nodeflow.editor.canvas.layout import GRID
from nodeflow.editor.canvas.pads import PadId
from nodeflow.editor.canvas.scene import Scene
from nodeflow.editor.canvas.selection import Selection
from nodeflow.graph import Graph, Group, Node, load, renames, subgraphs
from nodeflow.graph.parts import CANVAS
from nodeflow.node import load_registry
from nodeflow.samples import sample_graphs
from nodeflow.testing.graphs import TOY, documents, graphs
from nodeflow.testing.pilot import Pilot

along, length = st.floats(-2000, 2000), st.floats(20, 400)


Case = tuple[dict[str, Rect], list[Strand]]


@st.composite
def boxes_and_strands(draw: st.DrawFn, most: int = 14, circles: bool = False) -> Case:
    names = [f"n{i:02}" for i in range(draw(st.integers(1, most)))]
    boxes = {name: Rect.of(draw(along), draw(along), draw(length), draw(length)) for name in names}
    at = st.integers(0, len(names) - 1)
    pairs = draw(st.lists(st.tuples(at, at), max_size=3 * len(names)))
    strands = [
        Strand(names[one], draw(st.sampled_from([43, 65])), names[two], draw(st.sampled_from([43, 65, 87])))
        for one, two in (pair if circles else sorted(pair) for pair in pairs)
        if circles or one != two
    ]
    return boxes, strands


def moved(boxes: dict[str, Rect], places: dict[str, Point]) -> dict[str, Rect]:
    return {node: Rect.of(*places[node], box.width, box.height) for node, box in boxes.items()}


@settings(deadline=None)
@given(boxes_and_strands())
def test_nothing_overlaps_wires_go_right_and_again_changes_nothing(case: Case) -> None:
    boxes, strands = case
    places = arranged(boxes, strands)
    after = moved(boxes, places)
    assert places.keys() == boxes.keys()
    nodes = sorted(after)
    for at, one in enumerate(nodes):
        assert not any(after[one].grown(GRID / 2 - 0.001).meets(after[other]) for other in nodes[at + 1 :])
    for strand in strands:
        assert after[strand.source].right < after[strand.target].left
    assert all(x % GRID == 0 and y % GRID == 0 for x, y in places.values())
    assert arranged(after, strands) == places


@settings(deadline=None, max_examples=50)
@given(boxes_and_strands(circles=True))
def test_circles_and_loops_are_laid_out_too(case: Case) -> None:
    boxes, strands = case
    places = arranged(boxes, strands)
    after = moved(boxes, places)
    for strand in forward(sorted(boxes), strands):
        assert after[strand.source].right < after[strand.target].left
    assert arranged(after, strands) == places


@settings(deadline=None, max_examples=50)
@given(boxes_and_strands())
def test_the_whole_stays_where_it_was(case: Case) -> None:
    boxes, strands = case
    around, after = Rect.around(boxes.values()), Rect.around(moved(boxes, arranged(boxes, strands)).values())
    assert around
    assert after
    assert abs(around.left - after.left) <= GRID / 2
    assert abs(around.top - after.top) <= GRID / 2


@settings(deadline=None)
@given(boxes_and_strands())
def test_another_order_never_crosses_more_wires(case: Case) -> None:
    boxes, strands = case
    layers = Layers(sorted(boxes), strands)
    better = layers.untangled(layers.order)
    assert [sorted(layer) for layer in better] == layers.order
    assert layers.crossings(better) <= layers.crossings(layers.order)
    assert layers.untangled(better) == better


@pytest.mark.parametrize("where", [0.0, CANVAS, -CANVAS])
def test_a_layout_does_not_leave_the_canvas(where: float) -> None:
    boxes = {f"n{i}": Rect.of(where, where, 200, 100) for i in range(5)}
    strands = [Strand(f"n{i}", 40, f"n{i + 1}", 40) for i in range(4)]
    assert all(-CANVAS <= x <= CANVAS - 200 and -CANVAS <= y <= CANVAS for x, y in arranged(boxes, strands).values())


def test_two_branches_keep_their_order_and_run_level() -> None:
    boxes = {name: Rect.of(i * 10, i * 10, 200, 100) for i, name in enumerate(["clip", "one", "two", "join"])}
    strands = [
        Strand("clip", 43, "one", 43),
        Strand("clip", 43, "two", 43),
        Strand("one", 43, "join", 43),
        Strand("two", 43, "join", 65),
    ]
    places = arranged(boxes, strands)
    assert places["clip"][0] == 0
    assert places["one"][0] == places["two"][0] == 280
    assert places["one"][1] < places["two"][1]
    assert places["join"][0] == 560
    assert places["one"][1] <= places["join"][1] <= places["two"][1]
    boxes["one"], boxes["two"] = boxes["two"], boxes["one"]
    # The other way round is as good by its wires' crossings only with the ports of `join` in mind: it is untangled.
    assert arranged(boxes, strands)["one"][1] < arranged(boxes, strands)["two"][1]


def test_a_source_lies_next_to_what_it_feeds() -> None:
    strands = [Strand("a", 40, "b", 40), Strand("b", 40, "c", 40), Strand("late", 40, "c", 60)]
    layers = Layers(["a", "b", "c", "late"], strands)
    assert layers.of == {"a": 0, "b": 1, "c": 2, "late": 1}


def test_long_chains_and_wide_graphs_are_no_problem() -> None:
    boxes = {f"n{i:05}": Rect.of(0, i, 200, 100) for i in range(3000)}
    chain = [Strand(f"n{i:05}", 40, f"n{i + 1:05}", 40) for i in range(2999)]
    places = arranged(boxes, chain)
    assert len(set(places.values())) == 3000
    assert len({y for _, y in places.values()}) == 1
    assert len(set(arranged(boxes, []).values())) == 3000


# ---- by hand -------------------------------------------------------------------------------------------------------


def test_the_selection_is_arranged_or_everything(pilot: Pilot) -> None:
    before = pilot.graph
    pilot.key("L")
    assert pilot.history.undo_name is not None
    assert pilot.history.undo_name.startswith("Arrange")
    boxes = pilot.canvas.scene.boxes
    assert boxes["camera"].bounds.right < boxes["pose"].bounds.left
    arranged_once = pilot.graph
    pilot.key("L")
    assert pilot.graph is arranged_once
    pilot.undo()
    assert pilot.graph is before
    pilot.canvas.select(Selection(frozenset({"pose", "still"})))
    pilot.key("L")
    assert pilot.graph.view["camera"] == before.view["camera"]


def test_a_wire_to_the_frame_before_may_run_back() -> None:
    blend = replace(TOY.nodes["toy.blend"], feedback="b")
    catalog = replace(TOY, nodes={**TOY.nodes, "toy.blend": blend})
    graph = Graph({"still": Node("toy.still"), "blend": Node("toy.blend"), "draw": Node("toy.draw")})
    graph = graph.connect("still.image -> blend.a", "blend.image -> draw.image", "draw.image -> blend.b")
    pilot = Pilot(catalog, graph)
    pilot.key("L")
    boxes = pilot.canvas.scene.boxes
    assert boxes["still"].bounds.right < boxes["blend"].bounds.left
    assert boxes["blend"].bounds.right < boxes["draw"].bounds.left


@settings(deadline=None, max_examples=50)
@given(graphs() | documents())
def test_any_graph_can_be_arranged(graph: Graph) -> None:
    graph = graph.remove((), graph.groups, graph.notes)  # groups of a size to be met: see below
    assume(all(view.size is None or max(view.size) < CANVAS / 10 for view in graph.view.values()))  # it has to fit
    pilot = Pilot(TOY, graph)
    pilot.key("L")
    once = pilot.graph
    assert once.nodes is graph.nodes
    assert once.links is graph.links
    scene = Scene(TOY)
    scene.update(once)
    places = arranged({node: box.bounds for node, box in scene.boxes.items()}, strands_of(scene, scene.boxes))
    assert places == {node: box.at for node, box in scene.boxes.items()}
    pilot.key("L")
    assert pilot.graph is once


@settings(deadline=None, max_examples=60)
@given(graphs(max_nodes=8), st.data())
def test_groups_are_laid_out_with_what_they_hold(graph: Graph, data: st.DataObject) -> None:
    graph = graph.move({node: (i % 3 * 300.0, i // 3 * 260.0) for i, node in enumerate(graph.nodes)})
    graph = graph.set_view({node: replace(graph.view[node], size=None) for node in graph.nodes})
    sides = st.tuples(st.sampled_from([-40.0, 260.0, 560.0]), st.sampled_from([-60.0, 200.0]))
    for at in data.draw(st.lists(sides, max_size=3, unique=True)):
        size = data.draw(st.sampled_from([(280.0, 240.0), (580.0, 500.0), (900.0, 800.0)]))
        graph, _ = graph.add_group(Group("", at, size))
    pilot = Pilot(TOY, graph)

    def held() -> dict[PadId, frozenset[str]]:
        boxes = {node: box.bounds for node, box in pilot.canvas.scene.boxes.items()}
        return {pad: pilot.canvas.scene.pads.contents(pad, boxes).nodes for pad in pilot.canvas.scene.pads.all}

    pilot.key("L")
    once, holds = pilot.graph, held()
    boxes = [box.bounds for box in pilot.canvas.scene.boxes.values()]
    for place, one in enumerate(boxes):
        assert not any(one.meets(other) for other in boxes[place + 1 :])
    for pad, nodes in holds.items():
        frame = pilot.canvas.scene.pads.all[pad].bounds
        assert all(frame.holds(pilot.canvas.scene.boxes[node].bounds) for node in nodes)
    pilot.key("L")
    assert pilot.graph is once
    assert held() == holds


def test_a_selected_group_is_laid_out_where_it_lies() -> None:
    graph = Graph({name: Node(f"toy.{name}") for name in ("camera", "pose", "say", "still")})
    graph = graph.connect("camera.image -> pose.image").move(
        {"pose": (100, 100), "camera": (120, 300), "say": (900, 0), "still": (60, 600)}
    )
    graph, name = graph.add_group(Group("Find", (40, 40), (600, 500)))
    pilot = Pilot(TOY, graph)
    pilot.canvas.select(Selection(pads=frozenset({PadId("group", name)})))
    pilot.key("L")
    boxes = pilot.canvas.scene.boxes
    assert boxes["camera"].bounds.right < boxes["pose"].bounds.left
    frame = pilot.canvas.scene.pads.all[PadId("group", name)].bounds
    assert (frame.left, frame.top) == (40, 40)
    assert frame.bottom < 500
    assert boxes["say"].at == (900, 0)
    assert boxes["still"].at == (60, 600)


def test_work_is_bounded_however_many_and_long_the_wires() -> None:
    """A thousand nodes in a chain, with a wire from each to one far ahead, would bend some 300,000 times."""
    nodes = [f"n{at:04}" for at in range(1000)]
    strands = [Strand(one, 0.0, other, 0.0) for one, other in pairwise(nodes)]
    strands += [Strand(nodes[at // 3], 0.0, node, 20.0) for at, node in enumerate(nodes) if at > 2]
    layers = Layers(nodes, strands)
    assert sum(map(len, layers._bends)) <= 8_000
    sweeps, swaps, searches = layers._limits()
    assert (swaps, searches) == (0, 1)
    assert sweeps <= 4
    assert sorted(layers.of, key=layers.of.__getitem__) == nodes
    assert layers.untangled(layers.order) == [[node] for node in nodes]


def test_no_node_lies_on_a_wire_that_passes_it() -> None:
    boxes = {name: Rect.of(i * 10, i * 10, 160, 120) for i, name in enumerate(["camera", "pose", "smooth", "draw"])}
    strands = [
        Strand("camera", 43, "pose", 43),
        Strand("pose", 43, "smooth", 43),
        Strand("smooth", 43, "draw", 65),
        Strand("camera", 43, "draw", 43),
    ]
    after = moved(boxes, arranged(boxes, strands))
    start, end = (after["camera"].right, after["camera"].top + 43), (after["draw"].left, after["draw"].top + 43)
    for point in wire_curve(start, end).points(60):
        assert not after["pose"].grown(4.0).contains(point)
        assert not after["smooth"].grown(4.0).contains(point)


def test_no_wire_of_a_sample_graph_runs_behind_a_node_once_it_is_arranged(tmp_path: Path) -> None:
    catalog, behind = load_registry(tmp_path).catalog, 0
    for path in sample_graphs().values():
        graph = load(path, renames(catalog))
        scene = Scene(subgraphs(graph, catalog).catalog)
        scene.update(graph)
        boxes = {node: box.bounds for node, box in scene.boxes.items()}
        scene.update(graph.move(arranged(boxes, strands_of(scene, boxes))))
        for link, wire in scene.wires.items():
            passed = [box for node, box in scene.boxes.items() if node not in (link.source.node, link.target.node)]
            points = wire.curve.points(60)
            behind += any(any(map(box.bounds.grown(4.0).contains, points)) for box in passed)
    assert behind == 0


def test_nodes_that_chase_one_another_out_of_the_way_stay_near() -> None:
    names = ["image", "find", "crops", "classify", "name", "boxes"]
    boxes = {name: Rect.of(0.0, 200.0 * at, 160, 120) for at, name in enumerate(names)}
    wires = ["image find", "image crops", "find crops", "crops classify", "find name", "classify name", "name boxes"]
    strands = [
        Strand(source, 43, target, 43 if at in (0, 1, 3, 4, 6) else 65)
        for at, (source, target) in enumerate(wire.split() for wire in wires)
    ]
    after = moved(boxes, arranged(boxes, strands))
    assert max(box.bottom for box in after.values()) - min(box.top for box in after.values()) < 600

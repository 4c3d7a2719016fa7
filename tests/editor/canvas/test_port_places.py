"""The ports of a new subgraph: in columns, in order, none upon anything, and their wires in sight."""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nodeflow.editor.canvas.port_places import _STEPS, port_places
from nodeflow.editor.canvas.scene import Scene
from nodeflow.graph import INPUT, OUTPUT, Catalog, Graph, Group, Link, Node, enclose, load, renames
from nodeflow.graph.definitions import definition_of
from nodeflow.node import load_registry
from nodeflow.samples import sample_graphs
from nodeflow.testing.graphs import TOY, graphs

near = st.floats(-600, 600)


def inside(graph: Graph, nodes: set[str], catalog: Catalog = TOY, *, groups: tuple[str, ...] = ()) -> Scene:
    """What a subgraph of these nodes looks like, with its ports where they are to stand."""
    made, use = enclose(graph, nodes, groups=groups)
    scene = Scene(catalog)
    scene.update(made.opened(definition_of(made[use].type) or ""))
    port_places(scene)
    return scene


def ports(scene: Scene) -> set[str]:
    return {node for node, made in scene.graph.nodes.items() if made.type in (INPUT, OUTPUT)}


def crowded(scene: Scene) -> list[tuple[str, str]]:
    """The ports that lie on something, or nearly so."""
    mine = ports(scene)
    pairs = [pair for pair in combinations(scene.boxes.values(), 2) if mine & {pair[0].node, pair[1].node}]
    return [(one.node, other.node) for one, other in pairs if one.bounds.grown(10.0).meets(other.bounds)]


def behind(scene: Scene) -> list[str]:
    """The wires of ports that look as if they went into a node that they pass."""
    mine, found = ports(scene), []
    for link, wire in scene.wires.items():
        ends = {link.source.node, link.target.node}
        if mine & ends:
            points = wire.curve.points(60)
            others = (box for node, box in scene.boxes.items() if node not in ends)
            found += [f"{link}: {box.node}" for box in others if any(map(box.bounds.grown(4.0).contains, points))]
    return found


def test_no_wire_of_a_port_runs_behind_a_node_whatever_part_of_a_sample_graph_becomes_a_subgraph(
    tmp_path: Path,
) -> None:
    catalog = load_registry(tmp_path).catalog
    for name, path in sample_graphs().items():
        graph = load(path, renames(catalog))
        beside = {node: {node} for node in graph.nodes}
        for source, target in graph.links:
            beside[source.node].add(target.node)
            beside[target.node].add(source.node)
        fed = {node for node in graph.nodes if graph.links_into(node)}
        for nodes in sorted({frozenset(each) for each in (*beside.values(), fed) if each}, key=sorted):
            scene = inside(graph, set(nodes), catalog)
            assert (behind(scene), crowded(scene)) == ([], []), f"{name}: {sorted(nodes)}"


@settings(deadline=None, max_examples=30)
@given(graphs(max_nodes=8), st.data())
def test_ports_lie_on_nothing_wherever_nodes_are(graph: Graph, data: st.DataObject) -> None:
    assume(graph.nodes)
    graph = graph.move({node: (data.draw(near), data.draw(near)) for node in graph.nodes})
    nodes = data.draw(st.sets(st.sampled_from(sorted(graph.nodes)), min_size=1))
    scene = inside(graph, nodes)
    assert crowded(scene) == []


def test_ports_stand_in_columns_in_the_order_of_what_they_are_wired_to() -> None:
    graph = Graph({name: Node(f"toy.{name}") for name in ("camera", "pose", "draw", "preview")}).move(
        {"camera": (0.0, 400.0), "pose": (300.0, 0.0), "draw": (600.0, 0.0), "preview": (900.0, 0.0)}
    )
    graph = graph.connect(
        *map(Link.parse, ("camera.image -> draw.image", "pose.poses -> draw.poses", "draw.image -> preview.value"))
    )
    scene = inside(graph, {"draw"})
    image, poses, out = (scene.boxes[port] for port in ("image", "poses", "image_2"))
    draw = scene.boxes["draw"].bounds
    assert image.at[0] == poses.at[0]
    assert image.bounds.right < draw.left
    assert image.bounds.bottom < poses.at[1]
    assert out.at[0] > draw.right
    level = scene.wires[Link.parse("image.value -> draw.image")].curve
    assert level.a[1] == level.d[1]


def test_ports_keep_out_of_a_group_that_goes_along() -> None:
    graph = Graph({"camera": Node("toy.camera"), "pose": Node("toy.pose")}).move({"pose": (600.0, 0.0)})
    graph = graph.connect(Link.parse("camera.image -> pose.image"))
    graph, group = graph.add_group(Group("Find", (300.0, -60.0), (600.0, 400.0)))
    scene = inside(graph, {"pose"}, groups=(group,))
    assert scene.boxes["image"].bounds.right < 300.0


def test_a_port_that_a_wall_of_nodes_would_hide_from_its_node_stands_inside() -> None:
    wall = {f"wall_{at}": (300.0, (at - _STEPS) * 100.0) for at in range(2 * _STEPS)}
    graph = Graph({"camera": Node("toy.camera"), "pose": Node("toy.pose"), **{each: Node("toy.pose") for each in wall}})
    graph = graph.connect(Link.parse("camera.image -> pose.image")).move({**wall, "pose": (900.0, 0.0)})
    scene = inside(graph, {"pose", *wall})
    assert 300.0 < scene.boxes["image"].at[0] < 900.0
    assert (behind(scene), crowded(scene)) == ([], [])


def test_in_a_large_graph_a_port_takes_the_next_place() -> None:
    """However many nodes and ports: none lies on another, and the search ends."""
    many = {f"{name}_{at}": Node(f"toy.{name}") for at in range(150) for name in ("camera", "pose")}
    graph = Graph(many).connect(*(Link.parse(f"camera_{at}.image -> pose_{at}.image") for at in range(150)))
    graph = graph.move({node: (at % 20 * 40.0, at // 20 * 30.0) for at, node in enumerate(many)})
    scene = inside(graph, {node for node in many if node.startswith("pose")})
    rows = sorted(scene.boxes[port].bounds for port in ports(scene))
    assert len(rows) == 150
    assert len({row.left for row in rows}) == 1
    assert all(one.bottom < other.top for one, other in pairwise(rows))

"""The document: edits give new graphs, share what they leave alone, and never touch the old one."""

from __future__ import annotations

import copy
import json
import pickle
import time
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodeflow.graph import Endpoint, Graph, Group, Json, Link, Node, Note, View
from nodeflow.graph.names import is_id, slug
from nodeflow.testing.graphs import documents, graphs, values

few = settings(max_examples=30, deadline=None)

CHAIN = Graph(
    {"camera": Node("io.camera"), "pose": Node("people.pose", params={"score": 0.3}), "draw": Node("image.draw")},
    (Link.parse("camera.image -> pose.image"), Link.parse("pose.poses -> draw.poses")),
    {"camera": View((0, 0)), "pose": View((300, 0), label="Anna")},
)


def test_a_link_reads_as_it_is_written() -> None:
    link = Link(Endpoint("camera", "image"), Endpoint("pose", "image"))
    assert str(link) == "camera.image -> pose.image"
    assert Link.parse("  camera.image->pose.image ") == link


@pytest.mark.parametrize(
    "text",
    [
        "",
        "camera.image",
        "camera -> pose",
        "Camera.image -> pose.image",
        "a.b -> c.d e",
        "a.b -> c.d -> e.f",
        "a.b.c -> d.e",
    ],
)
def test_what_is_no_link_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write"):
        Link.parse(text)


@given(st.text())
@few
def test_any_text_makes_an_id(text: str) -> None:
    assert is_id(slug(text))


def test_ids_come_from_types_and_are_counted_up() -> None:
    graph = Graph()
    given_ids = []
    for node_type in ("people.pose", "people.pose", "other.Pose", "3d.2d", "pose"):
        graph, new = graph.add(Node(node_type), at=(1, 2))
        given_ids.append(new)
    assert given_ids == ["pose", "pose_2", "pose_3", "node_2d", "pose_4"]
    assert graph.view["pose_2"].at == (1, 2)


def test_an_id_with_a_view_but_no_node_is_not_given_away() -> None:
    _, new = Graph(view={"pose": View((9, 9))}).add(Node("people.pose"))
    assert new == "pose_2"


def test_an_edit_leaves_the_old_graph_alone_and_shares_the_rest() -> None:
    edited = CHAIN.set_param("pose", "score", 0.9)
    assert (CHAIN["pose"].params, edited["pose"].params) == ({"score": 0.3}, {"score": 0.9})
    assert edited["camera"] is CHAIN["camera"]
    assert edited.links is CHAIN.links
    assert edited.view is CHAIN.view


def test_a_link_takes_the_place_of_the_one_in_its_input() -> None:
    graph, still = CHAIN.add(Node("io.still"))
    graph = graph.connect(f"{still}.image -> pose.image")
    assert [str(link) for link in graph.links_into("pose")] == ["still.image -> pose.image"]
    assert graph.links_from("camera") == ()


def test_removing_a_node_takes_its_links_and_view_along() -> None:
    graph = CHAIN.remove(["pose"])
    assert set(graph.nodes) == {"camera", "draw"}
    assert graph.links == ()
    assert set(graph.view) == {"camera"}


def test_parameters_go_back_to_their_defaults() -> None:
    assert CHAIN.set_params("pose", {"model": "full"}).unset_params("pose", ["score", "other"])["pose"].params == {
        "model": "full"
    }


def test_a_label_is_renamed_and_the_id_stays() -> None:
    graph = CHAIN.rename("pose", "Ben").rename("draw", "Out")
    assert (graph.view["pose"].label, graph.view["draw"].label) == ("Ben", "Out")
    assert graph.view["pose"].at == (300, 0)
    assert graph.rename("pose", None).view["pose"].label is None


def test_nodes_move_to_the_border_of_the_canvas_and_no_further() -> None:
    assert CHAIN.move({"draw": (5, -1e9)}).view["draw"].at == (5, -1e6)


@pytest.mark.parametrize(
    "edit",
    [
        lambda graph: graph.remove(["nobody"]),
        lambda graph: graph.connect("nobody.image -> pose.image"),
        lambda graph: graph.disconnect("camera.image -> draw.image"),
        lambda graph: graph.set_param("nobody", "score", 1),
        lambda graph: graph.move({"nobody": (0, 0)}),
        lambda graph: graph.subgraph(["nobody"]),
        lambda graph: graph.set_mode(["nobody"], "muted"),
        lambda graph: graph.set_groups({"nobody": Group()}),
        lambda graph: graph.set_notes({"nobody": Note()}),
        lambda graph: graph.remove(groups=["nobody"]),
        lambda graph: graph.subgraph([], notes=["nobody"]),
        lambda graph: graph.undefine(["nobody"]),
        lambda graph: graph.expose({"x": Endpoint("nobody", "x")}),
        lambda graph: graph["nobody"],
    ],
)
def test_what_is_not_there_is_named(edit: Callable[[Graph], object]) -> None:
    with pytest.raises(KeyError, match=r"nobody|camera\.image -> draw\.image"):
        edit(CHAIN)


def test_a_copy_gets_its_inputs_from_where_the_original_does() -> None:
    graph, new = CHAIN.duplicate(["pose", "draw"], offset=(10, 20))
    assert new.nodes == {"pose": "pose_2", "draw": "draw_2"}
    assert set(map(str, set(graph.links) - set(CHAIN.links))) == {
        "camera.image -> pose_2.image",
        "pose_2.poses -> draw_2.poses",
    }
    assert graph.view["pose_2"] == View((310, 20), label="Anna")
    inner, _ = CHAIN.duplicate(["pose", "draw"], outer=False)
    assert inner.links_into("pose_2") == ()


def test_pasting_elsewhere_keeps_ids_and_drops_links_from_nodes_that_are_not_there() -> None:
    part = CHAIN.subgraph(["pose", "draw"], outer=True)
    graph, new = Graph().paste(part)
    assert new.nodes == {"pose": "pose", "draw": "draw"}
    assert list(map(str, graph.links)) == ["pose.poses -> draw.poses"]


def test_pasting_what_looks_like_a_copy_of_what_is_there() -> None:
    graph = Graph({"pose": Node("a.pose"), "pose_2": Node("a.pose")})
    _, new = graph.paste(Graph({"pose_3": Node("a.x"), "pose": Node("a.y"), "pose_2": Node("a.z")}))
    assert len(set(new.nodes.values()) | set(graph.nodes)) == 5
    assert new.nodes["pose_3"] == "pose_3"


def test_groups_and_notes_have_ids_of_their_own_and_lie_where_they_are_put() -> None:
    graph, one = CHAIN.add_group(Group("Look", (0, 0), (500, 300), "blue"))
    graph, two = graph.add_group(Group())
    graph, note = graph.add_note(Note("Mind the light", (5, 5)))
    assert (one, two, note) == ("group", "group_2", "note")
    graph = graph.set_groups({one: graph.groups[one].moved((1e9, 7))})
    assert graph.groups[one].at == (1e6, 7)
    assert graph.nodes is CHAIN.nodes
    less = graph.remove(["pose"], groups=[one], notes=[note])
    assert (set(less.nodes), set(less.groups), set(less.notes)) == ({"camera", "draw"}, {"group_2"}, set())
    assert graph.add_group(Group())[1] == "group_3"


def test_groups_and_notes_are_copied_where_they_are_named() -> None:
    graph, group = CHAIN.add_group(Group("Look"))
    graph, note = graph.add_note(Note("Hello", (9, 9)))
    assert not graph.subgraph(["pose"]).groups
    pasted, new = graph.duplicate(["pose"], (10, 20), groups=[group], notes=[note])
    assert new == ({"pose": "pose_2"}, {"group": "group_2"}, {"note": "note_2"})
    assert pasted.groups["group_2"] == Group("Look", (10, 20))
    assert pasted.notes["note_2"].at == (19, 29)


def test_nodes_are_muted_and_turned_on_again() -> None:
    muted = CHAIN.set_mode(["pose", "draw"], "muted")
    assert [muted[node].mode for node in ("camera", "pose", "draw")] == ["on", "muted", "muted"]
    assert muted.set_mode(["pose", "draw"], "on") == CHAIN


SOFT = Graph({"blur": Node("a.blur")}, title="Soft face", exposed={"radius": Endpoint("blur", "radius")})


def test_subgraphs_are_defined_once_and_go_with_what_uses_them() -> None:
    graph, soft = CHAIN.define(SOFT)
    outer = Graph({"use": Node(f"subgraph.{soft}"), "draw": Node("image.draw")}, title="Soft face")
    graph, twice = graph.define(outer)
    graph, use = graph.add(Node(f"subgraph.{twice}"))
    assert (soft, twice, use) == ("soft_face", "soft_face_2", "soft_face_2")
    assert not graph.subgraph(["draw"]).definitions
    part = graph.subgraph([use])
    assert part.definitions == {soft: SOFT, twice: outer}
    again, new = graph.paste(part)
    assert again.definitions == graph.definitions
    assert again[new.nodes[use]] == graph[use]


def test_a_subgraph_of_the_same_name_and_another_content_comes_under_another_name() -> None:
    own = Graph(definitions={"soft_face": Graph({"other": Node("a.other")})})
    graph, soft = Graph().define(SOFT)
    graph, outer = graph.define(Graph({"use": Node(f"subgraph.{soft}")}, title="Outer"))
    graph, use = graph.add(Node(f"subgraph.{outer}"))
    pasted, new = own.paste(graph)
    assert pasted.definitions["soft_face"] == own.definitions["soft_face"]
    assert pasted.definitions["soft_face_2"] == SOFT
    assert pasted.definitions["outer"]["use"].type == "subgraph.soft_face_2"
    assert pasted[new.nodes[use]].type == "subgraph.outer"
    once_more, _ = pasted.paste(graph)
    assert once_more.definitions == pasted.definitions


def test_subgraphs_that_use_themselves_can_be_copied_too() -> None:
    ring = Graph(definitions={"a": Graph({"b": Node("subgraph.b")}), "b": Graph({"a": Node("subgraph.a")})})
    graph, use = ring.add(Node("subgraph.a"))
    pasted, new = Graph(definitions={"a": SOFT}).paste(graph.subgraph([use]))
    assert pasted[new.nodes[use]].type == "subgraph.a_2"
    assert pasted.definitions["b"]["a"].type == "subgraph.a_2"


def test_a_parameter_is_no_longer_exposed_when_its_node_is_gone() -> None:
    assert SOFT.remove(["blur"]).exposed == {}


@pytest.mark.parametrize(
    "make",
    [
        lambda: Group(at=(2e6, 0)),
        lambda: Note(size=(0, 1)),
        lambda: Graph(groups={"My group": Group()}),
        lambda: Graph(definitions={"a": Graph(definitions={"b": Graph()})}),
        lambda: Graph().redefine({"a": Graph(definitions={"b": Graph()})}),
        lambda: Graph(exposed={"a b": Endpoint("blur", "radius")}),
        lambda: Graph(exposed={"radius": Endpoint("blur", "ra dius")}),
        lambda: Node("a.b", params={"x": float("nan")}),
        lambda: Node("a.b", params={"x": [float("inf")]}),
        lambda: Node("a.b", params={"x": 10**400}),
        lambda: Node("a.b", params={"x": object()}),  # type: ignore[dict-item]
        lambda: Node("a.b", params={1: "x"}),  # type: ignore[dict-item]
        lambda: View((float("nan"), 0)),
        lambda: View((0, 2e6)),
        lambda: View((0, 0), size=(0, 5)),
        lambda: Graph({"Big": Node("a.b")}),
        lambda: Graph(links=(Link(Endpoint("a b", "c"), Endpoint("d", "e")),)),
        lambda: CHAIN.connect(Link(Endpoint("camera", "im age"), Endpoint("pose", "image"))),
    ],
)
def test_what_no_file_could_hold_is_refused_at_once(make: Callable[[], object]) -> None:
    with pytest.raises((ValueError, TypeError)):
        make()


def test_nesting_is_bounded() -> None:
    value: Json = 1
    for _ in range(100_000):
        value = [value]
    with pytest.raises(ValueError, match="deep"):
        Node("a.b", params={"x": value})


@given(values())
@few
def test_nothing_in_a_graph_can_be_changed(value: Json) -> None:
    mine: dict[str, Any] = {"value": copy.deepcopy(value), "list": [{"deep": [1]}]}
    params: Any = Node("a.b", params=mine).params
    mine["list"][0]["deep"].append(2)
    assert json.loads(json.dumps(params)) == {"value": value, "list": [{"deep": [1]}]}
    changes: tuple[Callable[[Any], object], ...] = (
        lambda table: table.update(x=1),
        lambda table: table.__setitem__("x", 1),
        lambda table: table.setdefault("x", 1),
        lambda table: table.clear(),
        lambda table: table.pop("list", None),
        lambda table: table.__ior__({"x": 1}),
    )
    for table in (params, params["list"][0], CHAIN.nodes, CHAIN.view):
        for change in changes:
            with pytest.raises(TypeError, match="never changes"):
                change(table)
    with pytest.raises(AttributeError):
        CHAIN.links = ()  # type: ignore[misc]


@given(documents())
@few
def test_a_graph_goes_to_another_process_and_back(graph: Graph) -> None:
    assert pickle.loads(pickle.dumps(graph)) == graph == copy.deepcopy(graph)


@given(graphs(), st.randoms(use_true_random=False))
@few
def test_the_way_a_graph_was_built_does_not_show(graph: Graph, random: Random) -> None:
    names, links = list(graph.nodes), list(graph.links)
    random.shuffle(names)
    random.shuffle(links)
    other = Graph({name: graph.nodes[name] for name in names}, tuple(links), dict(reversed([*graph.view.items()])))
    assert other == graph
    assert other.links == graph.links


@given(documents(), st.data())
@few
def test_edits_keep_a_graph_in_order(graph: Graph, data: st.DataObject) -> None:
    """Whatever is done, indexes agree with links, links are sorted and single, and views have nodes."""
    strays = graph.view.keys() - graph.nodes.keys()
    for _ in range(3):
        some = data.draw(st.sets(st.sampled_from(sorted(graph.nodes)))) if graph.nodes else set()
        match data.draw(st.integers(0, 4)):
            case 0:
                graph = graph.remove(some)
            case 1:
                before, (graph, new) = graph, graph.duplicate(some)
                assert not before.nodes.keys() & set(new.nodes.values())
            case 2:
                graph = graph.connect(*(Link(Endpoint(node, "out"), Endpoint(node, "image")) for node in some))
            case 3:
                graph = graph.disconnect(*(link for node in some for link in graph.links_into(node)))
            case 4:
                graph = graph.subgraph(some, outer=data.draw(st.booleans()))
        assert list(graph.links) == sorted(set(graph.links))
        assert graph.view.keys() - strays <= graph.nodes.keys()
        into = {link for node in {link.target.node for link in graph.links} for link in graph.links_into(node)}
        out_of = {link for node in {link.source.node for link in graph.links} for link in graph.links_from(node)}
        assert into == out_of == set(graph.links)
        assert graph == replace(graph)


@given(graphs())
@few
def test_up_and_down_are_mirror_images(graph: Graph) -> None:
    for node in graph.nodes:
        assert node in graph.upstream([node])
        for above in graph.upstream([node]):
            assert node in graph.downstream([above])


def big(count: int) -> Graph:
    chain = tuple(Link(Endpoint(f"n{i}", "image"), Endpoint(f"n{i + 1}", "image")) for i in range(count - 1))
    return Graph(
        {f"n{i}": Node("a.b", params={"x": i}) for i in range(count)},
        chain,
        {f"n{i}": View((i, 0)) for i in range(count)},
    )


def test_bulk_edits_of_a_deep_graph_are_not_quadratic() -> None:
    """Ten thousand nodes in one chain: each edit takes well under a second, where a quadratic one takes minutes."""
    graph = big(10_000)
    names = list(graph.nodes)
    start = time.thread_time()
    assert len(graph.downstream(["n0"])) == 10_000
    pasted, new = graph.duplicate(names)
    assert len(pasted.nodes) == 20_000
    assert len(pasted.remove(new.nodes.values()).links) == 9_999
    assert graph.move(dict.fromkeys(names, (1.0, 2.0))).view["n7"].at == (1, 2)
    assert not graph.disconnect(*graph.links).links
    assert time.thread_time() - start < 10

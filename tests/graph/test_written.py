"""Types with their ports written out, and what happens to links when the ports change."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.graph import (
    Catalog,
    Graph,
    Node,
    NodeSchema,
    PortSchema,
    Written,
    WrittenPort,
    base_type,
    check,
    dumps,
    loads,
    read_type,
    refitted,
    renames,
    try_connect,
)
from nodeflow.graph.names import Link
from nodeflow.graph.written import LONGEST, MOST_PORTS

KINDS = st.sampled_from(("Image", "Tensor", "Classes", "Image[]", "Any"))
WORDS = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)


def _side(optional: bool) -> st.SearchStrategy[tuple[WrittenPort, ...]]:
    may = st.booleans() if optional else st.just(False)
    port = st.builds(WrittenPort, WORDS, KINDS, may)
    return st.lists(port, max_size=6, unique_by=lambda port: port.name).map(tuple)


@given(st.builds(Written, st.just("toy.any"), _side(True), _side(False)))
def test_what_is_written_is_read(written: Written) -> None:
    assert read_type(str(written)) == written
    assert base_type(str(written)) == "toy.any"


@given(st.text(alphabet="ab(): ->,?[]Image\0\n", max_size=60))
def test_anything_is_read_or_refused(text: str) -> None:
    written = read_type(text)
    assert written is None or read_type(str(written)) == written


@pytest.mark.parametrize(
    "text",
    [
        "toy.any",
        "toy.any()",
        "toy.any(a: Image)",
        "toy.any(a -> b)",
        "toy.any(a: Image, a: Image -> )",
        "toy.any( -> a: Image?)",
        "toy.any(1: Image -> )",
        "toy.any(a: Im age -> )",
        "toy.any(a: Image -> b: Image) x",
        "toy.any(" + ", ".join(f"a{i}: Image" for i in range(MOST_PORTS + 1)) + " -> )",
        "toy.any(" + "a" * LONGEST + ": Image -> )",
    ],
)
def test_what_is_no_type_with_ports_is_refused(text: str) -> None:
    assert read_type(text) is None


ANY_MODEL = NodeSchema("toy.any", "Any model", "Toys", adapts=True)
SOURCE = NodeSchema("toy.source", "Source", "Toys", outputs=(PortSchema("image", "Image"),), clock="every")
SHOW = NodeSchema("toy.show", "Show", "Toys", inputs=(PortSchema("image", "Image"),), sink=True)
TELL = NodeSchema("toy.tell", "Tell", "Toys", inputs=(PortSchema("classes", "Classes"),), sink=True)
TOYS = Catalog({schema.type: schema for schema in (ANY_MODEL, SOURCE, SHOW, TELL)})
PICTURE = "toy.any(image: Image -> image: Image)"


def _graph(node_type: str, *links: str) -> Graph:
    nodes = {"source": "toy.source", "any": node_type, "show": "toy.show", "tell": "toy.tell"}
    return Graph({name: Node(kind) for name, kind in nodes.items()}, tuple(map(Link.parse, links)))


def test_a_graph_with_such_a_node_is_checked_wired_saved_and_loaded_by_the_ports_it_says() -> None:
    graph = _graph(PICTURE, "source.image -> any.image", "any.image -> show.image")
    assert [problem.node for problem in check(graph, TOYS)] == ["tell"]
    assert loads(dumps(graph)) == graph
    assert try_connect(graph, TOYS, Link.parse("any.image -> tell.classes")) is not None
    assert TOYS.get(PICTURE) is TOYS.get(PICTURE)
    _, name = Graph().add(Node(PICTURE))
    assert name == "any"


def test_a_type_that_has_another_name_now_keeps_its_ports() -> None:
    today = NodeSchema("toy.new", "New", "Toys", adapts=True, replaces=("toy.old",))
    renamed = renames(Catalog({"toy.new": today}))
    assert renamed(Node("toy.old(a: Image -> )")).type == "toy.new(a: Image -> )"
    assert renamed(Node("toy.old")).type == "toy.new"
    assert renamed(Node("toy.other(a: Image -> )")).type == "toy.other(a: Image -> )"


def test_ports_are_for_types_that_adapt_alone() -> None:
    assert TOYS.get("toy.show(image: Image -> )") is None
    assert TOYS.get("toy.unknown(image: Image -> )") is None
    (problem,) = [each for each in check(_graph("toy.show(a: Image -> )"), TOYS) if each.node == "any"]
    assert problem.code == "unknown-type"


def test_a_catalog_stays_bounded_whatever_is_asked() -> None:
    for number in range(3000):
        assert TOYS.get(f"toy.any(a{number}: Image -> )") is not None
    assert len(TOYS._written) <= 1000


def test_links_stay_move_to_what_fits_or_go() -> None:
    graph = _graph(PICTURE, "source.image -> any.image", "any.image -> show.image")
    same = refitted(graph, TOYS, "any", Node("toy.any(image: Image, scale: Tensor? -> more: Tensor, image: Image)"))
    assert same.links == graph.links
    moved = refitted(graph, TOYS, "any", Node("toy.any(scale: Tensor, photo: Image -> other: Classes, made: Image)"))
    assert list(map(str, moved.links)) == ["any.made -> show.image", "source.image -> any.photo"]
    assert refitted(graph, TOYS, "any", Node("toy.any(scale: Tensor -> classes: Classes)")).links == ()
    assert refitted(graph, TOYS, "any", Node("gone.pack(a: Image -> )")).links == graph.links


def test_two_links_into_inputs_that_are_gone_do_not_meet_in_one() -> None:
    graph = Graph(
        {"a": Node("toy.source"), "b": Node("toy.source"), "any": Node("toy.any(one: Image, two: Image -> )")},
        (Link.parse("a.image -> any.one"), Link.parse("b.image -> any.two")),
    )
    fitted = refitted(graph, TOYS, "any", Node("toy.any(only: Image -> )"))
    assert list(map(str, fitted.links)) == ["a.image -> any.only"]

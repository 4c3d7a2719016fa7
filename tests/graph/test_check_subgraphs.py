"""What is said of graphs with subgraphs, dots, muted and bypassed nodes: once, and where it can be mended."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodeflow.graph import Endpoint, Graph, Link, Node, Problem, View, check, subgraphs, try_connect
from nodeflow.testing.graphs import TOY, nested
from tests.graph.parts import SOFT, graph

few = settings(max_examples=40, deadline=None)

USE = graph(
    "camera soft:subgraph.soft preview",
    "camera.image -> soft.image",
    "soft.result -> preview.value",
    definitions={"soft": SOFT},
)


def told(graph: Graph) -> list[tuple[str, str, str, str]]:
    return [(each.severity, each.code, each.node, each.port) for each in check(graph, TOY)]


def the_problem(graph: Graph) -> Problem:
    (problem,) = check(graph, TOY)
    assert problem.message.endswith(".")
    assert problem.hint.endswith(".")
    return problem


def test_a_use_has_the_ports_and_parameters_of_its_definition() -> None:
    placed = SOFT.set_view({"result": View((0, 50)), "count": View((0, 0), label="How many")})
    schema = subgraphs(USE.redefine({"soft": placed}), TOY).catalog.get("subgraph.soft")
    assert schema is not None
    assert (schema.title, schema.category) == ("Soft face", "Subgraphs")
    assert [(port.name, port.kind, port.optional) for port in schema.inputs] == [("image", "Image", False)]
    assert [(port.name, port.kind, port.title) for port in schema.outputs] == [
        ("count", "Number", "How many"),
        ("result", "Image", ""),
    ]
    (param,) = schema.params
    assert (param.name, param.type, param.default, param.maximum) == ("width", "integer", 3, 9)


def test_its_parameters_stand_as_they_will_when_the_file_is_opened_again() -> None:
    width = Endpoint("draw", "width")
    shown = USE.redefine({"soft": SOFT.expose({"width": width, "a_width": width})})
    schema = subgraphs(shown, TOY).catalog.get("subgraph.soft")
    assert schema is not None
    assert [param.name for param in schema.params] == ["a_width", "width"]


def test_what_is_known_of_subgraphs_is_kept_until_they_change() -> None:
    known = subgraphs(USE, TOY)
    assert subgraphs(USE.set_param("soft", "width", 5), TOY) is known
    assert subgraphs(USE.opened("soft"), TOY) is known
    assert subgraphs(USE.redefine({"soft": SOFT}), TOY) is not known


def test_an_input_is_optional_where_nothing_inside_needs_it() -> None:
    inner = graph("image:graph.input poses:graph.input draw", "image.value -> draw.image", "poses.value -> draw.poses")
    through_dots = graph(
        "image:graph.input dot dot_2 draw",
        "image.value -> dot.value",
        "dot.value -> dot_2.value",
        "dot_2.value -> draw.image",
    )
    drawn = graph("a:subgraph.a b:subgraph.b", definitions={"a": inner, "b": through_dots})
    catalog = subgraphs(drawn, TOY).catalog
    assert [port.optional for port in catalog.nodes["subgraph.a"].inputs] == [False, True]
    assert [(port.kind, port.optional) for port in catalog.nodes["subgraph.b"].inputs] == [("Image", False)]
    assert told(drawn) == [
        ("error", "missing-input", "a", "image"),
        ("error", "missing-input", "b", "image"),
        ("warning", "no-sink", "", ""),
    ]


def test_a_needed_input_left_unwired_is_told_of_the_use() -> None:
    problem = the_problem(USE.disconnect("camera.image -> soft.image"))
    assert str(problem).startswith("soft.image: image is not connected; it needs Image.")


def test_a_wrong_kind_is_told_of_the_use() -> None:
    wrong = USE.add(Node("toy.say"))[0].connect("soft.result -> say.text")
    assert the_problem(wrong).message == "soft.result gives Image, and text takes Text."
    other = graph(
        "clip pose soft:subgraph.soft",
        "clip.image -> pose.image",
        "pose.count -> soft.image",
        definitions={"soft": SOFT},
    )
    assert ("error", "kind-mismatch", "soft", "image") in told(other)


def test_what_is_wrong_inside_is_told_once_by_a_flat_id() -> None:
    broken = SOFT.set_param("pose", "score", 7).disconnect("image.value -> draw.image")
    twice = USE.redefine({"soft": broken}).duplicate(["soft"])[0]
    assert told(twice) == [
        ("error", "missing-input", "soft/draw", "image"),
        ("error", "bad-param", "soft/pose", "score"),
    ]


def test_a_value_that_a_use_sets_is_held_to_what_is_inside() -> None:
    problem = the_problem(USE.set_param("soft", "width", 99))
    assert (problem.node, problem.port) == ("soft", "width")
    assert "at most 9" in problem.message


def test_a_use_of_nothing_and_a_parameter_that_is_lost() -> None:
    problem = the_problem(USE.undefine(["soft"]))
    assert problem.message == "There is no subgraph soft in this graph."
    lost = USE.redefine({"soft": SOFT.expose({"width": Endpoint("draw", "wide"), "gone": Endpoint("draw", "names")})})
    assert the_problem(lost).message == "width is to set draw.wide, which is not there."
    assert the_problem(lost).node == "soft"


def test_loops_are_looked_for_in_what_runs() -> None:
    """A subgraph may feed what feeds it, as long as no node inside does."""
    two = graph(
        "a:graph.input b:graph.input x:graph.output y:graph.output draw draw_2",
        "a.value -> draw.image",
        "draw.image -> x.value",
        "b.value -> draw_2.image",
        "draw_2.image -> y.value",
    )
    drawn = graph(
        "camera two:subgraph.two draw preview",
        "camera.image -> two.a",
        "two.x -> draw.image",
        "two.y -> preview.value",
        definitions={"two": two},
    )
    assert try_connect(drawn, TOY, Link.parse("draw.image -> two.b")) is None
    assert told(drawn.connect("draw.image -> two.b")) == []
    refused = try_connect(drawn, TOY, Link.parse("draw.image -> two.a"))
    assert refused is not None
    assert refused.code == "cycle"
    assert ("error", "cycle", "draw", "image") in told(drawn.connect("draw.image -> two.a"))


def test_a_kind_is_seen_through_dots() -> None:
    drawn = graph(
        "camera dot dot_2 pose draw",
        "camera.image -> dot.value",
        "dot.value -> dot_2.value",
        "camera.image -> pose.image",
        "camera.image -> draw.image",
    )
    assert try_connect(drawn, TOY, Link.parse("dot_2.value -> draw.image")) is None
    refused = try_connect(drawn, TOY, Link.parse("dot_2.value -> draw.poses"))
    assert refused is not None
    assert refused.message == "camera.image gives Image, and poses takes Poses."
    wired = graph(
        "still pose dot draw", "still.image -> draw.image", "still.image -> pose.image", "dot.value -> draw.poses"
    )
    refused = try_connect(wired, TOY, Link.parse("pose.count -> dot.value"))
    assert refused is not None
    assert (refused.node, refused.port) == ("draw", "poses")
    assert try_connect(wired, TOY, Link.parse("pose.poses -> dot.value")) is None
    shown = wired.add(Node("toy.preview"))[0].connect("draw.image -> preview.value")
    behind = the_problem(shown.connect("pose.count -> dot.value"))
    assert behind.message == "pose.count gives Number, and poses takes Poses."


def test_a_dot_that_nothing_leads_to_does_not_vouch_for_another() -> None:
    drawn = graph(
        *("still pose dot dot_2 draw draw_2", "still.image -> pose.image", "pose.count -> dot_2.value"),
        *("still.image -> draw.image", "dot.value -> draw.poses"),
        *("still.image -> draw_2.image", "dot_2.value -> draw_2.poses"),
    )
    (mismatch,) = [problem for problem in check(drawn, TOY) if problem.code == "kind-mismatch"]
    assert (mismatch.node, mismatch.port) == ("draw_2", "poses")


def test_a_wire_that_begins_nowhere_is_no_wire() -> None:
    problem = the_problem(graph("dot preview", "dot.value -> preview.value"))
    assert "nothing is connected to dot.value" in problem.message
    assert (problem.node, problem.port) == ("preview", "value")
    circle = graph(
        "dot dot_2 preview", "dot.value -> dot_2.value", "dot_2.value -> dot.value", "dot.value -> preview.value"
    )
    assert the_problem(circle).code == "cycle"


def test_what_a_muted_node_leaves_without_input_is_a_warning() -> None:
    problem = the_problem(USE.set_mode(["camera"], "muted"))
    assert (problem.severity, problem.node, problem.port) == ("warning", "soft", "image")
    assert problem.message == "image gets nothing: camera is muted. It needs Image."
    bypassed = graph("camera pose preview", "camera.image -> pose.image", "pose.poses -> preview.value").set_mode(
        ["pose"], "bypassed"
    )
    assert "pose is bypassed, and gets nothing that fits poses" in the_problem(bypassed).message


def test_what_does_not_run_need_not_be_in_order() -> None:
    broken = USE.add(Node("acme.thing"))[0].add(Node("toy.pose", params={"score": 9}))[0]
    assert told(broken.set_mode(["thing", "pose"], "muted")) == []


def test_an_output_that_gives_nothing_is_a_warning_inside() -> None:
    problem = the_problem(USE.redefine({"soft": SOFT.disconnect("draw.image -> result.value")}))
    assert (problem.severity, problem.node) == ("warning", "soft/result")


def test_clocks_meet_inside_subgraphs_too() -> None:
    inner = graph(
        "image:graph.input camera blend result:graph.output",
        "image.value -> blend.a",
        "camera.image -> blend.b",
        "blend.image -> result.value",
    )
    drawn = graph(
        "clip two:subgraph.two preview",
        "clip.image -> two.image",
        "two.result -> preview.value",
        definitions={"two": inner},
    )
    problem = the_problem(drawn)
    assert (problem.code, problem.node) == ("two-clocks", "two/blend")
    assert set(problem.related) == {"two/camera", "clip"}


@pytest.mark.parametrize("through_a_use", [False, True])
def test_a_circle_of_dots_is_refused_in_a_graph_with_subgraphs(through_a_use: bool) -> None:
    handing = Graph({"in_": Node("graph.input"), "out": Node("graph.output")}).connect("in_.value -> out.value")
    graph = Graph(
        {"dot": Node("toy.dot"), "pose": Node("toy.pose"), "use": Node("subgraph.handing")},
        definitions={"handing": handing},
    ).connect("dot.value -> pose.image")
    if through_a_use:
        graph = graph.connect("dot.value -> use.in_")
    refused = try_connect(graph, TOY, Link.parse("use.out -> dot.value" if through_a_use else "dot.value -> dot.value"))
    assert refused is not None
    assert refused.code == "cycle"


@given(nested(), st.data())
@few
def test_a_link_that_may_be_made_brings_no_error(drawn: Graph, data: st.DataObject) -> None:
    catalog = subgraphs(drawn, TOY).catalog
    schemas = {name: schema for name, node in drawn.nodes.items() if (schema := catalog.get(node.type))}
    outputs = [Endpoint(name, port.name) for name, schema in schemas.items() for port in schema.outputs]
    inputs = [Endpoint(name, port.name) for name, schema in schemas.items() for port in schema.inputs]
    if not (outputs and inputs):
        return
    link = Link(data.draw(st.sampled_from(outputs)), data.draw(st.sampled_from(inputs)))
    refused = try_connect(drawn, TOY, link)
    found = [each for each in check(drawn.connect(link), TOY) if each.severity == "error" and each.code != "two-clocks"]
    if refused is None:
        assert not found
    elif refused.code != "cycle":  # a circle of dots that nothing takes from is refused, and does no harm
        assert found

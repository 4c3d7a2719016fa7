"""What is said of a wrong graph, and that nothing is said of a sound one."""

from __future__ import annotations

import itertools
import subprocess
import sys
import time
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodeflow.graph import (
    Catalog,
    Endpoint,
    Graph,
    Json,
    Link,
    Node,
    NodeSchema,
    ParamSchema,
    PortSchema,
    Problem,
    check,
    fault,
    try_connect,
)
from nodeflow.graph.levels import levels, place
from nodeflow.testing.graphs import TOY, catalogs, documents, graphs

few = settings(max_examples=30, deadline=None)


def graph(nodes: str, *links: str, **params: dict[str, Json]) -> Graph:
    """A graph from "camera pose draw pose_2": each id is a toy type, perhaps counted."""
    names = nodes.split()
    types = {name: "toy." + name.rstrip("_0123456789") for name in names}
    return Graph(
        {name: Node(types[name], params=params.get(name, {})) for name in names}, tuple(map(Link.parse, links))
    )


def problems(graph: Graph, code: str, catalog: Catalog = TOY) -> list[Problem]:
    return [problem for problem in check(graph, catalog) if problem.code == code]


def the_problem(graph: Graph, code: str, catalog: Catalog = TOY) -> Problem:
    (problem,) = problems(graph, code, catalog)
    assert problem.message.endswith(".")
    assert problem.hint.endswith((".", "?"))
    return problem


@given(st.data())
@few
def test_a_sound_graph_has_no_error(data: st.DataObject) -> None:
    catalog = data.draw(st.just(TOY) | catalogs())
    sound = data.draw(graphs(catalog))
    assert [problem for problem in check(sound, catalog) if problem.code not in ("no-sink", "same-file")] == []


@given(documents())
@few
def test_a_check_never_fails_and_names_what_there_is(odd: Graph) -> None:
    ends = {f"{path}{end.node}" for path, _, level in levels(odd) for link in level.links for end in link}
    for problem in check(odd, TOY):
        assert place(odd, problem.node) or problem.code in ("no-sink", "dangling-link")
        assert all(place(odd, other) or other in ends for other in problem.related)
        assert len(str(problem)) < 2000


@given(documents(), st.randoms(use_true_random=False))
@few
def test_problems_and_order_do_not_depend_on_how_a_graph_was_built(odd: Graph, random: Random) -> None:
    names = list(odd.nodes)
    random.shuffle(names)
    shuffled = replace(odd, nodes={name: odd.nodes[name] for name in names})
    assert check(shuffled, TOY) == check(odd, TOY)
    assert shuffled.in_order == odd.in_order


@given(documents())
@few
def test_order_puts_everything_behind_its_inputs_and_leaves_out_loops_only(odd: Graph) -> None:
    place = {name: at for at, name in enumerate(odd.in_order)}
    for link in odd.links:
        if link.target.node in place and link.source.node in odd.nodes:
            assert place[link.source.node] < place[link.target.node]
    here = [link for link in odd.links if all(end.node in odd.nodes for end in link)]
    whole = Graph(odd.nodes, tuple(here))  # a way through a node that does not exist is no way
    looped = {
        name
        for name in whole.nodes
        if any(name in whole.downstream([link.target.node]) for link in whole.links_from(name))
    }
    assert whole.nodes.keys() - place.keys() == whole.downstream(looped)


def test_a_loop_is_named_whole() -> None:
    problem = the_problem(
        graph(
            "draw draw_2 blend preview",
            "draw.image -> draw_2.image",
            "draw_2.image -> blend.a",
            "blend.image -> draw.image",
        ),
        "cycle",
    )
    assert problem.related == ("blend", "draw", "draw_2")
    assert "blend -> draw -> draw_2 -> blend" in problem.message
    assert "draw_2.image -> blend.a" in problem.hint


def test_a_node_wired_to_itself_is_a_loop() -> None:
    assert the_problem(graph("draw", "draw.image -> draw.image"), "cycle").related == ("draw",)


def test_each_knot_of_loops_is_named_once_and_loops_of_any_length_can_be_told() -> None:
    count = 3000
    names = [f"draw_{i}" for i in range(count)]
    ring = [f"{a}.image -> {b}.image" for a, b in itertools.pairwise([*names, names[0]])]
    long = the_problem(graph(" ".join(names), *ring), "cycle")
    assert len(long.related) == count
    assert "more)" in long.message
    two = graph("draw draw_2", "draw.image -> draw.image", "draw_2.image -> draw_2.image")
    assert [problem.node for problem in problems(two, "cycle")] == ["draw", "draw_2"]


def test_a_kind_that_does_not_fit() -> None:
    problem = the_problem(
        graph("camera pose draw", "camera.image -> pose.image", "pose.count -> draw.poses"), "kind-mismatch"
    )
    assert (problem.node, problem.port) == ("draw", "poses")
    assert "pose.count gives Number, and poses takes Poses" in problem.message
    assert "poses fits" in problem.hint
    other_input = the_problem(graph("camera draw", "camera.image -> draw.poses"), "kind-mismatch")
    assert "input image fits" in other_input.hint
    no_way = the_problem(graph("pose draw", "pose.count -> draw.image"), "kind-mismatch")
    assert "makes Image of Number" in no_way.hint


def test_a_lossless_conversion_is_no_mismatch() -> None:
    assert not problems(graph("pose say", "pose.count -> say.text"), "kind-mismatch")


def test_an_input_that_is_needed() -> None:
    problem = the_problem(graph("pose"), "missing-input")
    assert (problem.node, problem.port) == ("pose", "image")
    assert "Image" in problem.message
    assert not problems(graph("camera draw", "camera.image -> draw.image"), "missing-input")


@pytest.mark.parametrize(
    ("node_type", "hint"),
    [
        ("toy.poze", "Did you mean toy.pose?"),
        ("toy.something_else", "Update the pack toy"),
        ("acme.thing", 'Install the pack with the "acme" nodes'),
        ("old.words", "It is called toy.new now"),
    ],
)
def test_a_type_that_nobody_knows(node_type: str, hint: str) -> None:
    catalog = Catalog({**TOY.nodes, "toy.new": NodeSchema("toy.new", "New", "Toy", replaces=("old.words",))})
    problem = the_problem(Graph({"it": Node(node_type, params={"x": 1})}), "unknown-type", catalog)
    assert problem.node == "it"
    assert node_type in problem.message
    assert hint in problem.hint


def test_nothing_more_is_said_of_a_node_of_unknown_type() -> None:
    unknown = Graph({"camera": Node("toy.camera"), "it": Node("acme.x"), "out": Node("toy.preview")})
    unknown = unknown.connect("camera.image -> it.picture", "it.picture -> out.value")
    assert [problem.code for problem in check(unknown, TOY)] == ["unknown-type"]


def test_a_node_saved_by_a_newer_version() -> None:
    problem = the_problem(Graph({"pose": Node("toy.pose", version=2)}), "newer-version")
    assert problem.severity == "warning"


@pytest.mark.parametrize(
    ("link", "names"), [("camera.picture -> draw.image", "image"), ("camera.image -> draw.img", "image, poses")]
)
def test_a_port_that_is_not_there(link: str, names: str) -> None:
    problem = the_problem(graph("camera draw", link), "unknown-port")
    assert problem.node == "draw"
    assert problem.hint == f"There is {names}."


def test_a_live_parameter_takes_a_wire_as_an_input_does() -> None:
    links = "camera.image -> pose.image", "camera.image -> draw.image", "draw.image -> preview.value"
    drawn = graph("camera pose draw preview", *links)
    assert not check(drawn.connect("pose.count -> draw.width"), TOY)
    wrong = the_problem(drawn.connect("camera.image -> draw.width"), "kind-mismatch")
    assert (wrong.node, wrong.port) == ("draw", "width")
    assert wrong.message == "camera.image gives Image, and width takes Number."
    later = drawn.connect("pose.count -> pose.model")
    setup = the_problem(later, "unknown-port")
    assert setup.message == "No wire can set model of pose."
    loop = graph("camera pose draw", "camera.image -> pose.image", "draw.image -> pose.image").connect(
        "pose.count -> draw.width"
    )
    assert problems(loop, "cycle")


def test_a_list_decides_no_parameter() -> None:
    sizes = NodeSchema("toy.sizes", "Sizes", "", outputs=(PortSchema("sizes", "Number[]"),))
    catalog = Catalog({**TOY.nodes, "toy.sizes": sizes}, TOY.conversions)
    faults = check(graph("sizes draw", "sizes.sizes -> draw.width"), catalog)
    assert [fault.port for fault in faults if fault.code == "kind-mismatch"] == ["width"]


def test_two_links_into_one_input() -> None:
    problem = the_problem(
        graph("still still_2 draw", "still.image -> draw.image", "still_2.image -> draw.image"), "two-links"
    )
    assert (problem.node, problem.port) == ("draw", "image")
    assert "still.image -> draw.image" in problem.hint


def test_a_link_to_nowhere_is_told_of_the_node_that_it_leads_to() -> None:
    assert the_problem(graph("draw", "gone.image -> draw.image"), "dangling-link").node == "draw"
    assert the_problem(graph("camera", "camera.image -> gone.image"), "dangling-link").node == "gone"


def test_a_parameter_that_nobody_knows_is_a_warning() -> None:
    problem = the_problem(graph("pose", pose={"scare": 1}), "unknown-param")
    assert (problem.severity, problem.port) == ("warning", "scare")
    assert "model, score" in problem.hint


def test_a_parameter_that_is_wrong() -> None:
    problem = the_problem(graph("pose", pose={"score": 3}), "bad-param")
    assert (problem.node, problem.port) == ("pose", "score")
    assert problem.message == "score must be at most 1, not 3."
    assert "0.3" in problem.hint


@pytest.mark.parametrize(
    ("param", "good", "bad"),
    [
        (ParamSchema("p", "number", 1, minimum=-1, maximum=1), [0, 0.5, -1, 1], [True, None, "1", 1.01, -2, [1]]),
        (ParamSchema("p", "integer", 1, maximum=9, unit="px"), [-99, 9], [True, 1.0, 10, None, 10**300]),
        (ParamSchema("p", "toggle", True), [True, False], [0, 1, "true", None]),
        (ParamSchema("p", "text", ""), ["", "x"], [1, None, ["x"]]),
        (ParamSchema("p", "choice", "a", choices=("a", "b")), ["a", "b"], ["c", "", 1, None]),
        (ParamSchema("p", "color", "#000000"), ["#ff8800", "#FF880044"], ["red", "#ff88", "#ff8800\n", 0]),
        (ParamSchema("p", "file", ""), ["a.mp4", ""], [1, None]),
        (ParamSchema("p", "folder", ""), ["a"], [False]),
        (ParamSchema("p", "save", ""), ["out.mp4"], [{}]),
        (ParamSchema("p", "model", "m"), ["m"], [3]),
    ],
)
def test_which_values_a_parameter_takes(param: ParamSchema, good: list[Json], bad: list[Json]) -> None:
    assert [fault(param, value) for value in good] == [""] * len(good)
    for value in bad:
        assert fault(param, value).startswith("must be")


def test_two_clocks_that_meet() -> None:
    mixed = graph(
        "camera clip blend preview", "camera.image -> blend.a", "clip.image -> blend.b", "blend.image -> preview.value"
    )
    problem = the_problem(mixed, "two-clocks")
    assert (problem.node, problem.port, problem.related) == ("blend", "b", ("camera", "clip"))
    assert "camera (live) and clip (every frame) meet" in problem.message
    assert problem.hint.startswith(
        'Hold one of them: put the node "Hold latest" into the link "clip.image -> blend.b" or'
    )
    without = Catalog({name: schema for name, schema in TOY.nodes.items() if not schema.holds})
    assert the_problem(mixed, "two-clocks", without).hint.startswith('Leave out the link "clip.image -> blend.b"')


def test_two_live_sources_are_two_clocks_and_are_told_where_they_first_meet_only() -> None:
    behind = graph(
        "camera camera_2 blend draw preview",
        "camera.image -> blend.a",
        "camera_2.image -> blend.b",
        "blend.image -> draw.image",
        "draw.image -> preview.value",
    )
    assert the_problem(behind, "two-clocks").node == "blend"


def test_sources_that_wait_run_in_lockstep_and_one_source_meets_itself() -> None:
    lockstep = graph("clip clip_2 blend", "clip.image -> blend.a", "clip_2.image -> blend.b")
    same = graph("camera draw blend", "camera.image -> blend.a", "camera.image -> draw.image", "draw.image -> blend.b")
    still = graph("camera still blend", "camera.image -> blend.a", "still.image -> blend.b")
    for fine in (lockstep, same, still):
        assert not problems(fine, "two-clocks")


def test_holding_one_of_two_clocks_mends_it() -> None:
    held = graph(
        "camera clip hold blend", "camera.image -> hold.image", "hold.image -> blend.a", "clip.image -> blend.b"
    )
    assert not problems(held, "two-clocks")


def test_a_graph_without_a_sink_has_nothing_to_run() -> None:
    assert the_problem(Graph(), "no-sink").severity == "warning"
    assert not problems(graph("camera preview", "camera.image -> preview.value"), "no-sink")


def test_nodes_that_would_replace_one_anothers_files_are_told() -> None:
    writer = NodeSchema("toy.writer", "Writer", "Toy", params=(ParamSchema("path", "save", "out/a.mp4"),), sink=True)
    catalog = Catalog({writer.type: writer})
    two = graph("writer writer_2 writer_3", writer_2={"path": "out/../out/a.mp4"}, writer_3={"path": "b.mp4"})
    problem = the_problem(two, "same-file", catalog)
    assert (problem.node, problem.port, problem.severity) == ("writer_2", "path", "warning")
    assert problem.related == ("writer",)
    assert not problems(two.set_mode(["writer"], "muted"), "same-file", catalog)


def test_errors_come_before_warnings_and_read_as_one_line() -> None:
    found = check(graph("pose", pose={"zzz": 1}), TOY)
    assert [problem.severity for problem in found] == ["error", "warning", "warning"]
    assert str(found[0]) == "pose.image: image is not connected; it needs Image. Connect an output that gives Image."
    anything = the_problem(graph("preview"), "missing-input")
    assert str(anything) == "preview.value: value is not connected. Connect an output."


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("camera.image -> draw.image", None),
        ("camera.image -> preview.value", None),
        ("pose.poses -> draw.poses", None),
        ("pose.count -> draw.image", "kind-mismatch"),
        ("camera.nothing -> draw.image", "unknown-port"),
        ("camera.image -> gone.image", "dangling-link"),
        ("camera.image -> acme.image", "unknown-type"),
        ("draw.image -> pose.image", "cycle"),
        ("draw.image -> draw.image", "cycle"),
    ],
)
def test_a_link_tried_while_dragging(link: str, code: str | None) -> None:
    base = graph("camera pose draw preview", "camera.image -> pose.image", "pose.poses -> draw.poses")
    base, _ = base.add(Node("other.acme"))
    problem = try_connect(base, TOY, Link.parse(link))
    assert (problem.code if problem else None) == code


@given(graphs(), st.data())
@few
def test_a_link_that_may_be_made_brings_no_new_error(sound: Graph, data: st.DataObject) -> None:
    outputs = [Endpoint(name, port.name) for name, node in sound.nodes.items() for port in TOY.nodes[node.type].outputs]
    inputs = [Endpoint(name, port.name) for name, node in sound.nodes.items() for port in TOY.nodes[node.type].inputs]
    if outputs and inputs:
        link = Link(data.draw(st.sampled_from(outputs)), data.draw(st.sampled_from(inputs)))
        errors = {problem.code for problem in check(sound.connect(link), TOY) if problem.severity == "error"}
        problem = try_connect(sound, TOY, link)
        if problem is None:
            assert errors <= {"two-clocks"}
        elif problem.code not in errors:  # a circle of dots that nothing takes from is refused, and does no harm
            circle = sound.downstream([link.target.node]) & sound.upstream([link.source.node])
            assert problem.code == "cycle"
            assert all(TOY.nodes[sound.nodes[node].type].passes for node in circle)


def test_the_document_opens_without_networkx_or_anything_heavy() -> None:
    code = "import sys, nodeflow.graph; print(*({'networkx', 'numpy', 'torch', 'hypothesis'} & sys.modules.keys()))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""


def _chain_of_dots(many: int, *inputs: Node) -> Graph:
    """Dots in a row, fed by the first of the inputs, before as many nodes that need what comes out; with a muted one
    for input where there is none."""
    nodes = {f"i{i}": node for i, node in enumerate(inputs * many or (Node("toy.still", mode="muted"),))}
    nodes |= {f"d{i}": Node("toy.dot") for i in range(many)} | {f"n{i}": Node("toy.pose") for i in range(many)}
    links = [f"{name}.{'value' if inputs else 'image'} -> d0.value" for name in nodes if name.startswith("i")]
    links += [f"d{i}.value -> d{i + 1}.value" for i in range(many - 1)]
    links += [f"d{many - 1}.value -> n{i}.image" for i in range(many)]
    return Graph(nodes, tuple(map(Link.parse, links)))


def _with_subgraph(definition: Graph) -> Graph:
    return Graph({"use": Node("subgraph.part")}).redefine({"part": definition})


def _many_ports(many: int) -> Graph:
    """A bypassed subgraph of many ports, each output wired straight to its input."""
    inside = {f"i{i}": Node("graph.input") for i in range(many)} | {f"o{i}": Node("graph.output") for i in range(many)}
    straight = tuple(Link.parse(f"i{i}.value -> o{i}.value") for i in range(many))
    nodes = {"use": Node("subgraph.part", mode="bypassed"), "still": Node("toy.still", mode="muted")}
    nodes |= {f"n{i}": Node("toy.pose") for i in range(many)}
    links = [f"still.image -> use.i{i}" for i in range(many)] + [f"use.o{i} -> n{i}.image" for i in range(many)]
    return Graph(nodes, tuple(map(Link.parse, links))).redefine({"part": Graph(inside, straight)})


@pytest.mark.parametrize(
    "odd",
    [
        Graph({f"n{i}": Node(f"toy.pos{i}", params={"x": i}) for i in range(5_000)}),
        Graph({f"n{i}": Node("toy.pose", params={f"x{i}": i, "score": "?" * 1000}) for i in range(5_000)}),
        Graph(
            {"a": Node("toy.draw")}, tuple(Link(Endpoint("a", f"o{i}"), Endpoint("a", f"i{i}")) for i in range(5_000))
        ),
        Graph(
            {f"n{i}": Node("toy.draw") for i in range(5_000)},
            tuple(
                Link(Endpoint(f"n{i}", "image"), Endpoint(f"n{(i + d) % 5_000}", f"p{d}"))
                for i in range(5_000)
                for d in (1, 7)
            ),
        ),
        _chain_of_dots(3_000),
        _with_subgraph(_chain_of_dots(3_000, Node("graph.input"))),
        _many_ports(3_000),
    ],
    ids=["types", "params", "ports", "loops", "dots", "dots inside", "ports of a subgraph"],
)
def test_a_graph_that_is_wrong_everywhere_is_checked_in_proportion(odd: Graph) -> None:
    start = time.thread_time()
    assert check(odd, TOY)
    assert time.thread_time() - start < 5

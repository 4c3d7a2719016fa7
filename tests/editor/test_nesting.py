"""Subgraphs in the editor: made, entered, edited inside, left; undo across levels; the run as seen from each level."""

from __future__ import annotations

from pathlib import Path

import pytest

from nodeflow.editor.canvas.layout import Side
from nodeflow.editor.canvas.scene import Port
from nodeflow.editor.canvas.selection import Selection
from nodeflow.editor.commands.loose_ends import Wanted
from nodeflow.editor.documents import nesting
from nodeflow.editor.documents.nesting import NESTING
from nodeflow.editor.running.inside import together
from nodeflow.engine.look import Glance
from nodeflow.engine.messages import NodeStatus, Retry, Watch
from nodeflow.graph import Endpoint, Graph, Link, Node, View, lowered, save
from nodeflow.testing.graphs import TOY

from .fakes import Bench

WIRED = Graph(
    {"camera": Node("toy.camera"), "pose": Node("toy.pose"), "draw": Node("toy.draw"), "preview": Node("toy.preview")},
    tuple(
        map(
            Link.parse,
            (
                "camera.image -> pose.image",
                "camera.image -> draw.image",
                "pose.poses -> draw.poses",
                "draw.image -> preview.value",
            ),
        )
    ),
    {"camera": View((0, 0)), "pose": View((300, 0)), "draw": View((600, 0)), "preview": View((900, 0))},
)


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    bench.workspace.edit("Build", WIRED)
    return bench


@pytest.fixture
def made(bench: Bench) -> Bench:
    """pose and draw are in a subgraph."""
    select(bench, "pose", "draw")
    nesting.make(bench.workspace.sheet)
    return bench


def select(bench: Bench, *nodes: str) -> None:
    bench.workspace.canvas.select(Selection(frozenset(nodes)))


def test_a_selection_becomes_a_subgraph_that_looks_like_a_node(made: Bench) -> None:
    workspace = made.workspace
    assert set(workspace.graph.nodes) == {"camera", "subgraph", "preview"}
    assert workspace.canvas.selection.nodes == {"subgraph"}
    face = workspace.canvas.scene.boxes["subgraph"].face
    assert (face.title, face.known) == ("Subgraph", True)
    assert [(port.name, port.kind) for port in face.ports] == [("image", "Image"), ("image_2", "Image")]
    assert all(wire.fits for wire in workspace.canvas.scene.wires.values())
    workspace.undo()
    assert workspace.graph == WIRED


def test_inside_edits_change_the_definition_and_leaving_selects_the_node(made: Bench) -> None:
    workspace, sheet = made.workspace, made.workspace.sheet
    assert sheet.enter("subgraph")
    assert set(workspace.graph.nodes) == {"image", "pose", "draw", "image_2"}
    assert workspace.canvas.graph is workspace.graph
    assert set(workspace.canvas.scene.boxes) == set(workspace.graph.nodes)
    assert workspace.canvas.scene.boxes["image"].face.ports[0].kind == "Image"
    workspace.set_param("pose", "score", 0.9)
    assert sheet.levels.titles(workspace.document.graph) == ["Subgraph"]
    assert sheet.leave()
    assert not sheet.leave()
    assert workspace.canvas.selection.nodes == {"subgraph"}
    assert lowered(workspace.document.graph, TOY)["subgraph/pose"].params == {"score": 0.9}


def test_only_subgraphs_can_be_entered(made: Bench) -> None:
    sheet = made.workspace.sheet
    assert not sheet.enter("camera")
    assert not sheet.enter("nobody")
    assert sheet.levels.path == ()


def test_undo_and_redo_go_to_where_the_change_was(made: Bench) -> None:
    workspace, sheet = made.workspace, made.workspace.sheet
    sheet.enter("subgraph")
    workspace.set_param("pose", "score", 0.9)
    sheet.leave()
    workspace.rename("camera", "Mine")
    workspace.undo()
    assert list(sheet.levels.path) == []
    workspace.undo()
    assert list(sheet.levels.path) == ["subgraph"]
    assert workspace.canvas.graph["pose"].params == {}
    workspace.undo()
    assert list(sheet.levels.path) == []
    assert workspace.canvas.graph is workspace.graph
    assert workspace.graph == WIRED
    workspace.redo()
    workspace.redo()
    assert list(sheet.levels.path) == ["subgraph"]
    assert workspace.canvas.graph["pose"].params == {"score": 0.9}


def test_the_run_gets_the_whole_and_shows_each_level(made: Bench) -> None:
    workspace, sheet = made.workspace, made.workspace.sheet
    workspace.start_or_pause()
    engine = made.engines[0]
    assert engine.graph is workspace.document.graph
    engine.nodes = {
        "camera": NodeStatus("ready", ms=1.0),
        "subgraph/pose": NodeStatus("failed", "no one there", ms=20.0, failed=2),
        "subgraph/draw": NodeStatus("ready", ms=3.0),
    }
    outside = workspace.run.refresh().nodes
    assert set(outside) == {"camera", "subgraph"}
    assert (outside["subgraph"].state, outside["subgraph"].ms) == ("failed", 23.0)
    assert outside["subgraph"].message == "pose: no one there"
    sheet.enter("subgraph")
    assert set(workspace.run.snapshot.nodes) == {"image", "pose", "draw", "image_2"}
    workspace.run.watch({"look": Glance("pose", side=96)})
    assert engine.sent[-1] == Watch({"look": Glance("subgraph/pose", side=96)})
    sheet.leave()
    workspace.run.watch({"look": Glance("subgraph", side=96)})
    assert engine.sent[-1] == Watch({"look": Glance("subgraph/draw", "image", side=96)})
    sheet.retry("subgraph")
    assert engine.sent[-1:] == [Retry("subgraph/pose")]


def test_the_run_of_a_file_that_was_opened_is_shown_at_its_subgraphs(made: Bench, tmp_path: Path) -> None:
    save(made.workspace.document.graph, tmp_path / "nested.json")
    workspace = made.workspace
    workspace.files.open_path(tmp_path / "nested.json")
    workspace.start_or_pause()
    made.engines[-1].nodes = {"subgraph/pose": NodeStatus("opening", "fetching")}
    workspace.run.refresh()
    assert workspace.run.snapshot.nodes["subgraph"].state == "opening"


def test_what_goes_in_and_comes_out_is_seen_at_the_ports_and_on_the_use(made: Bench) -> None:
    workspace, sheet = made.workspace, made.workspace.sheet
    workspace.start_or_pause()
    engine = made.engines[0]
    engine.nodes = {
        "camera": NodeStatus("running", ms=1.0, summary="640x480"),
        "subgraph/pose": NodeStatus("ready", summary="1 person"),
        "subgraph/draw": NodeStatus("failed", "no room", summary="320x240"),
    }
    assert workspace.run.refresh().nodes["subgraph"].summary == "320x240"
    sheet.enter("subgraph")
    assert sheet.viewed == "image_2", "what the subgraph gives, where nothing is selected"
    nodes = workspace.run.snapshot.nodes
    assert nodes["image"] == NodeStatus("ready", summary="640x480")
    assert nodes["image_2"] == NodeStatus("idle"), "it has nothing to hand on"
    looks = {"in": Glance("image", "value"), "out": Glance("image_2", side=96), "first": Glance("image")}
    workspace.run.watch(looks)
    camera = Glance("camera", "image")
    assert engine.sent[-1] == Watch({"in": camera, "out": Glance("subgraph/draw", "image", side=96), "first": camera})


def test_what_a_dot_or_a_bypassed_node_hands_on_is_looked_at_where_it_is_made(bench: Bench) -> None:
    workspace = bench.workspace
    workspace.canvas.put_dot(Link.parse("draw.image -> preview.value"), (750.0, 50.0))
    (dot,) = workspace.graph.nodes.keys() - WIRED.nodes.keys()
    workspace.edit("Bypass", workspace.graph.set_mode(["draw"], "bypassed"))
    workspace.start_or_pause()
    camera = Glance("camera", "image")
    (port,) = [port.name for port in workspace.catalog.nodes[workspace.graph[dot].type].outputs]
    workspace.run.watch({"dot": Glance(dot, port), "first": Glance(dot), "other": Glance("draw", "image")})
    assert bench.engines[0].sent[-1] == Watch({"dot": camera, "first": camera, "other": camera})


def test_the_worst_inside_is_what_is_shown() -> None:
    states = {"a": NodeStatus("ready"), "b": NodeStatus("opening", "loading", fraction=0.5), "c": NodeStatus("cached")}
    shown = together(states)
    assert (shown.state, shown.message, shown.fraction) == ("opening", "b: loading", 0.5)


def test_problems_inside_are_told_of_the_subgraph_and_found_in_it(made: Bench) -> None:
    workspace, sheet = made.workspace, made.workspace.sheet
    sheet.enter("subgraph")
    workspace.set_param("pose", "score", 7)
    sheet._edited_at = -1.0
    workspace.check_when_quiet()
    assert [problem.node for problem in sheet.shown_problems() if problem.severity == "error"] == ["pose"]
    sheet.leave()
    (problem,) = [problem for problem in sheet.shown_problems() if problem.severity == "error"]
    assert (problem.node, problem.message) == ("subgraph", "pose: score must be at most 1, not 7.")
    workspace.find("subgraph/pose")
    assert sheet.levels.path == ("subgraph",)
    assert workspace.canvas.selection.nodes == {"pose"}


def test_ports_and_parameters_are_added_from_inside(made: Bench) -> None:
    workspace, sheet = made.workspace, made.workspace.sheet
    sheet.enter("subgraph")
    nesting.add_port(sheet, "graph.output")
    workspace.canvas.edit("Wire", workspace.graph.connect("pose.count -> output.value"))
    nesting.expose(sheet, Endpoint("pose", "score"))
    assert nesting.exposed_name(sheet.graph, Endpoint("pose", "score")) == "score"
    sheet.leave()
    face = workspace.canvas.scene.boxes["subgraph"].face
    assert {port.name: port.kind for port in face.ports if port.side == "out"} == {
        "image_2": "Image",
        "output": "Number",
    }
    assert [row.name for row in face.params] == ["score"]
    workspace.set_param("subgraph", "score", 0.8)
    assert lowered(workspace.document.graph, TOY)["subgraph/pose"].params == {"score": 0.8}
    sheet.enter("subgraph")
    nesting.expose(sheet, Endpoint("pose", "score"))
    assert sheet.graph.exposed == {}


def test_a_subgraph_is_used_again_made_independent_called_and_expanded(made: Bench) -> None:
    workspace, sheet = made.workspace, made.workspace.sheet
    schema = workspace.catalog.nodes["subgraph.subgraph"]
    again = workspace.canvas.add(schema, (300.0, 300.0))
    made.front.name = " Overlay "
    nesting.rename(sheet)
    assert workspace.title("subgraph") == workspace.title(again) == "Overlay"
    select(made, again)
    nesting.separate(sheet)
    assert workspace.graph[again].type != workspace.graph["subgraph"].type
    select(made, "subgraph")
    nesting.expand(sheet)
    assert workspace.canvas.selection.nodes == {"pose", "draw"}
    assert "subgraph" not in workspace.document.graph.definitions
    assert set(map(str, workspace.graph.links)) == set(map(str, WIRED.links))


def test_subgraphs_inside_subgraphs(made: Bench) -> None:
    workspace, sheet = made.workspace, made.workspace.sheet
    sheet.enter("subgraph")
    select(made, "draw")
    nesting.make(sheet)
    assert sheet.enter("subgraph_2")
    assert sheet.levels.titles(workspace.document.graph) == ["Subgraph", "Subgraph 2"]
    workspace.set_param("draw", "width", 5)
    sheet.leave(0)
    assert sheet.levels.path == ()
    assert lowered(workspace.document.graph, TOY)["subgraph/subgraph_2/draw"].params == {"width": 5}
    for _ in range(4):
        workspace.undo()
    assert workspace.document.graph == Graph()


def test_everything_can_be_asked_for_at_any_time() -> None:
    bench = Bench()
    for deed in NESTING:
        assert deed.can(bench.workspace.sheet) is False
        deed.do(bench.workspace.sheet)
    assert bench.workspace.graph == Graph()


def test_subgraphs_that_nothing_uses_are_removed_as_one_step(made: Bench) -> None:
    workspace, sheet = made.workspace, made.workspace.sheet
    sheet.enter("subgraph")
    select(made, "draw")
    nesting.make(sheet)
    sheet.leave()
    assert nesting._unused(workspace.document.graph) == set()
    select(made, "subgraph")
    workspace.edit("Delete", workspace.graph.remove(["subgraph"]))
    before = workspace.document.graph
    assert set(before.definitions) == {"subgraph", "subgraph_2"}
    nesting.remove_unused(sheet)
    assert workspace.document.graph.definitions == {}
    assert workspace.notices.current()[-1].text == "Removed 2 unused subgraphs"
    workspace.undo()
    assert workspace.document.graph == before


def test_what_a_muted_node_or_another_level_uses_is_not_unused(made: Bench) -> None:
    workspace, sheet = made.workspace, made.workspace.sheet
    workspace.edit("Mute", workspace.graph.set_mode(["subgraph"], "muted"))
    sheet.enter("subgraph")
    before = workspace.document.graph
    nesting.remove_unused(sheet)
    assert workspace.document.graph is before


def test_the_subgraph_that_is_shown_is_renamed_where_none_is_selected(made: Bench) -> None:
    workspace, sheet = made.workspace, made.workspace.sheet
    sheet.enter("subgraph")
    made.front.name = "Overlay"
    nesting.rename(sheet)
    assert made.front.opened[-1] == ("name", "Rename the subgraph", "Subgraph")
    assert sheet.levels.titles(workspace.document.graph) == ["Overlay"]
    assert workspace.document.history.undo_name == "Call the subgraph Overlay"
    sheet.leave()
    workspace.undo()
    workspace.redo()
    assert sheet.levels.path == ()  # a title is seen from outside
    sheet.enter("subgraph")
    made.front.name = "  "
    nesting.rename(sheet)
    assert sheet.levels.titles(workspace.document.graph) == ["Overlay"]
    workspace.undo()
    assert sheet.levels.titles(workspace.document.graph) == ["Subgraph"]


@pytest.mark.parametrize(("side", "port"), [("in", "graph.output"), ("out", "graph.input")])
def test_inside_a_subgraph_a_loose_wire_may_end_in_a_port(made: Bench, side: Side, port: str) -> None:
    workspace, wanted = made.workspace, Wanted("Image", side)

    def offered() -> set[str]:
        nodes = workspace.addable.nodes.values()
        return {schema.type for schema in nodes if wanted.port_of(schema, workspace.catalog)}

    assert not offered() & {"graph.input", "graph.output"}
    workspace.sheet.enter("subgraph")
    assert offered() & {"graph.input", "graph.output"} == {port}
    assert workspace.addable is workspace.addable
    end = Port("draw", "image", "out" if side == "in" else "in")
    new = workspace.canvas.add(workspace.addable.nodes[port], (0.0, 0.0), end)
    ends = {"draw.image", f"{new}.value"}
    assert any({str(link.source), str(link.target)} == ends for link in workspace.graph.links)


def test_no_subgraph_is_offered_inside_itself(made: Bench) -> None:
    workspace, sheet = made.workspace, made.workspace.sheet
    sheet.enter("subgraph")
    select(made, "draw")
    nesting.make(sheet)
    assert {"subgraph.subgraph", "subgraph.subgraph_2"} & set(workspace.addable.nodes) == {"subgraph.subgraph_2"}
    sheet.enter("subgraph_2")
    assert {"subgraph.subgraph", "subgraph.subgraph_2"} & set(workspace.addable.nodes) == set()
    sheet.leave(0)
    assert {"subgraph.subgraph", "subgraph.subgraph_2"} <= set(workspace.addable.nodes)

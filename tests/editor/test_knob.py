"""Parameters of several nodes turned as one: what they have in common, what is mixed, one step of undo."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nodeflow.editor.documents.knob import Knob, knob_of, knobs_of
from nodeflow.graph import Catalog, Graph, Node, NodeSchema, ParamSchema
from nodeflow.testing.graphs import TOY

from .fakes import Bench

SIZE = ParamSchema("size", "integer", 4, minimum=1, maximum=9)


def _bench(*types: str, catalog: Catalog = TOY) -> Bench:
    bench = Bench()
    bench.workspace.use_catalog(catalog)
    graph = Graph()
    for place, node_type in enumerate(types):
        graph, _ = graph.add(Node(node_type), (place * 300.0, 0.0))
    bench.workspace.edit("Begin", graph)
    return bench


def _knobs(bench: Bench) -> dict[str, Knob]:
    sheet = bench.workspace.sheet
    return {knob.name: knob for knob in knobs_of(sheet, tuple(sheet.graph.nodes))}


def _pair(one: ParamSchema, other: ParamSchema) -> Knob | None:
    """What a parameter of one node and one of another have in common."""
    types = {name: NodeSchema(name, name, "T", params=(each,)) for name, each in (("t.a", one), ("t.b", other))}
    return _knobs(_bench("t.a", "t.b", catalog=Catalog(types))).get(one.name)


def test_nodes_of_one_type_have_all_their_parameters_in_common() -> None:
    bench = _bench("toy.pose", "toy.pose", "toy.pose")
    workspace, knobs = bench.workspace, _knobs(bench)
    assert list(knobs) == ["model", "score"]
    score = knobs["score"]
    assert (score.value, score.mixed, score.is_default) == (0.3, False, True)
    workspace.set_param("pose_2", "score", 0.9)
    assert (score.value, score.mixed, score.is_default) == (0.3, True, False)
    before = workspace.graph
    score.turn(0.5)
    assert [node.params["score"] for node in workspace.graph.nodes.values()] == [0.5, 0.5, 0.5]
    assert not score.mixed
    assert workspace.document.history.undo_name == "Set score of 3 nodes"
    workspace.undo()
    assert workspace.graph is before


def test_a_scrub_of_several_nodes_is_one_step_and_goes_to_the_run_as_it_goes() -> None:
    bench = _bench("toy.pose", "toy.pose")
    workspace, score = bench.workspace, _knobs(bench)["score"]
    before = workspace.graph
    workspace.start_or_pause()
    sent = len(bench.engines[0].sent)
    for value in (0.4, 0.5, 0.6):
        score.turn(value, "drag")
    assert len(bench.engines[0].sent) == sent + 3, "one edit each, whatever the number of nodes"
    workspace.undo()
    assert workspace.graph is before


def test_the_way_back_gives_each_node_what_it_had_in_the_same_step() -> None:
    bench = _bench("toy.pose", "toy.pose", "toy.pose")
    workspace, score = bench.workspace, _knobs(bench)["score"]
    workspace.set_param("pose_2", "score", 0.9)
    before = workspace.graph
    back = score.way_back("pick 1")
    for value in (0.5, 0.6):
        score.turn(value, "pick 1")
    back()
    assert [node.params.get("score", 0.3) for node in workspace.graph.nodes.values()] == [0.3, 0.9, 0.3]
    workspace.undo()
    assert workspace.graph is before


def test_setting_back_gives_each_node_its_own_default_in_one_step() -> None:
    knob = _pair(SIZE, replace(SIZE, default=7))
    assert knob is not None
    assert (knob.mixed, knob.is_default) == (True, True)
    knob.turn(3)
    before = knob.sheet.graph
    assert not knob.is_default
    knob.reset()
    assert [node.params["size"] for node in knob.sheet.graph.nodes.values()] == [4, 7]
    knob.sheet.undo()
    assert knob.sheet.graph is before


@pytest.mark.parametrize(
    ("other", "shared"),
    [
        (replace(SIZE, minimum=3, maximum=20, group="setup"), replace(SIZE, minimum=3, group="setup")),
        (replace(SIZE, minimum=20, maximum=30), None),
        (replace(SIZE, type="number"), None),
        (replace(SIZE, unit="px"), None),
        (replace(SIZE, name="width"), None),
    ],
    ids=["the range of both", "no common range", "another sort", "another unit", "another name"],
)
def test_different_nodes_share_what_has_the_same_name_and_sort(other: ParamSchema, shared: ParamSchema | None) -> None:
    knob = _pair(SIZE, other)
    assert (knob and knob.param) == shared


def test_of_choices_those_count_that_all_of_them_have() -> None:
    one, other = (ParamSchema("how", "choice", names[0], choices=names) for names in (("a", "b", "c"), ("c", "b")))
    knob = _pair(one, other)
    assert knob is not None
    assert knob.param.choices == ("b", "c")
    assert _pair(one, replace(other, choices=("d",))) is None


def test_drawings_are_one_nodes_and_unknown_types_have_nothing_in_common() -> None:
    drawing = ParamSchema("drawing", "drawing", None)
    assert _pair(drawing, drawing) is None
    assert _knobs(_bench("toy.pose", "toy.gone")) == {}
    assert _knobs(_bench()) == {}


def test_a_node_that_is_gone_is_left_alone() -> None:
    bench = _bench("toy.pose", "toy.pose")
    workspace, score = bench.workspace, _knobs(bench)["score"]
    workspace.edit("Delete", workspace.graph.remove(["pose"]))
    score.turn(0.8)
    assert {name: dict(node.params) for name, node in workspace.graph.nodes.items()} == {"pose_2": {"score": 0.8}}
    workspace.edit("Delete", workspace.graph.remove(["pose_2"]))
    score.turn(0.9)
    assert not workspace.graph.nodes
    assert (score.value, score.mixed) == (0.3, False)
    one = knob_of(_bench("toy.pose").workspace.sheet, "pose", "score")
    assert one is not None
    assert one.nodes == ("pose",)

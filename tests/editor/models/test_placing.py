"""Models and the graph: dropped on the canvas, on a wire, on a node; used in a node; two of them side by side."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nodeflow.editor.commands.finder import Finder
from nodeflow.editor.commands.library_commands import library_commands
from nodeflow.editor.commands.table import Commands
from nodeflow.editor.models.placing import Target, picture_behind
from nodeflow.editor.models.room import ModelRoom
from nodeflow.editor.models.uses import use_of
from nodeflow.graph import Catalog, Graph, Link, Node, NodeSchema, PortSchema
from tests.editor.fakes import Bench

from .shop import ENTRIES, WITH_MODELS, entry

BLAZE, MOVENET, STYLES, _FACES = ENTRIES


_WIRED = (
    "camera.image -> pose.image",
    "camera.image -> poses.image",
    "pose.poses -> poses.poses",
    "poses.image -> preview.value",
)


class Studio:
    """A workspace with a camera, a pose node, what draws its poses, and a preview."""

    def __init__(self, *links: str) -> None:
        bench = Bench()
        self.front, self.workspace = bench.front, bench.workspace
        self.workspace.use_catalog(WITH_MODELS)
        graph = Graph()
        for number, kind in enumerate(("toy.camera", "people.pose", "draw.poses", "toy.preview")):
            graph, _ = graph.add(Node(kind), (number * 300.0, 0.0))
        self.workspace.edit("Begin", graph.connect(*(links or _WIRED)))
        self.room = ModelRoom(self.workspace)

    @property
    def graph(self) -> Graph:
        return self.workspace.graph

    @property
    def links(self) -> set[str]:
        return {str(link) for link in self.graph.links}

    def select(self, *nodes: str) -> None:
        self.workspace.canvas.select(replace(self.workspace.canvas.selection, nodes=frozenset(nodes)))

    def middle(self, node: str) -> tuple[float, float]:
        return self.workspace.canvas.scene.boxes[node].bounds.center

    def undo_brings_back(self, before: Graph) -> None:
        self.workspace.undo()
        assert self.graph == before


def test_the_packs_say_which_node_runs_a_model() -> None:
    use = use_of(WITH_MODELS, "pose", ("Image",), ("Poses",))
    assert use is not None
    assert (use.schema.type, use.param.name) == ("people.pose", "model")
    other = use_of(WITH_MODELS, "pose", ("Image", "Poses"), ("Poses",))
    assert other is not None
    assert other.schema.type == "people.aged", "of several, the one that takes what the card says"
    assert use_of(WITH_MODELS, "unheard-of", ("Image",), ("Poses",)) is None


def test_a_model_dropped_on_a_node_of_its_task_takes_the_place_of_the_other_and_the_wires_stay() -> None:
    studio = Studio()
    before, links = studio.graph, studio.links
    at = studio.middle("pose")
    assert studio.room.target(MOVENET, at) == Target("pose")
    studio.room.drop(MOVENET, at)
    assert studio.graph["pose"].params == {"model": "movenet"}
    assert studio.links == links
    assert studio.workspace.canvas.selection.nodes == {"pose"}
    studio.undo_brings_back(before)


def test_the_same_model_again_is_no_step() -> None:
    studio = Studio()
    before = studio.graph
    studio.room.drop(BLAZE, studio.middle("pose"))
    assert studio.graph is before


def test_a_model_dropped_on_a_wire_goes_in_between() -> None:
    studio = Studio()
    before = studio.graph
    wire = studio.workspace.canvas.scene.wires[Link.parse("poses.image -> preview.value")]
    at = wire.curve.at(0.5)
    assert studio.room.target(STYLES, at) == Target(link=wire.link)
    studio.room.drop(STYLES, at)
    assert studio.graph["style"].params == {"model": "styles"}
    assert {"poses.image -> style.image", "style.image -> preview.value"} <= studio.links
    assert "poses.image -> preview.value" not in studio.links
    boxes = studio.workspace.canvas.scene.boxes
    assert not any(boxes["style"].bounds.meets(boxes[each].bounds) for each in ("poses", "preview")), "there is room"
    studio.undo_brings_back(before)


def test_a_model_that_gives_something_else_than_the_wire_is_fed_from_it() -> None:
    studio = Studio()
    before, links = studio.graph, studio.links
    wire = studio.workspace.canvas.scene.wires[Link.parse("camera.image -> pose.image")]
    at = wire.curve.at(0.5)
    assert studio.room.target(MOVENET, at) == Target(link=wire.link, between=False)
    studio.room.drop(MOVENET, at)
    assert studio.links == links | {"camera.image -> pose_2.image"}
    studio.undo_brings_back(before)
    joints = studio.workspace.canvas.scene.wires[Link.parse("pose.poses -> poses.poses")].curve.at(0.5)
    assert studio.room.target(MOVENET, joints) == Target(), "it takes no poses"


def test_a_model_dropped_elsewhere_lies_there_under_the_pointer() -> None:
    studio = Studio()
    before = studio.graph
    studio.room.drop(MOVENET, (500.0, 700.0))
    box = studio.workspace.canvas.scene.boxes["pose_2"]
    assert box.bounds.contains((500.0, 700.0))
    assert studio.graph["pose_2"].params == {"model": "movenet"}
    assert studio.workspace.canvas.selection.nodes == {"pose_2"}
    studio.undo_brings_back(before)


def test_a_model_that_no_node_runs_is_said_and_changes_nothing() -> None:
    studio = Studio()
    before, strange = studio.graph, entry("x", task="unheard-of")
    assert studio.room.target(strange, (0.0, 900.0)) is None
    studio.room.drop(strange, (0.0, 900.0))
    assert studio.room.add(strange) is None
    assert studio.graph is before
    assert "No installed node" in studio.workspace.notices.current()[0].text


def test_a_model_is_added_behind_the_selected_node_and_wired_to_it() -> None:
    studio = Studio()
    before = studio.graph
    studio.select("camera")
    assert studio.room.add(STYLES) == "style"
    assert "camera.image -> style.image" in studio.links
    boxes = studio.workspace.canvas.scene.boxes
    assert not any(boxes["style"].bounds.meets(box.bounds) for name, box in boxes.items() if name != "style")
    studio.undo_brings_back(before)


def test_only_a_selected_node_with_another_model_of_the_task_can_have_it() -> None:
    studio = Studio()
    assert studio.room.taker(MOVENET) is None
    for nodes in (("camera",), ("pose", "poses")):
        studio.select(*nodes)
        assert studio.room.taker(MOVENET) is None
    studio.select("pose")
    assert studio.room.taker(MOVENET) == "pose"
    assert studio.room.taker(BLAZE) is None, "it has that one"
    assert studio.room.taker(STYLES) is None
    studio.room.replace(MOVENET)
    assert studio.graph["pose"].params == {"model": "movenet"}


def test_two_models_are_compared_on_the_same_wires_by_the_pictures_that_are_made_of_them() -> None:
    studio = Studio()
    before = studio.graph
    studio.select("pose")
    studio.room.compare(MOVENET)
    assert studio.graph["pose_2"].params == {"model": "movenet"}
    assert studio.graph["pose"].params == {}
    assert studio.links - {str(link) for link in before.links} == {
        "camera.image -> pose_2.image",
        "camera.image -> poses_2.image",
        "pose_2.poses -> poses_2.poses",
    }
    viewing = studio.workspace.sheet.viewing
    assert (str(viewing.held), str(viewing.other)) == ("poses.image", "poses_2.image")
    assert studio.workspace.title("poses_2") == "Draw poses: MoveNet Lightning"
    assert ("viewer",) in studio.front.opened
    assert studio.workspace.run.refresh().state == "running"
    boxes = [box.bounds for box in studio.workspace.canvas.scene.boxes.values()]
    assert not any(one.meets(other) for place, one in enumerate(boxes) for other in boxes[place + 1 :])
    studio.undo_brings_back(before)


def test_where_nothing_draws_the_results_what_draws_them_is_added_for_both() -> None:
    studio = Studio("camera.image -> pose.image")
    before = studio.graph
    studio.select("pose")
    studio.room.compare(MOVENET)
    viewing = studio.workspace.sheet.viewing
    one, other = viewing.held, viewing.other
    assert one is not None
    assert other is not None
    for end, pose in ((one, "pose"), (other, "pose_2")):
        assert studio.graph[end.node].type == "draw.poses"
        assert {f"camera.image -> {end.node}.image", f"{pose}.poses -> {end.node}.poses"} <= studio.links
    studio.undo_brings_back(before)


def test_what_lies_between_the_model_and_the_picture_is_doubled_with_it() -> None:
    studio = Studio("camera.image -> pose.image", "camera.image -> poses.image")
    graph, _ = studio.graph.add(Node("people.aged"), (300.0, 300.0))
    graph = graph.connect("camera.image -> aged.image", "pose.poses -> aged.poses", "aged.poses -> poses.poses")
    studio.workspace.edit("Between", graph)
    studio.select("pose")
    studio.room.compare(MOVENET)
    assert {"pose_2.poses -> aged_2.poses", "aged_2.poses -> poses_2.poses"} <= studio.links


def test_a_mask_is_looked_at_where_no_picture_is_made_of_it() -> None:
    image, shape = PortSchema("image", "Image"), PortSchema("mask", "Mask")
    mask = NodeSchema("find.mask", "Mask", "Find", inputs=(image,), outputs=(shape,))
    cut = NodeSchema("draw.cut", "Cut", "Draw", inputs=(shape,), outputs=(image,))
    catalog = Catalog({each.type: each for each in (mask, cut)})
    graph, _ = Graph().add(Node("find.mask"))
    assert str(picture_behind(graph, catalog, "mask")) == "mask.mask"
    graph, _ = graph.add(Node("draw.cut"))
    assert str(picture_behind(graph.connect("mask.mask -> cut.mask"), catalog, "mask")) == "cut.image"


def test_the_models_of_a_nodes_task_are_a_key_away() -> None:
    studio = Studio()
    _library, browse = library_commands(studio.workspace, lambda: None, lambda: False)
    assert not browse.enabled()
    studio.select("camera")
    assert not browse.enabled()
    studio.select("pose")
    assert browse.enabled()
    browse.action()
    assert studio.front.opened[-1] == ("models", "pose")


def test_the_palette_finds_models_and_shows_their_cards() -> None:
    studio = Studio()
    studio.room.stock.entries = ENTRIES
    finder = Finder(studio.workspace, Commands([]), lambda _schema: None, studio.room.rows)
    row = next(row for row in finder.find("movenet") if row.title == "Model MoveNet Lightning")
    assert row.action is not None
    row.action()
    assert (studio.room.open, studio.room.browsing.card) == (True, "movenet")


@pytest.mark.parametrize("open_before", [False, True])
def test_whether_it_is_open_is_remembered_and_a_task_can_be_asked_for(open_before: bool) -> None:
    studio = Studio()
    if open_before:
        studio.room.toggle()
    studio.room.show("style")
    assert studio.room.open
    assert ModelRoom(studio.workspace).open
    assert studio.room.browsing.filters.task == "style"
    studio.room.toggle()
    assert not studio.room.open

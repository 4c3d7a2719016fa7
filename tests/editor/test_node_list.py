"""What the add menu lists."""

from __future__ import annotations

from itertools import pairwise

import pytest

from nodeflow.editor.commands.loose_ends import Wanted
from nodeflow.editor.commands.node_list import NodeList, turns
from nodeflow.editor.commands.rows import Choice
from nodeflow.editor.settings.memory import Memory
from nodeflow.graph import Catalog, NodeSchema, PortSchema
from nodeflow.node import load_registry
from nodeflow.testing.graphs import TOY


def schema(type_: str, title: str, category: str, takes: str = "", gives: str = "", doc: str = "") -> NodeSchema:
    inputs = tuple(PortSchema(kind.lower(), kind) for kind in takes.split())
    outputs = tuple(PortSchema(kind.lower(), kind) for kind in gives.split())
    return NodeSchema(type_, title, category, doc, inputs=inputs, outputs=outputs)


MANY = Catalog(
    {
        each.type: each
        for each in [
            schema("people.pose", "Pose", "Find/People", "Image", "Poses", "Find people and their joints."),
            schema("people.crops", "Crop people", "Find/People", "Image Poses", "Image[]"),
            schema("faces.find", "Faces", "Find/Faces", "Image", "Detections"),
            schema("draw.poses", "Draw poses", "Draw", "Image Poses", "Image", "Draw skeletons over a picture."),
            schema("draw.boxes", "Draw boxes", "Draw", "Image Detections", "Image"),
            *(schema(f"image.n{number}", f"Image {number}", "Image", "Image", "Image") for number in range(20)),
        ]
    }
)


class Listed:
    def __init__(self, catalog: Catalog = MANY) -> None:
        self.catalog, self.memory = catalog, Memory()
        self.list = NodeList(self.memory)
        self.added: list[str] = []

    def rows(self, query: str = "", wanted: Wanted | None = None) -> list[Choice]:
        return self.list.rows(self.catalog, query, wanted, lambda schema: self.added.append(schema.type))

    def titles(self, query: str = "", wanted: Wanted | None = None) -> list[str]:
        return [row.title for row in self.rows(query, wanted)]

    def do(self, title: str, query: str = "") -> None:
        action = next(row for row in self.rows(query) if row.title == title and row.action).action
        assert action
        action()


@pytest.fixture
def listed() -> Listed:
    return Listed()


def test_categories_are_branches_that_unfold_and_stay_so(listed: Listed) -> None:
    assert listed.titles() == ["Draw", "Find", "Image"]
    assert [row.note for row in listed.rows()] == ["2", "3", "20"]
    listed.do("Find")
    assert listed.titles() == ["Draw", "Find", "Faces", "People", "Image"]
    listed.do("People")
    rows = listed.rows()
    assert [row.title for row in rows] == ["Draw", "Find", "Faces", "People", "Crop people", "Pose", "Image"]
    assert [row.level for row in rows] == [0, 0, 1, 1, 2, 2, 0]
    listed.do("Find")
    assert listed.titles() == ["Draw", "Find", "Image"]


def test_a_branch_stands_over_what_hangs_on_it(listed: Listed) -> None:
    for title in ("Find", "Faces", "People", "Draw"):
        listed.do(title)
    for above, below in pairwise(listed.rows()):
        assert below.level <= above.level + 1
        assert below.level <= above.level or above.unfolded


def test_few_nodes_are_all_listed_under_headings() -> None:
    few = Listed(Catalog({name: MANY.nodes[name] for name in ("people.pose", "draw.poses", "draw.boxes")}))
    assert few.titles() == ["Draw", "Draw boxes", "Draw poses", "Find/People", "Pose"]


def test_what_was_added_last_and_favourites_come_first(listed: Listed) -> None:
    listed.do("Pose", "pose")
    listed.do("Faces", "faces")
    assert listed.added == ["people.pose", "faces.find"]
    assert listed.titles()[:4] == ["Recent", "Faces", "Pose", "All nodes"]
    star = listed.rows("draw boxes")[0].star
    assert star
    star()
    assert listed.titles()[:6] == ["Favourites", "Draw boxes", "Recent", "Faces", "Pose", "All nodes"]
    assert listed.rows("draw boxes")[0].starred
    star()
    assert "Favourites" not in listed.titles()


def test_what_is_no_longer_installed_is_not_listed(listed: Listed) -> None:
    listed.memory.use("node", "gone.pack")
    listed.memory.toggle("node", "gone.other")
    assert listed.titles() == ["Draw", "Find", "Image"]


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("pose", "Pose"),
        ("image to pose", "Pose"),
        ("image -> poses", "Pose"),
        ("poses to image", "Draw poses"),
        ("joints", "Pose"),
        ("skeleton picture", "Draw poses"),
        ("faces.find", "Faces"),
        ("find/people", "Pose"),
        ("db", "Draw boxes"),
    ],
)
def test_nodes_are_found_by_title_help_category_type_and_kinds(listed: Listed, query: str, best: str) -> None:
    assert listed.titles(query)[0] == best


def test_a_loose_wire_leaves_what_can_take_it(listed: Listed) -> None:
    assert set(listed.titles(wanted=Wanted("Poses", "in"))) == {"Draw", "Draw poses", "Find/People", "Crop people"}
    assert listed.titles("", Wanted("Poses", "out")) == ["Find/People", "Pose"]


def test_the_toy_catalog_is_listed_whole() -> None:
    toy = Listed(TOY)
    everything = {row.about for row in toy.rows("t") + toy.rows("o") + toy.rows("e")}
    assert everything == set(TOY.nodes.values())


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("clip", "Video file"),
        ("webcam", "Camera"),
        ("mp4", "Video file"),
        ("grayscale", "Brightness and colour"),
        ("turn", "Rotate"),
        ("ocr", "Read text"),
        ("green screen", "Background"),
        ("text to speech", "Speak"),
        ("whisper", "Speech to text"),
        ("feedback", "Previous frame"),
        ("monitor", "Preview"),
    ],
)
def test_the_standard_nodes_are_found_by_what_people_call_them(query: str, best: str) -> None:
    assert Listed(load_registry().catalog).titles(query)[0] == best


def test_a_way_from_kind_to_kind() -> None:
    pose = MANY.nodes["people.pose"]
    assert turns(pose, "im to po")
    assert not turns(pose, "image")
    assert not turns(pose, "image to image")
    assert not turns(pose, "to poses")

"""Folders of pictures, and tables of what was found in them."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from random import Random
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.engine import Session, Start
from nodeflow.graph import Graph, Node
from nodeflow.node import NodeError, Registry, Tick, load_registry, node
from nodeflow.testing.nodes import NodeContext, open_node
from nodeflow.values import Classes, Detections, Frame, Image, Items, Number, Poses, Skeleton, Table, Text
from nodes.io.csv_writer import CsvWriter
from nodes.io.folder import PictureFolder, natural
from nodes.io.jsonl_writer import JsonLinesWriter
from nodes.rows import to_rows


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """img2 and img10 (red and green), a folder within, a file that is no picture, a hidden one, and a text."""
    for name, level in (
        ("img10.png", 100),
        ("img2.PNG", 20),
        ("sub/a.jpg", 200),
        ("sub/deep/z.png", 250),
        (".no.png", 1),
    ):
        place = tmp_path / "pictures" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(cv2.imencode(place.suffix.lower(), np.full((4, 6, 3), level, np.uint8))[1].tobytes())
    (tmp_path / "pictures" / "broken.png").write_bytes(b"no picture")
    (tmp_path / "pictures" / "notes.txt").write_text("x")
    return tmp_path


def given_by(root: Path, **params: Any) -> tuple[list[tuple[str, int]], list[str], int | None]:
    """Names with the level of the first pixel, the notes, and how many were announced."""
    ctx = NodeContext(root)
    with open_node(PictureFolder, ctx=ctx, folder="pictures", **params) as source:
        items = [(value[1].value, int(value[0].array[0, 0, 0])) for _, value in source.frames()]
        return items, ctx.notes, source.stream.frames


def test_pictures_come_in_natural_order_and_bad_ones_are_named(pictures: Path) -> None:
    items, notes, announced = given_by(pictures)
    assert [name for name, _ in items] == ["img2.PNG", "img10.png", "sub/a.jpg", "sub/deep/z.png"]
    assert [level for _, level in items][:2] == [20, 100]
    assert announced == 5
    assert notes == ["1 file passed over: broken.png is not a picture that can be read"]


@pytest.mark.parametrize("rate", [1.0, 25.0, 0.3])
def test_a_folder_can_be_sought_to_each_of_its_pictures_and_names_a_bad_one_once(pictures: Path, rate: float) -> None:
    ctx = NodeContext(pictures)
    with open_node(PictureFolder, ctx=ctx, folder="pictures", rate=rate) as source:
        whole = [(time, value[1].value) for time, value in source.frames()]
        assert [time for time, _ in whole] == [place / rate for place in (1, 2, 3, 4)], "broken.png has its place, too"
        assert source.stream.rate == rate
        for place, (time, _) in enumerate(whole):
            assert time is not None
            for sought in (time, time - 0.9 / rate):
                source.seek(sought)
                assert [(time, value[1].value) for time, value in source.frames()] == whole[place:]
        source.seek(5 / rate)
        assert list(source.frames()) == []
        source.seek(0.0)
        assert len(list(source.frames())) == 4
    assert ctx.notes == ["1 file passed over: broken.png is not a picture that can be read"]


def test_patterns_depth_and_a_limit(pictures: Path) -> None:
    assert [name for name, _ in given_by(pictures, recursive=False)[0]] == ["img2.PNG", "img10.png"]
    assert [name for name, _ in given_by(pictures, pattern="*.jpg")[0]] == ["sub/a.jpg"]
    assert [name for name, _ in given_by(pictures, pattern="img*", most=1)[0]] == ["img2.PNG"]
    with pytest.raises(NodeError, match="no pictures like"):
        given_by(pictures, pattern="nothing*")
    with pytest.raises(NodeError, match=r"elsewhere.*does not exist"):
        given_by(pictures / "elsewhere")


def test_links_that_lead_round_and_out_are_not_followed(pictures: Path) -> None:
    (pictures / "pictures" / "sub" / "round").symlink_to(pictures / "pictures", target_is_directory=True)
    assert len(given_by(pictures)[0]) == 4


@given(st.lists(st.text("aB10._-", max_size=8), max_size=8), st.randoms())
def test_natural_order_is_total_and_counts(names: list[str], random: Random) -> None:
    mixed = list(names)
    random.shuffle(mixed)
    assert sorted(names, key=natural) == sorted(mixed, key=natural)
    assert sorted([f"f{i}.png" for i in (10, 9, 100, 1)], key=natural) == [f"f{i}.png" for i in (1, 9, 10, 100)]


def table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


CAT = Classes(np.array([0.25, 0.75], np.float32), ("dog", "cat, tabby"))


def test_a_row_for_each_value_and_the_file_before_it(tmp_path: Path) -> None:
    with open_node(CsvWriter, ctx=NodeContext(tmp_path), path="out/made.csv") as writer:
        writer(CAT, Text('a "b", c.png'), tick=Tick(0, 0.0))
        writer(CAT, Text("=1+1.png"), tick=Tick(3, 0.1))
        assert not (tmp_path / "out/made.csv").exists()
    assert table(tmp_path / "out/made.csv") == [
        ["file", "frame", "label", "score"],
        ['a "b", c.png', "0", "cat, tabby", "0.75"],
        ["=1+1.png", "3", "cat, tabby", "0.75"],
    ]


def test_each_box_is_a_row_and_no_box_is_none(tmp_path: Path) -> None:
    frame = Frame.of(10, 10)
    xyxy, score = np.array([[0, 1, 2, 3], [4, 5, 6, 7.5]], np.float32), np.array([0.5, 0.25], np.float32)
    two = Detections(xyxy, score, np.array([0, 1]), ("a", "b"), frame)
    with open_node(CsvWriter, ctx=NodeContext(tmp_path), path="boxes.csv", separator="semicolon") as writer:
        writer(Detections.none(("a",), frame))
        writer(two)
        with pytest.raises(NodeError, match="other columns"):
            writer(Number(3))
        with pytest.raises(NodeError, match="does not fit"):
            writer(Image(np.zeros((2, 2, 3), np.uint8)))
    lines = (tmp_path / "boxes.csv").read_text().splitlines()
    assert lines[0] == "frame;label;score;left;top;right;bottom;track_id"
    assert lines[1:] == ["1;a;0.5;0.0;1.0;2.0;3.0;", "1;b;0.25;4.0;5.0;6.0;7.5;"]


def test_nothing_written_leaves_no_file(tmp_path: Path) -> None:
    with open_node(CsvWriter, ctx=NodeContext(tmp_path), path="none.csv"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_every_kind_of_table_has_as_many_cells_as_columns() -> None:
    arm = Skeleton("arm", ("hand", "elbow"), ((0, 1),))
    ones = np.ones((3, 2, 2), np.float32)
    poses = Poses(ones, ones[:, 0], arm, Frame.of(9, 9), ones[:, 0, 0], None, np.arange(3))
    for value, count in (
        (CAT, 1), (poses, 3), (Text("x"), 1), (Number(2), 1), (Items((CAT, CAT)), 2), (Items(()), 0),
        (Table(("a", "b"), ((1, 2), (3, 4))), 2),
    ):  # fmt: skip
        columns, rows = to_rows(value)
        assert len(rows) == count
        assert all(len(row) == len(columns) for row in rows)


def test_a_json_line_names_the_file(tmp_path: Path) -> None:
    with open_node(JsonLinesWriter, ctx=NodeContext(tmp_path), path="made.jsonl") as writer:
        writer(Number(1), Text("a.png"))
        writer(Number(2))
    lines = (tmp_path / "made.jsonl").read_text().splitlines()
    assert [json.loads(line).get("file") for line in lines] == ["a.png", None]


@node("t.brightness", category="Test")
def brightness(image: Image) -> Number:
    return Number(float(image.array.mean()))


def test_a_folder_runs_to_its_end_with_a_row_for_each_good_picture(pictures: Path) -> None:
    standard = load_registry(pictures / "no_packs")
    registry = Registry({**standard.types, **Registry.of(brightness).types})
    graph = Graph(
        {
            "folder": Node("io.folder", params={"folder": "pictures"}),
            "level": Node("t.brightness"),
            "table": Node("io.csv_writer", params={"path": "levels.csv"}),
        }
    ).connect("folder.image -> level.image", "level.number -> table.value", "folder.file -> table.item")
    with Session(graph, registry, folder=pictures) as session:
        session.send(Start())
        end = session.wait(60)
    assert (end.state, end.finished, end.total) == ("finished", 4, 5)
    assert "broken.png" in end.nodes["folder"].message
    assert [row[0] for row in table(pictures / "levels.csv")[1:]] == [
        "img2.PNG",
        "img10.png",
        "sub/a.jpg",
        "sub/deep/z.png",
    ]

"""Picture and JSON-lines writers, and the form that values take in JSON."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.engine import Edit, Session, Start
from nodeflow.graph import Graph, Node
from nodeflow.node import Instance, NodeError, Registry, Tick, node, node_type_of
from nodeflow.testing.nodes import NodeContext, open_node, run_node
from nodeflow.values import (
    KINDS,
    Audio,
    Boolean,
    Classes,
    Color,
    Detections,
    Frame,
    Image,
    Mask,
    Number,
    Poses,
    Skeleton,
    Table,
    Tensor,
    Text,
    Vector,
)
from nodes.io.csv_writer import CsvWriter
from nodes.io.image_writer import ImageWriter, file_name
from nodes.io.jsonl_writer import JsonLinesWriter
from nodes.io.midi_writer import MidiWriter
from nodes.io.sound_writer import SoundWriter
from nodes.io.video_writer import VideoWriter
from nodes.jsonable import to_json
from tests.engine.session_parts import until
from tests.nodes.test_video_writer import room_for

PICTURE = Image(np.random.default_rng(0).integers(0, 256, (30, 40, 3)).astype(np.uint8))
FRAME = Frame.of(40, 30)
PAIR = Skeleton("pair", ("left", "right"), ((0, 1),))


def floats(values: list[Any]) -> np.ndarray:
    return np.array(values, np.float32)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_pictures_are_numbered_and_whole(tmp_path: Path) -> None:
    with open_node(ImageWriter, ctx=NodeContext(tmp_path), path="made/f_{index:03}.png") as writer:
        for index in (0, 7, 1234):
            writer(PICTURE, tick=Tick(index, index / 30))
    assert sorted(place.name for place in (tmp_path / "made").iterdir()) == ["f_000.png", "f_007.png", "f_1234.png"]
    assert np.array_equal(np.asarray(cv2.imread(str(tmp_path / "made/f_007.png")))[..., ::-1], PICTURE.array)


@pytest.mark.parametrize("ending", ["jpg", "jpeg", "webp", "bmp", "tiff", "JPG"])
def test_other_picture_formats(tmp_path: Path, ending: str) -> None:
    run_node(ImageWriter, PICTURE, ctx=NodeContext(tmp_path), path=f"größe.{ending}", quality=90)
    data = np.frombuffer((tmp_path / f"größe.{ending}").read_bytes(), np.uint8)
    assert np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR)).shape == (30, 40, 3)


def test_quality_counts(tmp_path: Path) -> None:
    for quality in (10, 95):
        run_node(ImageWriter, PICTURE, ctx=NodeContext(tmp_path), path=f"{quality}.jpg", quality=quality)
    assert (tmp_path / "10.jpg").stat().st_size < (tmp_path / "95.jpg").stat().st_size / 2


@pytest.mark.parametrize(
    ("pattern", "name"),
    [("{index}.png", "12.png"), ("a_{index:05}_{time:.2f}.jpg", "a_00012_0.40.jpg"), ("still.png", "still.png")],
)
def test_names(pattern: str, name: str) -> None:
    assert file_name(pattern, Tick(12, 0.4)) == name


@pytest.mark.parametrize(
    "pattern", ["{index.__class__}.png", "{index:999999999}.png", "{0}.png", "{name}.png", "a{.png", "a.txt", "{index}"]
)
def test_names_that_ask_for_too_much_are_refused_at_once(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(NodeError) as caught, open_node(ImageWriter, ctx=NodeContext(tmp_path), path=pattern):
        pass
    assert caught.value.hint


def test_a_picture_that_does_not_fit_on_the_disk_leaves_nothing(tmp_path: Path) -> None:
    with room_for(100), pytest.raises(NodeError, match=r"disk is full: .*a\.png"):
        run_node(ImageWriter, PICTURE, ctx=NodeContext(tmp_path), path="a.png")
    assert list(tmp_path.iterdir()) == []


def test_json_lines_appear_at_the_end_one_for_each_value(tmp_path: Path) -> None:
    with open_node(JsonLinesWriter, ctx=NodeContext(tmp_path), path="made/out.jsonl") as writer:
        writer(Number(3.5, "fps"), tick=Tick(0, 0.0))
        writer(Text("grüße\nzwei"), tick=Tick(4, 1 / 3))
        assert not (tmp_path / "made/out.jsonl").exists()
    assert lines(tmp_path / "made/out.jsonl") == [
        {"frame": 0, "time": 0.0, "kind": "Number", "value": 3.5, "unit": "fps"},
        {"frame": 4, "time": 0.333333, "kind": "Text", "value": "grüße\nzwei"},
    ]


def test_no_lines_leave_no_file(tmp_path: Path) -> None:
    with open_node(JsonLinesWriter, ctx=NodeContext(tmp_path), path="out.jsonl"):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("room", [0, 20_000])
def test_lines_that_do_not_fit_on_the_disk_leave_nothing(tmp_path: Path, room: int) -> None:
    def attempt() -> None:
        with open_node(JsonLinesWriter, ctx=NodeContext(tmp_path), path="out.jsonl") as writer:
            for _ in range(3):
                writer(Text("x" * 9000))

    with room_for(room), pytest.raises(NodeError, match=r"disk is full: .*out\.jsonl"):
        attempt()
    assert list(tmp_path.iterdir()) == []


def test_a_value_that_is_none_spoils_only_its_own_line(tmp_path: Path) -> None:
    with open_node(JsonLinesWriter, ctx=NodeContext(tmp_path), path="out.jsonl") as writer:
        with pytest.raises(TypeError, match="object is no kind of value"):
            writer(object())
        writer(Boolean(True))
    assert [line["value"] for line in lines(tmp_path / "out.jsonl")] == [True]


def _sound(seconds: float) -> Audio:
    return Audio(np.full((1, round(8000 * seconds)), 0.25, np.float32), 8000)


def _notes(key: int) -> Table:
    return Table(("start", "end", "key"), ((0.0, 1.0, key),))


@pytest.mark.parametrize(
    ("code", "name", "values"),
    [
        (JsonLinesWriter, "a.jsonl", (Number(1), Number(2))),
        (CsvWriter, "a.csv", (Number(1), Number(2))),
        (SoundWriter, "a.wav", (_sound(1), _sound(0.5))),
        (MidiWriter, "a.mid", (_notes(60), _notes(61))),
        (VideoWriter, "a.mp4", (PICTURE, Image(PICTURE.array[:20]))),
    ],
)
def test_a_value_that_is_all_there_is_is_written_at_once_and_the_next_in_its_place(
    tmp_path: Path, code: type, name: str, values: tuple[Any, Any]
) -> None:
    node_type, ctx = node_type_of(code), NodeContext(tmp_path / "here")
    params = {param.name: param.default for param in node_type.schema.params} | {"path": name}
    rest = (None,) * (len(node_type.schema.inputs) - 1)
    writer = Instance(node_type)
    writer.open(ctx, params)
    try:
        for value in values:
            writer.call_once((value, *rest), Tick(0, 0.0), {})
            run_node(code, value, ctx=NodeContext(tmp_path / "alone"), tick=Tick(0, 0.0), path=name)
            assert (tmp_path / "here" / name).read_bytes() == (tmp_path / "alone" / name).read_bytes()
    finally:
        writer.close()
    assert [path.name for path in (tmp_path / "here").iterdir()] == [name]


@node("t.say", category="Test")
def say(words: str = "one") -> Text:
    return Text(words)


def test_a_still_graph_that_somebody_watches_has_written_what_it_shows(tmp_path: Path) -> None:
    graph = Graph({"say": Node("t.say"), "write": Node("io.jsonl_writer", params={"path": "out.jsonl"})})
    graph, out = graph.connect("say.text -> write.value"), tmp_path / "out.jsonl"
    with Session(graph, Registry.of(say, JsonLinesWriter), folder=tmp_path, interactive=True) as session:
        session.send(Start())
        until(lambda: "write" in session.snapshot().nodes and session.snapshot().nodes["write"].runs == 1)
        assert [line["value"] for line in lines(out)] == ["one"]
        session.send(Edit(graph.set_param("say", "words", "two")))
        until(lambda: session.snapshot().nodes["write"].runs == 2)
        assert [line["value"] for line in lines(out)] == ["two"]
        assert session.snapshot().state == "running"
    assert [line["value"] for line in lines(out)] == ["two"]


def test_poses_in_json() -> None:
    xy, score = floats([[[1.234, 2.0], [3.0, np.nan]]]), floats([[0.5, 0.25]])
    poses = Poses(xy, score, PAIR, FRAME, floats([0.9]), np.ones((1, 2, 3), np.float32), np.array([7]))
    assert to_json(poses) == {
        "kind": "Poses",
        "skeleton": "pair",
        "joints": ["left", "right"],
        "people": [
            {"score": 0.9, "joints": [[1.23, 2.0, 0.5], [3.0, None, 0.25]], "xyz": [[1.0] * 3] * 2, "track_id": 7}
        ],
        "size": [40, 30],
    }


def test_detections_in_json_name_their_crop() -> None:
    crop = FRAME.cropped(5, 6, 10, 10)
    boxes = Detections(floats([[1, 2, 3, 4.5]]), floats([0.75]), np.array([1]), ("cat", "dog"), crop)
    assert to_json(boxes) == {
        "kind": "Detections",
        "boxes": [{"label": "dog", "score": 0.75, "xyxy": [1.0, 2.0, 3.0, 4.5]}],
        "size": [10, 10],
        "to_source": [1.0, 0.0, 5, 0.0, 1.0, 6],
    }


EXAMPLES = {
    "Image": PICTURE,
    "Mask": Mask(np.zeros((30, 40), np.float32), FRAME),
    "Detections": Detections.none(("cat",), FRAME),
    "Poses": Poses.none(PAIR, FRAME),
    "Classes": Classes(floats([0.2, 0.8]), ("cat", "dog")),
    "Text": Text("hello", "en"),
    "Number": Number(math.inf),
    "Boolean": Boolean(False),
    "Color": Color(255, 0, 16),
    "Vector": Vector(floats([0.5, np.inf]), "faces"),
    "Audio": Audio(np.zeros((2, 800), np.float32), 8000),
    "Table": Table(("a", "b"), ((1, "x"), (math.nan, None))),
    "Tensor": Tensor(np.zeros((2, 3)), ("y", "x")),
}


def test_every_kind_has_a_form_in_json_that_other_programs_read() -> None:
    assert EXAMPLES.keys() == KINDS.keys()
    for kind, value in EXAMPLES.items():
        said = json.loads(json.dumps(to_json(value), allow_nan=False))
        assert said["kind"] == kind
    assert to_json(EXAMPLES["Classes"]) == {
        "kind": "Classes", "label": "dog", "score": 0.8,
        "classes": [{"label": "dog", "score": 0.8}, {"label": "cat", "score": 0.2}],
    }  # fmt: skip
    many = to_json(Classes(np.linspace(0, 1, 1000, dtype=np.float32), tuple(map(str, range(1000)))))["classes"]
    assert [each["label"] for each in many] == [str(number) for number in range(999, 979, -1)]
    assert to_json(EXAMPLES["Table"])["rows"] == [[1, "x"], [None, None]]
    assert to_json(EXAMPLES["Vector"]) == {"kind": "Vector", "family": "faces", "values": [0.5, None]}


@given(st.lists(st.tuples(*[st.floats(width=32)] * 4), max_size=4))
def test_any_coordinates_make_sound_json(rows: list[tuple[float, ...]]) -> None:
    boxes = np.array(rows, np.float32).reshape(-1, 4)
    found = Detections(boxes, np.ones(len(boxes), np.float32), np.zeros(len(boxes), int), ("thing",), FRAME)
    json.dumps(to_json(found), allow_nan=False)

"""Painting without a window: presses and moves in pixels of the picture, drawings in the document."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.editor.canvas.gestures import NO_KEYS, Held
from nodeflow.editor.painting.easel import KINDS, Easel
from nodeflow.editor.workspace import Workspace
from nodeflow.graph import Catalog, Drawing, Endpoint, Graph, Node, Stroke, dumps, loads
from nodeflow.graph.drawing import MOST_STROKES, drawing_fault
from nodeflow.graph.schema import NodeSchema, ParamSchema, PortSchema
from tests.editor.fakes import FakeEngine, FakeFront

IMAGE = PortSchema("image", "Image")
PAINT = NodeSchema(
    "io.paint",
    "Paint",
    "Input",
    inputs=(PortSchema("image", "Image", optional=True),),
    outputs=(IMAGE, PortSchema("mask", "Mask")),
    params=(
        ParamSchema("width", "integer", 512),
        ParamSchema("height", "integer", 512),
        ParamSchema("background", "color", "#ffffff"),
        ParamSchema("smooth", "toggle", False),
        ParamSchema("opacity", "number", 1.0),
        ParamSchema("drawing", "drawing", None),
    ),
)
PHOTO = NodeSchema("io.image", "Image file", "Input", outputs=(IMAGE,))
SHIFT = Held(shift=True)


class Studio:
    """A workspace with a Paint node in front of the viewer."""

    def __init__(self, **params: Any) -> None:
        self.engines: list[FakeEngine] = []
        self.workspace = Workspace(FakeFront(), self._engine)
        self.workspace.use_catalog(Catalog({"io.paint": PAINT, "io.image": PHOTO}))
        graph, _ = Graph().add(Node("io.paint", params={"width": 100, "height": 80, **params}))
        self.workspace.edit("Add", graph)
        self.now = 0.0
        self.easel = Easel(self.workspace, lambda: self.now)
        self.look()

    def _engine(self, graph: Graph, folder: Any) -> FakeEngine:
        self.engines.append(FakeEngine(graph, folder))
        return self.engines[-1]

    def look(self, port: str = "") -> None:
        self.easel.look(Endpoint("paint", port))

    @property
    def drawing(self) -> Drawing:
        return Drawing.read(self.workspace.graph["paint"].params.get("drawing"), (100, 80))

    @property
    def strokes(self) -> list[str]:
        return list(self.drawing.strokes)

    def stroke(self, *way: tuple[float, float], held: Held = NO_KEYS) -> None:
        self.easel.press(way[0], held)
        for at in way[1:]:
            self.easel.move(at, held)
        self.easel.release()
        self.look()


@pytest.fixture
def studio() -> Studio:
    return Studio()


def test_a_stroke_is_one_step_of_undo(studio: Studio) -> None:
    studio.easel.width = 6.0
    studio.stroke((10, 10), (20, 10), (40, 10), (40, 30))
    studio.stroke((50, 50))
    assert studio.strokes == ["brush #000000 6 10,10 40,10 40,30", "brush #000000 6 50,50"]
    assert studio.drawing.size == (100, 80)
    assert studio.workspace.document.history.undo_name == "Paint on Paint"
    studio.workspace.undo()
    assert len(studio.strokes) == 1
    studio.workspace.undo()
    assert studio.workspace.graph["paint"].params.get("drawing") is None
    studio.workspace.redo()
    studio.workspace.redo()
    assert len(studio.strokes) == 2


def test_what_is_under_the_hand_is_seen_at_once_and_told_when_it_is_done(studio: Studio) -> None:
    before = studio.workspace.graph
    studio.easel.press((10, 10), NO_KEYS)
    studio.easel.move((30, 10), NO_KEYS)
    assert studio.easel.drawing
    assert studio.easel.drawing.strokes == ("brush #000000 16 10,10 30,10",)
    studio.look()
    assert studio.workspace.graph is before
    studio.easel.release()
    assert studio.easel.drawing == studio.drawing


def test_while_a_graph_runs_it_sees_a_stroke_grow_as_parts_of_one_step(studio: Studio) -> None:
    studio.workspace.start_or_pause()
    studio.workspace.run.refresh()
    studio.easel.press((10, 10), NO_KEYS)
    for step in range(1, 40):
        studio.now += 0.02
        studio.easel.move((10 + step, 10), NO_KEYS)
        studio.look()
    told = len(studio.engines[0].sent)
    assert 5 <= told <= 10
    assert studio.strokes == ["brush #000000 16 10,10 46,10"]
    studio.easel.release()
    assert studio.strokes == ["brush #000000 16 10,10 49,10"]
    studio.workspace.undo()
    assert studio.strokes == []


def test_a_long_scribble_stays_small_and_keeps_its_way(studio: Studio) -> None:
    way = [(50 + 40 * math.cos(n / 20), 40 + 30 * math.sin(n / 13)) for n in range(3000)]
    studio.easel.width = 2.0
    studio.stroke(*way)
    (text,) = studio.strokes
    stroke = Stroke.parse(text)
    assert len(stroke.points) < 1000
    assert len(text) < 12_000
    assert stroke.points[-1] == (round(way[-1][0], 1), round(way[-1][1], 1))


def test_a_stroke_can_be_taken_back_while_it_is_made(studio: Studio) -> None:
    assert not studio.easel.cancel()
    studio.stroke((50, 50))
    studio.workspace.start_or_pause()
    studio.workspace.run.refresh()
    studio.easel.press((10, 10), NO_KEYS)
    studio.now += 1.0
    studio.look()
    assert len(studio.strokes) == 2
    assert studio.easel.cancel()
    studio.look()
    assert len(studio.strokes) == 1
    assert studio.easel.drawing == studio.drawing


def test_each_tool_makes_its_stroke(studio: Studio) -> None:
    easel = studio.easel
    easel.color, easel.width = "#ff0000", 4.0
    for easel.kind in KINDS:
        studio.stroke((10, 10), (20, 30), (30, 20))
    assert studio.strokes == [
        "brush #ff0000 4 10,10 20,30 30,20",
        "brush clear 4 10,10 20,30 30,20",
        "fill #ff0000 10,10",
        "rectangle #ff0000 10,10 30,20",
        "brush #ff0000 4 10,10 30,20",
    ]


def test_shift_makes_lines_straight_and_rectangles_square(studio: Studio) -> None:
    easel = studio.easel
    easel.width = 4.0
    studio.stroke((10, 10), (20, 30), (30, 20), held=SHIFT)
    easel.kind = "line"
    studio.stroke((10, 10), (30, 12), held=SHIFT)
    easel.kind = "rectangle"
    studio.stroke((50, 50), (40, 30), held=SHIFT)
    assert studio.strokes == [
        "brush #000000 4 10,10 30,20",
        "brush #000000 4 10,10 30,10",
        "rectangle #000000 50,50 30,30",
    ]


def test_on_a_picture_of_another_size_the_brush_paints_where_it_is_seen() -> None:
    studio = Studio(drawing={"size": [50, 40], "strokes": ["fill #ff0000 1,1"]})
    studio.easel.width = 8.0
    studio.stroke((100, 80))
    assert studio.drawing.size == (50, 40)
    assert studio.strokes[-1] == "brush #ff0000 4 50,40"


def test_a_picture_that_is_wired_in_is_painted_on_once_it_is_seen(studio: Studio) -> None:
    graph, photo = studio.workspace.graph.add(Node("io.image"))
    studio.workspace.edit("Wire", graph.connect(f"{photo}.image -> paint.image"))
    studio.look()
    assert studio.easel.paper
    assert studio.easel.paper.under == Endpoint(photo, "image")
    assert not studio.easel.ready
    studio.stroke((5, 5))
    assert studio.strokes == []
    studio.easel.size = (640, 480)
    studio.stroke((320, 240))
    assert studio.drawing.size == (640, 480)


def test_other_nodes_and_the_mask_are_not_painted_on(studio: Studio) -> None:
    studio.look("mask")
    assert not studio.easel.ready
    studio.stroke((5, 5))
    studio.look("image")
    assert studio.easel.ready
    studio.easel.press((5, 5), NO_KEYS)
    studio.easel.look(None)
    assert not studio.easel.busy
    assert studio.easel.drawing is None
    assert studio.workspace.graph["paint"].params.get("drawing") is None


def test_a_set_of_colours_belongs_to_the_drawing(studio: Studio) -> None:
    studio.easel.use_palette("facades")
    studio.look()
    assert studio.drawing.palette == "facades"
    assert studio.easel.color == "#0d3dfb"
    studio.stroke((5, 5))
    assert studio.drawing.palette == "facades"
    studio.easel.clear()
    studio.look()
    assert studio.drawing == Drawing((100, 80), (), "facades")
    studio.workspace.undo()
    assert len(studio.strokes) == 1


def test_a_drawing_is_gone_on_with_in_the_colour_it_was_left_with() -> None:
    studio = Studio(drawing={"size": [100, 80], "strokes": ["fill #a50000 1,1"], "palette": "facades"})
    assert studio.easel.color == "#a50000"
    studio.easel.choose("#0075ff")
    studio.look()
    assert studio.easel.color == "#0075ff"
    erased = Studio(drawing={"size": [100, 80], "strokes": ["fill clear 1,1"], "palette": "facades"})
    assert erased.easel.color == "#0d3dfb"


def test_the_brush_gets_wider_and_narrower_within_bounds(studio: Studio) -> None:
    easel = studio.easel
    for _ in range(60):
        easel.resize(1)
    assert easel.width == 400
    for _ in range(60):
        easel.resize(-1)
    assert easel.width == 1
    easel.resize(1)
    assert easel.width == 2


def test_a_full_drawing_takes_no_more_and_says_so() -> None:
    full = {"size": [100, 80], "strokes": ["rectangle #ff0000 1,1 2,2"] * MOST_STROKES}
    studio = Studio(drawing=full)
    studio.stroke((5, 5))
    assert len(studio.strokes) == MOST_STROKES
    assert "2,000 strokes at most" in studio.workspace.notices.current()[-1].text


def test_what_is_wrong_in_a_file_is_an_empty_paper() -> None:
    studio = Studio(drawing={"size": [0, 0]}, width=10**9, height="x", background=None)
    assert studio.easel.size == (4096, 512)
    assert studio.easel.drawing == Drawing((4096, 512))


_POINT = st.tuples(st.floats(-200, 300), st.floats(-200, 300))
_WAY = st.lists(_POINT, min_size=1, max_size=12)


@given(st.lists(st.tuples(st.sampled_from(KINDS), _WAY, st.booleans(), st.integers(1, 400)), max_size=6))
def test_whatever_is_painted_can_be_saved_and_undone(strokes: list[Any]) -> None:
    studio = Studio()
    start = studio.workspace.graph
    for kind, way, shift, width in strokes:
        studio.easel.kind, studio.easel.width = kind, float(width)
        studio.stroke(*way, held=Held(shift=shift))
    made = studio.workspace.graph
    assert len(studio.strokes) == len(strokes)
    assert drawing_fault(made["paint"].params.get("drawing")) == ""
    assert all(str(Stroke.parse(text)) == text for text in studio.strokes)
    assert loads(dumps(made)) == made
    for _ in strokes:
        studio.workspace.undo()
    assert studio.workspace.graph is start

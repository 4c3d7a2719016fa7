"""Drawings in a graph: what may stand in a file, what may not, and that both come back as they were."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.graph import Drawing, Graph, Node, ParamSchema, Stroke, dumps, fault, loads
from nodeflow.graph.drawing import MOST_STROKES
from nodeflow.testing.drawings import drawings, strokes

PARAM = ParamSchema("drawing", "drawing", None)


@given(strokes())
def test_a_stroke_reads_as_it_was_written(stroke: Stroke) -> None:
    assert Stroke.parse(str(stroke)) == stroke


@given(drawings())
def test_a_drawing_comes_back_from_a_file(drawing: Drawing) -> None:
    graph, name = Graph().add(Node("io.paint", params={"drawing": drawing.json()}))
    text = dumps(graph)
    again = loads(text)
    assert Drawing.read(again[name].params["drawing"]) == drawing
    assert again == graph
    assert dumps(again) == text
    assert fault(PARAM, drawing.json()) == ""


def test_each_stroke_has_a_line_in_the_file() -> None:
    made = tuple(f"brush #0d3dfb 12 {n},20 40,60 80,10" for n in range(5))
    graph, _ = Graph().add(Node("io.paint", params={"drawing": Drawing((256, 256), made).json()}))
    lines = [line.strip().rstrip(",") for line in dumps(graph).splitlines()]
    assert all(f'"{stroke}"' in lines for stroke in made)


def brushes(*points: str, width: str = "5") -> dict[str, Any]:
    return {"size": [64, 64], "strokes": [f"brush #ff0000 {width} {' '.join(points)}"]}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (3, "must be a drawing"),
        ([], "must be a drawing"),
        ({"size": [64, 64], "code": "x"}, "must be a drawing"),
        ({"strokes": []}, "a size of two whole numbers"),
        ({"size": [64, 1 << 30]}, "from 1 to 4096"),
        ({"size": [True, 64]}, "a size"),
        ({"size": [64, 64], "strokes": "brush"}, "a list of texts"),
        ({"size": [64, 64], "strokes": [["brush"]]}, "a list of texts"),
        ({"size": [64, 64], "strokes": ["fill #ff0000 1,1"] * (MOST_STROKES + 1)}, "2,000 strokes at most"),
        ({"size": [64, 64], "palette": 7}, "a palette that is a short name"),
        ({"size": [64, 64], "strokes": ["spray #ff0000 1,1"]}, "strokes[0] is of no tool"),
        (brushes(), 'not written like "brush #ff8800 12 10,20 30.5,40"'),
        (brushes("nan,1"), "not written like"),
        (brushes("1e9,1"), "not written like"),
        (brushes("1,1", width="0"), "0 pixels wide"),
        (brushes("1,1", width="99999"), "at most 1024"),
        (brushes("1,1\n2,2"), "not written like"),
        (brushes("1,1", "2"), "not written like"),
        (brushes(*["1,1"] * 200_000), "400,000 letters at most"),
        ({"size": [64, 64], "strokes": ["rectangle #ff0000 1,1"]}, "not written like"),
        ({"size": [64, 64], "strokes": ["fill red 1,1"]}, "not written like"),
        ({"size": [4096, 4096], "strokes": ["fill #ff0000 1,1"] * 2000}, "must be less to draw"),
        ({"size": [1024, 1024], "strokes": ["brush #ff0000 1024" + " 1,1" * 90_000]}, "must be less to draw"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_words(value: Any, said: str) -> None:
    wrong = fault(PARAM, value)
    assert wrong.startswith("must ")
    assert said in wrong
    assert len(wrong) < 300


@given(
    st.recursive(
        st.none() | st.text() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_whatever_a_file_says_is_judged(value: Any) -> None:
    wrong = fault(PARAM, value)
    if not wrong:
        Drawing.read(value)

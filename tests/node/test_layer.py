"""Drawings as pixels: exact, within their size, and the same whatever way they came about."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.graph import Drawing, Stroke
from nodeflow.graph.drawing import CLEAR
from nodeflow.node import Layer
from nodeflow.testing.drawings import drawings, strokes


def painted(drawing: Drawing, size: tuple[int, int] | None = None, smooth: bool = False) -> Layer:
    layer = Layer(*(size or drawing.size), smooth)
    layer.show(drawing)
    return layer


def one(stroke: str, size: tuple[int, int] = (32, 32)) -> np.ndarray:
    return painted(Drawing(size, (stroke,))).coverage > 0


@given(drawings(), st.booleans(), st.none() | st.tuples(st.integers(1, 70), st.integers(1, 70)))
def test_any_drawing_is_painted_alike_every_time(drawing: Drawing, smooth: bool, size: tuple[int, int] | None) -> None:
    first, second = painted(drawing, size, smooth), painted(drawing, size, smooth)
    assert first.paint.shape == (*(size or drawing.size)[::-1], 4)
    assert np.array_equal(first.paint, second.paint)
    assert not first.paint[first.coverage == 0].any()
    if not smooth:
        inks = {tuple(bytes.fromhex(Stroke.parse(text).color[1:])) for text in drawing.strokes if CLEAR not in text}
        assert {tuple(pixel[:3]) for pixel in first.paint.reshape(-1, 4).tolist() if pixel[3]} <= inks
        assert set(np.unique(first.coverage)) <= {0, 255}


@given(drawings(), drawings(), st.booleans())
def test_a_layer_follows_a_drawing_through_edits_and_undo(one: Drawing, other: Drawing, smooth: bool) -> None:
    layer = Layer(*one.size, smooth)
    shorter = Drawing(one.size, one.strokes[:-1])
    for drawing in (one, shorter, other, shorter, one):
        layer.show(drawing)
        assert np.array_equal(layer.paint, painted(drawing, one.size, smooth).paint)


@given(strokes().filter(lambda stroke: stroke.tool == "brush" and stroke.width > 1))
def test_a_brush_paints_the_pixels_whose_centres_it_covers(stroke: Stroke) -> None:
    size = (40, 30)
    found = painted(Drawing(size, (str(stroke).replace(CLEAR, "#ff0000"),))).coverage > 0
    far = np.full((30, 40), np.inf)
    x, y = np.meshgrid(np.arange(40) + 0.5, np.arange(30) + 0.5)
    for (ax, ay), (bx, by) in zip(stroke.points, [*stroke.points[1:], stroke.points[-1]], strict=True):
        length = (bx - ax) ** 2 + (by - ay) ** 2
        along = np.clip(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length, 0, 1) if length else 0 * x
        far = np.minimum(far, np.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay)))
    assert found[far < stroke.width / 2 - 1e-6].all()
    assert not found[far > stroke.width / 2 + 1e-6].any()


@pytest.mark.parametrize("width", range(1, 9))
def test_a_straight_line_is_as_wide_as_its_brush(width: int) -> None:
    assert one(f"brush #ff0000 {width} 5,15 25,15")[:, 15].sum() == width
    assert one(f"brush #ff0000 {width} 15.5,5 15.5,25")[15].sum() == width


def test_a_thin_brush_leaves_no_gap_however_it_goes() -> None:
    for turn in range(40):
        x, y = 16 + 14 * math.cos(turn / 40 * math.pi), 16 + 14 * math.sin(turn / 40 * math.pi)
        line = one(f"brush #ff0000 1 {32 - x:.2f},{32 - y:.2f} {x:.2f},{y:.2f}").astype(np.uint8)
        near = np.pad(line, 1)
        around = [near[1 + dy : 33 + dy, 1 + dx : 33 + dx] for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
        touch = np.sum(around, axis=0) - 1
        assert (touch[line > 0] >= 1).all()
        assert (touch[line > 0] == 1).sum() <= 2


def test_a_rectangle_covers_the_pixels_between_its_corners() -> None:
    assert np.argwhere(one("rectangle #ff0000 5,2 3,4", (8, 6))).tolist() == [[2, 3], [2, 4], [3, 3], [3, 4]]


def test_a_fill_stops_at_another_colour_and_at_the_edge_of_the_paint() -> None:
    ring = "brush #00ff00 1 8,8 24,8 24,24 8,24 8,8"
    layer = painted(Drawing((32, 32), (ring, "fill #ff0000 16,16", "fill #0000ff 8,8", "fill clear 16,16")))
    assert layer.paint[16, 16].tolist() == [0, 0, 0, 0]
    assert layer.paint[8, 16].tolist() == [0, 0, 255, 255]
    assert layer.paint[2, 2].tolist() == [0, 0, 0, 0]


def test_paint_lies_over_a_picture_and_can_be_taken_away_again() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (32, 32, 3)).astype(np.uint8)
    layer = painted(Drawing((32, 32), ("rectangle #102030 0,0 16,32", "brush clear 8 8,0 8,32")))
    made = layer.over(picture)
    assert (made[:, :4] == (16, 32, 48)).all()
    assert np.array_equal(made[:, 4:12], picture[:, 4:12])
    assert np.array_equal(made[:, 16:], picture[:, 16:])


def test_soft_edges_mix_the_colours() -> None:
    layer = painted(Drawing((32, 32), ("brush #ffffff 7 4,4 28,25",)), smooth=True)
    assert len(np.unique(layer.coverage)) > 4
    assert (layer.paint[layer.coverage > 0][:, :3] >= 254).all()


def test_what_is_too_much_to_draw_is_refused_before_it_is_drawn() -> None:
    drawing = Drawing((64, 64), ("fill #ff0000 1,1",) * 500)
    painted(drawing)
    with pytest.raises(ValueError, match=r"at 4096x4096, the strokes go over .* million pixels"):
        Layer(4096, 4096).show(drawing)

"""The Paint node: a paper with strokes on it, or a picture under them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given

from nodeflow.graph import Drawing
from nodeflow.node import NodeError
from nodeflow.testing.drawings import drawings
from nodeflow.testing.nodes import open_node, run_node
from nodeflow.values import Image, Mask
from nodes.io.paint import Paint

PLAN = Drawing((32, 32), ("rectangle #0d3dfb 4,4 12,28", "fill #0006d9 30,2"))


def run(image: Image | None = None, **live: Any) -> tuple[Image, Mask]:
    made: tuple[Image, Mask] = run_node(Paint, image, **live)
    return made


def test_a_paper_with_strokes_on_it() -> None:
    image, mask = run(width=64, height=64, background="#ff0000", drawing=Drawing(PLAN.size, PLAN.strokes[:1]).json())
    assert image.frame.size == (64, 64)
    assert image.array[20, 10].tolist() == [13, 61, 251]
    assert image.array[2, 2].tolist() == [255, 0, 0]
    assert mask.weight.sum() == 16 * 48
    assert mask.frame == image.frame


def test_nothing_is_painted_at_first() -> None:
    image, mask = run(width=20, height=16)
    assert (image.array == 255).all()
    assert image.array.shape == (16, 20, 3)
    assert not mask.weight.any()


@given(drawings())
def test_on_a_picture_only_what_is_painted_changes(drawing: Drawing) -> None:
    under = Image(np.random.default_rng(3).integers(0, 256, (30, 40, 3)).astype(np.uint8)).cropped(2, 3, 30, 20)
    image, mask = run(under, drawing=drawing.json())
    assert image.frame == mask.frame == under.frame
    bare = mask.weight == 0
    through, same = run(under, drawing=drawing.json(), opacity=0.0)
    assert np.array_equal(through.array, under.array)
    assert np.array_equal(same.weight, mask.weight)
    assert np.array_equal(image.array[bare], under.array[bare])


def test_strokes_come_and_go_while_it_runs() -> None:
    with open_node(Paint) as paint:
        for drawing in (None, PLAN.json(), Drawing(PLAN.size, PLAN.strokes[:1]).json(), PLAN.json()):
            image, _ = paint(width=32, height=32, drawing=drawing)
            assert np.array_equal(image.array, run(width=32, height=32, drawing=drawing)[0].array)


def test_what_is_too_much_to_draw_is_told() -> None:
    many = Drawing((64, 64), ("fill #ff0000 1,1",) * 500)
    with pytest.raises(NodeError, match=r"cannot be painted: at 4096x4096"):
        run(width=4096, height=4096, drawing=many.json())

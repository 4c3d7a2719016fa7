"""Lists of pictures: people cut out, and laid out on one sheet."""

from __future__ import annotations

import numpy as np
import pytest

from nodeflow.node import NodeError, Nothing
from nodeflow.testing.nodes import run_node
from nodeflow.values import Frame, Image, Items, Poses, Skeleton
from nodes.image.grid import grid
from nodes.people.crops import crops

LINE = Skeleton("line", ("a", "b"), ((0, 1),))


def poses(*boxes: tuple[float, float, float, float], frame: Frame) -> Poses:
    xy = np.array(boxes, np.float32).reshape(-1, 2, 2)
    return Poses(xy, np.ones((len(boxes), 2), np.float32), LINE, frame, np.ones(len(boxes), np.float32))


def gradient(width: int, height: int) -> Image:
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[..., 0] = np.arange(width)
    pixels[..., 1] = np.arange(height)[:, None]
    return Image(pixels)


def test_people_are_cut_out_where_they_stand_in_their_order() -> None:
    image = gradient(100, 80)
    found = run_node(crops, image, poses((10, 20, 30, 60), (50, 0, 70, 10), frame=image.frame), margin=0.0)
    assert [crop.frame.size for crop in found] == [(20, 40), (20, 10)]
    assert found[0].array[0, 0].tolist() == [10, 20, 0]
    assert found[0].frame.to(image.frame)[2::3] == (10, 20)


def test_the_margin_stops_at_the_border_and_who_is_outside_keeps_a_place() -> None:
    image = gradient(100, 80)
    found = run_node(crops, image, poses((0, 0, 20, 20), (200, 200, 210, 210), frame=image.frame), margin=0.5)
    assert found[0].frame.size == (30, 30)
    assert isinstance(found[1], Nothing)


def test_people_of_another_picture_are_refused() -> None:
    with pytest.raises(NodeError, match="found in a picture of 50x50"):
        run_node(crops, gradient(100, 80), poses((0, 0, 1, 1), frame=Frame.of(50, 50)))


def test_nobody_is_an_empty_list_and_no_sheet() -> None:
    image = gradient(100, 80)
    assert run_node(crops, image, Poses.none(LINE, image.frame)) == Items()
    assert isinstance(run_node(grid, Items()), Nothing)


def test_a_sheet_fits_every_picture_into_its_place() -> None:
    white = Image(np.full((10, 20, 3), 255, np.uint8))
    sheet = run_node(grid, Items((white, Nothing("gone"), white)), columns=2, side=40)
    assert sheet.frame.size == (80, 80)
    assert sheet.array[20, 20].tolist() == [255, 255, 255]
    assert sheet.array[5, 20].tolist() == [0, 0, 0]
    assert sheet.array[:40, 40:].max() == 0
    assert sheet.array[60, 20].tolist() == [255, 255, 255]

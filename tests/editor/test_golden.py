"""A handful of views against the pictures that were looked at and found good; see golden.py for how to remake them."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from .golden import LEAST, VIEWS, OpenDesk, Pixels, kept, likeness, picture_of, shot_of

_NAMES = sorted(VIEWS)


@pytest.mark.gui
@pytest.mark.parametrize("name", _NAMES)
def test_the_view_looks_as_it_did(name: str, open_desk: OpenDesk) -> None:
    alike = likeness(kept(name), picture_of(name, open_desk))
    assert alike >= LEAST, f"only {alike:.2f} like; if that is meant: python -m tests.editor.golden {name}"


@pytest.mark.gui
def test_a_canvas_on_which_a_node_is_not_drawn_does_not_pass(open_desk: OpenDesk, tmp_path: Path) -> None:
    with open_desk(VIEWS["canvas"].graph(tmp_path)) as desk:
        desk.click(desk.title("pose"))
        desk.key("Delete")
        desk.wait(lambda look: "pose" not in look["nodes"])
        assert likeness(kept("canvas"), shot_of(desk, tmp_path)) < LEAST


@pytest.mark.parametrize("name", _NAMES)
def test_letters_drawn_a_little_otherwise_are_no_difference(name: str) -> None:
    picture = kept(name)
    rng = np.random.default_rng(3)
    for x, y in ((0.25, 0.0), (0.0, -0.25), (0.2, 0.2)):  # a quarter here is a whole pixel on screen
        assert likeness(picture, _moved(picture, x, y)) >= LEAST
    noise = rng.integers(-3, 4, picture.shape)
    assert likeness(picture, np.clip(picture + noise, 0, 255).astype(np.uint8)) >= LEAST
    assert likeness(picture, picture) == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("name", _NAMES)
def test_what_is_gone_moved_or_of_another_colour_is_one(name: str) -> None:
    picture = kept(name)
    height, width = picture.shape[:2]
    bare = picture.copy()
    cell = max(_cells(picture), key=lambda part: float(picture[part].std()))
    bare[cell] = np.median(picture, axis=(0, 1))  # a panel that is not drawn
    assert likeness(picture, bare) < LEAST
    assert likeness(picture, _moved(picture, 3.0, 3.0)) < LEAST  # all lies a dozen pixels off
    assert likeness(picture, 255 - picture) < LEAST  # the other theme
    assert likeness(picture, np.full((height, width, 3), 24, np.uint8)) < LEAST  # nothing but ground


def test_views_are_not_one_another() -> None:
    for one in _NAMES:
        for other in _NAMES:
            assert one == other or likeness(kept(one), kept(other)) < LEAST


def _cells(picture: Pixels) -> list[tuple[slice, slice]]:
    """The picture in eight times eight parts."""
    high, wide = picture.shape[0] // 8, picture.shape[1] // 8
    return [
        (slice(row * high, (row + 1) * high), slice(column * wide, (column + 1) * wide))
        for row in range(8)
        for column in range(8)
    ]


def _moved(picture: Pixels, x: float, y: float) -> Pixels:
    """A picture moved by part of a pixel, or by some."""
    by = np.array([[1.0, 0.0, x], [0.0, 1.0, y]])
    size = picture.shape[1], picture.shape[0]
    return np.asarray(cv2.warpAffine(picture, by, size, borderMode=cv2.BORDER_REPLICATE), np.uint8)

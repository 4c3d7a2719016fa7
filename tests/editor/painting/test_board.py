"""What is painted as the viewer sees it: the pixels of the node, without a wait for the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nodeflow.editor.canvas.gestures import NO_KEYS
from nodeflow.editor.painting.board import Board
from nodeflow.engine.look import Glance, Look, Picture
from nodeflow.engine.shows import picture
from nodeflow.graph import Node
from nodeflow.testing.nodes import run_node
from nodeflow.values import Image
from nodes.io.paint import Paint

from .test_easel import Studio

NAME = "viewer main paint."
GLANCE = Glance("paint", "", side=320)


def seen(studio: Studio, board: Board, look: Look | None = None, glance: Glance = GLANCE) -> Picture:
    """What the viewer has, a frame after it asked; `look` is what the engine has shown it."""
    looks = {NAME: look} if look else {}
    board.looks(studio.easel, looks, [NAME])
    asked = board.asked(studio.easel, {NAME: glance}, [NAME])
    assert (NAME in asked) == (studio.easel.paper is not None and studio.easel.paper.under is not None)
    shows = board.looks(studio.easel, looks, [NAME])[NAME].shows
    assert isinstance(shows, Picture)
    return shows


def given_by_the_node(studio: Studio, under: Image | None = None) -> np.ndarray:
    params: Mapping[str, Any] = studio.workspace.graph["paint"].params
    image, _mask = run_node(Paint, under, **params)
    return np.asarray(image.array)


@pytest.mark.parametrize("smooth", [False, True])
def test_a_painting_looks_as_the_node_will_give_it(smooth: bool) -> None:
    studio, board = Studio(smooth=smooth, background="#102030"), Board()
    assert np.array_equal(seen(studio, board).pixels, given_by_the_node(studio))
    studio.easel.press((10, 10), NO_KEYS)
    studio.easel.move((60, 47), NO_KEYS)
    wet = seen(studio, board).pixels
    studio.easel.release()
    studio.look()
    dry = seen(studio, board)
    assert np.array_equal(wet, dry.pixels)
    assert np.array_equal(dry.pixels, given_by_the_node(studio))
    assert (dry.width, dry.height, dry.exact) == (100, 80, True)
    assert board.color(10, 10) == "#000000"
    assert board.color(99, 0) == "#102030"
    assert board.color(100, 0) is None


def test_a_part_is_seen_pixel_by_pixel_and_told_anew_only_when_it_changes() -> None:
    studio, board = Studio(), Board()
    studio.stroke((30, 30))
    close = replace(GLANCE, part=(20, 20, 16, 12))
    part = seen(studio, board, glance=close)
    assert part.part == (20, 20, 16, 12)
    assert np.array_equal(part.pixels, given_by_the_node(studio)[20:32, 20:36])
    before = board.looks(studio.easel, {}, [NAME])[NAME]
    assert board.looks(studio.easel, {}, [NAME])[NAME] is before
    studio.stroke((25, 25))
    assert board.looks(studio.easel, {}, [NAME])[NAME].serial != before.serial


def test_a_picture_is_painted_on_as_the_run_shows_it() -> None:
    studio, board = Studio(), Board()
    graph, photo = studio.workspace.graph.add(Node("io.image"))
    studio.workspace.edit("Wire", graph.connect(f"{photo}.image -> paint.image"))
    studio.look()
    under = Image(np.random.default_rng(0).integers(0, 256, (60, 90, 3)).astype(np.uint8))
    asked = board.asked(studio.easel, {NAME: GLANCE}, [NAME])
    assert (asked[NAME].node, asked[NAME].output, asked[NAME].side) == (photo, "image", 320)
    look = Look(7, photo, "image", 0, 0.0, "Image", "", "", picture(under, GLANCE))
    assert NAME not in board.looks(studio.easel, {NAME: replace(look, node="somebody else")}, [NAME])
    seen(studio, board, look)
    assert studio.easel.size == (90, 60)
    studio.stroke((40, 30), (60, 30))
    studio.workspace.set_param("paint", "opacity", 0.4)
    studio.look()
    through = seen(studio, board, look).pixels
    assert np.array_equal(through, given_by_the_node(studio, under))
    assert through[30, 50].any()
    studio.workspace.set_param("paint", "opacity", 1.0)
    studio.look()
    shown = seen(studio, board, look)
    assert np.array_equal(shown.pixels, given_by_the_node(studio, under))
    half = picture(under, replace(GLANCE, side=45))
    small = replace(look, serial=8, shows=half)
    shrunk = seen(studio, board, small).pixels
    assert shrunk.shape == (30, 45, 3)
    assert shrunk[15, 25].tolist() == [0, 0, 0]
    assert np.array_equal(shrunk[0], half.pixels[0])


def test_a_drawing_that_is_too_much_is_not_drawn() -> None:
    studio, board = (
        Studio(width=4096, height=4096, drawing={"size": [64, 64], "strokes": ["fill #ff0000 1,1"] * 500}),
        Board(),
    )
    assert (seen(studio, board).pixels == 255).all()
    assert "million pixels" in board.wrong

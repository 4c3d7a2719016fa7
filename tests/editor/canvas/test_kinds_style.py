"""Kinds can be told apart without colour, and their colours on every canvas and with each colour blindness."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pytest

from nodeflow.editor import palette
from nodeflow.editor.canvas.kinds_style import OUTLINES, KindStyle, kind_style
from nodeflow.graph import ANY
from nodeflow.values import KINDS

ALL = [*KINDS, ANY]

# Machado, Oliveira & Fernandes 2009, severity 1.0, on linear RGB.
BLINDNESS = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def linear(rgb: tuple[int, int, int]) -> np.ndarray:
    part = np.asarray(rgb) / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def luminance(rgb: tuple[int, int, int]) -> float:
    return float(linear(rgb) @ [0.2126, 0.7152, 0.0722])


def test_no_two_kinds_share_shape_and_filling() -> None:
    looks = [(kind_style(kind).shape, kind_style(kind).filled) for kind in ALL]
    assert len(set(looks)) == len(ALL)


@pytest.fixture(params=list(palette.PALETTES))
def used(request: pytest.FixtureRequest) -> Iterator[None]:
    palette.use(palette.PALETTES[request.param])
    yield
    palette.use(palette.DARK)


@pytest.mark.usefixtures("used")
@pytest.mark.parametrize("kind", ALL)
def test_a_port_stands_out_from_the_canvas_and_from_its_node(kind: str) -> None:
    for ground in (palette.colors.ground, palette.colors.node, palette.colors.rim):
        low, high = sorted((luminance(kind_style(kind).color), luminance(ground[:3])))
        assert (high + 0.05) / (low + 0.05) >= 3.0, ground


@pytest.mark.usefixtures("used")
@pytest.mark.parametrize("blindness", BLINDNESS)
def test_the_commonest_kinds_keep_their_colours_apart(blindness: str) -> None:
    seen = {
        kind: np.clip(np.asarray(BLINDNESS[blindness]) @ linear(kind_style(kind).color), 0, 1) ** (1 / 2.4)
        for kind in ("Image", "Detections", "Poses", "Text", "Number")
    }
    for one, other in itertools.combinations(seen, 2):
        assert np.linalg.norm(seen[one] - seen[other]) > 0.1, (one, other)


def test_a_kind_that_nobody_knows_has_the_same_style_every_time() -> None:
    assert kind_style("Point cloud") == KindStyle("yellow", "square", filled=False)  # in every run of the program
    assert len({kind_style(f"Kind {i}") for i in range(50)}) > 15


def test_outlines_lie_within_the_unit_circle() -> None:
    for corners in OUTLINES.values():
        assert all(x * x + y * y <= 1.5 for x, y in corners)


def test_a_list_looks_like_what_is_in_it_but_is_told_apart() -> None:
    for kind in (*ALL, "Point cloud"):
        one, many = kind_style(kind), kind_style(f"{kind}[]")
        assert (one.hue, one.shape, one.filled) == (many.hue, many.shape, many.filled)
        assert many.many
        assert not one.many
    assert kind_style("Image" + "[]" * 5000).many

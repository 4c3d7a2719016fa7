"""The colours that are painted with."""

from __future__ import annotations

import pytest

from nodeflow.editor.painting.palettes import FREE, PALETTES, Palette, palette
from nodeflow.graph import Drawing
from nodeflow.graph.drawing import Stroke


@pytest.mark.parametrize("each", PALETTES, ids=lambda each: each.name or "any")
def test_every_colour_has_a_name_of_its_own_and_can_be_drawn_with(each: Palette) -> None:
    assert len({swatch.color for swatch in each.swatches}) == len(each.swatches)
    assert len({swatch.name for swatch in each.swatches}) == len(each.swatches)
    for swatch in each.swatches:
        assert Stroke.parse(f"fill {swatch.color} 1,1").color == swatch.color
    kept = Drawing((8, 8), (), each.name)
    assert Drawing.read(kept.json()) == kept
    assert palette(each.name) is each


def test_the_plans_of_models_are_there_with_their_source() -> None:
    assert [len(palette(name).swatches) for name in ("facades", "cityscapes")] == [12, 20]
    assert "CMP" in palette("facades").source
    assert "Cityscapes" in palette("cityscapes").source
    assert palette("what a newer version has") is FREE


def test_a_colour_that_means_nothing_makes_way_for_one_that_can_be_seen() -> None:
    facades = palette("facades")
    assert facades.suits("#a50000", "#0006d9") == "#a50000"
    assert facades.suits("#123456", "#0006d9") == "#0d3dfb"
    assert facades.suits("#123456", "#0d3dfb") == "#0075ff"
    assert (facades.called("#a50000"), facades.called("#123456")) == ("door", "#123456")

"""What is written can be read, and what is marked stands out, in every palette."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nodeflow.editor import palette
from nodeflow.editor.palette import DARK, LIGHT, PALETTES, Palette, Rgba, category_color, colors, mix, title_color

TEXTS = ("text", "text_dim", "text_faint", "accent", "good", "warn", "bad")
GROUNDS = ("ground", "raised", "field", "node")
CATEGORIES = ("Input", "Output", "Find/People", "Draw", "Image", "Model", "Number", "Text", "Time", "Something else")


def luminance(color: Rgba) -> float:
    parts = (part / 255 for part in color[:3])
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Rgba, other: Rgba) -> float:
    """As WCAG 2 reckons it, 1..21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.fixture(params=list(PALETTES), autouse=True)
def used(request: pytest.FixtureRequest) -> Iterator[Palette]:
    palette.use(PALETTES[request.param])
    yield PALETTES[request.param]
    palette.use(DARK)


def test_text_can_be_read_on_every_ground() -> None:
    for text in TEXTS:
        for ground in GROUNDS:
            found = contrast(getattr(colors, text), getattr(colors, ground))
            assert found >= 4.5, f"{text} on {ground}: {found:.2f}"


def test_what_a_menu_says_can_be_read_under_the_pointer() -> None:
    for text in ("text", "text_dim", "text_faint"):
        assert contrast(getattr(colors, text), colors.field_hover) >= 4.5, text
    assert contrast(colors.on_primary, colors.primary) >= 4.5


def test_titles_can_be_read_on_the_tint_of_every_category() -> None:
    for category in CATEGORIES:
        assert contrast(colors.text, title_color(category)) >= 4.5, category


def test_a_mark_of_a_category_stands_out_in_a_menu() -> None:
    for category in CATEGORIES:
        assert contrast(mix(category_color(category), colors.contrast, 0.15), colors.raised) >= 3.0, category


def test_what_a_failed_node_says_can_be_read() -> None:
    assert contrast(mix(colors.text, colors.bad, 0.25), mix(colors.ground, colors.bad, 0.2)) >= 4.5


def test_another_palette_fills_the_same_object_and_is_news(used: Palette) -> None:
    other = LIGHT if used == DARK else DARK
    version = colors.version
    palette.use(other)
    assert colors.ground == other.ground
    assert colors.version == version + 1

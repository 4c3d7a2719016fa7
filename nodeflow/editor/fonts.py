"""Roboto for words, Font Awesome for icons.

Both come from their PyPI packages. DearPyGui draws a glyph at any size on demand, so text on the canvas stays crisp
at every zoom. GUI thread only.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import dearpygui.dearpygui as dpg

UI_SIZE: Final = 15
"""The size of ordinary text, in logical pixels."""
SMALL_SIZE: Final = 13
LARGE_SIZE: Final = 18


@dataclass(frozen=True, slots=True)
class Fonts:
    """Handles to bind. `scale` is the factor from logical to real pixels that they were made for."""

    text: int
    medium: int
    small: int
    large: int
    icons: int
    scale: float


class Ruler:
    """How wide a text is in a face at a height of one unit. Before the first frame it can only tell nearly."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], float] = {}

    def __call__(self, text: str, font: int) -> float:
        width = self._known.get((text, font))
        if width is None:
            size = dpg.get_text_size(text, font=font) if dpg.get_frame_count() > 0 else None
            if not size or not size[1]:
                return 0.53 * len(text)
            if len(self._known) > 20_000:
                self._known.clear()
            width = self._known[text, font] = float(size[0] / size[1])
        return width


def load(scale: float) -> Fonts:
    """Load the faces, unless they were at this scale, and make Roboto Regular the default.

    Raises FileNotFoundError, naming the package, if a font is not where its package puts it.
    """
    fonts = _loaded(scale)
    dpg.bind_font(fonts.text)
    return fonts


@cache
def _loaded(scale: float) -> Fonts:
    regular = _face("font_roboto", "files/Roboto-Regular.ttf")
    medium = _face("font_roboto", "files/Roboto-Medium.ttf")
    solid = _face("fontawesomefree", "static/fontawesomefree/webfonts/fa-solid-900.ttf")
    with dpg.font_registry():
        return Fonts(
            text=dpg.add_font(regular, round(UI_SIZE * scale)),
            medium=dpg.add_font(medium, round(UI_SIZE * scale)),
            small=dpg.add_font(regular, round(SMALL_SIZE * scale)),
            large=dpg.add_font(medium, round(LARGE_SIZE * scale)),
            icons=dpg.add_font(solid, round(14 * scale)),
            scale=scale,
        )


def _face(package: str, inside: str) -> str:
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder, inside)
        if path.is_file():
            return str(path)
    raise FileNotFoundError(f"the font {inside} of the package {package} is missing: install {package!r} again")

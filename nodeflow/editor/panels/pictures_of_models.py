"""Textures of the pictures that measured models made, for the library. GUI thread only.

They are small and stay on the GPU, so that a frame costs nothing; a picture that was made anew is loaded anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.drawing.pen import Pen
from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.models.entries import Entry
from nodeflow.editor.palette import CLEAR, colors, fade
from nodeflow.editor.panels.model_art import draw_art

_MOST: Final = 200
_UPPER: Final = 0.2


@dataclass(frozen=True, slots=True)
class _Texture:
    item: int
    width: int
    height: int


class ModelPictures:
    """The picture of a model: what it made of a sample here, or else a drawing of what it does."""

    def __init__(self) -> None:
        self._registry = int(dpg.add_texture_registry())
        self._textures: dict[tuple[Path, int], _Texture | None] = {}

    def draw(self, pen: Pen, rect: Rect, entry: Entry, kinds: bool = True) -> None:
        """Draw it in `rect`, which it fills."""
        texture = self._of(entry.picture) if entry.picture is not None else None
        if texture is None:
            draw_art(pen, rect, entry, kinds)
            return
        first, last = _cover((texture.width, texture.height), (rect.width, rect.height))
        pen.rect(rect, colors.canvas, rounding=7.0)
        dpg.draw_image(
            texture.item, (rect.left, rect.top), (rect.right, rect.bottom), uv_min=first, uv_max=last, parent=pen.group
        )
        pen.rect(rect, CLEAR, fade(colors.contrast, 0.12), thickness=1.0)

    def _of(self, path: Path) -> _Texture | None:
        try:
            key = path, path.stat().st_mtime_ns
        except OSError:
            return None
        if key not in self._textures:
            self._let_go(path)
            self._textures[key] = self._loaded(path)
        return self._textures[key]

    def _loaded(self, path: Path) -> _Texture | None:
        loaded = dpg.load_image(str(path))
        if loaded is None:
            return None
        width, height, _channels, data = loaded
        return _Texture(int(dpg.add_static_texture(width, height, data, parent=self._registry)), width, height)

    def _let_go(self, path: Path) -> None:
        """Of an older picture in the same place, and of all where there are too many."""
        gone = [key for key in self._textures if key[0] == path or len(self._textures) >= _MOST]
        for key in gone:
            texture = self._textures.pop(key)
            if texture is not None:
                dpg.delete_item(texture.item)


def _cover(size: tuple[int, int], room: Point) -> tuple[Point, Point]:
    """Which part of a picture fills a room of another shape, in shares of the picture. Of a high one it is the upper
    part, where people have their heads."""
    share = (size[0] / size[1]) / (room[0] / room[1])
    wide, high = (1 / share, 1.0) if share > 1 else (1.0, share)
    top = (1 - high) * _UPPER
    return ((1 - wide) / 2, top), ((1 + wide) / 2, top + high)

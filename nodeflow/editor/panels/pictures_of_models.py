"""Textures of the pictures that measured models made, for the library. GUI thread only.

Files are read by a thread, and one texture is made a frame, since that takes milliseconds; until then there is the
drawing. Textures stay on the GPU, so that a frame costs nothing. A picture that was made anew is read anew.
"""

from __future__ import annotations

import logging
import queue
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.drawing.pen import Pen
from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.models.entries import Entry
from nodeflow.editor.palette import CLEAR, colors, fade
from nodeflow.editor.panels.model_art import draw_art

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

_MOST: Final = 200
_SIDE: Final = 400
"""How wide a texture is at most."""
_SHAPE: Final = 0.56
"""Its height over its width, at most: a higher picture is cut."""
_UPPER: Final = 0.2
"""Where it is cut: this share of what goes is above, for people have their heads there."""

_Key = tuple[Path, int]


@dataclass(frozen=True, slots=True)
class _Texture:
    item: int
    width: int
    height: int


class ModelPictures:
    """The picture of a model: what it made of a sample here, or else a drawing of what it does."""

    def __init__(self) -> None:
        self._registry = int(dpg.add_texture_registry())
        self._textures: dict[_Key, _Texture | None] = {}
        self._wanted: queue.SimpleQueue[_Key | None] = queue.SimpleQueue()
        self._read: queue.SimpleQueue[tuple[_Key, NDArray[np.float32]]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self.version = 0
        """Another number when a picture can be drawn that could not before."""

    def update(self) -> None:
        """Once per frame, while the library is seen."""
        if self._read.empty():
            return
        key, pixels = self._read.get()
        height, width = pixels.shape[:2]
        made = dpg.add_static_texture(width, height, pixels.ravel(), parent=self._registry)
        self._textures[key] = _Texture(int(made), width, height)
        self.version += 1

    def close(self) -> None:
        """Read no more."""
        self._wanted.put(None)

    def shown(self, entry: Entry) -> int:
        """What `draw` would show: another number, another picture."""
        texture = self._of(entry.picture) if entry.picture is not None else None
        return texture.item if texture else 0

    def draw(self, pen: Pen, rect: Rect, entry: Entry, kinds: bool = True) -> None:
        """Draw it in `rect`, which it fills."""
        texture = self._of(entry.picture) if entry.picture is not None else None
        if texture is None:
            draw_art(pen, rect, entry, kinds)
            return
        first, last = _cover((texture.width, texture.height), (rect.width, rect.height))
        pen.rect(rect, colors.ground, rounding=7.0)
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
            self._textures[key] = None
            self._wanted.put(key)
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="pictures of models", daemon=True)
                self._thread.start()
        return self._textures[key]

    def _serve(self) -> None:
        while (key := self._wanted.get()) is not None:
            try:
                self._read.put((key, _pixels(key[0])))
            except Exception:  # a file that is no picture, or gone: then the drawing stays
                log.warning("%s cannot be shown", key[0], exc_info=True)

    def _let_go(self, path: Path) -> None:
        """Of an older picture in the same place, and of all where there are too many."""
        gone = [key for key in self._textures if key[0] == path or len(self._textures) >= _MOST]
        for key in gone:
            texture = self._textures.pop(key)
            if texture is not None:
                dpg.delete_item(texture.item)


def _pixels(path: Path) -> NDArray[np.float32]:
    """The picture in a file as RGBA, height x width x 4, 0..1, small and cut to a tile's shape."""
    import cv2
    import numpy as np

    data = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    if data is None:
        raise ValueError("this is no picture")
    high, wide = data.shape[:2]
    rows = min(high, round(wide * _SHAPE))
    top = round((high - rows) * _UPPER)
    shrink = min(1.0, _SIDE / wide)
    size = max(1, round(wide * shrink)), max(1, round(rows * shrink))
    small = cv2.resize(data[top : top + rows], size, interpolation=cv2.INTER_AREA)
    rgba: NDArray[np.uint8] = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2RGBA), np.uint8)
    return rgba.astype(np.float32) / np.float32(255)


def _cover(size: tuple[int, int], room: Point) -> tuple[Point, Point]:
    """Which part of a picture fills a room of another shape, its middle in the middle; in shares of the picture."""
    share = (size[0] / size[1]) / (room[0] / room[1])
    wide, high = (1 / share, 1.0) if share > 1 else (1.0, share)
    return ((1 - wide) / 2, (1 - high) / 2), ((1 + wide) / 2, (1 + high) / 2)

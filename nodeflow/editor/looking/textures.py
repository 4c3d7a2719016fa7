"""Pictures on the GPU: previews on nodes and the large viewer.

DearPyGui's raw textures are float32 RGBA, and each one is uploaded on every frame, seen or not. So previews are
small, a node that cannot be seen has none, and there is one large texture at most. Each texture keeps its buffer:
DearPyGui reads from it until the texture is deleted, so a new picture is written into the same memory.
GUI thread only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import dearpygui.dearpygui as dpg

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """A picture to show, RGB HxWx3, with its longer side at most `side` pixels, each of them `grow` times as large.
    Another `serial`, another picture."""

    pixels: NDArray[np.uint8]
    serial: int
    side: int
    grow: int = 1


class Texture:
    """One raw texture of fixed size, filled with pictures of any size (they are resized to it)."""

    def __init__(self, registry: int, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.serial = -1
        import numpy as np

        self._buffer: NDArray[np.float32] = np.zeros((height, width, 4), np.float32)
        self.item = int(
            dpg.add_raw_texture(width, height, self._buffer.ravel(), format=dpg.mvFormat_Float_rgba, parent=registry)
        )

    def show(self, picture: NDArray[np.uint8]) -> None:
        """Take an RGB picture, HxWx3."""
        import cv2
        import numpy as np

        how = cv2.INTER_AREA if picture.shape[1] > self.width else cv2.INTER_NEAREST
        fits = picture.shape[:2] == (self.height, self.width)
        sized = picture if fits else cv2.resize(picture, (self.width, self.height), interpolation=how)
        rgba = cv2.cvtColor(sized, cv2.COLOR_RGB2RGBA)
        np.multiply(rgba, np.float32(1 / 255), out=self._buffer, dtype=np.float32)

    def delete(self) -> None:
        dpg.delete_item(self.item)


class Textures:
    """The textures of what can be seen now, by any key; each part of the window holds its own."""

    def __init__(self) -> None:
        self._registry = int(dpg.add_texture_registry())
        self._textures: dict[str, Texture] = {}
        self._held: dict[str, set[str]] = {}
        """The keys of each part."""

    def __len__(self) -> int:
        return len(self._textures)

    def get(self, key: str) -> Texture | None:
        return self._textures.get(key)

    def clear(self) -> None:
        """Let go of all, as when another graph is looked at."""
        for part in tuple(self._held):
            self.update(part, {})

    def update(self, part: str, wanted: Mapping[str, Wanted]) -> None:
        """Hold exactly these pictures for `part`. A texture that is not wanted any more, or of another size, goes."""
        for key in self._held.get(part, set()) - wanted.keys():
            self._textures.pop(key).delete()
        self._held[part] = set(wanted)
        for key, want in wanted.items():
            width, height = fitted(want.pixels.shape[1], want.pixels.shape[0], want.side)
            width, height = width * want.grow, height * want.grow
            texture = self._textures.get(key)
            if texture is None or (texture.width, texture.height) != (width, height):
                if texture is not None:
                    texture.delete()
                texture = self._textures[key] = Texture(self._registry, width, height)
            if texture.serial != want.serial:
                texture.show(want.pixels)
                texture.serial = want.serial


def fitted(width: int, height: int, side: int) -> tuple[int, int]:
    """The size of a picture with its longer side at most `side`; never larger than it is."""
    shrink = min(1.0, side / max(width, height, 1))
    return max(1, round(width * shrink)), max(1, round(height * shrink))

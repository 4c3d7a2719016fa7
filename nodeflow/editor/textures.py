"""Pictures on the GPU: previews on nodes and the large viewer.

DearPyGui's raw textures are float32 RGBA, and each one is uploaded on every frame, seen or not. So previews are
small, a node that cannot be seen has none, and there is one large texture at most. Each texture keeps its buffer:
DearPyGui reads from it until the texture is deleted, so a new picture is written into the same memory.
GUI thread only.
"""

from __future__ import annotations

from collections.abc import Mapping

import dearpygui.dearpygui as dpg
import numpy as np
from numpy.typing import NDArray

from nodeflow.engine.messages import Preview

Picture = NDArray[np.uint8]
"""RGB, HxWx3."""


class Texture:
    """One raw texture of fixed size, filled with pictures of any size (they are resized to it)."""

    def __init__(self, registry: int, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._buffer: NDArray[np.float32] = np.zeros((height, width, 4), np.float32)
        self.item = int(
            dpg.add_raw_texture(width, height, self._buffer.ravel(), format=dpg.mvFormat_Float_rgba, parent=registry)
        )

    def show(self, picture: Picture) -> None:
        import cv2

        fits = picture.shape[:2] == (self.height, self.width)
        sized = picture if fits else cv2.resize(picture, (self.width, self.height), interpolation=cv2.INTER_AREA)
        rgba = cv2.cvtColor(sized, cv2.COLOR_RGB2RGBA)
        np.multiply(rgba, np.float32(1 / 255), out=self._buffer, dtype=np.float32)

    def delete(self) -> None:
        dpg.delete_item(self.item)


class Textures:
    """The textures of what can be seen now, by any key (a node id, or the viewer)."""

    def __init__(self) -> None:
        self._registry = int(dpg.add_texture_registry())
        self._textures: dict[str, Texture] = {}
        self._shown: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._textures)

    def update(self, previews: Mapping[str, Preview]) -> set[str]:
        """Hold exactly the pictures in `previews`; return the keys whose texture item is new or gone."""
        changed = {key for key in self._textures if key not in previews or previews[key].picture is None}
        for key in changed:
            self._drop(key)
        for key, preview in previews.items():
            picture = preview.picture
            if picture is None or self._shown.get(key) == preview.serial:
                continue
            height, width = picture.shape[:2]
            texture = self._textures.get(key)
            if texture is None or (texture.width, texture.height) != (width, height):
                self._drop(key)
                texture = self._textures[key] = Texture(self._registry, width, height)
                changed.add(key)
            texture.show(picture)
            self._shown[key] = preview.serial
        return changed

    def get(self, key: str) -> Texture | None:
        return self._textures.get(key)

    def _drop(self, key: str) -> None:
        texture = self._textures.pop(key, None)
        self._shown.pop(key, None)
        if texture is not None:
            texture.delete()

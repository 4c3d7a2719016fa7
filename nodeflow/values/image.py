"""A picture on a wire: on the host, on a device, or both.

`Image.array` is RGB uint8 HxWx3 on the host; `Image.tensor(device)` is a uint8 3xHxW torch tensor on a device. An
image starts with one of them; the other is made on demand, once, and kept. Both are read-only: a node that draws
takes `image.copy()` and returns `image.replaced(drawn)`, which keeps the frame of reference.

    def invert(image: Image) -> Image:
        return image.replaced(255 - image.array)

`uploads` and `downloads` count the copies between host and device. An image may be read from several threads.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nodeflow.values.arrays import freeze
from nodeflow.values.frame import Affine, Frame

if TYPE_CHECKING:
    import torch

Pixels = NDArray[np.uint8]


class Image:
    """An RGB picture with 8 bits a channel, and its frame of reference."""

    __slots__ = ("_array", "_lock", "_tensors", "downloads", "frame", "uploads")

    def __init__(self, array: Pixels, frame: Frame | None = None) -> None:
        """Take over an RGB array, uint8 HxWx3: it becomes read-only. Raises ValueError for any other form."""
        _require_pixels(array)
        height, width = array.shape[:2]
        self._array: Pixels | None = freeze(array)
        self._tensors: dict[str, torch.Tensor] = {}
        self._start(frame or Frame.of(width, height), width, height)

    @classmethod
    def from_tensor(cls, tensor: torch.Tensor, frame: Frame | None = None) -> Image:
        """Take over a uint8 tensor 3xHxW, RGB, on any device."""
        if str(tensor.dtype) != "torch.uint8" or tensor.ndim != 3 or tensor.shape[0] != 3:
            raise ValueError(f"an image tensor is uint8 3xHxW, not {tensor.dtype} {'x'.join(map(str, tensor.shape))}")
        image = cls.__new__(cls)
        height, width = int(tensor.shape[1]), int(tensor.shape[2])
        image._array = None
        image._tensors = {str(tensor.device): tensor}
        image._start(frame or Frame.of(width, height), width, height)
        return image

    @classmethod
    def from_bgr(cls, array: Pixels, frame: Frame | None = None) -> Image:
        """Copy a BGR array as OpenCV gives it, uint8 HxWx3."""
        _require_pixels(array)
        return cls(np.ascontiguousarray(array[..., ::-1]), frame)

    def _start(self, frame: Frame, width: int, height: int) -> None:
        if frame.size != (width, height):
            raise ValueError(f"the frame says {frame.width}x{frame.height}, the pixels are {width}x{height}")
        self.frame = frame
        self.uploads = 0
        self.downloads = 0
        self._lock = threading.Lock()

    @property
    def width(self) -> int:
        return self.frame.width

    @property
    def height(self) -> int:
        return self.frame.height

    @property
    def array(self) -> Pixels:
        """RGB uint8 HxWx3 on the host, read-only. Downloaded once if the image lives on a device only."""
        array = self._array
        if array is None:
            with self._lock:
                array = self._array
                if array is None:
                    array = freeze(_download(next(iter(self._tensors.values()))))
                    self._array = array
                    self.downloads += 1
        return array

    def tensor(self, device: str = "cpu") -> torch.Tensor:
        """RGB uint8 3xHxW on `device` ("cpu", "cuda:0"). Made once and kept. Never write into it."""
        with self._lock:
            held = self._tensors.get(device)
            if held is None:
                held = self._make_tensor(device)
                self._tensors[device] = held
            return held

    def _make_tensor(self, device: str) -> torch.Tensor:
        import torch

        for tensor in self._tensors.values():
            self.uploads += device != "cpu"
            self.downloads += device == "cpu"
            return tensor.to(device)
        assert self._array is not None
        # torch has no read-only tensors; copying here keeps a careless node from writing into shared pixels.
        host = torch.from_numpy(np.ascontiguousarray(self._array.transpose(2, 0, 1)).copy())
        if device == "cpu":
            return host
        self.uploads += 1
        return host.to(device)

    def copy(self) -> Pixels:
        """A fresh writable RGB array to draw on."""
        return self.array.copy()

    def bgr(self) -> Pixels:
        """A fresh writable BGR array, for OpenCV calls that want one."""
        return np.ascontiguousarray(self.array[..., ::-1])

    def replaced(self, array: Pixels) -> Image:
        """This image with other pixels of the same size and the same frame of reference."""
        return Image(array, self.frame)

    def cropped(self, x: int, y: int, width: int, height: int) -> Image:
        """The part with its top left corner at pixel (x, y); shares the pixels. Raises ValueError if not inside."""
        if x < 0 or y < 0 or width < 1 or height < 1 or x + width > self.width or y + height > self.height:
            raise ValueError(f"the crop {width}x{height} at ({x}, {y}) leaves the picture {self.width}x{self.height}")
        return Image(self.array[y : y + height, x : x + width], self.frame.cropped(x, y, width, height))

    def resized(self, width: int, height: int) -> Image:
        """This picture scaled to another size: by area when it shrinks, bilinear when it grows."""
        import cv2

        shrinks = width < self.width or height < self.height
        flag = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        pixels = cv2.resize(self.array, (width, height), interpolation=flag)
        return Image(np.asarray(pixels, np.uint8), self.frame.resized(width, height))

    def warped(self, to_here: Affine, width: int, height: int) -> Image:
        """A picture of `width` x `height` whose point p shows what stands at `to_here`(p) in this one.

        Bilinear; black outside. Coordinates are edge-based (see `frame`).
        """
        import cv2

        a, b, c, d, e, f = to_here
        # OpenCV counts from pixel centres, frames from the picture's edge: shift by half a pixel on both sides.
        matrix = np.array(((a, b, a / 2 + b / 2 + c - 0.5), (d, e, d / 2 + e / 2 + f - 0.5)))
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        pixels = cv2.warpAffine(self.array, matrix, (width, height), flags=flags)
        return Image(np.asarray(pixels, np.uint8), self.frame.warped(to_here, width, height))

    def __repr__(self) -> str:
        where = [] if self._array is None else ["host"]
        return f"Image({self.width}x{self.height}, {'+'.join(where + list(self._tensors))})"


def _require_pixels(array: object) -> None:
    if isinstance(array, np.ndarray) and array.dtype == np.uint8 and array.ndim == 3 and array.shape[2] == 3:
        return
    form = f"{array.dtype} {'x'.join(map(str, array.shape))}" if isinstance(array, np.ndarray) else type(array).__name__
    raise ValueError(f"an image is a uint8 array HxWx3 (RGB), not {form}")


def _download(tensor: torch.Tensor) -> Pixels:
    return np.ascontiguousarray(tensor.detach().to("cpu").numpy().transpose(1, 2, 0))

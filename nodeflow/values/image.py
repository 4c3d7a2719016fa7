"""A picture on a wire: on the host, on a device, or both.

`Image.array` is RGB uint8 HxWx3 on the host; `Image.tensor(device)` is a uint8 3xHxW torch tensor on a device. An
image starts with one of them; the other is made on demand, once, and kept. Both are read-only: a node that draws
takes `image.copy()` and returns `image.replaced(drawn)`, which keeps the frame of reference.

    def invert(image: Image) -> Image:
        if image.device:                                            # it lives on a device: stay there
            return Image.from_tensor(255 - image.tensor(image.device), image.frame)
        return image.replaced(255 - image.array)

A tensor is good on the current stream of the thread that asks for it: that stream waits until it is made, the host
does not (see `device`). The host waits in `array` only, when it has to download. `uploads` and `downloads` count the
copies between host and device, `copies()` those of all images. An image may be read from several threads.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nodeflow.values import device_pixels
from nodeflow.values.arrays import block_of, freeze
from nodeflow.values.device import Placed, download, upload
from nodeflow.values.frame import Affine, Frame

if TYPE_CHECKING:
    import torch

Pixels = NDArray[np.uint8]


class Copies(NamedTuple):
    """How many pictures were copied to and from devices."""

    uploads: int
    downloads: int


_counting = threading.Lock()
_copies = Copies(0, 0)


def copies() -> Copies:
    """The copies made of all images of this process so far."""
    return _copies


class Image:
    """An RGB picture with 8 bits a channel, and its frame of reference."""

    __slots__ = ("_array", "_lock", "_placed", "device", "downloads", "frame", "uploads")

    device: str | None
    """The device that it was made on, as torch writes it ("cuda:0", "cpu"); None for an array on the host."""

    def __init__(self, array: Pixels, frame: Frame | None = None) -> None:
        """Take over an RGB array, uint8 HxWx3: it becomes read-only, and what it is a view of. Raises ValueError for
        any other form."""
        _require_pixels(array)
        height, width = array.shape[:2]
        self._array: Pixels | None = freeze(array)
        self._placed: dict[str, Placed] = {}
        self.device = None
        self._start(frame or Frame.of(width, height), width, height)

    @classmethod
    def from_tensor(cls, tensor: torch.Tensor, frame: Frame | None = None) -> Image:
        """Take over a uint8 tensor 3xHxW, RGB, on any device. The current stream is the one that makes it."""
        if str(tensor.dtype) != "torch.uint8" or tensor.ndim != 3 or tensor.shape[0] != 3:
            raise ValueError(f"an image tensor is uint8 3xHxW, not {tensor.dtype} {'x'.join(map(str, tensor.shape))}")
        image = cls.__new__(cls)
        height, width = int(tensor.shape[1]), int(tensor.shape[2])
        image._array = None
        image.device = str(tensor.device)
        image._placed = {image.device: Placed(tensor)}
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
    def bytes_held(self) -> tuple[int, int]:
        """Bytes held in host memory and on devices."""
        array, placed = self._array, self._placed.copy()  # not under the lock: who holds it may wait for a GPU
        host = 0 if array is None else array.nbytes
        sizes = {where: each.bytes for where, each in placed.items()}
        return host + sizes.pop("cpu", 0), sum(sizes.values())

    @property
    def blocks(self) -> dict[tuple[str, int], int]:
        """The memory that it keeps from being given back, which may be more than its own: the bytes, by device (or
        "cpu") and address. A crop keeps the picture that it is of."""
        array, placed = self._array, self._placed.copy()  # as above
        found = [("cpu", *block_of(array))] if array is not None else []
        found += [(where, *each.block) for where, each in placed.items()]
        return {(where, address): size for where, address, size in found}

    @property
    def array(self) -> Pixels:
        """RGB uint8 HxWx3 on the host, read-only. Downloaded once if the image lives on a device only."""
        array = self._array
        if array is None:
            with self._lock:
                array = self._array
                if array is None:
                    tensor = next(iter(self._placed.values())).here()
                    # Turned where it is: the host only copies whole rows.
                    array = freeze(download(tensor.permute(1, 2, 0).contiguous())[0])
                    self._array = array
                    self._count(downloads=1)
        return array

    def tensor(self, device: str = "cpu") -> torch.Tensor:
        """RGB uint8 3xHxW on `device` ("cpu", "cuda:0"), for the current stream. Made once, kept; never write into it.

        The host does not wait, unless `device` is "cpu" and the picture has to be downloaded.
        """
        placed = self._placed.get(device)
        if placed is None:
            with self._lock:
                placed = self._placed.get(device)
                if placed is None:
                    placed = self._placed[device] = Placed(self._make_tensor(device))
        return placed.here()

    def _make_tensor(self, device: str) -> torch.Tensor:
        if self._array is not None:
            if device == "cpu":
                return upload(self._array.transpose(2, 0, 1), device)
            self._count(uploads=1)
            return upload(self._array, device).permute(2, 0, 1).contiguous()
        tensor = next(iter(self._placed.values())).here()
        if device != "cpu":
            self._count(uploads=1)
            return tensor.to(device, non_blocking=True)
        import torch

        self._count(downloads=1)
        return torch.from_numpy(download(tensor)[0])

    def _count(self, *, uploads: int = 0, downloads: int = 0) -> None:
        """Called under the image's lock."""
        global _copies
        self.uploads += uploads
        self.downloads += downloads
        with _counting:
            _copies = Copies(_copies.uploads + uploads, _copies.downloads + downloads)

    def on(self, device: str) -> Image:
        """This picture, living on `device`: what is made from it is made there. Uploaded unless it is there."""
        if self.device == device:
            return self
        image = Image.from_tensor(self.tensor(device), self.frame)
        image._array = self._array
        return image

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
        frame = self.frame.cropped(x, y, width, height)
        if self.device:
            return Image.from_tensor(self.tensor(self.device)[:, y : y + height, x : x + width], frame)
        return Image(self.array[y : y + height, x : x + width], frame)

    def resized(self, width: int, height: int) -> Image:
        """This picture scaled to another size: averaged along an axis that shrinks, bilinear along one that grows."""
        frame = self.frame.resized(width, height)
        if self.device:
            return Image.from_tensor(device_pixels.resized(self.tensor(self.device), width, height), frame)
        import cv2

        pixels: NDArray[Any] = self.array
        # OpenCV averages only where no axis grows.
        shrunk = min(width, self.width), min(height, self.height)
        if shrunk != self.frame.size:
            pixels = np.asarray(cv2.resize(pixels, shrunk, interpolation=cv2.INTER_AREA))
        if shrunk != frame.size:
            pixels = np.asarray(cv2.resize(pixels, frame.size, interpolation=cv2.INTER_LINEAR))
        return Image(pixels, frame)

    def warped(self, to_here: Affine, width: int, height: int) -> Image:
        """A picture of `width` x `height` whose point p shows what stands at `to_here`(p) in this one.

        Bilinear; black outside. Coordinates are edge-based (see `frame`).
        """
        frame = self.frame.warped(to_here, width, height)
        if self.device:
            return Image.from_tensor(device_pixels.warped(self.tensor(self.device), to_here, width, height), frame)
        import cv2

        # OpenCV counts from pixel centres, frames from the picture's edge.
        matrix = np.array(device_pixels.from_centres(to_here)).reshape(2, 3)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        pixels = cv2.warpAffine(self.array, matrix, (width, height), flags=flags)
        return Image(np.asarray(pixels, np.uint8), frame)

    def __reduce__(self) -> tuple[type[Image], tuple[Pixels, Frame]]:
        """What crosses to another process: the pixels on the host. Another process has devices of its own."""
        return Image, (self.array, self.frame)

    def __repr__(self) -> str:
        where = [] if self._array is None else ["host"]
        return f"Image({self.width}x{self.height}, {'+'.join(where + list(self._placed))})"


def _require_pixels(array: object) -> None:
    if isinstance(array, np.ndarray) and array.dtype == np.uint8 and array.ndim == 3 and array.shape[2] == 3:
        return
    form = f"{array.dtype} {'x'.join(map(str, array.shape))}" if isinstance(array, np.ndarray) else type(array).__name__
    raise ValueError(f"an image is a uint8 array HxWx3 (RGB), not {form}")

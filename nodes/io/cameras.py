"""Cameras, as OpenCV sees them.

    with_names = cameras()                       # {"0": "Integrated Camera"}
    capture = Capture("0", size=(1280, 720))     # raises CameraMissing, RetryLater
    for image in capture: ...                    # ends with RetryLater when the camera is pulled out
    capture.close()

A camera is a number ("0"), a device ("/dev/video2") or an address ("rtsp://..."). Used by one thread.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from nodeflow.node import RetryLater
from nodeflow.values import Image

_SYSTEM = platform.system()
_PROBED = 4  # camera numbers tried where the system keeps no list
_PATIENCE_MS = 3000  # for one picture, where the driver lets itself be told


class CameraMissing(RetryLater):
    """There is no such camera at all."""


def cameras(system: Path = Path("/sys/class/video4linux")) -> dict[str, str]:
    """The cameras that are there: number -> name. On Linux this is quick; elsewhere each number is tried."""
    if _SYSTEM == "Linux":
        listed = sorted(system.glob("video*"), key=lambda place: int(place.name.removeprefix("video")))
        # A camera has several devices; index 0 is the one that gives pictures.
        return {
            place.name.removeprefix("video"): _read(place / "name") or place.name
            for place in listed
            if _read(place / "index") in ("", "0")
        }
    found = {}
    for number in map(str, range(_PROBED)):
        device = _open(number)
        if device.isOpened():
            found[number] = f"camera {number}"
        device.release()
    return found


class Capture:
    """An open camera that gives pictures. `size` and `rate` are what it settled on; `rate` may be None."""

    def __init__(self, device: str, size: tuple[int, int] | None = None, rate: float = 0.0) -> None:
        """Raises CameraMissing if there is none, RetryLater if it cannot be used now."""
        import cv2

        self.device = device
        self._require_there()
        self._camera = _open(device, size, rate)
        good, picture = self._camera.read()
        if not good:
            self._camera.release()
            raise self._unusable()
        self.size = (picture.shape[1], picture.shape[0])
        said = float(self._camera.get(cv2.CAP_PROP_FPS))
        self.rate = said if 1 <= said <= 1000 else None
        self.name = cameras().get(device, device) if _SYSTEM == "Linux" else f"camera {device}"

    def __iter__(self) -> Iterator[Image]:
        import cv2

        while True:
            good, picture = self._camera.read()
            if not good:
                raise RetryLater(f"Camera {self.device} stopped giving pictures.", "Is it still plugged in?")
            yield Image(np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8))

    def close(self) -> None:
        self._camera.release()

    def _require_there(self) -> None:
        if _SYSTEM != "Linux" or not (place := _device_file(self.device)):
            return
        if not place.exists():
            raise CameraMissing(f"Camera {self.device} is missing.", f"Plug one in, or {_instead(self.device)}")
        if not os.access(place, os.R_OK | os.W_OK):
            raise RetryLater(f"Camera {self.device} may not be used.", f"Add your user to the group that owns {place}.")

    def _unusable(self) -> RetryLater:
        if _SYSTEM == "Linux" and _device_file(self.device):
            message = f"Camera {self.device} gives no picture: another program may be using it, or it is no camera."
            others = _others(self.device)
            return RetryLater(
                message, f"Close the other program, or {others}" if others else "Close the other program."
            )
        message = f"Camera {self.device} is missing, or in use by another program."
        return CameraMissing(message, f"Plug it in, close the other program, or {_instead(self.device)}")


def _others(device: str) -> str:
    """Which other cameras there are to choose; "" if there is none."""
    others = [f"{number} ({name})" for number, name in cameras().items() if number != device]
    return f"choose {' or '.join(others)}." if others else ""


def _instead(device: str) -> str:
    """What to choose in place of a camera that is missing."""
    return _others(device) or "choose a clip as its stand in, in the inspector."


def _device_file(device: str) -> Path | None:
    if device.isdecimal():
        return Path(f"/dev/video{device}")
    return Path(device) if device.startswith("/dev/") else None


def _open(device: str, size: tuple[int, int] | None = None, rate: float = 0.0) -> Any:
    import cv2

    backend = {"Linux": cv2.CAP_V4L2, "Windows": cv2.CAP_DSHOW, "Darwin": cv2.CAP_AVFOUNDATION}.get(
        _SYSTEM, cv2.CAP_ANY
    )
    with _silence():
        if device.isdecimal():
            camera = cv2.VideoCapture(int(device), backend)
        else:
            camera = cv2.VideoCapture(device, backend if device.startswith("/dev/") else cv2.CAP_ANY)
        camera.set(cv2.CAP_PROP_READ_TIMEOUT_MSEC, _PATIENCE_MS)
        camera.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        if size is not None:
            if size > (640, 480):  # uncompressed, larger pictures come at a few frames a second
                camera.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
            camera.set(cv2.CAP_PROP_FRAME_WIDTH, size[0])
            camera.set(cv2.CAP_PROP_FRAME_HEIGHT, size[1])
        if rate > 0:
            camera.set(cv2.CAP_PROP_FPS, rate)
    return camera


@contextmanager
def _silence() -> Iterator[None]:
    """Keep OpenCV from writing to the terminal what is said on the node."""
    import cv2

    before = cv2.utils.logging.getLogLevel()
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    try:
        yield
    finally:
        cv2.utils.logging.setLogLevel(before)


def _read(place: Path) -> str:
    try:
        return place.read_text(errors="replace").strip()
    except OSError:
        return ""

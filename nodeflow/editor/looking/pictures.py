"""Pictures on their way out: into a PNG file, or onto the clipboard where the desktop has a tool for that.

    taking.take(Endpoint("pose", ""), lambda picture: save(picture, path))      # the picture in full, when it is there
    taking.update()                                                            # once per frame

A picture is encoded on a thread of its own; what came of it is said in a frame after that.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nodeflow.editor.looking.watching import Watching
from nodeflow.editor.workspace import Workspace
from nodeflow.engine.look import Glance, Picture
from nodeflow.graph import Endpoint
from nodeflow.whole import write_whole

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PART: Final = "taken"
_WHOLE: Final = 1 << 20
"""A side that no picture has: nothing is shrunk."""
_PATIENCE: Final = 5.0
_COPIED_SECONDS: Final = 10.0


class Taking:
    """See the module's head. One picture at a time; GUI thread only."""

    def __init__(self, workspace: Workspace, watching: Watching) -> None:
        self._workspace, self._watching = workspace, watching
        self._asked: tuple[str, float, Callable[[Picture], None]] | None = None
        self._thread: threading.Thread | None = None
        self._said: list[tuple[str, bool]] = []

    def save(self, spot: Endpoint, path: Path) -> None:
        """Write the picture that is at `spot` now into a PNG file."""
        path = path if path.suffix.lower() == ".png" else path.with_name(path.name + ".png")
        self._take(spot, lambda pixels: save_png(pixels, path))

    def copy(self, spot: Endpoint) -> None:
        """Put the picture that is at `spot` now on the clipboard."""
        self._take(spot, copy_png)

    def update(self) -> None:
        """Once per frame."""
        for text, done in self._said:
            self._workspace.notices.say(text, "done" if done else "error")
        self._said.clear()
        if self._asked is None:
            return
        name, until, then = self._asked
        look = self._workspace.run.snapshot.looks.get(name)
        if look is not None and isinstance(look.shows, Picture):
            self._end()
            then(look.shows)
        elif time.monotonic() > until:
            self._end()
            self._workspace.notices.say("There is no picture yet: run the graph", "warning")

    def _take(self, spot: Endpoint, work: Callable[[NDArray[np.uint8]], str]) -> None:
        def begin(picture: Picture) -> None:
            self._thread = threading.Thread(target=self._do, args=(work, picture.pixels), name="picture", daemon=True)
            self._thread.start()

        name = f"{_PART} {spot}"
        self._watching.want(_PART, {name: Glance(spot.node, spot.port, side=_WHOLE)})
        self._asked = (name, time.monotonic() + _PATIENCE, begin)

    def _do(self, work: Callable[[NDArray[np.uint8]], str], pixels: NDArray[np.uint8]) -> None:
        try:
            self._said.append((work(pixels), True))
        except Exception as error:  # of the disk, the encoder or the desktop's tool: it is said
            self._said.append((str(error), False))

    def _end(self) -> None:
        self._asked = None
        self._watching.want(_PART, {})


def save_png(pixels: NDArray[np.uint8], path: Path) -> str:
    """Write an RGB picture whole or not at all; returns what to say. Raises OSError with the file in its message."""
    data = png(pixels)
    try:
        write_whole(path, data)
    except OSError as error:
        raise OSError(f"{path}: this cannot be written: {error.strerror}") from error
    return f"Saved {path.name}, {pixels.shape[1]} x {pixels.shape[0]}"


def copy_png(pixels: NDArray[np.uint8]) -> str:
    """Put an RGB picture on the desktop's clipboard; returns what to say. Raises RuntimeError where nothing can."""
    with tempfile.TemporaryDirectory(prefix="nodeflow-") as folder:
        path = Path(folder, "picture.png")
        path.write_bytes(png(pixels))
        command = clipboard_command(path)
        if command is None:
            raise RuntimeError("Pictures cannot be copied here: install xclip or wl-clipboard, or save the picture")
        with path.open("rb") as data:
            # The tool stays behind to hand the picture out, so only its start is waited for.
            quiet = subprocess.DEVNULL
            done = subprocess.run(command, stdin=data, stdout=quiet, stderr=quiet, timeout=_COPIED_SECONDS, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]} could not copy the picture")
    return f"Copied the picture, {pixels.shape[1]} x {pixels.shape[0]}"


def clipboard_command(path: Path, platform: str = sys.platform) -> list[str] | None:
    """What puts the PNG in `path`, which is also its input, on the clipboard; None where there is nothing that can."""
    if platform == "darwin":
        return ["osascript", "-e", f'set the clipboard to (read (POSIX file "{path}") as \u00abclass PNGf\u00bb)']
    if platform == "win32":
        load = f"[System.Drawing.Image]::FromFile('{path}')"
        script = "Add-Type -AssemblyName System.Windows.Forms, System.Drawing; "
        return ["powershell", "-NoProfile", "-STA", "-Command", f"{script}[Windows.Forms.Clipboard]::SetImage({load})"]
    if shutil.which("wl-copy"):
        return ["wl-copy", "--type", "image/png"]
    if shutil.which("xclip"):
        return ["xclip", "-selection", "clipboard", "-t", "image/png", "-i", "-"]
    return None


def png(pixels: NDArray[np.uint8]) -> bytes:
    """An RGB picture as a PNG file."""
    import cv2

    done, data = cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
    if not done:
        raise RuntimeError("the picture cannot be encoded")
    return bytes(data)

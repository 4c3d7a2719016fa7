"""A screen to measure windows on: the one there is, or a virtual one of our own, drawn by the processor."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

SIZE = "1600x1000x24"


class NoScreen(Exception):
    """There is neither a display nor Xvfb to make one."""


@contextmanager
def screen() -> Iterator[dict[str, str]]:
    """The environment of a program that opens a window; at 100 %, so that figures can be compared. Raises NoScreen."""
    environment = os.environ | {"NODEFLOW_SCALE": "1"}
    if os.name == "nt" or os.environ.get("DISPLAY"):
        yield environment
        return
    if shutil.which("Xvfb") is None:
        raise NoScreen("there is no display, and no Xvfb to make one")
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", SIZE, "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise NoScreen("Xvfb does not start here")
        yield environment | {"DISPLAY": f":{number}"}
    finally:
        server.terminate()
        server.wait()

"""What the libraries inside DearPyGui can do and DearPyGui does not offer, by their C functions.

GLFW makes the window, tells of files that are dropped on it, reads the clipboard and waits for input; Dear ImGui takes
keys. Where the functions cannot be reached, as on Windows, DearPyGui's own serve, or nothing happens. GUI thread only,
after the window is shown unless said otherwise.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

_Drop = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(ctypes.c_char_p))
_MOD_CTRL = 1 << 12
_ALPHA_BITS, _DEPTH_BITS, _STENCIL_BITS = 0x21004, 0x21005, 0x21006
_kept: list[object] = []
"""Callbacks that C holds on to."""


def draw_flat() -> None:
    """Have the window that is shown next be without a depth and a stencil buffer, and without opacity. Nothing here
    lies in depth or lets the desktop through, and without a GPU Mesa has shorter ways to fill such a window."""
    library = _library() if sys.platform == "linux" else None
    if library is not None and hasattr(library, "glfwWindowHint") and library.glfwInit():
        for hint in (_ALPHA_BITS, _DEPTH_BITS, _STENCIL_BITS):
            library.glfwWindowHint(hint, 0)


def on_drop(take: Callable[[list[Path]], None]) -> None:
    """Have `take` called, in the middle of a frame, with files that are dropped on the window."""
    library = _library()
    if library is None or not hasattr(library, "glfwSetDropCallback"):
        return

    def dropped(_window: object, count: int, names: Sequence[bytes]) -> None:  # a C array: it has no length
        take([Path(os.fsdecode(names[place])) for place in range(count)])

    _kept.append(_Drop(dropped))
    library.glfwGetCurrentContext.restype = ctypes.c_void_p
    library.glfwSetDropCallback.argtypes = [ctypes.c_void_p, _Drop]
    library.glfwSetDropCallback(library.glfwGetCurrentContext(), _kept[-1])


def clipboard_text() -> str:
    """The text in the clipboard; "" where it holds none. DearPyGui's own call ends the program then."""
    library = _library()
    if library is None or not hasattr(library, "glfwGetClipboardString"):
        import dearpygui.dearpygui as dpg

        return str(dpg.get_clipboard_text() or "")
    library.glfwGetCurrentContext.restype = ctypes.c_void_p
    library.glfwGetClipboardString.argtypes = [ctypes.c_void_p]
    library.glfwGetClipboardString.restype = ctypes.c_char_p
    found: bytes | None = library.glfwGetClipboardString(library.glfwGetCurrentContext())
    return (found or b"").decode("utf-8", "replace")


def wait_for_input(seconds: float) -> bool:
    """Wait so long, or until something happens to the window, and say whether it did."""
    library = _library()
    if library is None or not hasattr(library, "glfwWaitEventsTimeout"):
        time.sleep(seconds)
        return False
    until = time.monotonic() + seconds
    library.glfwWaitEventsTimeout.argtypes = [ctypes.c_double]
    library.glfwWaitEventsTimeout(seconds)
    return time.monotonic() < until


def forget_ctrl() -> None:
    """Let Dear ImGui take Ctrl for released until the next key. While it is held after Ctrl+Tab, a list of windows
    shows, and there is only one."""
    library = _library()
    if library is not None and hasattr(library, "_ZN7ImGuiIO11AddKeyEventE8ImGuiKeyb"):
        get_io, add_key_event = library._ZN5ImGui5GetIOEv, library._ZN7ImGuiIO11AddKeyEventE8ImGuiKeyb
        get_io.restype = ctypes.c_void_p
        add_key_event.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_bool]
        add_key_event(get_io(), _MOD_CTRL, False)


@cache
def _library() -> ctypes.CDLL | None:
    spec = importlib.util.find_spec("dearpygui._dearpygui")
    try:
        return ctypes.CDLL(spec.origin) if spec and spec.origin else None
    except OSError:
        return None

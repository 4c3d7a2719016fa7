"""The screen: whether there is one, how large it is, and how many real pixels a logical one has.

DearPyGui ends the process where it finds no display, so the editor looks first. Any thread.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Screen:
    """`size` is in real pixels, or None where nobody tells."""

    scale: float = 1.0
    size: tuple[int, int] | None = None


def find_screen(wanted: float = 0.0) -> Screen | None:
    """The screen, or None if there is none. `wanted` is the scale to have instead of its own, unless it is 0;
    NODEFLOW_SCALE, between 0.5 and 4, says it over all others."""
    if sys.platform == "win32":
        found = _windows()
    elif sys.platform == "darwin":
        found = Screen()  # the window server scales
    else:
        found = _x11()
    if found is None:
        return None
    try:
        scale = float(os.environ.get("NODEFLOW_SCALE") or wanted or found.scale)
    except ValueError:
        scale = wanted or found.scale
    return Screen(min(4.0, max(0.5, scale)), found.size)


def _x11() -> Screen | None:
    name = ctypes.util.find_library("X11")
    if name is None:
        return Screen() if os.environ.get("DISPLAY") else None
    x11 = ctypes.CDLL(name)
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XGetDefault.restype = ctypes.c_char_p
    x11.XGetDefault.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_char_p]
    for call in (x11.XDisplayWidth, x11.XDisplayHeight):
        call.argtypes = [ctypes.c_void_p, ctypes.c_int]
    display = x11.XOpenDisplay(None)
    if not display:
        return None
    try:
        size = x11.XDisplayWidth(display, 0), x11.XDisplayHeight(display, 0)
        dots = x11.XGetDefault(display, b"Xft", b"dpi")
    finally:
        x11.XCloseDisplay(ctypes.c_void_p(display))
    try:
        scale = float(dots) / 96 if dots else float(os.environ.get("GDK_SCALE") or 1)
    except ValueError:
        scale = 1.0
    return Screen(round(scale * 4) / 4, size)


def _windows() -> Screen:
    user32 = getattr(ctypes, "windll").user32  # noqa: B009 - only there on Windows
    user32.SetProcessDPIAware()
    return Screen(user32.GetDpiForSystem() / 96, (user32.GetSystemMetrics(0), user32.GetSystemMetrics(1)))

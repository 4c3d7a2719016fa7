"""What a file manager does when a person drops files on a window (XDND, version 5)."""

from __future__ import annotations

import ctypes
import ctypes.util
from typing import Any, ClassVar

_CLIENT_MESSAGE, _SELECTION_REQUEST, _SELECTION_NOTIFY = 33, 30, 31


class _Message(ctypes.Structure):
    _fields_: ClassVar = [
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
    ]


class _Request(ctypes.Structure):
    _fields_: ClassVar = [
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("owner", ctypes.c_ulong),
        ("requestor", ctypes.c_ulong),
        ("selection", ctypes.c_ulong),
        ("target", ctypes.c_ulong),
        ("property", ctypes.c_ulong),
        ("time", ctypes.c_ulong),
    ]


class _Notify(ctypes.Structure):
    _fields_: ClassVar = [
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("requestor", ctypes.c_ulong),
        ("selection", ctypes.c_ulong),
        ("target", ctypes.c_ulong),
        ("property", ctypes.c_ulong),
        ("time", ctypes.c_ulong),
    ]


class _Event(ctypes.Union):
    _fields_: ClassVar = [
        ("type", ctypes.c_int),
        ("request", _Request),
        ("message", _Message),
        ("notify", _Notify),
        ("room", ctypes.c_long * 24),
    ]


def drop_files(display_name: str, window: int, addresses: list[str], at: tuple[float, float]) -> None:
    """Drop files, by their file:// addresses, on a window of the X display at a point of the screen."""
    x11: Any = ctypes.CDLL(ctypes.util.find_library("X11"))
    for name, result in (("XOpenDisplay", ctypes.c_void_p), ("XInternAtom", ctypes.c_ulong)):
        getattr(x11, name).restype = result
    for name in ("XDefaultRootWindow", "XCreateSimpleWindow"):
        getattr(x11, name).restype = ctypes.c_ulong
    display = ctypes.c_void_p(x11.XOpenDisplay(display_name.encode()))
    assert display

    def atom(name: str) -> int:
        return int(x11.XInternAtom(display, name.encode(), 0))

    root = ctypes.c_ulong(x11.XDefaultRootWindow(display))
    source = x11.XCreateSimpleWindow(display, root, 0, 0, 1, 1, 0, ctypes.c_ulong(0), ctypes.c_ulong(0))
    selection, kind = atom("XdndSelection"), atom("text/uri-list")

    def send(name: str, *data: int) -> None:
        event = _Event(message=_Message(type=_CLIENT_MESSAGE, window=window, message_type=atom(name), format=32))
        for place, value in enumerate((source, *data)):
            event.message.data[place] = value
        x11.XSendEvent(display, ctypes.c_ulong(window), 0, ctypes.c_long(0), ctypes.byref(event))

    x11.XSetSelectionOwner(display, ctypes.c_ulong(selection), ctypes.c_ulong(source), ctypes.c_ulong(0))
    send("XdndEnter", 5 << 24, kind, 0, 0)
    send("XdndPosition", 0, round(at[0]) << 16 | round(at[1]), 0, atom("XdndActionCopy"))
    send("XdndDrop", 0, 0, 0, 0)
    text = "".join(f"{address}\r\n" for address in addresses).encode()
    event, finished = _Event(), atom("XdndFinished")
    while event.type != _SELECTION_REQUEST:
        x11.XNextEvent(display, ctypes.byref(event))
    asked = event.request
    x11.XChangeProperty(
        display, ctypes.c_ulong(asked.requestor), ctypes.c_ulong(asked.property), ctypes.c_ulong(kind), 8, 0, text,
        len(text),
    )  # fmt: skip
    answer = _Event()
    answer.notify = _Notify(
        type=_SELECTION_NOTIFY, requestor=asked.requestor, selection=selection, target=kind, property=asked.property
    )
    x11.XSendEvent(display, ctypes.c_ulong(asked.requestor), 0, ctypes.c_long(0), ctypes.byref(answer))
    while event.type != _CLIENT_MESSAGE or event.message.message_type != finished:
        x11.XNextEvent(display, ctypes.byref(event))
    x11.XCloseDisplay(display)

"""Texts that DearPyGui can take: any at all.

A text may hold half of a pair, which is no character: JSON can say one ("\\ud800"), and Python has one for each byte of
a file's name that is not UTF-8. DearPyGui ends the process over it. It may come from everywhere, a stranger's graph, a
node's value, an error that names a path; so it is replaced on the way into DearPyGui, for all who call that.

    guard_texts()            # before the first item is made; a second time does nothing
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

import dearpygui._dearpygui as inner

_TAKE_TEXT: Final = (
    *("configure_item", "configure_viewport", "create_viewport", "draw_text", "get_text_size"),
    *("set_clipboard_text", "set_value"),
)
"""Beside those that add an item."""


def guard_texts() -> None:
    """Have DearPyGui get whole characters only, from now on."""
    for name in [each for each in dir(inner) if each.startswith("add_")] + list(_TAKE_TEXT):
        call = getattr(inner, name)
        if not hasattr(call, "__wrapped__"):
            setattr(inner, name, _guarded(call))


def whole(text: str) -> str:
    """The text with a question mark for every half of a pair."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _guarded(call: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(call)
    def guarded(*given: Any, **named: Any) -> Any:
        for value in given:
            if type(value) in _TEXTS:
                given = tuple(map(_whole, given))
                break
        for value in named.values():
            if type(value) in _TEXTS:
                named = {name: _whole(each) for name, each in named.items()}
                break
        return call(*given, **named)

    return guarded


_TEXTS: Final = frozenset({str, list})


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return whole(value)
    return [_whole(each) for each in value] if isinstance(value, list) else value

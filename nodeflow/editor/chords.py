"""Keys with the modifiers that are held, as everybody here writes them: "Ctrl+Shift+S". Pure."""

from __future__ import annotations

from typing import Final

_MODIFIERS = ("Ctrl", "Alt", "Shift")
KEYS: Final = frozenset(
    [
        *"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,-=/;'[]\\`",
        *(f"F{number}" for number in range(1, 13)),
        *("Space", "Tab", "Enter", "Escape", "Delete", "Backspace", "Insert"),
        *("Home", "End", "PageUp", "PageDown", "Left", "Right", "Up", "Down"),
    ]
)
"""The names of keys. What a keyboard of DearPyGui sends is told by keys.py."""


def chord(key: str, *, ctrl: bool = False, alt: bool = False, shift: bool = False) -> str:
    """The name of a key with its modifiers, always in the same order: "Ctrl+Shift+S"."""
    held = [name for name, down in zip(_MODIFIERS, (ctrl, alt, shift), strict=True) if down]
    return "+".join([*held, key])


def known_chord(text: str) -> bool:
    """Whether this is how `chord` writes some key."""
    *held, key = text.split("+")
    return key in KEYS and held == [name for name in _MODIFIERS if name in held]

"""Key codes of DearPyGui as names, and which modifiers are held. GUI thread only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import dearpygui.dearpygui as dpg

NAMES: Final[dict[int, str]] = {
    **{getattr(dpg, f"mvKey_{letter}"): letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"},
    **{getattr(dpg, f"mvKey_F{number}"): f"F{number}" for number in range(1, 13)},
    dpg.mvKey_Spacebar: "Space",
    dpg.mvKey_Tab: "Tab",
    dpg.mvKey_Return: "Enter",
    dpg.mvKey_NumPadEnter: "Enter",
    dpg.mvKey_Escape: "Escape",
    dpg.mvKey_Delete: "Delete",
    dpg.mvKey_Back: "Backspace",
    dpg.mvKey_Home: "Home",
    dpg.mvKey_End: "End",
    dpg.mvKey_Prior: "PageUp",
    dpg.mvKey_Next: "PageDown",
    dpg.mvKey_Left: "Left",
    dpg.mvKey_Right: "Right",
    dpg.mvKey_Up: "Up",
    dpg.mvKey_Down: "Down",
    dpg.mvKey_Period: ".",
    dpg.mvKey_Comma: ",",
    dpg.mvKey_Minus: "-",
    dpg.mvKey_Insert: "Insert",
    dpg.mvKey_Slash: "/",
    dpg.mvKey_Backslash: "\\",
    dpg.mvKey_Open_Brace: "[",
    dpg.mvKey_Close_Brace: "]",
    # Those that DearPyGui's own names have wrong: its handlers tell the codes of Dear ImGui.
    dpg.mvKey_Comma - 1: "'",
    dpg.mvKey_Slash + 1: ";",
    dpg.mvKey_Slash + 2: "=",
    dpg.mvKey_Close_Brace + 1: "`",
    **{getattr(dpg, f"mvKey_NumPad{number}"): str(number) for number in range(10)},
    dpg.mvKey_Add: "=",
    dpg.mvKey_Subtract: "-",
    dpg.mvKey_Divide: "/",
    dpg.mvKey_Decimal: ".",
}


@dataclass(frozen=True, slots=True)
class Held:
    """The modifiers that are down. On a Mac, DearPyGui takes Command for Ctrl."""

    ctrl: bool = False
    alt: bool = False
    shift: bool = False

    def __or__(self, other: Held) -> Held:
        return Held(self.ctrl or other.ctrl, self.alt or other.alt, self.shift or other.shift)


def held() -> Held:
    return Held(
        ctrl=_down(dpg.mvKey_LControl, dpg.mvKey_RControl),
        alt=_down(dpg.mvKey_LAlt, dpg.mvKey_RAlt),
        shift=_down(dpg.mvKey_LShift, dpg.mvKey_RShift),
    )


def _down(*keys: int) -> bool:
    return any(dpg.is_key_down(key) for key in keys)

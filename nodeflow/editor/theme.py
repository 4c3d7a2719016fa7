"""Colours and spacing: one palette that panels and canvas share, and the DearPyGui themes made from it.

Every colour in the editor is a name from here. The greys carry the interface; colour is kept for meaning: kinds on
the canvas (`canvas.kinds_style`), one accent for what is selected or primary, amber and red for what needs a look.
GUI thread only, except for the constants.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import dearpygui.dearpygui as dpg

Rgba = tuple[int, int, int, int]


def rgb(code: int, alpha: int = 255) -> Rgba:
    """0xRRGGBB as a DearPyGui colour."""
    return (code >> 16, code >> 8 & 255, code & 255, alpha)


def rgba(color: tuple[int, int, int], alpha: float = 1.0) -> Rgba:
    """Red, green and blue with an opacity, 0..1."""
    return (*color, round(255 * alpha))


def fade(color: Rgba, alpha: float) -> Rgba:
    """The colour with its opacity multiplied by `alpha`, 0..1."""
    return (*color[:3], round(color[3] * alpha))


def mix(one: Rgba, other: Rgba, share: float) -> Rgba:
    """`one` with `share` (0..1) of `other` in it."""
    red, green, blue, alpha = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return (red, green, blue, alpha)


CANVAS: Final = rgb(0x16171A)
GRID: Final = rgb(0x2E3137)
PANEL: Final = rgb(0x1C1D21)
RAISED: Final = rgb(0x25272C)
FIELD: Final = rgb(0x2A2C32)
FIELD_HOVER: Final = rgb(0x32353C)
FIELD_ACTIVE: Final = rgb(0x3A3E47)
BORDER: Final = rgb(0x303238)
NODE: Final = rgb(0x25272C)
NODE_TITLE: Final = rgb(0x2E3137)
NODE_EDGE: Final = rgb(0x0E0F11)
TEXT: Final = rgb(0xE7E9ED)
TEXT_DIM: Final = rgb(0xA0A4AD)
TEXT_FAINT: Final = rgb(0x6E727B)
ACCENT: Final = rgb(0x6C9EF8)
GOOD: Final = rgb(0x58B98A)
WARN: Final = rgb(0xE0A84E)
BAD: Final = rgb(0xEB6A66)
FRAME_PADDING: Final = 6
"""Above and below the text of a widget, in logical pixels."""
BLACK: Final = rgb(0x000000)
CLEAR: Final[Rgba] = (0, 0, 0, 0)


_CATEGORIES: Final[dict[str, Rgba]] = {
    "input": rgb(0x4F8F6B),
    "output": rgb(0xA8705A),
    "find": rgb(0x4E86B8),
    "people": rgb(0x4E86B8),
    "draw": rgb(0x8C6BB1),
    "image": rgb(0x5C7F9E),
    "model": rgb(0x4E86B8),
    "number": rgb(0x7C68A8),
    "text": rgb(0x9C8A45),
    "time": rgb(0x8A6F8A),
}


def category_color(category: str) -> Rgba:
    """The tint of a category's title bars, told by its first word that has one."""
    for word in category.lower().replace("/", " ").split():
        if word in _CATEGORIES:
            return _CATEGORIES[word]
    return rgb(0x6A7080)


_COLORS: Final = {
    dpg.mvThemeCol_Text: TEXT,
    dpg.mvThemeCol_TextDisabled: TEXT_FAINT,
    dpg.mvThemeCol_WindowBg: PANEL,
    dpg.mvThemeCol_ChildBg: CLEAR,
    dpg.mvThemeCol_PopupBg: RAISED,
    dpg.mvThemeCol_Border: BORDER,
    dpg.mvThemeCol_FrameBg: FIELD,
    dpg.mvThemeCol_FrameBgHovered: FIELD_HOVER,
    dpg.mvThemeCol_FrameBgActive: FIELD_ACTIVE,
    dpg.mvThemeCol_TitleBg: RAISED,
    dpg.mvThemeCol_TitleBgActive: RAISED,
    dpg.mvThemeCol_ScrollbarBg: CLEAR,
    dpg.mvThemeCol_ScrollbarGrab: FIELD_HOVER,
    dpg.mvThemeCol_ScrollbarGrabHovered: FIELD_ACTIVE,
    dpg.mvThemeCol_ScrollbarGrabActive: FIELD_ACTIVE,
    dpg.mvThemeCol_CheckMark: ACCENT,
    dpg.mvThemeCol_SliderGrab: fade(ACCENT, 0.75),
    dpg.mvThemeCol_SliderGrabActive: ACCENT,
    dpg.mvThemeCol_Button: FIELD,
    dpg.mvThemeCol_ButtonHovered: FIELD_HOVER,
    dpg.mvThemeCol_ButtonActive: FIELD_ACTIVE,
    dpg.mvThemeCol_Header: fade(ACCENT, 0.22),
    dpg.mvThemeCol_HeaderHovered: FIELD_HOVER,
    dpg.mvThemeCol_HeaderActive: FIELD_ACTIVE,
    dpg.mvThemeCol_Separator: BORDER,
    dpg.mvThemeCol_TextSelectedBg: fade(ACCENT, 0.35),
    dpg.mvThemeCol_InputTextCursor: ACCENT,
    dpg.mvThemeCol_NavCursor: fade(ACCENT, 0.6),
    dpg.mvThemeCol_PlotHistogram: ACCENT,
    dpg.mvThemeCol_ModalWindowDimBg: (0, 0, 0, 140),
}

_SPACING: Final[dict[int, tuple[float, ...]]] = {
    dpg.mvStyleVar_WindowPadding: (0, 0),
    dpg.mvStyleVar_WindowRounding: (8,),
    dpg.mvStyleVar_WindowBorderSize: (0,),
    dpg.mvStyleVar_ChildRounding: (0,),
    dpg.mvStyleVar_ChildBorderSize: (0,),
    dpg.mvStyleVar_PopupRounding: (8,),
    dpg.mvStyleVar_PopupBorderSize: (1,),
    dpg.mvStyleVar_FramePadding: (9, FRAME_PADDING),
    dpg.mvStyleVar_FrameRounding: (6,),
    dpg.mvStyleVar_FrameBorderSize: (0,),
    dpg.mvStyleVar_ItemSpacing: (8, 6),
    dpg.mvStyleVar_ItemInnerSpacing: (6, 5),
    dpg.mvStyleVar_ScrollbarSize: (9,),
    dpg.mvStyleVar_ScrollbarRounding: (6,),
    dpg.mvStyleVar_GrabMinSize: (10,),
    dpg.mvStyleVar_GrabRounding: (4,),
}
_PIXELS: Final = {dpg.mvStyleVar_WindowBorderSize, dpg.mvStyleVar_ChildBorderSize, dpg.mvStyleVar_PopupBorderSize}


@dataclass(frozen=True, slots=True)
class Themes:
    """Handles of the themes that items bind."""

    quiet: int
    """A button that is only its icon or text until the pointer is on it."""
    choice: int
    """A button that shows a value and opens a menu."""
    small_quiet: int
    small_warn: int
    small_bad: int
    """Flat text buttons of the status bar."""
    pinned: int
    """The same, switched on."""
    primary: int
    """The one button in a dialog that most people want."""
    panel: int
    """A child window with a ground of its own."""
    padded: int
    """The same, with air around its content."""
    tight: int
    """A floating window that is nothing but one field."""
    floating: int
    """A window above the canvas: menu, dialog, toast."""
    grip: int
    """The edge between two panels, to be dragged."""
    dim: int
    faint: int
    warn: int
    bad: int
    good: int


def build(scale: float) -> Themes:
    """Make the themes, for lengths multiplied by `scale`, and bind the base one."""
    base = _theme(_COLORS, {var: tuple(v if var in _PIXELS else v * scale for v in vs) for var, vs in _SPACING.items()})
    dpg.bind_theme(base)
    return Themes(
        quiet=_theme(
            {
                dpg.mvThemeCol_Button: CLEAR,
                dpg.mvThemeCol_ButtonHovered: FIELD_HOVER,
                dpg.mvThemeCol_ButtonActive: FIELD_ACTIVE,
                dpg.mvThemeCol_Text: mix(TEXT, TEXT_DIM, 0.5),
            },
            disabled={
                dpg.mvThemeCol_Button: CLEAR,
                dpg.mvThemeCol_ButtonHovered: CLEAR,
                dpg.mvThemeCol_ButtonActive: CLEAR,
                dpg.mvThemeCol_Text: fade(TEXT_FAINT, 0.6),
            },
        ),
        choice=_theme({}, {dpg.mvStyleVar_ButtonTextAlign: (0, 0.5)}),
        small_quiet=_flat(TEXT_FAINT, scale),
        small_warn=_flat(WARN, scale),
        small_bad=_flat(BAD, scale),
        pinned=_theme(
            {
                dpg.mvThemeCol_Button: CLEAR,
                dpg.mvThemeCol_ButtonHovered: FIELD_HOVER,
                dpg.mvThemeCol_ButtonActive: FIELD_ACTIVE,
                dpg.mvThemeCol_Text: ACCENT,
            }
        ),
        primary=_theme(
            {
                dpg.mvThemeCol_Button: mix(ACCENT, BLACK, 0.35),
                dpg.mvThemeCol_ButtonHovered: mix(ACCENT, BLACK, 0.25),
                dpg.mvThemeCol_ButtonActive: mix(ACCENT, BLACK, 0.15),
            }
        ),
        panel=_theme({dpg.mvThemeCol_ChildBg: PANEL}),
        padded=_theme({dpg.mvThemeCol_ChildBg: PANEL}, {dpg.mvStyleVar_WindowPadding: (14 * scale, 12 * scale)}),
        tight=_theme({}, {dpg.mvStyleVar_WindowPadding: (0, 0), dpg.mvStyleVar_WindowBorderSize: (0,)}),
        floating=_theme(
            {dpg.mvThemeCol_WindowBg: RAISED, dpg.mvThemeCol_Border: BORDER},
            {dpg.mvStyleVar_WindowPadding: (14 * scale, 12 * scale), dpg.mvStyleVar_WindowBorderSize: (1,)},
        ),
        grip=_theme(
            {
                dpg.mvThemeCol_Button: CLEAR,
                dpg.mvThemeCol_ButtonHovered: fade(ACCENT, 0.5),
                dpg.mvThemeCol_ButtonActive: ACCENT,
            },
            {dpg.mvStyleVar_FrameRounding: (0,)},
        ),
        dim=_theme({dpg.mvThemeCol_Text: TEXT_DIM}),
        faint=_theme({dpg.mvThemeCol_Text: TEXT_FAINT}),
        warn=_theme({dpg.mvThemeCol_Text: WARN}),
        bad=_theme({dpg.mvThemeCol_Text: BAD}),
        good=_theme({dpg.mvThemeCol_Text: GOOD}),
    )


def _flat(text: Rgba, scale: float) -> int:
    return _theme(
        {
            dpg.mvThemeCol_Button: CLEAR,
            dpg.mvThemeCol_ButtonHovered: FIELD_HOVER,
            dpg.mvThemeCol_ButtonActive: FIELD_ACTIVE,
            dpg.mvThemeCol_Text: text,
        },
        {dpg.mvStyleVar_FramePadding: (6 * scale, 4 * scale)},
    )


def _theme(
    colors: dict[int, Rgba],
    spacing: dict[int, tuple[float, ...]] | None = None,
    disabled: dict[int, Rgba] | None = None,
) -> int:
    with dpg.theme() as theme:
        with dpg.theme_component(dpg.mvAll):
            for target, color in colors.items():
                dpg.add_theme_color(target, color)
            for var, values in (spacing or {}).items():
                dpg.add_theme_style(var, *values)
        if disabled:
            with dpg.theme_component(dpg.mvButton, enabled_state=False):
                for target, color in disabled.items():
                    dpg.add_theme_color(target, color)
    return int(theme)

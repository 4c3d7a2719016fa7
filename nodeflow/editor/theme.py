"""Colours and spacing as DearPyGui themes.

    themes = build(scale); dpg.bind_item_theme(item, themes.quiet)
    show(LIGHT, themes)

A theme says its colours as a function of the palette, so that `show` brings all of them to another one without
touching the items they are bound to. GUI thread only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.palette import BLACK, CLEAR, Palette, Rgba, colors, fade, mix, use

FRAME_PADDING: Final = 6
"""Above and below the text of a widget, in logical pixels."""

Paint = Callable[[], dict[int, Rgba]]
"""The colours of a theme in the palette of now, by DearPyGui's names."""
Spacing = dict[int, tuple[float, ...]]


_SPACING: Final[Spacing] = {
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
    word: int
    """The same, with more air, for a word in a row of words."""
    entry: int
    """A line in a list of places to go to, and the one that is shown."""
    chosen: int
    choice: int
    """A button that shows a value and opens a menu."""
    small_quiet: int
    small_warn: int
    small_bad: int
    """Flat text buttons of the status bar."""
    pinned: int
    """The same, switched on."""
    chip: int
    chip_on: int
    chip_at: int
    """A filter, one that is set, and the one that the keys are at."""
    primary: int
    """The one button in a dialog that most people want."""
    padded: int
    """A child window with air around its content."""
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
    repaint: Callable[[], None]
    """Bring all themes to the palette of now."""


def _base() -> dict[int, Rgba]:
    return {
        dpg.mvThemeCol_Text: colors.text,
        dpg.mvThemeCol_TextDisabled: colors.text_faint,
        dpg.mvThemeCol_WindowBg: colors.ground,
        dpg.mvThemeCol_ChildBg: CLEAR,
        dpg.mvThemeCol_PopupBg: colors.raised,
        dpg.mvThemeCol_Border: colors.border,
        dpg.mvThemeCol_FrameBg: colors.field,
        dpg.mvThemeCol_FrameBgHovered: colors.field_hover,
        dpg.mvThemeCol_FrameBgActive: colors.field_active,
        dpg.mvThemeCol_TitleBg: colors.raised,
        dpg.mvThemeCol_TitleBgActive: colors.raised,
        dpg.mvThemeCol_ScrollbarBg: CLEAR,
        dpg.mvThemeCol_ScrollbarGrab: colors.field_hover,
        dpg.mvThemeCol_ScrollbarGrabHovered: colors.field_active,
        dpg.mvThemeCol_ScrollbarGrabActive: colors.field_active,
        dpg.mvThemeCol_CheckMark: colors.accent,
        dpg.mvThemeCol_SliderGrab: fade(colors.accent, 0.75),
        dpg.mvThemeCol_SliderGrabActive: colors.accent,
        dpg.mvThemeCol_Button: colors.field,
        dpg.mvThemeCol_ButtonHovered: colors.field_hover,
        dpg.mvThemeCol_ButtonActive: colors.field_active,
        dpg.mvThemeCol_Header: fade(colors.accent, 0.22),
        dpg.mvThemeCol_HeaderHovered: colors.field_hover,
        dpg.mvThemeCol_HeaderActive: colors.field_active,
        dpg.mvThemeCol_Separator: colors.border,
        dpg.mvThemeCol_TextSelectedBg: fade(colors.accent, 0.35),
        dpg.mvThemeCol_InputTextCursor: colors.accent,
        dpg.mvThemeCol_NavCursor: fade(colors.accent, 0.6),
        dpg.mvThemeCol_PlotHistogram: colors.accent,
        dpg.mvThemeCol_ModalWindowDimBg: fade(BLACK, 0.4),
    }


def _flat(text: Callable[[], Rgba]) -> Paint:
    """A button without a ground until the pointer is on it."""
    return lambda: {
        dpg.mvThemeCol_Button: CLEAR,
        dpg.mvThemeCol_ButtonHovered: colors.field_hover,
        dpg.mvThemeCol_ButtonActive: colors.field_active,
        dpg.mvThemeCol_Text: text(),
    }


def _off() -> dict[int, Rgba]:
    return {
        dpg.mvThemeCol_Button: CLEAR,
        dpg.mvThemeCol_ButtonHovered: CLEAR,
        dpg.mvThemeCol_ButtonActive: CLEAR,
        dpg.mvThemeCol_Text: fade(colors.text_faint, 0.45),
    }


def _primary() -> dict[int, Rgba]:
    return {
        dpg.mvThemeCol_Button: colors.primary,
        dpg.mvThemeCol_ButtonHovered: mix(colors.primary, BLACK, 0.12),
        dpg.mvThemeCol_ButtonActive: mix(colors.primary, BLACK, 0.24),
        dpg.mvThemeCol_Text: colors.on_primary,
    }


def _chosen() -> dict[int, Rgba]:
    return {
        dpg.mvThemeCol_Button: fade(colors.accent, 0.22),
        dpg.mvThemeCol_ButtonHovered: fade(colors.accent, 0.28),
        dpg.mvThemeCol_ButtonActive: fade(colors.accent, 0.34),
        dpg.mvThemeCol_Text: colors.text,
    }


def _marked() -> dict[int, Rgba]:
    return {
        dpg.mvThemeCol_Button: colors.field_hover,
        dpg.mvThemeCol_Border: colors.accent,
        dpg.mvThemeCol_Text: colors.text,
    }


def _chip() -> dict[int, Rgba]:
    return {dpg.mvThemeCol_Button: colors.field, dpg.mvThemeCol_Text: colors.text_dim}


def _floating() -> dict[int, Rgba]:
    return {
        dpg.mvThemeCol_WindowBg: colors.raised,
        dpg.mvThemeCol_Border: colors.border,
        dpg.mvThemeCol_FrameBg: colors.field_hover,
        dpg.mvThemeCol_FrameBgHovered: colors.field_active,
        dpg.mvThemeCol_Button: colors.field_hover,
        dpg.mvThemeCol_ButtonHovered: colors.field_active,
    }


def _grip() -> dict[int, Rgba]:
    return {
        dpg.mvThemeCol_Button: CLEAR,
        dpg.mvThemeCol_ButtonHovered: fade(colors.accent, 0.5),
        dpg.mvThemeCol_ButtonActive: colors.accent,
    }


class _Painted:
    """The themes made so far, and the colours in them."""

    def __init__(self) -> None:
        self._colors: list[tuple[Paint, dict[int, int]]] = []

    def theme(
        self,
        paint: Paint = dict,
        spacing: Spacing | None = None,
        disabled: Paint | None = None,
        boxes: Paint | None = None,
    ) -> int:
        """`disabled` is for buttons that are; `boxes` for check boxes, which get an edge."""
        with dpg.theme() as theme:
            with dpg.theme_component(dpg.mvAll):
                self._add(paint)
                for var, values in (spacing or {}).items():
                    dpg.add_theme_style(var, *values)
            if disabled:
                with dpg.theme_component(dpg.mvButton, enabled_state=False):
                    self._add(disabled)
            if boxes:
                with dpg.theme_component(dpg.mvCheckbox):
                    self._add(boxes)
                    dpg.add_theme_style(dpg.mvStyleVar_FrameBorderSize, 1.0)
        return int(theme)

    def repaint(self) -> None:
        for paint, items in self._colors:
            for target, color in paint().items():
                dpg.set_value(items[target], color)

    def _add(self, paint: Paint) -> None:
        self._colors.append((paint, {target: int(dpg.add_theme_color(target, c)) for target, c in paint().items()}))


def show(palette: Palette, themes: Themes) -> None:
    """Draw everything in another palette from now on."""
    use(palette)
    themes.repaint()
    dpg.set_viewport_clear_color(colors.ground)


def build(scale: float) -> Themes:
    """Make the themes, for lengths multiplied by `scale`, and bind the base one."""
    made = _Painted()
    theme = made.theme
    small: Spacing = {dpg.mvStyleVar_FramePadding: (6 * scale, 4 * scale)}
    left: Spacing = {dpg.mvStyleVar_ButtonTextAlign: (0, 0.5)}
    air: Spacing = {dpg.mvStyleVar_WindowPadding: (14 * scale, 12 * scale)}
    base: Spacing = {var: tuple(v if var in _PIXELS else v * scale for v in values) for var, values in _SPACING.items()}
    dpg.bind_theme(theme(_base, base, boxes=lambda: {dpg.mvThemeCol_Border: colors.text_faint}))
    return Themes(
        quiet=theme(_flat(lambda: mix(colors.text, colors.text_dim, 0.5)), disabled=_off),
        word=theme(_flat(lambda: colors.text_dim), {dpg.mvStyleVar_FramePadding: (8 * scale, 6 * scale)}),
        entry=theme(_flat(lambda: colors.text_dim), left),
        chosen=theme(_chosen, left),
        choice=theme(spacing=left),
        small_quiet=theme(_flat(lambda: colors.text_faint), small),
        small_warn=theme(_flat(lambda: colors.warn), small),
        small_bad=theme(_flat(lambda: colors.bad), small),
        chip=theme(_chip, small | {dpg.mvStyleVar_FrameRounding: (11 * scale,)}),
        chip_at=theme(
            _marked,
            small | {dpg.mvStyleVar_FrameRounding: (11 * scale,), dpg.mvStyleVar_FrameBorderSize: (1.5 * scale,)},
        ),
        chip_on=theme(_chosen, small | {dpg.mvStyleVar_FrameRounding: (11 * scale,)}),
        pinned=theme(_flat(lambda: colors.accent)),
        primary=theme(_primary),
        padded=theme(spacing=air),
        tight=theme(spacing={dpg.mvStyleVar_WindowPadding: (0, 0), dpg.mvStyleVar_WindowBorderSize: (0,)}),
        floating=theme(
            _floating,
            air | {dpg.mvStyleVar_WindowBorderSize: (1,)},
        ),
        grip=theme(_grip, {dpg.mvStyleVar_FrameRounding: (0,)}),
        dim=theme(lambda: {dpg.mvThemeCol_Text: colors.text_dim}),
        faint=theme(lambda: {dpg.mvThemeCol_Text: colors.text_faint}),
        warn=theme(lambda: {dpg.mvThemeCol_Text: colors.warn}),
        bad=theme(lambda: {dpg.mvThemeCol_Text: colors.bad}),
        good=theme(lambda: {dpg.mvThemeCol_Text: colors.good}),
        repaint=made.repaint,
    )

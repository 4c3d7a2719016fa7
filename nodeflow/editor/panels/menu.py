"""A list to choose from, with a search field on top where there is much to choose: the add menu, choices, actions.

Arrows move, Enter chooses, Escape leaves; so do pointer and wheel. Without a search field a letter marks the next row
that begins with it. Right and Left unfold and fold a branch, Ctrl+D stars what has a star. GUI thread only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.commands.rows import ROW, Rows, most_height
from nodeflow.editor.commands.rows import Choice as Choice
from nodeflow.editor.icons import Icon
from nodeflow.editor.palette import colors, fade
from nodeflow.editor.panels.popup import Popup
from nodeflow.editor.ui import Ui, mouse_at

_PAD: Final = 14.0
_INDENT: Final = 18.0
_STAR: Final = 26.0
"""The width of the star at the right end of a row."""
_SCROLLBAR: Final = 10.0
_SETTLES: Final = 3
"""Frames after which what was scrolled stands where DearPyGui says that it does."""
_STEPS: Final = {"Down": 1, "Up": -1, "Ctrl+N": 1, "Ctrl+P": -1, "Tab": 1, "Shift+Tab": -1, "PageDown": 8, "PageUp": -8}


class Menu(Popup):
    """`find` gives the rows for what is typed, and again whenever `news` is another object than before.

    `hint` is the text of the empty search field; "" means that there is none.
    """

    def __init__(
        self,
        ui: Ui,
        find: Callable[[str], Sequence[Choice]],
        width: float = 320.0,
        hint: str = "",
        news: Callable[[], object] | None = None,
        holds: bool = False,
    ) -> None:
        width = min(width, self.room(ui)[0])
        super().__init__(ui, width, holds)
        self._find = find
        self.inner = width - 2 * _PAD
        self._news = news
        self._known: object = news() if news else None
        self.rows = Rows()
        self._fresh = 3
        self._field = 0
        self._mouse: Point = mouse_at()
        self._scrolled = 0.0
        self._follows = self._leads = 0
        """For how many frames yet the mark follows the pointer, since the wheel moved the rows under it; and for how
        many the rows move because a key moved the mark."""
        self._reveals = 0
        """For how many frames yet what was unfolded is brought into sight: how far a list can be scrolled is known one
        frame after it grew."""
        self._colors = colors.version
        self._icons = False
        self._drawn = 0
        """How many rows are drawn: those further down once they come near."""
        self._right = self.inner
        self._most = most_height(self.room(ui)[1], searched=bool(hint))
        with dpg.group(parent=self.window):
            self.add_head()
            if hint:
                self._field = int(dpg.add_input_text(hint=hint, width=ui.px(self.inner), callback=self._type))
                ui.gap(2)
            self._view = int(dpg.add_child_window(width=ui.px(self.inner), height=10))
            self._list = int(dpg.add_drawlist(ui.px(self.inner), 10, parent=self._view))
            self._hand = ui.pen(self._list)
            self._pen = ui.pen(self._list)
            self.add_foot()
        self.search()

    # ---- for menus that show more --------------------------------------------------------------------------------

    def add_head(self) -> None:
        """Make what stands over the field; by default nothing."""

    def add_foot(self) -> None:
        """Make what stands under the list; by default the help of the marked row, where the menu is searched."""
        self._help = self.ui.text("", self.ui.themes.faint, self.ui.fonts.small, wrap=self.inner) if self._field else 0

    def tell(self, choice: Choice | None) -> None:
        """Show in the foot what is marked."""
        if self._help:
            dpg.set_value(self._help, choice.help if choice else "")

    # ---- what the window does ------------------------------------------------------------------------------------

    @property
    def query(self) -> str:
        return str(dpg.get_value(self._field)) if self._field else ""

    def update(self) -> None:
        super().update()
        if self._fresh and self.shown:
            self._fresh -= 1
            if self._field:
                dpg.focus_item(self._field)
        if (self._news and self._news() is not self._known) or self._colors != colors.version:
            self._known = self._news() if self._news else None
            self._colors = colors.version
            self.search(keep=True)
        if self._reveals:
            self._reveals -= 1
            self._scroll_to(*self.rows.spread)
        self._look_under_pointer()

    def _look_under_pointer(self) -> None:
        """Mark what is under the pointer, where that moved over the rows or the wheel moved the rows under it."""
        mouse, scrolled = mouse_at(), dpg.get_y_scroll(self._view)
        self._draw_to(scrolled / self.ui.scale + 2 * self._most)
        self._leads = max(0, self._leads - 1)
        if scrolled != self._scrolled:
            self._scrolled = scrolled
            self._follows = 0 if self._leads else _SETTLES
        if mouse == self._mouse and not self._follows:
            return
        self._mouse, self._follows = mouse, max(0, self._follows - 1)
        place = self._under(mouse)
        if place is not None and place != self.rows.marked:
            self._mark(place, scroll=False)

    def key(self, chord: str) -> bool:
        now = self.rows.now
        if chord in _STEPS and not (self.on_tab and chord.endswith("Tab")):
            self.rows.step(_STEPS[chord])
            self._mark(self.rows.marked)
        elif chord in ("Enter", "Shift+Enter"):  # the Shift of a capital letter may still be down
            self.finish()
        elif chord == "Ctrl+D" and now and now.star:
            now.star()
            self.search(keep=True)
        elif chord in ("Left", "Right") and not self.query:
            self._fold(chord == "Left")
        elif not self._field and len(chord) == 1 and self.rows.jump(chord):
            self._mark(self.rows.marked)
        else:
            return super().key(chord)
        return True

    def finish(self) -> None:
        self._choose(self.rows.marked)

    def press(self, at: Point) -> None:
        place = self._under(at)
        if place is None:
            super().press(at)
            return
        self._fresh = 3  # the press takes the keys from the field, and what is typed next is still looked for
        choice = self.rows.choices[place]
        if choice.star and (at[0] - dpg.get_item_rect_min(self._list)[0]) / self.ui.scale > self._right - _STAR:
            choice.star()
            self.search(keep=True)
        else:
            self._choose(place)

    def search(self, keep: bool = False) -> None:
        """List what fits what is typed; `keep` marks the same row as before, where it is still there."""
        before = self.rows.now
        self.rows = Rows(self._find(self.query))
        if keep and before:
            self.rows.mark(before.title)
        height = self.ui.px(max(self.rows.height, ROW))
        dpg.configure_item(self._list, height=height)
        dpg.configure_item(self._view, height=min(height, self.ui.px(self._most)))
        if not keep:
            dpg.set_y_scroll(self._view, 0.0)
            self._leads = _SETTLES
        self._right = self.inner - (_SCROLLBAR if self.rows.height > self._most else 0.0)
        self._pen.clear()
        self._icons = any(map(_has_sign, self.rows.choices))
        self._drawn = 0
        if not self.rows.choices:
            self._pen.text((8.0, 7.0), "Nothing matches", colors.text_faint, 14.0)
        self._draw_to(self._most)
        self._mark(self.rows.marked)

    # ---- inside --------------------------------------------------------------------------------------------------

    def _type(self) -> None:
        if self.open:  # a letter may still be on its way when it closes
            self.search()

    def _draw_to(self, y: float) -> None:
        """Draw the rows that begin above a height, as far as they are not drawn yet."""
        rows = self.rows
        while self._drawn < len(rows.choices) and rows.tops[self._drawn] < y:
            self._draw(rows.choices[self._drawn], rows.tops[self._drawn])
            self._drawn += 1

    def _draw(self, choice: Choice, top: float) -> None:
        pen, faces, fonts = self._pen, self.ui.faces, self.ui.fonts
        left, right = 10.0 + choice.level * _INDENT, self._right - 10.0
        if choice.action is None:
            if choice.title:
                at = 8.0 + choice.level * _INDENT, top + 9.0
                title = faces.fit(choice.title, fonts.medium, 12.0, self._right - at[0])
                pen.text(at, title, choice.color or colors.text_faint, 12.0, fonts.medium)
            else:
                pen.rect(Rect(8.0, top + 5.0, self._right - 8.0, top + 6.0), colors.border)
            return
        if choice.unfolded is not None:
            glyph = Icon.CHEVRON if choice.unfolded else Icon.CHEVRON_RIGHT
            pen.text((left, top + 10.0), glyph, colors.text_faint, 10.0, fonts.icons)
        elif choice.checked or choice.on:
            pen.text((left, top + 9.0), Icon.CHECK, colors.accent, 12.0, fonts.icons)
        elif choice.icon:
            color = (choice.color or colors.text_dim) if choice.enabled else fade(colors.text_faint, 0.6)
            pen.text((left, top + 9.0), choice.icon, color, 12.0, fonts.icons)
        left += 22.0 if self._icons else 0.0
        if choice.star:
            if choice.starred:
                pen.text((self._right - _STAR + 6.0, top + 9.0), Icon.STAR, colors.warn, 11.0, fonts.icons)
            right -= _STAR - 8.0
        note = faces.fit(choice.note, fonts.text, 13.0, self.inner * 0.6)
        note_width = faces.width(note, fonts.text) * 13.0
        title = faces.fit(choice.title, fonts.text, 15.0, right - left - note_width - 14.0)
        pen.text((left, top + 7.0), title, colors.text if choice.enabled else fade(colors.text_faint, 0.7), 15.0)
        pen.text((right - note_width, top + 8.0), note, colors.text_faint, 13.0)

    def _mark(self, place: int, scroll: bool = True) -> None:
        self.rows.marked = place
        choice = self.rows.now
        self._hand.clear()
        self.tell(choice)
        if choice is None:
            return
        top, bottom = self.rows.span
        self._draw_to(bottom)
        self._hand.rect(Rect(0.0, top, self._right, bottom), colors.field_hover, rounding=5.0)
        if choice.star and not choice.starred:
            at = (self._right - _STAR + 6.0, top + 9.0)
            self._hand.text(at, Icon.STAR, fade(colors.contrast, 0.3), 11.0, self.ui.fonts.icons)
        if scroll:
            self._scroll_to(top, bottom)

    def _scroll_to(self, top: float, bottom: float) -> None:
        """Bring a stretch of the list into sight, or as much of it as there is room for, from its top."""
        first, last = self.ui.px(top), self.ui.px(bottom)
        height, seen = dpg.get_item_height(self._view) or 0, dpg.get_y_scroll(self._view)
        if first < seen or last > seen + height:
            dpg.set_y_scroll(self._view, first if first < seen else min(first, last - height))
            self._leads = _SETTLES

    def _under(self, at: Point) -> int | None:
        left, top = dpg.get_item_rect_min(self._list)
        width = dpg.get_item_rect_size(self._list)[0]
        seen = at[1] - top - dpg.get_y_scroll(self._view)
        if not (left <= at[0] < left + width and 0 <= seen < (dpg.get_item_height(self._view) or 0)):
            return None
        return self.rows.at((at[1] - top) / self.ui.scale)

    def _fold(self, fold: bool) -> None:
        """Fold or unfold the marked branch; Left on what hangs on a branch goes to the branch."""
        now = self.rows.now
        if now and now.unfolded is not None and now.unfolded == fold:
            self._choose(self.rows.marked)
        elif now and fold and self.rows.branch() >= 0:
            self._mark(self.rows.branch())

    def _choose(self, place: int) -> None:
        choice = self.rows.choices[place] if 0 <= place < len(self.rows.choices) else None
        if choice is None or choice.action is None or not choice.enabled:
            self._fresh = 3  # Enter took the keys from the field, and what is typed next is still looked for
            return
        if choice.unfolded is not None:
            choice.action()
            self.search(keep=True)
            self._reveals = _SETTLES
        else:
            self.close()
            choice.action()


def _has_sign(choice: Choice) -> bool:
    """Whether a row needs room for something before its title."""
    return bool(choice.icon or choice.checked or choice.on or choice.unfolded is not None)

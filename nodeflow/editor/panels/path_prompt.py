"""Asks for a file or folder within the window, where the desktop has no dialog of its own. GUI thread only.

What is typed is a name in the folder that is listed, or any path. Arrows or a click mark a row, Enter or a double click
takes it; Tab goes into a folder, Backspace in an empty field out of it. A file that is there is replaced only by a
second Enter.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.geometry import Point
from nodeflow.editor.canvas.layout import STATUS_TEXT
from nodeflow.editor.clicks import Clicks
from nodeflow.editor.documents.dialogs import Ask
from nodeflow.editor.documents.folder import Entry, Folders, offered, start_of
from nodeflow.editor.icons import Icon
from nodeflow.editor.panels.menu import Choice, Menu
from nodeflow.editor.panels.recovered import moment
from nodeflow.editor.ui import Ui, second_press
from nodeflow.paths import placed

_UP: Final = Entry("..", True)
_SAYS: Final = {"open": "Open", "save": "Save", "folder": "Choose"}
_HINTS: Final = {"open": "Name or path of a file", "save": "Name of the file", "folder": "Name or path of a folder"}
_WIDTH, _LIST, _AROUND = 600.0, 330.0, 260.0
_MARKS: Final = ("Down", "Up", "PageDown", "PageUp")


class PathPrompt(Menu):
    """See the module's head. `take` gets the answer, if there is one."""

    def __init__(self, ui: Ui, ask: Ask, take: Callable[[Path], object]) -> None:
        self._ask, self._take = ask, take
        self._folders, self._clicks = Folders(), Clicks()
        self._folder, name = start_of(ask)
        self._picked = False
        """Whether the marked row was marked by hand."""
        self._replaces: Path | None = None
        """The file that the next Enter replaces: the person knows that it is there."""
        self._named: str | None = None
        """What is to stand in the field: while the person is in it, Dear ImGui takes no other text."""
        self._typed = ""
        """What stood in the field a frame ago: Backspace has already had its effect when it is told."""
        super().__init__(ui, self._find, _WIDTH, _HINTS[ask.mode], lambda: self._folders.now, holds=True)
        self._most = max(min(_LIST, self.room(ui)[1] - _AROUND), 90.0)
        dpg.set_value(self._field, name)
        self.search()

    def add_head(self) -> None:
        ui = self.ui
        ui.text(self._ask.title, font=ui.fonts.large)
        self._where = ui.text("", ui.themes.faint, ui.fonts.small)

    def add_foot(self) -> None:
        ui = self.ui
        self._told = ui.text("", ui.themes.warn, ui.fonts.small, wrap=self.inner)
        with dpg.group(horizontal=True):
            self._yes = ui.button(_SAYS[self._ask.mode], self.finish, ui.themes.primary, width=96)
            ui.button("Cancel", self.close, width=96)

    def tell(self, choice: Choice | None) -> None:
        """Nothing of a row: the line under the list says what is wrong with the answer."""

    @property
    def query(self) -> str:
        return super().query if self._named is None else self._named

    def update(self) -> None:
        if self._named is not None and not dpg.is_item_active(self._field):
            dpg.set_value(self._field, self._named)
            self._named, self._fresh = None, 3
        super().update()
        self._typed = self.query

    def key(self, chord: str) -> bool:
        if chord == "Tab":
            self._complete()
        elif chord == "Alt+Up" or (chord == "Backspace" and not self._typed):
            self._enter(_UP)
        else:
            self._picked = chord in _MARKS or (self._picked and chord == "Enter")
            return super().key(chord)
        return True

    def press(self, at: Point) -> None:
        twice, place = second_press(self._clicks), self._under(at)
        if place is None:
            return
        self._mark(place, scroll=False)
        self._picked, self._fresh = True, 3
        entry = self.rows.choices[place].about
        if twice and isinstance(entry, Entry) and entry.is_folder:
            self._enter(entry)
        elif twice:
            self.finish()
        elif self._ask.mode == "save" and isinstance(entry, Entry) and not entry.is_folder:
            self._name(entry.name)

    def search(self, keep: bool = False) -> None:
        super().search(keep)
        dpg.configure_item(self._view, height=self.ui.px(self._most))  # as high as ever: a dialog does not jump about
        if not (keep and self._picked) and (self._ask.mode == "save" or not self._part):
            self._mark(-1)
        dpg.set_value(self._where, self._shortened(str(self._listed)))

    def finish(self) -> None:
        """Take what is typed, or else what is marked."""
        text, marked = self.query.strip(), self.rows.now.about if self.rows.now else None
        wrong = self._ask.fault(text, self._folder)
        if marked is None or not (self._picked or (wrong and self._part and self._ask.mode != "save")):
            self._answer(text, self._folder, wrong)
        elif isinstance(marked, str):
            self._answer(marked, self._folder, "")
        elif isinstance(marked, Entry) and marked.is_folder and self._ask.mode != "folder":
            self._enter(marked)
        elif isinstance(marked, Entry):
            self._answer(marked.name, self._listed, self._ask.fault(marked.name, self._listed))

    # ---- inside --------------------------------------------------------------------------------------------------

    @property
    def _listed(self) -> Path:
        """The folder whose content is shown: that of the path that is typed."""
        return Path(os.path.normpath(placed(self._folder, os.path.split(self.query.strip())[0])))

    @property
    def _part(self) -> str:
        """What is typed of the name."""
        return os.path.split(self.query.strip())[1]

    def _find(self, query: str) -> list[Choice]:
        part = "" if self._ask.mode == "save" else self._part
        listing, now = self._folders.listing(self._listed), time.time()
        rows = [_row(ref, ref, Icon.STAR) for ref in self._ask.others if query.strip() in ref]
        if not part and self._listed != self._listed.parent:
            rows.append(_row("..", _UP, Icon.FOLDER))
        if listing is None:
            return rows
        found = offered(listing, self._ask, part)
        for entry in found:
            icon = Icon.FOLDER if entry.is_folder else Icon.NEW
            rows.append(_row(entry.name, entry, icon, moment(entry.changed, now) if entry.changed else ""))
        return rows or [Choice(listing.fault or "Nothing here fits")]

    def _complete(self) -> None:
        """Go into the folder that is marked, or the first one, or put the name of the file into the field."""
        marked = self.rows.now or next((row for row in self.rows.choices if row.about not in (None, _UP)), None)
        entry = marked.about if marked else None
        if isinstance(entry, Entry) and entry.is_folder:
            self._enter(entry)
        elif isinstance(entry, Entry):
            self._folder = self._listed
            self._name(entry.name)
            self.search()

    def _enter(self, entry: Entry) -> None:
        """List another folder. A name to save under stays."""
        self._folder = Path(os.path.normpath(self._listed / entry.name))
        self._name(self._part if self._ask.mode == "save" else "")
        self.search()

    def _name(self, name: str) -> None:
        self._named, self._fresh = name, 0
        dpg.focus_item(self._view)
        self._say("")

    def _answer(self, text: str, folder: Path, wrong: str) -> None:
        self._fresh = 3
        if wrong:
            self._say(wrong)
            return
        path = self._ask.answer(text, folder)
        if self._ask.mode == "save" and path.exists() and path != self._replaces:
            self._say(f"There is {path.name} already. Enter once more replaces it.", path)
            return
        self.close()
        self._take(path)

    def _say(self, words: str, replaces: Path | None = None) -> None:
        self._replaces, self._picked = replaces, False
        dpg.set_value(self._told, words)
        dpg.set_item_label(self._yes, "Replace" if replaces else _SAYS[self._ask.mode])

    def _type(self) -> None:
        if self.open:
            self._say("")
        super()._type()

    def _look_under_pointer(self) -> None:
        """A row is marked by a click, as in every dialog for files."""

    def _shortened(self, path: str) -> str:
        """A path as far as there is room, without what it begins with."""
        ui, rest = self.ui, path
        while ui.faces.width(rest, ui.fonts.small) * STATUS_TEXT > self.inner and os.sep in rest[2:]:
            rest = f"\u2026{rest[rest.index(os.sep, 2) :]}"
        return rest


def _row(title: str, about: object, icon: str, note: str = "") -> Choice:
    return Choice(title, lambda: None, icon=icon, note=note, about=about)

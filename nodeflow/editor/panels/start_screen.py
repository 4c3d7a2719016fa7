"""What is there before there is a graph: templates as pictures, recent files, and what else one can begin with.

It lies in the place of everything below the tabs until something is opened, or Escape. Its search field has the
keyboard all the while: whatever is typed looks for templates. GUI thread only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.drawing.pen import Pen
from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.commands.table import Commands
from nodeflow.editor.documents.gallery import Gallery, Section
from nodeflow.editor.documents.home import told
from nodeflow.editor.documents.start_page import Page, beside
from nodeflow.editor.icons import Icon
from nodeflow.editor.palette import colors
from nodeflow.editor.panels.template_cards import TemplateCards
from nodeflow.editor.ui import Ui, mouse_at
from nodeflow.editor.workspace import Workspace

_ACTIONS: Final = ("file.new", "file.open", "file.camera", "view.library")
_ARROWS: Final = {"Left": (-1, 0), "Right": (1, 0), "Up": (0, -1), "Down": (0, 1)}
_CROSS: Final = 30.0
_CHIP_TEXT: Final = 13.0


@dataclass(frozen=True, slots=True)
class _Spot:
    """Something to choose: what it is called, where it is as if nothing had been scrolled, and what happens then."""

    name: str
    rect: Rect
    run: Callable[[], object]
    scrolls: bool = False
    forget: Callable[[], None] | None = None
    """Takes it away: it is a file that is gone."""


class StartScreen:
    """A child window of its own, shown while `open`. A popup over it has the keyboard."""

    def __init__(self, ui: Ui, workspace: Workspace, commands: Commands, parent: int) -> None:
        self._ui, self._workspace, self._commands = ui, workspace, commands
        self.open = False
        self.root = int(dpg.add_child_window(parent=parent, no_scrollbar=True, no_scroll_with_mouse=True, show=False))
        self._page_item = int(dpg.add_drawlist(10, 10, parent=self.root))
        self._pen = ui.pen(self._page_item)
        self.field = int(dpg.add_input_text(parent=self.root, hint="Find a template", callback=self._type))
        self._cards = TemplateCards(ui, self.root)
        self._gallery = Gallery()
        self._sections: list[Section] = []
        self._recent: list[tuple[Path, bool]] = []
        """Recent files, and whether each is there."""
        self._page: Page | None = None
        self._spots: list[_Spot] = []
        self._marked = -1
        self._graph: object = None
        self._drawn: tuple[object, ...] = ()
        self._placed: tuple[object, ...] = ()

    def show(self) -> None:
        """Take the place of the canvas."""
        self.open = True
        self._graph = self._workspace.graph
        self._recent = [(path, path.is_file()) for path in self._workspace.files.recent]
        self._clear()

    def hide(self) -> bool:
        """Give the canvas its place back; False if it has it."""
        was, self.open = self.open, False
        return was

    def update(self, width: float, height: float) -> None:
        """Once per frame; the screen's size in logical pixels."""
        if self.open and self._workspace.graph is not self._graph:
            self.open = False  # something was opened, or made
        if not self.open:
            return
        self._take_keys()
        if self._workspace.ready:
            template = self._gallery.read_next(self._workspace.catalog)  # one a frame, so that none takes long
            if template is not None:
                self._cards.add(template, self._workspace.scene_of(template.graph))
        sections = self._gallery.sections(first_run=not self._recent)
        chips = self._chip_widths()
        groups, large = [len(section.paths) for section in sections], bool(sections and sections[0].large)
        page = Page.of((width, height), len(_ACTIONS), len(self._recent), chips, groups, large)
        known = (len(self._gallery.read), colors.version, self._ui.scale)
        placed = (page, sections, known, width, height)
        if placed != self._placed:
            self._placed, self._page, self._sections = placed, page, sections
            self._place(page, width, height)
        pointed = self._pointed()
        ready = tuple(self._commands[name].enabled() for name in _ACTIONS)
        drawn = (placed, pointed, self._marked, ready, tuple(self._recent), self._gallery.group)
        if drawn != self._drawn:
            self._drawn = drawn
            self._draw(page, sections, pointed)

    # ---- what the person does ------------------------------------------------------------------------------------

    def press(self, at: Point) -> bool:
        """A left press at a point of the window; False if there is nothing."""
        place = self._pointed(at)
        if not self.open or place < 0:
            return False
        spot = self._spots[place]
        if spot.forget is not None:
            if self._in_page(at)[0] > spot.rect.right - _CROSS:
                spot.forget()
        else:
            spot.run()
        return True

    def key(self, chord: str) -> bool:
        """A key was pressed; False if it means nothing here."""
        if not self.open or not self._spots or self._page is None:
            return False
        now = self._spots[self._marked] if self._marked >= 0 else None
        if chord in _ARROWS and (now or chord == "Down"):
            rects = [spot.rect for spot in self._spots]
            self._mark(beside(rects, self._marked, *_ARROWS[chord]) if now else self._page.next_part(self._cards_at, 0))
        elif chord in ("Tab", "Shift+Tab"):
            self._mark(self._page.next_part(self._marked, 1 if chord == "Tab" else -1))
        elif chord == "Enter" and (now or self._first):
            (now or self._spots[self._cards_at]).run()
        elif chord == "Delete" and now and now.forget:
            now.forget()
        elif chord == "Escape":
            if self._gallery.narrowed:
                self._clear()
            else:
                self.hide()
        else:
            return False
        return True

    def _type(self) -> None:
        """What is looked for changed: the best of what fits is marked."""
        self._gallery.query = str(dpg.get_value(self.field))
        self._cards.rewind()
        self._marked = -1

    def _choose(self, group: str) -> None:
        self._gallery.group = group
        self._cards.rewind()

    def _clear(self) -> None:
        self._gallery.clear()
        self._cards.rewind()
        self._marked = -1
        dpg.set_value(self.field, "")

    @property
    def _cards_at(self) -> int:
        """The place of the first card among all that can be chosen."""
        return next((place for place, spot in enumerate(self._spots) if spot.scrolls), -1)

    @property
    def _first(self) -> bool:
        """Whether Enter opens the first card, though none is marked: it is what was looked for, or the large one."""
        return self._cards_at >= 0 and (bool(self._gallery.query.strip()) or self._sections[0].large)

    def _take_keys(self) -> None:
        """Give the search field the keyboard, unless something else is being done with mouse or keys."""
        busy = self._ui.popups.now is not None or any(dpg.is_mouse_button_down(button) for button in range(3))
        if not busy and not dpg.is_item_active(self.field):
            dpg.focus_item(self.field)

    def _mark(self, place: int) -> None:
        self._marked = place
        if place >= 0 and self._page is not None and self._spots[place].scrolls:
            self._cards.reveal(self._page, self._spots[place].rect)

    def _choices(self, page: Page) -> list[_Spot]:
        """Everything that can be chosen, in the order of `page.spots`."""
        spots = [
            _Spot(self._commands[name].title, rect, partial(self._commands.run, name))
            for rect, name in zip(page.actions, _ACTIONS, strict=True)
        ]
        for rect, (path, there) in zip(page.recent, self._recent, strict=False):
            forget = partial(self._forget, path)
            run = partial(self._open, path) if there else forget
            spots.append(_Spot(path.stem, rect, run, forget=None if there else forget))
        for rect, group in zip(page.chips, self._chips, strict=True):
            spots.append(_Spot(group or "All", rect, partial(self._choose, group)))
        cards = page.spots[len(spots) :]
        shown = [(path, section.large) for section in self._sections for path in section.paths]
        for rect, (path, large) in zip(cards, shown, strict=True):
            template = self._gallery.read.get(path)
            name = template.title if template else path.stem
            spots.append(_Spot(name, rect, partial(self._open, path, large), scrolls=True))
        return spots

    def _open(self, path: Path, start: bool = False) -> None:
        if not self._workspace.ready:
            return
        if start:
            self._workspace.open_and_start(path)
        else:
            self._workspace.files.open_path(path)
        if self._workspace.graph is not self._graph:
            self.hide()

    def _forget(self, path: Path) -> None:
        self._workspace.files.forget(path)
        self._recent = [(each, there) for each, there in self._recent if each != path]
        self._marked = -1

    def _pointed(self, at: Point | None = None) -> int:
        """The spot that the pointer is on, or -1."""
        on_cards = self._cards.hovered
        if not on_cards and not dpg.is_item_hovered(self._page_item):
            return -1
        x, y = self._in_page(at or mouse_at())
        for place, spot in enumerate(self._spots):
            if spot.scrolls == on_cards and spot.rect.contains((x, y + self._cards.scrolled if spot.scrolls else y)):
                return place
        return -1

    def _in_page(self, at: Point) -> Point:
        left, top = dpg.get_item_rect_min(self._page_item)
        return (at[0] - left) / self._ui.scale, (at[1] - top) / self._ui.scale

    # ---- how it looks --------------------------------------------------------------------------------------------

    @property
    def _chips(self) -> tuple[str, ...]:
        return "", *self._gallery.groups

    def _chip_widths(self) -> tuple[float, ...]:
        faces = self._ui.faces
        return tuple(faces.width(group or "All", faces.text) * _CHIP_TEXT + 24.0 for group in self._chips)

    def _place(self, page: Page, width: float, height: float) -> None:
        px, search = self._ui.px, page.search
        self._spots = self._choices(page)
        self._marked = min(self._marked, len(self._spots) - 1)
        dpg.configure_item(self._page_item, width=px(width), height=px(height))
        dpg.configure_item(self.field, pos=(px(search.left), px(search.top)), width=px(search.width))
        self._cards.place(page, self._sections)

    def _draw(self, page: Page, sections: list[Section], pointed: int) -> None:
        pen, faces, left = self._pen, self._ui.faces, page.actions[0].left
        pen.clear()
        pen.text((left + 12.0, 34.0), "NodeFlow", colors.text, 30.0, faces.medium)
        pen.text((left + 13.0, 74.0), "Wire models, and see them run", colors.text_faint, 14.0)
        for place, (rect, name) in enumerate(zip(page.actions, _ACTIONS, strict=True)):
            self._draw_action(rect, name, place == pointed, place == self._marked)
        if page.recent:
            pen.text(page.recent_title, "Recent", colors.text_dim, 14.0, faces.medium)
        spot = len(page.actions)
        for rect, (path, there) in zip(page.recent, self._recent, strict=False):
            self._draw_recent(rect, path, there, spot == pointed, spot == self._marked)
            spot += 1
        for rect, group in zip(page.chips, self._chips, strict=True):
            self._draw_chip(rect, group, spot == pointed, spot == self._marked)
            spot += 1
        marked = 0 if self._first and self._marked < 0 else self._marked - spot
        self._cards.draw(page, sections, pointed - spot, marked, "No template has these words. Escape shows all again.")

    def _ground(self, pen: Pen, rect: Rect, pointed: bool, marked: bool) -> None:
        if pointed or marked:
            edge = colors.accent if marked else colors.field
            pen.rect(rect.grown(-2.0), colors.field, edge, rounding=6.0)

    def _draw_action(self, rect: Rect, name: str, pointed: bool, marked: bool) -> None:
        pen, faces, command = self._pen, self._ui.faces, self._commands[name]
        self._ground(pen, rect, pointed, marked)
        color = colors.text if command.enabled() else colors.text_faint
        pen.text((rect.left + 14.0, rect.top + 13.0), command.icon, colors.accent, 14.0, self._ui.fonts.icons)
        pen.text((rect.left + 42.0, rect.top + 11.0), command.title, color, 15.0)
        if command.keys:
            note = command.keys[0]
            pen.text_right(rect.right - 14.0, rect.top + 12.5, note, colors.text_faint, 13.0, faces.text)

    def _draw_recent(self, rect: Rect, path: Path, there: bool, pointed: bool, marked: bool) -> None:
        pen, faces = self._pen, self._ui.faces
        self._ground(pen, rect, pointed, marked)
        room = rect.width - 28.0 - (0.0 if there else _CROSS)
        name = faces.fit(path.stem, faces.text, 15.0, room)
        pen.text((rect.left + 14.0, rect.top + 3.0), name, colors.text if there else colors.text_faint, 15.0)
        where = told(path.parent) if there else f"is no longer in {path.parent}"
        pen.text((rect.left + 14.0, rect.top + 21.5), faces.fit(where, faces.text, 12.0, room), colors.text_faint, 12.0)
        if not there:
            at = rect.right - _CROSS + 8.0, rect.top + 14.0
            pen.text(
                at, Icon.CLOSE, colors.text if pointed or marked else colors.text_faint, 11.0, self._ui.fonts.icons
            )

    def _draw_chip(self, rect: Rect, group: str, pointed: bool, marked: bool) -> None:
        on = group == self._gallery.group
        fill = colors.primary if on else colors.field_hover if pointed else colors.field
        color = colors.on_primary if on else colors.text if pointed or marked else colors.text_dim
        self._pen.rect(rect, fill, colors.accent if marked else fill, rounding=rect.height / 2)
        self._pen.text((rect.left + 12.0, rect.top + 5.0), group or "All", color, _CHIP_TEXT)

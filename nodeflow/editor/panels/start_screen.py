"""What is there before there is a graph: templates as pictures, recent files, and what else one can begin with.

It lies in the place of everything below the tabs until something is opened, or Escape. GUI thread only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.drawing.painter import Painter
from nodeflow.editor.canvas.drawing.pen import Pen
from nodeflow.editor.canvas.geometry import Point, Rect, Viewport
from nodeflow.editor.canvas.looks import Looks
from nodeflow.editor.commands.table import Commands
from nodeflow.editor.documents.start_page import HEADING, Page, beside
from nodeflow.editor.documents.templates import Template, read_template, template_paths
from nodeflow.editor.fonts import Icon
from nodeflow.editor.palette import colors
from nodeflow.editor.ui import Ui, mouse_at
from nodeflow.editor.workspace import Workspace

_ACTIONS: Final = ("file.new", "file.open", "file.camera", "view.library")
_ARROWS: Final = {"Left": (-1, 0), "Right": (1, 0), "Up": (0, -1), "Down": (0, 1)}
_CROSS: Final = 30.0


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
    """A child window of its own, shown while `open`."""

    def __init__(self, ui: Ui, workspace: Workspace, commands: Commands, parent: int) -> None:
        self._ui, self._workspace, self._commands = ui, workspace, commands
        self.open = False
        self.root = int(dpg.add_child_window(parent=parent, no_scrollbar=True, no_scroll_with_mouse=True, show=False))
        self._page_item = int(dpg.add_drawlist(10, 10, parent=self.root))
        self._pen = ui.pen(self._page_item)
        self._view = int(dpg.add_child_window(parent=self.root))
        self._cards_item = int(dpg.add_drawlist(10, 10, parent=self._view))
        self._cards_pen = ui.pen(self._cards_item)
        self._paths = template_paths()
        self._templates: list[Template] = []
        self._pictures: list[tuple[int, Painter]] = []
        """The picture of each template, and the child window that it is in: a drawing has no place of its own."""
        self._recent: list[tuple[Path, bool]] = []
        """Recent files, and whether each is there."""
        self._spots: list[_Spot] = []
        self._marked = -1
        self._graph: object = None
        self._drawn: tuple[object, ...] = ()

    def show(self) -> None:
        """Take the place of the canvas."""
        self.open = True
        self._graph = self._workspace.graph
        self._recent = [(path, path.is_file()) for path in self._workspace.files.recent]
        self._marked = -1

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
        if self._workspace.ready and self._paths:
            self._add_template(self._paths.pop(0))  # one a frame, so that none takes long
        cards = len(self._templates) + len(self._paths)
        page = Page.of((width, height), len(_ACTIONS), len(self._recent), cards, large=not self._recent)
        pointed = self._pointed()
        ready = tuple(self._commands[name].enabled() for name in _ACTIONS)
        known = (len(self._templates), tuple(self._recent), colors.version, self._ui.scale)
        drawn = (page, pointed, self._marked, ready, known)
        if drawn != self._drawn:
            self._drawn = drawn
            self._spots = self._choices(page)
            self._place(page, width, height)
            self._draw_page(page, pointed)
            self._draw_cards(page, pointed)

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
        if not self.open or not self._spots:
            return False
        last = len(self._spots) - 1
        if chord in _ARROWS:
            rects = [spot.rect for spot in self._spots]
            self._mark(beside(rects, self._marked, *_ARROWS[chord]) if self._marked >= 0 else 0)
        elif chord in ("Tab", "Shift+Tab"):
            step = 1 if chord == "Tab" else -1
            self._mark((max(self._marked, -1) + step) % (last + 1))
        elif chord in ("Enter", "Space") and self._marked >= 0:
            self._spots[self._marked].run()
        elif chord in ("Delete", "Backspace") and self._marked >= 0 and (forget := self._spots[self._marked].forget):
            forget()
        elif chord == "Escape":
            self.hide()
        else:
            return False
        return True

    def _mark(self, place: int) -> None:
        self._marked = place
        spot = self._spots[place]
        if spot.scrolls:
            ui, view = self._ui, self._view
            top = spot.rect.top - dpg.get_item_pos(view)[1] / ui.scale
            seen, height = dpg.get_y_scroll(view) / ui.scale, (dpg.get_item_height(view) or 0) / ui.scale
            if top < seen + HEADING or top + spot.rect.height > seen + height:
                dpg.set_y_scroll(view, ui.px(max(0.0, top - HEADING)))

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
        cards = page.spots[len(spots) :]
        for place, (rect, template) in enumerate(zip(cards, self._templates, strict=False)):
            run = partial(self._open, template.path, page.large and place == 0)
            spots.append(_Spot(template.title, rect, run, scrolls=True))
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
        over = dpg.is_item_hovered(self._page_item) or dpg.is_item_hovered(self._cards_item)
        over = over or any(dpg.is_item_hovered(painter.item) for _, painter in self._pictures)
        if not over:
            return -1
        x, y = self._in_page(at or mouse_at())
        scrolled = dpg.get_y_scroll(self._view) / self._ui.scale
        for place, spot in enumerate(self._spots):
            if spot.rect.contains((x, y + scrolled if spot.scrolls else y)):
                return place
        return -1

    def _in_page(self, at: Point) -> Point:
        left, top = dpg.get_item_rect_min(self._page_item)
        return (at[0] - left) / self._ui.scale, (at[1] - top) / self._ui.scale

    # ---- how it looks --------------------------------------------------------------------------------------------

    def _add_template(self, path: Path) -> None:
        template = read_template(path, self._workspace.catalog)
        if template is not None:
            self._templates.append(template)
            frame = int(dpg.add_child_window(parent=self._view, no_scrollbar=True, no_scroll_with_mouse=True))
            self._pictures.append((frame, Painter(frame, self._ui.faces, self._ui.scale)))

    def _place(self, page: Page, width: float, height: float) -> None:
        px, room = self._ui.px, page.room
        dpg.configure_item(self._page_item, width=px(width), height=px(height))
        dpg.configure_item(
            self._view, pos=(px(room.left), px(room.top)), width=px(room.width + 14.0), height=px(room.height)
        )
        dpg.configure_item(self._cards_item, width=px(room.width), height=px(page.height))
        for place, ((frame, painter), template) in enumerate(zip(self._pictures, self._templates, strict=True)):
            picture = page.picture(place).grown(-1.0)
            size = picture.width, picture.height
            scene = self._workspace.scene_of(template.graph)
            bounds = scene.bounds or Rect(0.0, 0.0, 1.0, 1.0)
            corner = px(picture.left), px(picture.top)
            dpg.configure_item(frame, pos=corner, width=px(picture.width), height=px(picture.height))
            painter.draw(scene, Looks(Viewport.fitting(bounds, size, margin=16.0, largest=0.6), size), {})

    def _draw_page(self, page: Page, pointed: int) -> None:
        pen, faces, left = self._pen, self._ui.faces, page.actions[0].left
        pen.clear()
        pen.text((left + 12.0, 34.0), "NodeFlow", colors.text, 30.0, faces.medium)
        pen.text((left + 13.0, 74.0), "Wire models, and see them run", colors.text_faint, 14.0)
        for place, (rect, name) in enumerate(zip(page.actions, _ACTIONS, strict=True)):
            self._draw_action(rect, name, place == pointed, place == self._marked)
        if page.recent:
            pen.text(page.recent_title, "Recent", colors.text_faint, 13.0, faces.medium)
        for place, (rect, (path, there)) in enumerate(zip(page.recent, self._recent, strict=False)):
            spot = len(page.actions) + place
            self._draw_recent(rect, path, there, spot == pointed, spot == self._marked)

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
        where = str(path.parent).replace(str(Path.home()), "~", 1) if there else f"is no longer in {path.parent}"
        pen.text((rect.left + 14.0, rect.top + 21.5), faces.fit(where, faces.text, 12.0, room), colors.text_faint, 12.0)
        if not there:
            at = rect.right - _CROSS + 8.0, rect.top + 14.0
            pen.text(
                at, Icon.CLOSE, colors.text if pointed or marked else colors.text_faint, 11.0, self._ui.fonts.icons
            )

    def _draw_cards(self, page: Page, pointed: int) -> None:
        pen, first = self._cards_pen, len(page.actions) + len(page.recent)
        pen.clear()
        title = "Begin with this one" if page.large else "Templates"
        pen.text(page.cards_title, title, colors.text_faint, 13.0, self._ui.faces.medium)
        for place, rect in enumerate(page.cards):
            known = self._templates[place] if place < len(self._templates) else None
            edge = colors.accent if first + place in (pointed, self._marked) else colors.border
            pen.rect(rect, colors.panel, edge, rounding=8.0)
            pen.rect(page.picture(place).grown(-1.0), colors.canvas, rounding=7.0)
            if known is not None:
                if page.large and place == 0:
                    self._tell_large(Rect(page.picture(0).right, rect.top, rect.right, rect.bottom), known)
                else:
                    self._tell(Rect(rect.left, page.picture(place).bottom, rect.right, rect.bottom), known)

    def _tell(self, foot: Rect, template: Template) -> None:
        pen, faces, room = self._cards_pen, self._ui.faces, foot.width - 28.0
        at = foot.left + 14.0
        pen.text(
            (at, foot.top + 9.0), faces.fit(template.title, faces.medium, 15.0, room), colors.text, 15.0, faces.medium
        )
        for line, text in enumerate(faces.wrap(template.about, faces.text, 13.0, room, 2)):
            pen.text((at, foot.top + 31.0 + 17.0 * line), text, colors.text_dim, 13.0)

    def _tell_large(self, side: Rect, template: Template) -> None:
        pen, faces, room = self._cards_pen, self._ui.faces, side.width - 48.0
        at = side.left + 24.0
        pen.text(
            (at, side.top + 34.0), faces.fit(template.title, faces.medium, 24.0, room), colors.text, 24.0, faces.medium
        )
        lines = faces.wrap(template.about, faces.text, 15.0, room, 4)
        for line, text in enumerate(lines):
            pen.text((at, side.top + 76.0 + 21.0 * line), text, colors.text_dim, 15.0)
        button = Rect.of(at, side.top + 96.0 + 21.0 * len(lines), 150.0, 36.0)
        pen.rect(button, colors.primary, rounding=7.0)
        pen.text((button.left + 16.0, button.top + 11.5), Icon.PLAY, colors.on_primary, 12.0, self._ui.fonts.icons)
        pen.text((button.left + 38.0, button.top + 9.0), "Open and start", colors.on_primary, 15.0)

"""The templates on the start screen: cards with a picture of each graph, under headings, in a part that scrolls.

GUI thread only.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.drawing.painter import Painter
from nodeflow.editor.canvas.geometry import Rect, Viewport
from nodeflow.editor.canvas.looks import Looks
from nodeflow.editor.canvas.scene import Scene
from nodeflow.editor.documents.gallery import Section
from nodeflow.editor.documents.start_page import HEADING, Page
from nodeflow.editor.documents.templates import Template
from nodeflow.editor.icons import Icon
from nodeflow.editor.palette import colors
from nodeflow.editor.ui import Ui


class TemplateCards:
    """A child window of its own under `parent`."""

    def __init__(self, ui: Ui, parent: int) -> None:
        self._ui = ui
        self._view = int(dpg.add_child_window(parent=parent))
        self._drawing = int(dpg.add_drawlist(10, 10, parent=self._view))
        self._pen = ui.pen(self._drawing)
        self._pictures: dict[Path, _Picture] = {}
        self._templates: dict[Path, Template] = {}

    def add(self, template: Template, scene: Scene) -> None:
        self._templates[template.path] = template
        self._pictures[template.path] = _Picture(self._ui, self._view, scene)

    @property
    def hovered(self) -> bool:
        items = self._drawing, *(picture.painter.item for picture in self._pictures.values())
        return any(dpg.is_item_hovered(item) for item in items)

    @property
    def scrolled(self) -> float:
        """By how many logical pixels."""
        return float(dpg.get_y_scroll(self._view)) / self._ui.scale

    def rewind(self) -> None:
        dpg.set_y_scroll(self._view, 0.0)

    def reveal(self, page: Page, rect: Rect) -> None:
        """Scroll so far that a card is seen. `rect` is as if nothing had been scrolled."""
        top = rect.top - page.room.top
        if top < self.scrolled + HEADING or top + rect.height > self.scrolled + page.room.height:
            dpg.set_y_scroll(self._view, self._ui.px(max(0.0, top - HEADING)))

    def place(self, page: Page, sections: Sequence[Section]) -> None:
        """Put every card where it belongs, and hide the pictures of those that are not there."""
        px, room = self._ui.px, page.room
        dpg.configure_item(
            self._view, pos=(px(room.left), px(room.top)), width=px(room.width + 14.0), height=px(room.height)
        )
        dpg.configure_item(self._drawing, width=px(room.width), height=px(page.height))
        places = {path: place for place, path in enumerate(_paths(sections))}
        for path, picture in self._pictures.items():
            picture.put(page.picture(places[path]).grown(-1.0) if path in places else None)

    def draw(self, page: Page, sections: Sequence[Section], pointed: int, marked: int, none_fits: str) -> None:
        """Draw what stands around the pictures; `pointed` and `marked` are places among the cards."""
        pen, faces = self._pen, self._ui.faces
        pen.clear()
        for at, section in zip(page.headings, sections, strict=True):
            pen.text(at, section.title, colors.text_dim, 14.0, faces.medium)
        if not sections:
            pen.text((0.0, 14.0), none_fits, colors.text_dim, 15.0)
        for place, (rect, path) in enumerate(zip(page.cards, _paths(sections), strict=True)):
            edge = colors.accent if place == marked else colors.text_faint if place == pointed else colors.border
            pen.rect(rect, colors.raised, edge, rounding=8.0)
            picture = page.picture(place)
            pen.rect(picture.grown(-1.0), colors.ground, rounding=7.0)
            template = self._templates.get(path)
            if template is not None and page.large and place == 0:
                self._tell_large(Rect(picture.right, rect.top, rect.right, rect.bottom), template)
            elif template is not None:
                self._tell(Rect(rect.left, picture.bottom, rect.right, rect.bottom), template)

    def _tell(self, foot: Rect, template: Template) -> None:
        pen, faces, room = self._pen, self._ui.faces, foot.width - 28.0
        at = foot.left + 14.0
        pen.text(
            (at, foot.top + 9.0), faces.fit(template.title, faces.medium, 15.0, room), colors.text, 15.0, faces.medium
        )
        for line, text in enumerate(faces.wrap(template.about, faces.text, 13.0, room, 2)):
            pen.text((at, foot.top + 31.0 + 17.0 * line), text, colors.text_dim, 13.0)

    def _tell_large(self, side: Rect, template: Template) -> None:
        pen, faces, room = self._pen, self._ui.faces, side.width - 48.0
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


class _Picture:
    """The picture of one graph, in a child window: a drawing has no place of its own."""

    def __init__(self, ui: Ui, view: int, scene: Scene) -> None:
        self._ui, self._scene = ui, scene
        self._frame = int(dpg.add_child_window(parent=view, no_scrollbar=True, no_scroll_with_mouse=True))
        self.painter = Painter(self._frame, ui.faces, ui.scale)

    def put(self, rect: Rect | None) -> None:
        """Show it in `rect`, or not at all."""
        dpg.configure_item(self._frame, show=rect is not None)
        if rect is not None:
            px, size = self._ui.px, (rect.width, rect.height)
            corner = px(rect.left), px(rect.top)
            dpg.configure_item(self._frame, pos=corner, width=px(rect.width), height=px(rect.height))
            bounds = self._scene.bounds or Rect(0.0, 0.0, 1.0, 1.0)
            self.painter.draw(self._scene, Looks(Viewport.fitting(bounds, size, margin=16.0, largest=0.6), size), {})


def _paths(sections: Sequence[Section]) -> list[Path]:
    return [path for section in sections for path in section.paths]

"""The models that were found, as tiles and rows with a picture each. Draws what can be seen. GUI thread only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.drawing.pen import Pen
from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.icons import Icon
from nodeflow.editor.models.browsing import Section
from nodeflow.editor.models.entries import Entry
from nodeflow.editor.models.jobs import Job
from nodeflow.editor.models.page import Page, Spot
from nodeflow.editor.numbers import milliseconds
from nodeflow.editor.palette import CLEAR, Rgba, colors, fade
from nodeflow.editor.panels.pictures_of_models import ModelPictures
from nodeflow.editor.ui import Ui
from nodeflow.sizes import size_text

_BLOCK: Final = 240.0
"""It is drawn anew when it was scrolled by so much."""
_SCROLLBAR: Final = 10.0


class ModelList:
    """A child window of its own. `job` tells what is being done with a model."""

    def __init__(self, ui: Ui, pictures: ModelPictures, parent: int, job: Callable[[str], Job | None]) -> None:
        self._ui, self._pictures, self._job = ui, pictures, job
        self.root = int(dpg.add_child_window(parent=parent))
        self.drawing = int(dpg.add_drawlist(10, 10, parent=self.root))
        self._ground = ui.pen(self.drawing)
        self._headings = Pen(self._ground.group, ui.faces, ui.scale)
        self._spots: dict[str, tuple[Pen, tuple[object, ...]]] = {}
        """What each model that can be seen is drawn with, and what it looked like then."""
        self._hand = ui.pen(self.drawing)
        self.page = Page.of((), 300.0)
        self._laid: tuple[object, ...] = ()
        self._drawn: tuple[object, ...] = ()
        self._pointed_at: tuple[object, ...] = ()

    def update(self, sections: Sequence[Section], width: float, height: float, marked: int, news: object) -> None:
        """Once per frame, with the size in logical pixels; `news` is another when an entry is drawn otherwise."""
        laid = (sections, width, height, self._ui.scale)
        if laid != self._laid:
            self._laid = laid
            self.page = Page.of(sections, width - _SCROLLBAR)
            size = {"width": self._ui.px(width - _SCROLLBAR), "height": max(1, self._ui.px(self.page.height))}
            dpg.configure_item(self.drawing, **size)
        top = dpg.get_y_scroll(self.root) / self._ui.scale
        block = int(top / _BLOCK)
        busy = tuple((spot.entry.id, job.step) for spot in self.page.spots if (job := self._job(spot.entry.id)))
        drawn = (self._laid, block, busy, news, colors.version)
        if drawn != self._drawn:
            self._drawn = drawn
            self._draw(Rect(0.0, (block - 1) * _BLOCK, width, (block + 1) * _BLOCK + height))
            self._pointed_at = ()
        pointed_at = (self.pointed(), marked)
        if pointed_at != self._pointed_at:
            self._pointed_at = pointed_at
            self._point(*pointed_at)

    def pointed(self) -> int:
        """The place of the model that the pointer is on, or -1."""
        return self.page.at(self._ui.pointer_in(self.drawing)) if dpg.is_item_hovered(self.drawing) else -1

    def reveal(self, place: int) -> None:
        """Scroll so far that a model is in sight."""
        if not 0 <= place < len(self.page.spots):
            return
        rect, px = self.page.spots[place].rect, self._ui.px
        height, seen = dpg.get_item_height(self.root) or 0, dpg.get_y_scroll(self.root)
        if px(rect.top) < seen:
            dpg.set_y_scroll(self.root, max(0, px(rect.top - 40.0)))
        elif px(rect.bottom) > seen + height:
            dpg.set_y_scroll(self.root, px(rect.bottom + 8.0) - height)

    def middle(self, place: int) -> Point:
        """Where a model is in the window, in real pixels."""
        left, top = dpg.get_item_rect_min(self.drawing)
        x, y = self.page.spots[place].rect.center
        return left + x * self._ui.scale, top + y * self._ui.scale

    # ---- inside --------------------------------------------------------------------------------------------------

    def _draw(self, seen: Rect) -> None:
        """Draw what can be seen and is not drawn already, and let go of what cannot."""
        faces = self._ui.faces
        self._headings.clear()
        for title, at in self.page.headings:
            self._headings.text(at, title, colors.text_faint, 13.0, faces.medium)
        before, self._spots = self._spots, {}
        for spot in self.page.spots:
            if not spot.rect.meets(seen):
                continue
            model_id, job = spot.entry.id, self._job(spot.entry.id)
            looks = (spot, job and job.step, self._pictures.shown(spot.entry), colors.version)
            pen, drawn = before.pop(model_id, (None, ()))
            if pen is None:
                pen = Pen(self._ground.group, faces, self._ui.scale)
            self._spots[model_id] = pen, looks
            if looks != drawn:
                pen.clear()
                (self._tile if spot.tile else self._row)(pen, spot)
                if job is not None:
                    self._progress(pen, spot, job.step / 20)
        for pen, _looks in before.values():
            pen.delete()

    def _point(self, pointed: int, marked: int) -> None:
        self._hand.clear()
        for place, color in ((pointed, fade(colors.contrast, 0.25)), (marked, colors.accent)):
            if 0 <= place < len(self.page.spots):
                spot = self.page.spots[place]
                grown = spot.rect if spot.tile else spot.rect.grown(-1.0)
                fill = CLEAR if spot.tile else fade(color, 0.12)
                self._hand.rect(grown, fill, color, 8.0, 1.5)

    def _tile(self, pen: Pen, spot: Spot) -> None:
        faces, entry, rect = self._ui.faces, spot.entry, spot.rect
        pen.rect(rect, colors.field, rounding=8.0)
        self._pictures.draw(pen, spot.picture, entry)
        room, left = rect.width - 20.0, rect.left + 10.0
        title = faces.fit(entry.title, faces.medium, 14.0, room)
        pen.text((left, spot.picture.bottom + 6.0), title, colors.text, 14.0, faces.medium)
        words = faces.fit(entry.task_title, faces.text, 12.0, room)
        pen.text((left, spot.picture.bottom + 25.0), words, colors.text_dim, 12.0)
        self._state(pen, (rect.right - 10.0, rect.top + 9.0), entry, over=True)

    def _row(self, pen: Pen, spot: Spot) -> None:
        faces, entry, rect = self._ui.faces, spot.entry, spot.rect
        self._pictures.draw(pen, spot.picture, entry, kinds=False)
        left = spot.picture.right + 12.0
        room = rect.right - left - 30.0
        title = faces.fit(entry.title, faces.medium, 14.5, room)
        pen.text((left, rect.top + 8.0), title, colors.text, 14.5, faces.medium)
        pen.text(
            (left, rect.top + 27.0), faces.fit(entry.task_title, faces.text, 12.5, room), colors.text_dim, 12.5
        )  # fmt: skip
        x, y = left, rect.top + 44.0
        for text, color in self._facts(entry):
            pen.text((x, y), text, color, 12.0)
            x += faces.width(text, faces.text) * 12.0 + 10.0
        self._state(pen, (rect.right - 10.0, rect.top + 10.0), entry)

    def _facts(self, entry: Entry) -> list[tuple[str, Rgba]]:
        """What stands on the last line of a row: size, time, licence."""
        facts = [(size_text(entry.size), colors.text_faint)]
        if entry.measured is not None:
            facts.append((milliseconds(entry.measured.ms), colors.text_dim))
        if entry.commercial != "yes":
            facts.append(("not commercial" if entry.commercial == "no" else "licence unclear", colors.warn))
        elif not entry.checked:
            facts.append(("not checked", colors.warn))
        return facts

    def _progress(self, pen: Pen, spot: Spot, share: float) -> None:
        """Along the foot of the picture."""
        picture = spot.picture
        bar = Rect(picture.left, picture.bottom - 4.0, picture.right, picture.bottom)
        pen.rect(bar, fade(colors.ground, 0.8), rounding=2.0)
        pen.rect(
            Rect(bar.left, bar.top, bar.left + max(share, 0.04) * bar.width, bar.bottom), colors.accent, rounding=2.0
        )

    def _state(self, pen: Pen, corner: Point, entry: Entry, over: bool = False) -> None:
        """In the upper right corner: being fetched, here, or to be had; on a picture with a ground of its own."""
        fonts, job = self._ui.fonts, self._job(entry.id)
        glyph, color = (Icon.CHECK, colors.good) if entry.here else (Icon.DOWNLOAD, colors.text_dim)
        if job is not None:
            glyph, color = Icon.WAITING, colors.accent
        marks = [(glyph, color)]
        if over and (entry.commercial != "yes" or not entry.checked):
            marks.append((Icon.WARNING, colors.warn))
        right = corner[0]
        for mark, ink in marks:
            if over:
                pen.circle((right - 6.0, corner[1] + 6.0), 10.0, fade(colors.ground, 0.85))
            pen.text_right(right, corner[1], mark, ink, 12.0, fonts.icons)
            right -= 24.0

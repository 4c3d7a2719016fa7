"""The strip of pinned values under the viewer: small pictures to be shown large by a click.

The first tile stands for what is selected. A click shows a pin, Shift+click compares with it, a middle click takes it
out. GUI thread only.
"""

from __future__ import annotations

from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.drawing.value_art import draw_value
from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.canvas.live import Image
from nodeflow.editor.icons import Icon
from nodeflow.editor.keys import held
from nodeflow.editor.looking.sight import PIN_SIDE, name
from nodeflow.editor.looking.textures import Textures, Wanted
from nodeflow.editor.palette import CLEAR, colors, fade
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace
from nodeflow.engine.look import Look, Picture, Series
from nodeflow.graph import Endpoint

HEIGHT: Final = 74.0
_WIDTH, _GAP, _PAD = 86.0, 6.0, 8.0
_FIRST: Final = 64.0
"""The width of the tile for what is selected."""
_SELECTED: Final = Rect.of(_PAD, 5.0, _FIRST, HEIGHT - 8.0)
_PART: Final = "pins"


class PinStrip:
    """A drawlist under the viewer; no height while nothing is pinned."""

    def __init__(self, ui: Ui, workspace: Workspace, textures: Textures, parent: int) -> None:
        self._ui, self._workspace, self._textures = ui, workspace, textures
        self._root = int(dpg.add_child_window(parent=parent, no_scrollbar=True, no_scroll_with_mouse=True, show=False))
        self._item = int(dpg.add_drawlist(10, ui.px(HEIGHT), parent=self._root))
        self._pen = ui.pen(self._item)
        self._drawn: tuple[object, ...] = ()
        with dpg.item_handler_registry() as clicked:
            dpg.add_item_clicked_handler(callback=self._click)
        dpg.bind_item_handler_registry(self._item, clicked)

    @property
    def height(self) -> float:
        """In logical pixels."""
        return HEIGHT if self._pins else 0.0

    def place(self, top: float, width: float) -> None:
        px = self._ui.px
        size = {"width": px(width), "height": px(HEIGHT)}
        dpg.configure_item(self._root, pos=(0, px(top)), show=bool(self._pins), **size)
        dpg.configure_item(self._item, **size)

    def update(self, width: float) -> None:
        """Once per frame; `width` in logical pixels."""
        viewing, snapshot = self._workspace.sheet.viewing, self._workspace.run.snapshot
        looks = {pin: snapshot.looks.get(name("pin", pin)) for pin in self._pins}
        self._textures.update(
            _PART,
            {
                f"{_PART} {pin}": Wanted(look.shows.pixels, look.serial, PIN_SIDE)
                for pin, look in looks.items()
                if look is not None and isinstance(look.shows, Picture)
            },
        )
        seen = tuple(self._image(pin) or looks[pin] for pin in self._pins)
        drawn = (self._pins, seen, viewing.held, viewing.other, self._pointed(), width, colors.version)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        self._pen.clear()
        if self._pins:
            self._draw_first()
        for place, pin in enumerate(self._pins):
            self._draw(place, pin, looks[pin])

    def _draw_first(self) -> None:
        pen, faces, follows = self._pen, self._ui.faces, self._workspace.sheet.viewing.held is None
        pen.rect(_SELECTED, colors.ground, rounding=3.0)
        color = colors.accent if follows else colors.text_dim
        x, y = _SELECTED.center
        pen.text((x - 6.0, y - 16.0), Icon.POINTER, color, 16.0, faces.icons)
        pen.text((x - faces.width("selected", faces.text) * 6.0, y + 12.0), "selected", colors.text_dim, 12.0)
        edge = colors.accent if follows else fade(colors.contrast, 0.1)
        pen.rect(_SELECTED, CLEAR, edge, rounding=3.0, thickness=1.5 if follows else 1.0)

    def _draw(self, place: int, pin: Endpoint, look: Look | None) -> None:
        pen, viewing, faces = self._pen, self._workspace.sheet.viewing, self._ui.faces
        box = self._box(place)
        edge = colors.accent if pin == viewing.held else fade(colors.contrast, 0.3 if self._pointed() == pin else 0.1)
        pen.rect(box, colors.ground, rounding=3.0)
        image = self._image(pin)
        inside = Rect(box.left + 2.0, box.top + 2.0, box.right - 2.0, box.bottom - 17.0)
        if image is not None:
            pen.picture(image.texture, image.within(inside))
        elif look is not None and not isinstance(look.shows, Series):
            draw_value(pen, inside.grown(-2.0), look.shows, faces)
        elif look is not None:
            pen.text((inside.left + 4.0, inside.top + 8.0), look.summary, colors.text, 14.0, faces.medium)
        title = faces.fit(self._workspace.title(pin.node), faces.text, 12.0, _WIDTH - 22.0)
        pen.text((box.left + 5.0, box.bottom - 16.0), title, colors.text_dim, 12.0)
        if pin == viewing.other:
            pen.text_right(box.right - 5.0, box.bottom - 16.0, "B", colors.accent, 12.0, faces.medium)
        pen.rect(box, CLEAR, edge, rounding=3.0, thickness=1.5 if pin == viewing.held else 1.0)

    @property
    def _pins(self) -> tuple[Endpoint, ...]:
        return self._workspace.sheet.viewing.pins

    def _image(self, pin: Endpoint) -> Image | None:
        texture = self._textures.get(f"{_PART} {pin}")
        return Image(texture.item, texture.width, texture.height) if texture else None

    def _box(self, place: int) -> Rect:
        return Rect.of(_SELECTED.right + _GAP + place * (_WIDTH + _GAP), 5.0, _WIDTH, HEIGHT - 8.0)

    def _pointed(self) -> Endpoint | None:
        """The pin that the pointer is on."""
        at = self._at
        if at is None:
            return None
        return next((pin for place, pin in enumerate(self._pins) if self._box(place).contains(at)), None)

    @property
    def _at(self) -> Point | None:
        """The pointer in logical pixels, if it is here."""
        return self._ui.pointer_in(self._item) if self._pins and dpg.is_item_hovered(self._item) else None

    def _click(self, _sender: int, about: tuple[int, int]) -> None:
        at, pin, viewing = self._at, self._pointed(), self._workspace.sheet.viewing
        if at is not None and _SELECTED.contains(at):
            viewing.release()
        if pin is None:
            return
        if about[0] == dpg.mvMouseButton_Middle:
            viewing.unpin(pin)
        elif about[0] == dpg.mvMouseButton_Left and held().shift:
            viewing.compare(None if viewing.other == pin else pin)
        elif about[0] == dpg.mvMouseButton_Left:
            viewing.hold(pin)

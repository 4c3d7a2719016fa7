"""The large picture of one node: the pinned one, or the selected one. GUI thread only."""

from __future__ import annotations

from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.canvas.live import Image
from nodeflow.editor.fonts import Icon
from nodeflow.editor.palette import CLEAR, colors
from nodeflow.editor.textures import Textures, Wanted
from nodeflow.editor.ui import Ui
from nodeflow.editor.watching import Watching
from nodeflow.editor.workspace import Workspace
from nodeflow.engine.look import Glance, Picture

HEAD: Final = 34.0
_SIDES: Final = (320, 480, 640, 960, 1280, 1920)
KEY: Final = "viewer: picture"
"""The key of the viewer's texture; no node is called that."""


class Viewer:
    """A child window of its own. `expanded`: it takes the place of the canvas."""

    def __init__(self, ui: Ui, workspace: Workspace, watching: Watching, parent: int) -> None:
        self._ui, self._workspace, self._watching = ui, workspace, watching
        self.expanded = False
        self.root = int(dpg.add_child_window(parent=parent, no_scrollbar=True, no_scroll_with_mouse=True))
        dpg.bind_item_theme(self.root, ui.themes.panel)
        dpg.push_container_stack(self.root)
        self._title = ui.text("", font=ui.fonts.medium)
        self._size = ui.text("", ui.themes.faint)
        dpg.pop_container_stack()
        self._buttons = int(dpg.add_group(parent=self.root, horizontal=True, horizontal_spacing=0))
        dpg.push_container_stack(self._buttons)
        self._pin = ui.icon_button(Icon.PIN, self.toggle_pin, "Keep showing this node", 26)
        self._expand = ui.icon_button(Icon.EXPAND, self.toggle, "Fill the window   V", 26)
        dpg.pop_container_stack()
        self._frame = int(dpg.add_child_window(parent=self.root, no_scrollbar=True, no_scroll_with_mouse=True))
        self._drawing = int(dpg.add_drawlist(10, 10, parent=self._frame))
        self._drawn: tuple[object, ...] = ()

    def toggle(self) -> None:
        self.expanded = not self.expanded

    def toggle_pin(self) -> None:
        workspace = self._workspace
        workspace.pinned = None if workspace.pinned else workspace.viewed

    @property
    def side(self) -> int:
        """The longer side, in real pixels, that a picture has here at most."""
        width, height = dpg.get_item_rect_size(self._drawing)
        return max(64, int(width), int(height))

    def update(self, textures: Textures, width: float, height: float) -> None:
        """Once per frame; the panel's size in logical pixels."""
        ui, workspace = self._ui, self._workspace
        node = workspace.viewed
        self._watching.want("viewer", {KEY: Glance(node, side=_step(self.side))} if node else {})
        look = workspace.run.snapshot.looks.get(KEY)
        look = look if look is not None and look.node == node else None
        picture = look.shows if look and isinstance(look.shows, Picture) else None
        wanted = {KEY: Wanted(picture.pixels, look.serial, _step(self.side))} if picture and look else {}
        textures.update("viewer", wanted)
        texture = textures.get(KEY)
        image = Image(texture.item, texture.width, texture.height) if texture else None
        text = look.summary if look and image is None else ""
        told = (node, workspace.title(node) if node else "", _told(picture), workspace.pinned, self.expanded)
        drawn = (colors.version, *told, image, text, width, height)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        dpg.set_value(self._title, told[1])
        dpg.set_value(self._size, told[2])
        dpg.configure_item(self._expand, label=Icon.SHRINK if self.expanded else Icon.EXPAND)
        dpg.bind_item_theme(self._pin, ui.themes.pinned if workspace.pinned else ui.themes.quiet)
        ui.place_text(self._title, ui.px(14), ui.px(9))
        ui.place_text(self._size, ui.px(26) + ui.faces.width(told[1], ui.fonts.medium) * ui.px(15), ui.px(9))
        dpg.configure_item(self._frame, pos=(0, ui.px(HEAD)), width=ui.px(width), height=max(1, ui.px(height - HEAD)))
        dpg.set_item_pos(self._buttons, [ui.px(width - 62), ui.px(4)])
        self._draw(image, text, node, ui.px(width), ui.px(height - HEAD))

    def _draw(self, image: Image | None, text: str, node: str | None, width: int, height: int) -> None:
        ui = self._ui
        dpg.configure_item(self._drawing, width=width, height=height)
        dpg.delete_item(self._drawing, children_only=True)
        dpg.draw_rectangle((0, 0), (width, height), parent=self._drawing, fill=colors.canvas, color=CLEAR)
        if image is not None:
            fit = image.within(Rect(0, 0, width, height))
            corners = (round(fit.left), round(fit.top)), (round(fit.right), round(fit.bottom))
            dpg.draw_image(image.texture, *corners, parent=self._drawing)
            return
        size = ui.px(15)
        color = colors.text if text else colors.text_faint
        text = text or ("Nothing to see yet" if node else "Select a node to look at what it gives")
        lines = ui.faces.wrap(text, ui.fonts.text, size, width - ui.px(40), max(1, height // (2 * size)))
        top = (height - len(lines) * size * 1.4) / 2
        for place, line in enumerate(lines):
            left = (width - ui.faces.width(line, ui.fonts.text) * size) / 2
            dpg.draw_text((left, top + place * size * 1.4), line, parent=self._drawing, color=color, size=size)


def _step(side: int) -> int:
    """The first of the steps that is enough: a picture is not asked for anew with every pixel of size."""
    return next((step for step in _SIDES if step >= side), _SIDES[-1])


def _told(picture: Picture | None) -> str:
    return f"{picture.width} x {picture.height}" if picture else ""

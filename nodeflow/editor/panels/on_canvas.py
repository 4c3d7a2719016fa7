"""Popups that stand at a thing on the canvas: what can be added there, a value typed in its row, a title in its bar.

They answer what the canvas asks for (`canvas/actions.py`). GUI thread only.
"""

from __future__ import annotations

from functools import partial
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.by_keys import next_param
from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.canvas.grouping import write, writing
from nodeflow.editor.canvas.layout import TITLE
from nodeflow.editor.canvas.pads import PadId
from nodeflow.editor.canvas.scene import Hit, Onto
from nodeflow.editor.commands.node_list import NodeList
from nodeflow.editor.commands.table import Commands
from nodeflow.editor.documents.knob import knob_of
from nodeflow.editor.panels.add_menu import AddMenu
from nodeflow.editor.panels.connect_menu import ports_menu
from nodeflow.editor.panels.context_menu import context_menu
from nodeflow.editor.panels.param_prompt import param_prompt
from nodeflow.editor.panels.popup import Popup
from nodeflow.editor.panels.questions import NotePrompt, TextPrompt
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace

_NOTE: Final = (200.0, 92.0)
"""The least width and the height of the field that a note is typed in."""
_GAP: Final = 6.0


class OnCanvas:
    """`item` is what the canvas is drawn in."""

    def __init__(self, ui: Ui, workspace: Workspace, commands: Commands, item: int) -> None:
        self._ui, self._workspace, self._commands, self._item = ui, workspace, commands, item
        self._nodes = NodeList(workspace.memory)

    def search(self, at: Point, onto: Onto | None) -> None:
        """List what can be added."""
        self._workspace.library.refresh()
        self._show(AddMenu(self._ui, self._workspace, self._nodes, at, onto), at)

    def menu(self, at: Point, hit: Hit) -> None:
        self._show(context_menu(self._ui, self._workspace, self._commands, hit), at)

    def rename(self, node: str) -> None:
        box = self._workspace.canvas.scene.boxes[node]
        title, take = self._workspace.title(node), partial(self._workspace.rename, node)
        width = self._width(Rect.of(*box.at, box.face.width, TITLE))
        self._show(TextPrompt(self._ui, title, width, take), box.at)

    def words(self, pad: PadId) -> None:
        """Type what a group or note says."""
        canvas = self._workspace.canvas
        there = canvas.scene.pads.all[pad]
        bar = there.bar(canvas.viewport.zoom)
        width = self._width(bar)
        if pad.kind == "group":
            take = partial(write, canvas, pad)
            self._show(TextPrompt(self._ui, there.words, width, take), (bar.left, bar.top))
        else:
            size, beside = (max(width, _NOTE[0]), _NOTE[1]), partial(self._beside_note, pad)
            prompt = NotePrompt(self._ui, there.words, size, writing(canvas, pad), beside)
            self._show(prompt, (bar.left, there.bounds.bottom))

    def _beside_note(self, pad: PadId, height: float) -> Point:
        """Where something so high, in real pixels, stands under a note, or over it where there is more room."""
        bounds = self._workspace.canvas.scene.pads.all[pad].bounds
        gap = self._ui.px(_GAP)
        (left, top), (_, bottom) = self.on_screen((bounds.left, bounds.top)), self.on_screen((0.0, bounds.bottom))
        above, below = top - gap - height, bottom + gap
        return left, below if below + height < dpg.get_viewport_client_height() or above < 0.0 else above

    def connect(self, node: str) -> None:
        """List a node's ports, and then where a wire may go."""
        box = self._workspace.canvas.scene.boxes[node]
        at = (box.bounds.right, box.at[1])
        self._show(ports_menu(self._ui, self._workspace, node, lambda menu: self._show(menu, at)), at)

    def param(self, node: str, param: str, by_keys: bool) -> None:
        """Type or choose a value; `by_keys`, Tab goes on to the next."""
        canvas = self._workspace.canvas
        box = canvas.scene.boxes[node]
        row = next((row for row in box.face.params if row.name == param), None)
        knob = knob_of(self._workspace.sheet, node, param)
        if row is None or knob is None:
            return
        rect = row.rect.moved(*box.at)
        popup = param_prompt(self._ui, self._workspace, knob, self._width(rect), by_keys)
        if popup is None:
            return

        def go_on(step: int) -> None:
            after = next_param(self._workspace.canvas, node, param, step)
            if after is not None:
                self.param(node, after, by_keys=True)

        popup.on_tab = go_on
        self._show(popup, (rect.left, rect.top if isinstance(popup, TextPrompt) else rect.bottom))

    def on_screen(self, world: Point) -> Point:
        """A point of the canvas's world in window pixels."""
        x, y = self._workspace.canvas.viewport.to_screen(world)
        left, top = dpg.get_item_rect_min(self._item)
        return left + x * self._ui.scale, top + y * self._ui.scale

    def world(self, at: Point) -> Point | None:
        """A point in window pixels as one of the canvas's world, if it is on the canvas and that is there."""
        if not dpg.is_item_shown(dpg.get_item_parent(self._item) or 0):
            return None
        canvas, (left, top) = self._workspace.canvas, dpg.get_item_rect_min(self._item)
        x, y = (at[0] - left) / self._ui.scale, (at[1] - top) / self._ui.scale
        over = 0.0 <= x < canvas.size[0] and 0.0 <= y < canvas.size[1]
        return canvas.viewport.to_world((x, y)) if over else None

    def _show(self, popup: Popup, world: Point) -> None:
        self._ui.popups.show(popup, *self.on_screen(world))

    def _width(self, world: Rect) -> float:
        """How wide a popup is in place of something on the canvas: at least wide enough to type in."""
        return max(world.width * self._workspace.canvas.viewport.zoom, 120.0)

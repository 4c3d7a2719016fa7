"""The bar on top: the file, undo, the run, and how it goes. GUI thread only."""

from __future__ import annotations

from functools import partial
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.commands.menus import MenuBar, recent_rows
from nodeflow.editor.commands.node_help import sample_choices
from nodeflow.editor.commands.table import Commands
from nodeflow.editor.icons import Icon
from nodeflow.editor.palette import colors
from nodeflow.editor.panels.menu_bar import Menus
from nodeflow.editor.running.standing import NOTHING_RUNS, numbers, state_word
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace

HEIGHT: Final = 46.0
_LEFT: Final = ("file.open", "file.save", "", "edit.undo", "edit.redo", "")
_RUN: Final = ("run.start", "run.step", "run.stop", "", "view.performance")


class Toolbar:
    def __init__(self, ui: Ui, workspace: Workspace, commands: Commands, parent: int) -> None:
        self._ui, self._workspace, self._commands = ui, workspace, commands
        self._root = int(
            dpg.add_child_window(parent=parent, height=ui.px(HEIGHT), no_scrollbar=True, no_scroll_with_mouse=True)
        )
        self._buttons: dict[str, int] = {}
        self._enabled: dict[str, bool] = {}
        self._label = ""
        """What is on the button that starts and pauses."""
        self._told: tuple[object, ...] = ()
        self._steps: tuple[str, ...] = ()
        """What Undo and Redo would do, as their tips say it."""
        self._numbers = int(dpg.add_text("", parent=self._root))
        dpg.bind_item_theme(self._numbers, ui.themes.dim)
        self._state = int(dpg.add_text("", parent=self._root))
        self._left = int(
            dpg.add_group(parent=self._root, horizontal=True, horizontal_spacing=ui.px(2), pos=(ui.px(10), ui.px(8)))
        )
        dpg.push_container_stack(self._left)
        branches = {
            "file.open": ("Open recent", partial(recent_rows, workspace.files)),
            "file.camera": ("Sample graphs", partial(sample_choices, workspace.files.open_path)),
        }
        self._menus = Menus(ui, MenuBar(commands, branches))
        ui.gap(width=6)
        self._add_buttons(_LEFT)
        ui.icon_button(Icon.ADD, workspace.search_in_the_middle, lambda: commands["canvas.add"].tip)
        dpg.pop_container_stack()
        self._middle = int(dpg.add_group(parent=self._root, horizontal=True, horizontal_spacing=ui.px(2)))
        dpg.push_container_stack(self._middle)
        self._add_buttons(_RUN)
        dpg.pop_container_stack()
        self._line = int(dpg.add_viewport_drawlist(front=False))

    def update(self, width: float) -> None:
        """Once per frame; `width` in logical pixels."""
        self._menus.update()
        workspace = self._workspace
        state, said = state_word(workspace.run), numbers(workspace.run.told)
        left = 10.0 + dpg.get_item_rect_size(self._left)[0] / self._ui.scale
        told = (colors.version, said, state, width, left)
        if told != self._told:
            self._told = told
            self._tell(said, state, width, max(width / 2 - 72.0, left + 16.0))
        steps = self._commands["edit.undo"].words, self._commands["edit.redo"].words
        if steps != self._steps:
            self._steps = steps
            self._ui.retell()
        for command, button in self._buttons.items():
            enabled = self._commands[command].enabled()
            if enabled != self._enabled.get(command, True):
                self._enabled[command] = enabled
                dpg.configure_item(button, enabled=enabled)
        label = Icon.PAUSE if workspace.run.active and not workspace.run.stopping else Icon.PLAY
        if label != self._label:
            self._label = label
            dpg.configure_item(self._buttons["run.start"], label=label)

    def _tell(self, said: str, state: str, width: float, middle: float) -> None:
        """`middle` is where the buttons of the run begin. What finds no room to the right of them is left out."""
        ui = self._ui
        taken = ui.px(middle) + dpg.get_item_rect_size(self._middle)[0] + ui.px(12)
        themes = {
            "Running": ui.themes.good,
            "Opening": ui.themes.warn,
            "Stopping": ui.themes.warn,
            NOTHING_RUNS: ui.themes.warn,
            "Failed": ui.themes.bad,
        }
        dpg.bind_item_theme(self._state, themes.get(state, ui.themes.faint))
        right = ui.px(width - 16)
        for item, text in ((self._state, state), (self._numbers, said)):
            room = ui.faces.width(text, ui.fonts.text) * ui.px(15)
            if right - room < taken:
                text, room = "", 0.0
            dpg.set_value(item, text)
            ui.place_text(item, right - room, ui.px(15))
            right -= round(room) + ui.px(22 if text else 0)
        dpg.set_item_pos(self._middle, [ui.px(middle), ui.px(8)])
        dpg.delete_item(self._line, children_only=True)
        y = ui.px(HEIGHT)
        dpg.draw_line((0, y), (ui.px(width), y), parent=self._line, color=colors.border)

    def _tip(self, name: str) -> str:
        return self._commands[name].tip

    def _add_buttons(self, names: tuple[str, ...]) -> None:
        for name in names:
            if not name:
                self._ui.gap(width=6)
                continue
            command = self._commands[name]
            self._buttons[name] = self._ui.icon_button(
                command.icon, partial(self._commands.run, name), partial(self._tip, name)
            )

"""What the window can show, for the table of commands: help, the start screen, the palette, the settings. Pure."""

from __future__ import annotations

from functools import partial

from nodeflow.editor.commands.surface import Surface
from nodeflow.editor.commands.table import Command
from nodeflow.editor.icons import Icon
from nodeflow.editor.workspace import Workspace


def help_commands(workspace: Workspace, surface: Surface) -> list[Command]:
    def one() -> bool:
        return len(workspace.canvas.selection.nodes) == 1

    return [
        Command(
            "help.keys", "Shortcuts", partial(surface.open_settings, "Shortcuts"), ("Ctrl+F1",), Icon.KEYBOARD,
            typing=True,
        ),
        Command("help.node", "About this node", surface.open_help, ("F1",), Icon.HELP, typing=True, enabled=one),
        Command("help.about", "About NodeFlow", surface.open_about, icon=Icon.INFO),
    ]  # fmt: skip


def finding_commands(surface: Surface) -> list[Command]:
    return [
        Command("view.start", "Start screen", surface.show_start, typing=True),
        Command(
            "view.palette", "Find an action or a node", surface.open_palette, ("Ctrl+P", "Ctrl+F"), Icon.SEARCH,
            typing=True,
        ),
    ]  # fmt: skip


def side_command(surface: Surface) -> Command:
    return Command(
        "view.side", "Viewer and inspector", surface.toggle_side, ("Ctrl+B",), typing=True, on=lambda: surface.side_open
    )


def settings_command(surface: Surface) -> Command:
    return Command("edit.settings", "Settings", surface.open_settings, ("Ctrl+,",), Icon.SETTINGS, typing=True)

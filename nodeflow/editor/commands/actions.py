"""The table of everything the editor can do, theme by theme, in the order in which menus show it.

A new action is one line in the file of its theme. Its title and keys then show in tips and menus, and docs/editor.md
has to list them. GUI thread only.
"""

from __future__ import annotations

from nodeflow.editor.commands.canvas_commands import canvas_commands, subgraph_commands
from nodeflow.editor.commands.dock_commands import dock_commands
from nodeflow.editor.commands.edit_commands import edit_commands
from nodeflow.editor.commands.file_commands import file_commands
from nodeflow.editor.commands.library_commands import library_commands
from nodeflow.editor.commands.look_commands import look_commands
from nodeflow.editor.commands.paint_commands import paint_commands
from nodeflow.editor.commands.run_commands import run_commands
from nodeflow.editor.commands.surface import Surface
from nodeflow.editor.commands.table import Commands
from nodeflow.editor.commands.viewer_commands import viewer_commands
from nodeflow.editor.commands.window_commands import finding_commands, help_commands, settings_command, side_command
from nodeflow.editor.mending.ways_out import WaysOut
from nodeflow.editor.workspace import Workspace


def all_commands(workspace: Workspace, surface: Surface, ways_out: WaysOut) -> Commands:
    return Commands(
        [
            *file_commands(workspace, surface),
            *edit_commands(workspace, surface),
            *run_commands(workspace, ways_out),
            *help_commands(workspace, surface),
            *finding_commands(surface),
            *dock_commands(lambda: surface.dock),
            side_command(surface),
            *library_commands(workspace, surface.toggle_library, lambda: surface.library_open),
            *viewer_commands(lambda: surface.viewer),
            *look_commands(workspace.preferences, lambda: surface.scale),
            *canvas_commands(workspace, surface),
            settings_command(surface),
            *subgraph_commands(workspace),
            *paint_commands(workspace.easel),
        ]
    )

"""Brings what a person has set into force, whenever it changes. GUI thread only."""

from __future__ import annotations

from nodeflow.editor import theme
from nodeflow.editor.commands.table import Commands
from nodeflow.editor.palette import PALETTES
from nodeflow.editor.settings.values import DEFAULTS
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace


class Applied:
    """`update` once per frame; it costs a comparison unless something was set. What a run is made with, the workspace
    looks up when it makes one; the scale is the program's, which makes the window anew for another."""

    def __init__(self, workspace: Workspace, commands: Commands, ui: Ui) -> None:
        self._workspace, self._commands, self._ui = workspace, commands, ui
        self._applied = DEFAULTS

    def update(self) -> None:
        before, now = self._applied, self._workspace.preferences.now
        if now is before:
            return
        self._applied = now
        if now.theme != before.theme:
            theme.show(PALETTES[now.theme], self._ui.themes)
        if now.shortcuts != before.shortcuts:
            self._commands.rebind(now.shortcuts)
            self._ui.retell()
        if now.offline != before.offline:
            from nodeflow.models.fetch import work_offline

            work_offline(now.offline)
        self._workspace.canvas.habits = now.habits

"""What hangs on the tabs of the panel under the canvas. A new tab is one line here. GUI thread only."""

from __future__ import annotations

from nodeflow.editor.commands.table import Commands
from nodeflow.editor.mending.troubles import Troubles
from nodeflow.editor.panels.dock import Dock
from nodeflow.editor.panels.log_list import LogList
from nodeflow.editor.panels.performance import Performance
from nodeflow.editor.panels.problem_list import ProblemList
from nodeflow.editor.settings.dock_place import DockPlace
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace


def make_dock(ui: Ui, workspace: Workspace, commands: Commands, troubles: Troubles, parent: int) -> Dock:
    dock = Dock(ui, DockPlace(workspace.memory), parent)
    dock.hang(
        {
            "problems": ProblemList(ui, workspace, troubles, dock.root),
            "log": LogList(ui, workspace, workspace.log, dock.root),
            "performance": Performance(ui, workspace, commands, dock.root),
        }
    )
    return dock

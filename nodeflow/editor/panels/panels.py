"""The panels, and what floats over them: all that is on screen, made for one scale. GUI thread only."""

from __future__ import annotations

from functools import partial

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.drawing.painter import Painter
from nodeflow.editor.commands.table import Commands
from nodeflow.editor.looking.textures import Textures
from nodeflow.editor.looking.watching import Watching
from nodeflow.editor.mending.troubles import Troubles
from nodeflow.editor.mending.ways_out import WaysOut
from nodeflow.editor.models.room import ModelRoom
from nodeflow.editor.panels.breadcrumb import Breadcrumb
from nodeflow.editor.panels.dock_tabs import make_dock
from nodeflow.editor.panels.hint import Hint
from nodeflow.editor.panels.inspector import Inspector
from nodeflow.editor.panels.library import Library
from nodeflow.editor.panels.on_canvas import OnCanvas
from nodeflow.editor.panels.start_screen import StartScreen
from nodeflow.editor.panels.status_bar import StatusBar
from nodeflow.editor.panels.status_tip import StatusTip
from nodeflow.editor.panels.tabs import Tabs
from nodeflow.editor.panels.toasts import Toasts
from nodeflow.editor.panels.toolbar import Toolbar
from nodeflow.editor.panels.viewer import Viewer
from nodeflow.editor.panels.wire_tip import WireTip
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace


class Panels:
    """Makes each of them, in the order in which they lie over one another, and knows nothing of where they are: that is
    `Arrangement`'s. The window calls them once per frame."""

    def __init__(self, ui: Ui, workspace: Workspace, commands: Commands, models: ModelRoom, ways_out: WaysOut) -> None:
        self.root = root = int(dpg.add_window())
        dpg.set_primary_window(root, True)
        # The canvas shows what the screen was cleared to, which saves a fill of the whole window per frame.
        dpg.configure_item(root, no_background=True, no_scrollbar=True, no_scroll_with_mouse=True)
        self.watching, self.textures, self.troubles = Watching(), Textures(), Troubles(workspace)
        self.toolbar = Toolbar(ui, workspace, commands, root)
        self.tabs = Tabs(ui, workspace, commands, root)
        self.breadcrumb = Breadcrumb(ui, workspace, commands, root)
        self.canvas = int(dpg.add_child_window(parent=root, no_scrollbar=True, no_scroll_with_mouse=True))
        self.painter = Painter(self.canvas, ui.faces, ui.scale)
        self.on_canvas = OnCanvas(ui, workspace, commands, self.painter.item)
        self.hint = Hint(ui, workspace, self.canvas)
        self.side = int(dpg.add_child_window(parent=root, no_scrollbar=True, no_scroll_with_mouse=True))
        self.viewer = Viewer(ui, workspace, commands, self.watching, self.textures, root)
        self.inspector = Inspector(ui, workspace, commands, ways_out, self.side)
        self.dock = make_dock(ui, workspace, commands, self.troubles, root)
        self.status = StatusBar(ui, workspace, self.troubles, root, partial(self.dock.toggle, "problems"))
        self.library = Library(ui, workspace, commands, models, self.on_canvas, root)
        self.start = StartScreen(ui, workspace, commands, root)
        self.toasts = Toasts(ui, workspace.notices)
        self.wire_tip = WireTip(ui, workspace, self.watching, self.textures)
        self.status_tip = StatusTip(ui, workspace)

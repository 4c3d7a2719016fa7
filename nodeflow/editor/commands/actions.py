"""The table of everything the editor can do: file, edit, run and view, and the canvas's own operations.

A new action is one line here. Its title and keys then show in tips and menus, and docs/editor.md has to list them.
GUI thread only.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, Protocol

from nodeflow.editor.canvas import clipping, operations
from nodeflow.editor.canvas.complaint import Way
from nodeflow.editor.canvas.interaction import Interaction
from nodeflow.editor.canvas.operation import Operation
from nodeflow.editor.canvas.operations import OPERATIONS
from nodeflow.editor.commands.dock_commands import DockHand, dock_commands
from nodeflow.editor.commands.library_commands import library_commands
from nodeflow.editor.commands.look_commands import look_commands
from nodeflow.editor.commands.paint_commands import paint_commands
from nodeflow.editor.commands.table import Command, Commands
from nodeflow.editor.commands.viewer_commands import ViewerHand, viewer_commands
from nodeflow.editor.documents.nesting import NESTING, Deed, selected_use
from nodeflow.editor.documents.pasting import paths_in
from nodeflow.editor.documents.templates import camera_path
from nodeflow.editor.fonts import Icon
from nodeflow.editor.running.ways_out import WaysOut
from nodeflow.editor.workspace import Workspace
from nodeflow.graph.definitions import definition_of

_ICONS: Final = {
    "canvas.add": Icon.ADD,
    "canvas.delete": Icon.TRASH,
    "canvas.duplicate": Icon.COPY,
    "canvas.rename": Icon.RENAME,
    "canvas.previews": Icon.EYE,
    "canvas.collapse": Icon.CHEVRON,
    "canvas.frame_all": Icon.FRAME,
}


class Surface(Protocol):
    """What commands need of the window."""

    def quit(self) -> None: ...
    def show_start(self) -> None: ...
    def leave_start(self) -> None: ...
    @property
    def viewer(self) -> ViewerHand: ...
    def toggle_library(self) -> None: ...
    @property
    def library_open(self) -> bool: ...
    def toggle_side(self) -> None: ...
    @property
    def side_open(self) -> bool: ...
    @property
    def dock(self) -> DockHand: ...
    @property
    def scale(self) -> float: ...
    def open_palette(self) -> None: ...
    def open_settings(self, section: str = "") -> None: ...
    def open_about(self) -> None: ...
    def open_help(self) -> None: ...
    def leave_viewer(self) -> bool:
        """Show the canvas again; False if it is there."""

    def read_clipboard(self) -> str: ...
    def write_clipboard(self, text: str) -> None: ...


def all_commands(workspace: Workspace, surface: Surface, ways_out: WaysOut) -> Commands:
    files, sheets = workspace.files, workspace.sheets

    def selected() -> bool:
        return bool(workspace.canvas.selection.nodes or workspace.canvas.selection.pads)

    def one() -> bool:
        return len(workspace.canvas.selection.nodes) == 1

    def new() -> None:
        surface.leave_start()
        files.new()

    def escape() -> None:
        canvas = workspace.canvas
        if workspace.easel.cancel() or surface.leave_viewer() or canvas.cancel() or workspace.sheet.drop_aside():
            return
        if canvas.selection or not workspace.sheet.leave():
            operations.escape(canvas)

    def copy() -> None:
        surface.write_clipboard(clipping.copy(workspace.canvas))

    def copy_wired() -> None:
        surface.write_clipboard(clipping.copy(workspace.canvas, outer=True))

    def cut() -> None:
        surface.write_clipboard(clipping.cut(workspace.canvas))

    def paste() -> None:
        text = surface.read_clipboard()
        paths = paths_in(text)
        if paths:
            files.take(paths)
        else:
            clipping.paste(workspace.canvas, text)

    def keep() -> None:
        use = selected_use(workspace.sheet)
        if use is not None:
            workspace.library.save(workspace.sheet, definition_of(workspace.graph[use].type) or "")

    def out(way: Way) -> Callable[[], None]:
        def take() -> None:
            if ways_out.selected is not None:
                ways_out.take(ways_out.selected, way)

        return take

    def failed() -> bool:
        return ways_out.selected is not None

    return Commands(
        [
            Command("file.new", "New", new, ("Ctrl+N", "Ctrl+T"), Icon.NEW, typing=True),
            Command("file.open", "Open", files.open, ("Ctrl+O",), Icon.OPEN, typing=True),
            Command(
                "file.camera", "Open camera", partial(workspace.open_and_start, camera_path()), icon=Icon.CAMERA,
                enabled=lambda: workspace.ready,
            ),
            Command("file.import", "Import a graph", files.import_graph, ("Ctrl+I",), enabled=lambda: workspace.ready),
            Command("file.save", "Save", files.save, ("Ctrl+S",), Icon.SAVE, typing=True),
            Command("file.save_as", "Save as", files.save_as, ("Ctrl+Shift+S",), typing=True),
            Command(
                "file.export", "Export as a Python program", files.export_python,
                enabled=lambda: workspace.ready and bool(workspace.graph.nodes),
            ),
            Command("file.close", "Close", files.close, ("Ctrl+W",), typing=True),
            Command("file.next", "Next graph", partial(sheets.step, 1), ("Ctrl+Tab", "Ctrl+PageDown"), typing=True),
            Command(
                "file.previous", "Previous graph", partial(sheets.step, -1), ("Ctrl+Shift+Tab", "Ctrl+PageUp"),
                typing=True,
            ),
            Command("file.quit", "Quit", surface.quit, ("Ctrl+Q",), typing=True),
            Command(
                "edit.undo", "Undo", workspace.undo, ("Ctrl+Z",), Icon.UNDO,
                enabled=lambda: workspace.document.history.undo_name is not None,
                to=lambda: workspace.document.history.undo_name or "",
            ),
            Command(
                "edit.redo", "Redo", workspace.redo, ("Ctrl+Shift+Z", "Ctrl+Y"), Icon.REDO,
                enabled=lambda: workspace.document.history.redo_name is not None,
                to=lambda: workspace.document.history.redo_name or "",
            ),
            Command("edit.cut", "Cut", cut, ("Ctrl+X",), enabled=selected),
            Command("edit.copy", "Copy", copy, ("Ctrl+C",), Icon.COPY, enabled=selected),
            Command("edit.copy_wired", "Copy with wires from outside", copy_wired, ("Ctrl+Shift+C",), enabled=selected),
            Command("edit.paste", "Paste", paste, ("Ctrl+V",)),
            Command(
                "run.start", "Start or pause", workspace.start_or_pause, ("F5", "Ctrl+Enter"), Icon.PLAY, typing=True,
                enabled=lambda: workspace.can_run,
            ),
            Command("run.step", "Step", workspace.step, ("F6",), Icon.STEP, enabled=lambda: workspace.can_run),
            Command(
                "run.stop", "Stop", workspace.stop, ("Shift+F5",), Icon.STOP, typing=True,
                enabled=lambda: workspace.run.started,
            ),
            Command(
                "run.trace", "Save the trace", workspace.save_trace, icon=Icon.DOWNLOAD,
                enabled=lambda: bool(workspace.run.snapshot.nodes),
            ),
            Command("node.retry", "Try the failed node again", out("retry"), ("Ctrl+R",), Icon.REDO, enabled=failed),
            Command("node.report", "Copy a report of the failure", out("report"), icon=Icon.COPY, enabled=failed),
            Command(
                "help.keys", "Shortcuts", partial(surface.open_settings, "Shortcuts"), ("Ctrl+F1",), Icon.KEYBOARD,
                typing=True,
            ),
            Command("help.node", "About this node", surface.open_help, ("F1",), Icon.HELP, typing=True, enabled=one),
            Command("help.about", "About NodeFlow", surface.open_about, icon=Icon.INFO),
            Command("view.start", "Start screen", surface.show_start, typing=True),
            Command(
                "view.palette", "Find an action or a node", surface.open_palette, ("Ctrl+P", "Ctrl+F"), Icon.SEARCH,
                typing=True,
            ),
            *dock_commands(lambda: surface.dock),
            Command(
                "view.side", "Viewer and inspector", surface.toggle_side, ("Ctrl+B",), typing=True,
                on=lambda: surface.side_open,
            ),
            *library_commands(workspace, surface.toggle_library, lambda: surface.library_open),
            *viewer_commands(lambda: surface.viewer),
            *look_commands(workspace.preferences, lambda: surface.scale),
            *(_on_canvas(workspace, each) for each in OPERATIONS if each.run is not operations.escape),
            Command("view.escape", "Cancel, or select nothing", escape, ("Escape",)),
            Command("edit.settings", "Settings", surface.open_settings, ("Ctrl+,",), Icon.SETTINGS, typing=True),
            *(_of_nesting(workspace, deed) for deed in NESTING),
            Command(
                "subgraph.save", "Save to the library", keep, icon=Icon.SAVE,
                enabled=lambda: selected_use(workspace.sheet) is not None,
            ),
            *paint_commands(workspace.easel),
        ]
    )  # fmt: skip


def _on_canvas(workspace: Workspace, operation: Operation) -> Command:
    def run() -> None:
        operation.run(workspace.canvas)
        workspace.keep_habits()

    on = None if operation.on is None else partial(_is_on, workspace, operation.on)
    return Command(operation.name, operation.title, run, operation.keys, _ICONS.get(operation.name, ""), on=on)


def _is_on(workspace: Workspace, on: Callable[[Interaction], bool]) -> bool:
    return on(workspace.canvas)


def _of_nesting(workspace: Workspace, deed: Deed) -> Command:
    return Command(
        deed.name,
        deed.title,
        lambda: deed.do(workspace.sheet),
        deed.keys,
        enabled=lambda: deed.can(workspace.sheet),
    )

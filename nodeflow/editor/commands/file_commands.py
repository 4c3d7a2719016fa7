"""What can be done with files and tabs, for the table of commands. Pure."""

from __future__ import annotations

from functools import partial

from nodeflow.editor.commands.surface import Surface
from nodeflow.editor.commands.table import Command
from nodeflow.editor.documents.templates import camera_path
from nodeflow.editor.icons import Icon
from nodeflow.editor.workspace import Workspace


def file_commands(workspace: Workspace, surface: Surface) -> list[Command]:
    files, sheets = workspace.files, workspace.sheets

    def new() -> None:
        surface.leave_start()
        files.new()

    def reopen() -> None:
        surface.leave_start()
        files.reopen()

    def is_ready() -> bool:
        return workspace.ready

    return [
        Command("file.new", "New", new, ("Ctrl+N", "Ctrl+T"), Icon.NEW, typing=True),
        Command("file.open", "Open", files.open, ("Ctrl+O",), Icon.OPEN, typing=True),
        Command(
            "file.camera", "Open camera", partial(workspace.open_and_start, camera_path()), icon=Icon.CAMERA,
            enabled=is_ready,
        ),
        Command("file.import", "Import a graph", files.import_graph, ("Ctrl+I",), enabled=is_ready),
        Command("file.save", "Save", files.save, ("Ctrl+S",), Icon.SAVE, typing=True),
        Command("file.save_as", "Save as", files.save_as, ("Ctrl+Shift+S",), typing=True),
        Command(
            "file.export", "Export as a Python program", files.export_python,
            enabled=lambda: workspace.ready and bool(workspace.graph.nodes),
        ),
        Command("file.close", "Close", files.close, ("Ctrl+W",), typing=True),
        Command(
            "file.reopen", "Reopen the graph closed last", reopen, ("Ctrl+Shift+T",), typing=True,
            enabled=lambda: sheets.closed is not None,
        ),
        Command("file.next", "Next graph", partial(sheets.step, 1), ("Ctrl+Tab", "Ctrl+PageDown"), typing=True),
        Command(
            "file.previous", "Previous graph", partial(sheets.step, -1), ("Ctrl+Shift+Tab", "Ctrl+PageUp"), typing=True
        ),
        Command("file.quit", "Quit", surface.quit, ("Ctrl+Q",), typing=True),
    ]  # fmt: skip

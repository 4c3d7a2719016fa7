"""Undo, redo and the clipboard, for the table of commands. Pure."""

from __future__ import annotations

from nodeflow.editor.canvas import clipping
from nodeflow.editor.commands.surface import Surface
from nodeflow.editor.commands.table import Command
from nodeflow.editor.documents.pasting import paths_in
from nodeflow.editor.icons import Icon
from nodeflow.editor.workspace import Workspace
from nodeflow.graph import History


def edit_commands(workspace: Workspace, surface: Surface) -> list[Command]:
    def history() -> History:
        return workspace.document.history

    def selected() -> bool:
        return bool(workspace.canvas.selection.nodes or workspace.canvas.selection.pads)

    def cut() -> None:
        surface.write_clipboard(clipping.cut(workspace.canvas))

    def copy() -> None:
        surface.write_clipboard(clipping.copy(workspace.canvas))

    def copy_wired() -> None:
        surface.write_clipboard(clipping.copy(workspace.canvas, outer=True))

    def paste() -> None:
        text = surface.read_clipboard()
        paths = paths_in(text)
        if paths:
            workspace.files.take(paths)
        else:
            clipping.paste(workspace.canvas, text)

    return [
        Command(
            "edit.undo", "Undo", workspace.undo, ("Ctrl+Z",), Icon.UNDO,
            enabled=lambda: history().undo_name is not None, to=lambda: history().undo_name or "",
        ),
        Command(
            "edit.redo", "Redo", workspace.redo, ("Ctrl+Shift+Z", "Ctrl+Y"), Icon.REDO,
            enabled=lambda: history().redo_name is not None, to=lambda: history().redo_name or "",
        ),
        Command("edit.cut", "Cut", cut, ("Ctrl+X",), enabled=selected),
        Command("edit.copy", "Copy", copy, ("Ctrl+C",), Icon.COPY, enabled=selected),
        Command("edit.copy_wired", "Copy with wires from outside", copy_wired, ("Ctrl+Shift+C",), enabled=selected),
        Command("edit.paste", "Paste", paste, ("Ctrl+V",)),
    ]  # fmt: skip

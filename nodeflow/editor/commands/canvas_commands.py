"""The canvas's own operations, and what is done to subgraphs, as commands. Pure."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from nodeflow.editor.canvas import operations
from nodeflow.editor.canvas.interaction import Interaction
from nodeflow.editor.canvas.operation import Operation
from nodeflow.editor.canvas.operations import OPERATIONS
from nodeflow.editor.commands.surface import Surface
from nodeflow.editor.commands.table import Command
from nodeflow.editor.documents.nesting import NESTING, Deed, selected_use
from nodeflow.editor.icons import Icon
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


def canvas_commands(workspace: Workspace, surface: Surface) -> list[Command]:
    """What `OPERATIONS` lists; in place of its Escape one that leaves whatever was begun or entered last."""

    def escape() -> None:
        canvas = workspace.canvas
        if workspace.easel.cancel() or surface.leave_viewer() or canvas.cancel() or workspace.sheet.drop_aside():
            return
        if canvas.selection or not workspace.sheet.leave():
            operations.escape(canvas)

    return [
        *(_on_canvas(workspace, each) for each in OPERATIONS if each.run is not operations.escape),
        Command("view.escape", "Cancel, or select nothing", escape, ("Escape",)),
    ]


def subgraph_commands(workspace: Workspace) -> list[Command]:
    def use() -> str | None:
        return selected_use(workspace.sheet)

    def keep() -> None:
        name = use()
        if name is not None:
            workspace.library.save(workspace.sheet, definition_of(workspace.graph[name].type) or "")

    save = Command(
        "subgraph.save", "Save to the library", keep, icon=Icon.SAVE, enabled=lambda: use() is not None
    )  # fmt: skip
    return [*(_of_nesting(workspace, deed) for deed in NESTING), save]


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

"""What can be done with the library of models by a key: open it, and look for other models for a node. Pure."""

from __future__ import annotations

from collections.abc import Callable

from nodeflow.editor.commands.table import Command
from nodeflow.editor.icons import Icon
from nodeflow.editor.workspace import Workspace


def library_commands(workspace: Workspace, toggle: Callable[[], None], is_open: Callable[[], bool]) -> list[Command]:
    """`toggle` opens the library and closes it."""

    def browse() -> None:
        task = task_of_selected(workspace)
        if task is not None:
            workspace.front.open_models(task)

    return [
        Command("view.library", "Model library", toggle, ("Ctrl+L",), Icon.LIBRARY, typing=True, on=is_open),
        Command(
            "node.models", "Browse models for it", browse, ("Alt+L",), Icon.LIBRARY,
            enabled=lambda: task_of_selected(workspace) is not None,
        ),
    ]  # fmt: skip


def task_of_selected(workspace: Workspace) -> str | None:
    """The task of the model of the one selected node, if it has one."""
    nodes = workspace.canvas.selection.nodes
    schema = workspace.schema(next(iter(nodes))) if len(nodes) == 1 else None
    return next((param.task for param in (schema.params if schema else ()) if param.type == "model"), None)

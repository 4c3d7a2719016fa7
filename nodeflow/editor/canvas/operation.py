"""What one entry in the table of operations is. The table is in operations.py; the files that fill it import this."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nodeflow.editor.canvas.interaction import Interaction


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing to do, by a name that stays, a title for people, and keys such as "Ctrl+D".

    A switch tells by `on` whether it is on.
    """

    name: str
    title: str
    keys: tuple[str, ...]
    run: Callable[[Interaction], object]
    on: Callable[[Interaction], bool] | None = None


def chosen(canvas: Interaction) -> list[str]:
    """The selected nodes in the graph's order, so that the same selection gives the same result."""
    return [node for node in canvas.graph.nodes if node in canvas.selection.nodes]

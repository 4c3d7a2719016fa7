"""What a person can do while painting in the viewer, for the table of commands. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from nodeflow.editor.commands.table import Command
from nodeflow.editor.icons import Icon
from nodeflow.editor.painting.easel import Easel, Kind

TOOLS: Final[tuple[tuple[Kind, str, str, str], ...]] = (
    ("brush", "Paint: brush", "1", Icon.BRUSH),
    ("eraser", "Paint: eraser", "2", Icon.ERASER),
    ("fill", "Paint: fill", "3", Icon.FILL),
    ("rectangle", "Paint: rectangle", "4", Icon.RECTANGLE),
    ("line", "Paint: line", "5", Icon.LINE),
)
"""Each with what it is called, its key and its icon."""


def paint_commands(easel: Easel) -> list[Command]:
    def painting() -> bool:
        return easel.paper is not None

    def take(kind: Kind) -> Callable[[], None]:
        return lambda: setattr(easel, "kind", kind)

    return [
        *(
            Command(f"paint.{kind}", title, take(kind), (key,), icon, enabled=painting)
            for kind, title, key, icon in TOOLS
        ),
        Command("paint.narrower", "Paint: narrower brush", lambda: easel.resize(-1), ("[",), enabled=painting),
        Command("paint.wider", "Paint: wider brush", lambda: easel.resize(1), ("]",), enabled=painting),
        Command("paint.clear", "Paint: clear", easel.clear, icon=Icon.TRASH, enabled=painting),
    ]

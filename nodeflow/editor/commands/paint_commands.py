"""What a person can do while painting in the viewer, for the table of commands. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from nodeflow.editor.commands.table import Command
from nodeflow.editor.fonts import Icon
from nodeflow.editor.painting.easel import Easel, Kind

TOOLS: Final[tuple[tuple[Kind, str, str, str], ...]] = (
    ("brush", "Brush", "1", Icon.BRUSH),
    ("eraser", "Eraser", "2", Icon.ERASER),
    ("fill", "Fill", "3", Icon.FILL),
    ("rectangle", "Rectangle", "4", Icon.RECTANGLE),
    ("line", "Line", "5", Icon.LINE),
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
        Command("paint.narrower", "Narrower brush", lambda: easel.resize(-1), ("[",), enabled=painting),
        Command("paint.wider", "Wider brush", lambda: easel.resize(1), ("]",), enabled=painting),
        Command("paint.clear", "Clear the painting", easel.clear, icon=Icon.TRASH, enabled=painting),
    ]

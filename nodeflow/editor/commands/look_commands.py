"""How everything looks, by a key: dark or light, larger or smaller. Pure."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from nodeflow.editor.commands.table import Command
from nodeflow.editor.icons import Icon
from nodeflow.editor.settings.values import SIZES, Preferences


def look_commands(preferences: Preferences, scale: Callable[[], float]) -> list[Command]:
    """`scale` is the one that is in force, whoever says it."""

    def turn() -> None:
        preferences.change(theme="light" if preferences.now.theme == "dark" else "dark")

    def size(step: int) -> None:
        preferences.change(scale=next_size(round(scale() * 100), step))

    return [
        Command("view.theme", "Dark or light", turn, icon=Icon.LIGHT),
        Command("view.larger", "Larger text and lengths", partial(size, 1), ("Ctrl+Shift+=",), typing=True),
        Command("view.smaller", "Smaller text and lengths", partial(size, -1), ("Ctrl+Shift+-",), typing=True),
    ]


def next_size(percent: int, step: int) -> int:
    """The next larger (1) or smaller (-1) of the sizes, or the last one there is."""
    if step > 0:
        return next((size for size in SIZES if size > percent), SIZES[-1])
    return next((size for size in reversed(SIZES) if size < percent), SIZES[0])

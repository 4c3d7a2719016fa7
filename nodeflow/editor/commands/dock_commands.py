"""What a person can do with the panel under the canvas, for the table of commands. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from nodeflow.editor.commands.table import Command
from nodeflow.editor.icons import Icon


class DockHand(Protocol):
    """What these commands need of the panel: to show it or hide it, with a tab of this name, and which is shown."""

    @property
    def front(self) -> str: ...
    def toggle(self, name: str = "") -> None: ...


def dock_commands(dock: Callable[[], DockHand]) -> list[Command]:
    """`dock` gives the panel when a command is carried out: the window makes its commands first."""

    def tab(name: str) -> Callable[[], None]:
        return lambda: dock().toggle(name)

    def shown(name: str) -> Callable[[], bool]:
        return lambda: dock().front == name

    return [
        Command("view.dock", "Bottom panel", tab(""), ("Ctrl+J",), typing=True, on=lambda: bool(dock().front)),
        Command(
            "view.problems", "Problems", tab("problems"), ("Ctrl+Shift+M",), Icon.WARNING, typing=True,
            on=shown("problems"),
        ),
        Command("view.log", "Log", tab("log"), ("Ctrl+Shift+L",), Icon.LIST, typing=True, on=shown("log")),
        Command(
            "view.performance", "Performance", tab("performance"), ("F8",), Icon.GAUGE, typing=True,
            on=shown("performance"),
        ),
    ]  # fmt: skip

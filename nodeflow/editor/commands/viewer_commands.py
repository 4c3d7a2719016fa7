"""What a person can do in the viewer, for the table of commands. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from nodeflow.editor.commands.table import Command
from nodeflow.editor.icons import Icon


class ViewerHand(Protocol):
    """What these commands need of the viewer."""

    @property
    def expanded(self) -> bool: ...
    def toggle(self) -> None: ...
    def toggle_pin(self) -> None: ...
    def fit(self) -> None: ...
    def actual(self) -> None: ...
    def toggle_counts(self) -> None: ...
    def toggle_overlays(self) -> None: ...
    def toggle_compare(self) -> None: ...
    def copy(self) -> None: ...
    def save(self) -> None: ...


def viewer_commands(viewer: Callable[[], ViewerHand]) -> list[Command]:
    """`viewer` gives the viewer when a command is carried out: the window makes its commands first."""
    return [
        Command(
            "view.viewer", "Large viewer", lambda: viewer().toggle(), ("V",), Icon.EXPAND,
            on=lambda: viewer().expanded,
        ),
        Command("view.viewer_pin", "Pin the value", lambda: viewer().toggle_pin(), ("Shift+V",), Icon.PIN),
        Command("view.viewer_fit", "Show all of the picture", lambda: viewer().fit(), ("Alt+0",), Icon.FRAME),
        Command(
            "view.viewer_actual", "Show the picture one to one", lambda: viewer().actual(), ("Alt+1",), Icon.ACTUAL
        ),
        Command("view.viewer_counts", "Histogram", lambda: viewer().toggle_counts(), ("Alt+T",), Icon.CHART),
        Command(
            "view.viewer_overlays",
            "Pictures without what is drawn",
            lambda: viewer().toggle_overlays(),
            ("Alt+O",),
            Icon.LAYERS,
        ),
        Command("view.viewer_compare", "Compare pictures", lambda: viewer().toggle_compare(), ("Alt+C",), Icon.COMPARE),
        Command("view.viewer_copy", "Copy what the viewer shows", lambda: viewer().copy(), ("Ctrl+Alt+C",), Icon.COPY),
        Command("view.viewer_save", "Save the picture", lambda: viewer().save(), ("Ctrl+Alt+S",), Icon.DOWNLOAD),
    ]  # fmt: skip

"""What the editor needs a person for: a file name, an answer, a value to type. The window is the `Front`.

Answers come later, by the function handed over. GUI thread only.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from nodeflow.editor.canvas.geometry import Point
from nodeflow.editor.canvas.scene import Hit, Port
from nodeflow.editor.dialogs import Ask


class Front(Protocol):
    """The part of the window that a workspace and its sheets ask for things."""

    def open_search(self, at: Point, port: Port | None) -> None: ...
    def open_menu(self, at: Point, hit: Hit) -> None: ...
    def open_connect(self, node: str) -> None: ...
    def open_param(self, node: str, param: str, by_keys: bool = False) -> None: ...
    def open_rename(self, node: str) -> None: ...
    def open_viewer(self) -> None: ...
    def ask_path(self, ask: Ask, then: Callable[[Path], object]) -> None: ...
    def ask_unsaved(self, name: str, save: Callable[[], None], leave: Callable[[], None]) -> None: ...

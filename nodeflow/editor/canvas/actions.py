"""What the canvas asks of the program around it.

The canvas never changes a document. It hands over the next graph and the name of the step; whoever owns the history
applies it and tells the canvas by `Interaction.show` (at once or later, undo and load likewise). Everything else is a
wish: open the search, let the person type a value, say why a wire was refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from nodeflow.editor.canvas.geometry import Point
from nodeflow.editor.canvas.pads import PadId
from nodeflow.editor.canvas.scene import Hit, Onto
from nodeflow.editor.canvas.steps import Step
from nodeflow.graph import Graph

Made = TypeVar("Made")


class CanvasActions(Protocol):
    """All called on the GUI thread, from inside an event. Points are world units."""

    def edit(self, name: str, graph: Graph, merge: str | None = None) -> None:
        """Make `graph` the document. Edits in a row with the same `merge` are one step of undo."""

    def open_search(self, at: Point, onto: Onto | None) -> None:
        """List node types to add at `at`; with `onto`, those that can be wired to it. Answer with `Interaction.add`."""

    def open_menu(self, at: Point, hit: Hit) -> None:
        """Show what can be done with the node or wire in `hit`."""

    def open_connect(self, node: str) -> None:
        """List the ports of a node, and then where a wire from the chosen one may go. See linking.py."""

    def open_param(self, node: str, param: str, by_keys: bool = False) -> None:
        """Let the person type, choose or browse for a value, at the parameter's row; `by_keys` nothing is browsed for,
        and Tab goes on to the next."""

    def open_rename(self, node: str) -> None:
        """Let the person type a label, at the title bar."""

    def open_words(self, pad: PadId) -> None:
        """Let the person type a group's title, or a note's text. Answer with `grouping.write`."""

    def enter(self, node: str) -> bool:
        """Show what is inside a node; False if it is no subgraph."""

    def open_viewer(self, node: str) -> None:
        """Show what the node gives, large."""

    def refuse(self, message: str, at: Point) -> None:
        """Say, near `at`, why nothing happened and what would help."""

    def do_aside(self, title: str, size: int, work: Callable[[Step], Made], then: Callable[[Made], None]) -> None:
        """Do `work` of `size` steps, perhaps beside the window, and `then`, on this thread, take what it made. Whoever
        asks sees to it that this still fits: other edits may come between."""

    def drop_aside(self) -> bool:
        """Give up what is done aside; False if nothing is."""

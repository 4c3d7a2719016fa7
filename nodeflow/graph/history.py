"""Undo and redo: the graphs there were, each with the name of the edit that made it.

Graphs share what they have in common, so keeping hundreds of them costs little, and undo is nothing but going back.

    history = History(graph)
    history.push("Add pose", edited)
    history.push("Set score", edited, merge=("score", gesture))    # again and again while one drag lasts: one step
    history.undo()

Owned by one thread, that of the GUI; the graphs in it may go anywhere.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from .model import Graph

DEPTH = 500


@dataclass(frozen=True, slots=True)
class _Step:
    name: str
    graph: Graph
    merge: Hashable | None = None


class History:
    """A line of graphs with a place in it. At most `depth` edits can be undone."""

    def __init__(self, graph: Graph, depth: int = DEPTH) -> None:
        self._steps = [_Step("", graph)]
        self._at = 0
        self._depth = depth
        self._saved: Graph | None = graph

    @property
    def graph(self) -> Graph:
        return self._steps[self._at].graph

    @property
    def undo_name(self) -> str | None:
        """The edit that `undo` would take back; None if there is none."""
        return self._steps[self._at].name if self._at > 0 else None

    @property
    def redo_name(self) -> str | None:
        """The edit that `redo` would make again; None if there is none."""
        return self._steps[self._at + 1].name if self._at + 1 < len(self._steps) else None

    @property
    def saved(self) -> bool:
        """Whether the graph is the one that `mark_saved` last saw, also after undo and redo."""
        return self.graph is self._saved

    def mark_saved(self, graph: Graph | None = None) -> None:
        """Say that `graph` is on the disk: by default the one of now."""
        self._saved = self.graph if graph is None else graph

    def mark_unsaved(self) -> None:
        """Say that none of these graphs is on the disk, as after a recovery."""
        self._saved = None

    def push(self, name: str, graph: Graph, merge: Hashable | None = None) -> None:
        """Go on to `graph`; what was undone is forgotten.

        An edit with the same `merge` key as the one just before becomes one step with it, unless that one was saved.
        """
        if graph is self.graph:
            return
        now = self._steps[self._at]
        del self._steps[self._at + 1 :]
        if merge is not None and merge == now.merge and not self.saved:
            self._steps.pop()
        self._steps.append(_Step(name, graph, merge))
        del self._steps[: -self._depth - 1]
        self._at = len(self._steps) - 1

    def undo(self) -> Graph:
        """One edit back, and the graph there; the same graph where there is nothing to undo."""
        return self._go(self._at - 1)

    def redo(self) -> Graph:
        """One edit on, and the graph there; the same graph where there is nothing to redo."""
        return self._go(self._at + 1)

    def _go(self, at: int) -> Graph:
        if 0 <= at < len(self._steps):
            self._at = at
            # A scrub that goes on after an undo is a new step.
            self._steps[at] = _Step(self._steps[at].name, self._steps[at].graph)
        return self.graph

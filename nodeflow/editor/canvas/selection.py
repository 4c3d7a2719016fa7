"""Which nodes, wires, groups and notes are selected. Immutable: every change is a new selection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nodeflow.editor.canvas.pads import PadId
from nodeflow.graph import Graph, Link

Mode = Literal["only", "add", "take"]
"""What a selecting gesture does: replace the selection, add to it (Shift), take from it (Ctrl)."""


@dataclass(frozen=True, slots=True)
class Selection:
    nodes: frozenset[str] = frozenset()
    links: frozenset[Link] = frozenset()
    pads: frozenset[PadId] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.nodes or self.links or self.pads)

    def combined(self, caught: Selection, mode: Mode) -> Selection:
        """This selection after a gesture that caught another."""
        if mode == "only":
            return caught
        if mode == "add":
            return Selection(self.nodes | caught.nodes, self.links | caught.links, self.pads | caught.pads)
        return Selection(self.nodes - caught.nodes, self.links - caught.links, self.pads - caught.pads)

    def meets(self, other: Selection) -> bool:
        """Whether the two have anything in common."""
        return bool(self.nodes & other.nodes or self.links & other.links or self.pads & other.pads)

    def within(self, graph: Graph) -> Selection:
        """What of it is in `graph`; the same object if that is all of it."""
        nodes = self.nodes & graph.nodes.keys()
        links = self.links.intersection(graph.links) if self.links else self.links
        pads = frozenset(id_ for id_ in self.pads if id_.name in (graph.groups if id_.kind == "group" else graph.notes))
        same = (nodes, links, pads) == (self.nodes, self.links, self.pads)
        return self if same else Selection(nodes, links, pads)

"""Which nodes and wires are selected. Immutable: every change is a new selection."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from nodeflow.graph import Graph, Link

Mode = Literal["only", "add", "take"]
"""What a selecting gesture does: replace the selection, add to it (Shift), take from it (Ctrl)."""


@dataclass(frozen=True, slots=True)
class Selection:
    nodes: frozenset[str] = frozenset()
    links: frozenset[Link] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.nodes or self.links)

    def combined(self, nodes: Iterable[str], mode: Mode, links: Iterable[Link] = ()) -> Selection:
        """This selection after a gesture that caught `nodes` and `links`."""
        if mode == "only":
            return Selection(frozenset(nodes), frozenset(links))
        if mode == "add":
            return Selection(self.nodes.union(nodes), self.links.union(links))
        return Selection(self.nodes.difference(nodes), self.links.difference(links))

    def within(self, graph: Graph) -> Selection:
        """What of it is in `graph`; the same object if that is all of it."""
        nodes = self.nodes & graph.nodes.keys()
        links = self.links.intersection(graph.links) if self.links else self.links
        return self if (nodes, links) == (self.nodes, self.links) else Selection(nodes, links)

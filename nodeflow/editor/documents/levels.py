"""Which level of a document is shown: the graph itself, or the inside of a subgraph in it. Pure.

    levels = Levels()
    levels.enter(whole, "soft_face")
    levels.shown(whole)                      # the definition as a graph by itself, with all definitions of the whole
    levels.put(whole, edited)                # the whole document with that level edited

A place is the ids of the uses on the way from the outermost graph. Where one of them is gone, the place is the last one
that is still there.
"""

from __future__ import annotations

from nodeflow.graph import Graph
from nodeflow.graph.definitions import SUBGRAPH
from nodeflow.graph.levels import levels

Path = tuple[str, ...]


class Levels:
    """See the module's head. Owned by a sheet."""

    def __init__(self) -> None:
        self.path: Path = ()
        self._shown: tuple[Graph, Path, Graph] | None = None
        """The whole, the place in it and what is shown of it: the same graph as long as nothing changed."""

    def shown(self, whole: Graph) -> Graph:
        """The graph at the place that is shown."""
        self.path = self.path[: len(self.definitions(whole))]
        if self._shown is None or self._shown[0] is not whole or self._shown[1] != self.path:
            names = self.definitions(whole)
            self._shown = whole, self.path, whole.opened(names[-1]) if names else whole
        return self._shown[2]

    def put(self, whole: Graph, level: Graph) -> Graph:
        """The document with `level` in place of what is shown."""
        edited = self.whole(whole, level)
        self._shown = edited, self.path, level
        return edited

    def whole(self, before: Graph, level: Graph) -> Graph:
        """The document around `level`, an edited form of what is shown."""
        names = self.definitions(before)
        return before.closed(names[-1], level) if names else level

    def enter(self, whole: Graph, node: str) -> bool:
        """Go into a use of a subgraph; False if `node` is none."""
        before = self.path
        self.path = (*before, node)
        if len(self.definitions(whole)) < len(self.path):
            self.path = before
        return self.path != before

    def leave(self, depth: int) -> None:
        """Go out, to where so many uses lie on the way."""
        self.path = self.path[:depth]

    def follow(self, before: Graph, whole: Graph) -> None:
        """After an undo or redo: go to where it changed something, unless that is here."""
        names = self.definitions(whole)
        changed = [
            name for name, now in whole.definitions.items() if not _same_inside(before.definitions.get(name), now)
        ]
        here = names[-1] if names else ""
        outermost = before.nodes is not whole.nodes or before.links is not whole.links or before.view is not whole.view
        if here in changed or (not here and outermost):
            return
        if outermost:
            self.path = ()
            return
        place = next((level.path for level in levels(whole) if level.definition in changed), None)
        if place is not None:
            self.path = tuple(place.split("/")[:-1])

    def titles(self, whole: Graph) -> list[str]:
        """What the subgraphs on the way are called."""
        return [whole.definitions[name].title or name for name in self.definitions(whole)]

    def definitions(self, whole: Graph) -> list[str]:
        """The names of the definitions on the way, as far as there are such: that which is shown comes last."""
        names: list[str] = []
        level = whole
        for use in self.path:
            node = level.nodes.get(use)
            name = node.type.removeprefix(SUBGRAPH) if node and node.type.startswith(SUBGRAPH) else ""
            if name not in whole.definitions or name in names:
                break
            names.append(name)
            level = whole.definitions[name]
        return names


def _same_inside(before: Graph | None, now: Graph) -> bool:
    """Whether a definition is the same but for its title, which is seen from outside."""
    return before is now or (before is not None and before.entitled(now.title) == now)

"""A graph and the subgraphs in it, one below the other, and what a flat id stands for.

Every definition that is used is met once, at the first of its uses: what is to be said of it is said there.
"""

from __future__ import annotations

from typing import NamedTuple

from .definitions import SUBGRAPH
from .model import Graph
from .names import INSIDE
from .subgraphs import MAX_DEPTH


class Level(NamedTuple):
    """`path` is what the flat ids of its nodes begin with: "" for the graph itself, "soft_face/" inside that node.
    `definition` is what it is a use of, "" for the graph itself."""

    path: str
    definition: str
    graph: Graph


def levels(graph: Graph) -> list[Level]:
    """The graph, and the definitions that run in it. Muted and bypassed uses do not count."""
    found = [Level("", "", graph)]
    met: set[str] = set()
    for path, _, level in found:  # grows meanwhile
        if path.count(INSIDE) >= MAX_DEPTH:
            continue
        uses = [name for kind, names in level.by_type.items() if kind.startswith(SUBGRAPH) for name in names]
        for name in sorted(uses):
            if level.nodes[name].mode != "on":
                continue
            definition = level.nodes[name].type.removeprefix(SUBGRAPH)
            if definition in graph.definitions and definition not in met:
                met.add(definition)
                found.append(Level(f"{path}{name}{INSIDE}", definition, graph.definitions[definition]))
    return found


def place(graph: Graph, flat: str) -> tuple[str, str] | None:
    """The definition ("" for the graph itself) and the node in it that a flat id stands for, or None if nothing."""
    definition, level = "", graph
    *uses, node = flat.split(INSIDE)
    for use in uses:
        if use not in level.nodes or not level.nodes[use].type.startswith(SUBGRAPH):
            return None
        definition = level.nodes[use].type[len(SUBGRAPH) :]
        if definition not in graph.definitions:
            return None
        level = graph.definitions[definition]
    return (definition, node) if node in level.nodes else None

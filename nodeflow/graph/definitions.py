"""Which subgraphs a graph uses, and which of those use one another.

A *definition* is a graph that other graphs use as a node; a node of type "subgraph.NAME" is one use of the definition
NAME. All definitions stand side by side in the outermost graph. A definition that uses itself, straight or through
others, is a mistake that a file may hold: the walks here end all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from .names import free_names

if TYPE_CHECKING:
    from .model import Graph
    from .parts import Node

SUBGRAPH = "subgraph."
"""What the type of a node that uses a definition begins with."""


def definition_of(node_type: str) -> str | None:
    """The definition that a node of this type is a use of, or None if it is a node like any other."""
    return node_type[len(SUBGRAPH) :] if node_type.startswith(SUBGRAPH) else None


def uses(nodes: Iterable[Node]) -> set[str]:
    """The definitions that these nodes are uses of, whether there are such or not."""
    return {node.type[len(SUBGRAPH) :] for node in nodes if node.type.startswith(SUBGRAPH)}


def needed(definitions: Mapping[str, Graph], nodes: Iterable[Node]) -> dict[str, Graph]:
    """Those of `definitions` that `nodes` use, straight or through others."""
    found: dict[str, Graph] = {}
    waiting = sorted(uses(nodes))
    while waiting:
        name = waiting.pop()
        if name in definitions and name not in found:
            found[name] = definitions[name]
            waiting += sorted(uses(found[name].nodes.values()))
    return found


def in_order(definitions: Mapping[str, Graph]) -> list[str]:
    """The definitions, each behind all that it uses. Those that use themselves, and their users, are left out."""
    used = {name: uses(definition.nodes.values()) & definitions.keys() for name, definition in definitions.items()}
    users: dict[str, list[str]] = {}
    for name in sorted(used):
        for other in used[name]:
            users.setdefault(other, []).append(name)
    awaited = {name: len(others) for name, others in used.items()}
    ready = [name for name in sorted(used) if awaited[name] == 0]
    for name in ready:  # grows meanwhile
        for user in users.get(name, ()):
            awaited[user] -= 1
            if awaited[user] == 0:
                ready.append(user)
    return ready


def merged(own: Mapping[str, Graph], others: Mapping[str, Graph]) -> tuple[dict[str, Graph], dict[str, str]]:
    """`own` with the definitions of another graph beside them, and the name that each of those has here.

    One that is here already, equal in itself and in all that it uses, is not taken a second time.
    """
    free = free_names(own)
    ordered = in_order(others)
    names = {name: free(name) for name in sorted(others.keys() - ordered)}
    for name in ordered:
        definition = renamed(others[name], names)
        same = (here for here in (name, *own) if own.get(here) == definition)
        names[name] = next(same, None) or free(name)
    return {**{names[name]: renamed(others[name], names) for name in others}, **own}, names


def renamed(graph: Graph, names: Mapping[str, str]) -> Graph:
    """The graph with its uses of definitions called by other names."""
    if all(names.get(name, name) == name for name in uses(graph.nodes.values())):
        return graph
    return graph.with_nodes({node: use_renamed(use, names) for node, use in graph.nodes.items()})


def use_renamed(node: Node, names: Mapping[str, str]) -> Node:
    name = definition_of(node.type)
    return node if name is None or names.get(name, name) == name else replace(node, type=SUBGRAPH + names[name])

"""Ways through the links of a graph: who is reached from where, and in which order nodes stand.

Every walk is iterative, so that a chain may have any length, and linear: they run while a person edits. A large graph
has few types of nodes and many nodes of each, so `of_types` and `alike` put together what can be answered at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from .names import Link
    from .parts import Node

Links = Mapping[str, Sequence["Link"]]
"""Links by the node at one of their ends."""

Ends = tuple[str | None, str, str | None, str]
"""What a link joins: type and port of its source, type and port of its target. None for a node that is not there."""


def of_types(nodes: Mapping[str, Node]) -> dict[str, list[str]]:
    """The nodes of each type."""
    types: dict[str, list[str]] = {}
    for name, node in nodes.items():
        names = types.get(node.type)
        if names is None:
            types[node.type] = [name]
        else:
            names.append(name)
    return types


def alike(nodes: Mapping[str, Node], links: Iterable[Link]) -> dict[Ends, list[Link]]:
    """Links by what they join."""
    types = {name: node.type for name, node in nodes.items()}
    groups: dict[Ends, list[Link]] = {}
    for link in links:
        source, target = link
        ends = types.get(source.node), source.port, types.get(target.node), target.port
        group = groups.get(ends)
        if group is None:
            groups[ends] = [link]
        else:
            group.append(link)
    return groups


def grouped(links: Iterable[Link], end: Literal[0, 1]) -> dict[str, tuple[Link, ...]]:
    """Links by the node at that end of each."""
    groups: dict[str, tuple[Link, ...]] = {}
    several: dict[str, list[Link]] = {}  # most nodes have one
    for link in links:
        node = link[end].node
        if node not in groups:
            groups[node] = (link,)
        elif node in several:
            several[node].append(link)
        else:
            several[node] = [*groups[node], link]
    for node, group in several.items():
        groups[node] = tuple(group)
    return groups


def reached(start: Iterable[str], links: Links, end: Literal[0, 1]) -> set[str]:
    """All nodes that can be reached from `start` by going to that end of the links of each node."""
    found = set(start)
    way = list(found)
    for at in way:  # grows meanwhile
        if at in links:
            for link in links[at]:
                node = link[end].node
                if node not in found:
                    found.add(node)
                    way.append(node)
    return found


def sorted_by_links(nodes: Iterable[str], into: Links, out: Links) -> tuple[str, ...]:
    """`nodes`, each behind all that it gets something from; the same in whatever order they come.

    The links stand by the node that they lead into, and in order by the node that they lead out of. Nodes on a loop or
    behind one can stand in no such order and are left out. (Kahn, "Topological sorting of large networks", 1962.)
    """
    awaited = {node: len(into[node]) if node in into else 0 for node in nodes}
    for source in out.keys() - awaited.keys():  # from nowhere: nobody waits for that
        for link in out[source]:
            if link.target.node in awaited:
                awaited[link.target.node] -= 1
    ready = sorted([node for node, count in awaited.items() if count == 0])
    for node in ready:  # grows meanwhile
        if node in out:
            for link in out[node]:
                target = link.target.node
                left = awaited.get(target, 0) - 1
                if left == 0:
                    ready.append(target)
                elif left > 0:
                    awaited[target] = left
    return tuple(ready)

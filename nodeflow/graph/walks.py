"""Ways through the links of a graph: who is reached from where, and in which order nodes stand.

Every walk is iterative, so that a chain may have any length, and linear: they run while a person edits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from .names import Link

Links = Mapping[str, Sequence["Link"]]
"""Links by the node at one of their ends."""


def grouped(links: Iterable[Link], end: Literal[0, 1]) -> dict[str, tuple[Link, ...]]:
    """Links by the node at that end of each."""
    groups: dict[str, list[Link]] = {}
    for link in links:
        node = link[end].node
        group = groups.get(node)
        if group is None:
            groups[node] = [link]
        else:
            group.append(link)
    return {node: tuple(group) for node, group in groups.items()}


def reached(start: Iterable[str], links: Links, end: Literal[0, 1]) -> set[str]:
    """All nodes that can be reached from `start` by going to that end of the links of each node."""
    found = set(start)
    waiting = list(found)
    while waiting:
        for link in links.get(waiting.pop(), ()):
            node = link[end].node
            if node not in found:
                found.add(node)
                waiting.append(node)
    return found


def sorted_by_links(nodes: Iterable[str], links: Links) -> tuple[str, ...]:
    """`nodes`, each behind all that it gets something from; the same in whatever order they come.

    `links` stand by the node that they come from, in order. Nodes on a loop or behind one can stand in no such order
    and are left out. (Kahn, "Topological sorting of large networks", 1962. A quarter of networkx's time.)
    """
    awaited = dict.fromkeys(nodes, 0)
    for source, out in links.items():
        if source in awaited:
            for link in out:
                if link.target.node in awaited:
                    awaited[link.target.node] += 1
    ready = sorted([node for node, count in awaited.items() if count == 0])
    for node in ready:  # grows meanwhile
        for link in links.get(node, ()):
            target = link.target.node
            if target in awaited:
                awaited[target] -= 1
                if awaited[target] == 0:
                    ready.append(target)
    return tuple(ready)

"""Which nodes beat together: the streams of a graph.

A node below a source streams; sources that meet anywhere downstream share one clock. A node that holds a value does
not pass its clock on; what hangs on nothing but held values beats with the clock of what is held. Everything else is
still.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nodeflow.graph import Graph, NodeSchema

STILL = -1
"""The clock of nodes that run once."""


def clock_numbers(graph: Graph, schemas: Mapping[str, NodeSchema], names: Sequence[str]) -> dict[str, int]:
    """The clock of each of `names`: 0, 1, ... in the order of their first nodes, or STILL."""
    sources = [name for name in names if schemas[name].clock is not None]
    streaming = graph.downstream(sources)
    leader = {name: name for name in names if name in streaming}
    held: list[tuple[str, str]] = []
    for name in leader:
        for link in graph.links_into(name):
            giver = link.source.node
            if giver not in leader:
                continue
            if schemas[giver].holds:
                held.append((giver, name))
            else:
                _join(leader, giver, name)
    driven = {_find(leader, source) for source in sources}
    for giver, name in held:
        if _find(leader, name) not in driven:
            _join(leader, name, giver)
    roots = [_find(leader, name) for name in leader]
    numbers = {root: number for number, root in enumerate(dict.fromkeys(roots))}
    return {name: numbers[_find(leader, name)] if name in leader else STILL for name in names}


def _find(leader: dict[str, str], name: str) -> str:
    """The leader of `name`'s set, with the path to it halved on the way (Tarjan and van Leeuwen, 1984)."""
    while leader[name] != name:
        leader[name] = leader[leader[name]]
        name = leader[name]
    return name


def _join(leader: dict[str, str], one: str, other: str) -> None:
    """Unite two sets under the leader of `other`."""
    leader[_find(leader, one)] = _find(leader, other)

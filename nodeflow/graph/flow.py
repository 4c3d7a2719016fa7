"""Where a graph runs in circles, and where streams meet that keep different time.

networkx names the loops; it takes half a second to import and is imported only where there is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from .model import Graph
from .names import Link
from .problem import Problem
from .schema import Catalog

LOCKSTEP = ""


class _Clock(NamedTuple):
    """What a stream keeps time with: a live source, or all sources that wait, which advance together (`LOCKSTEP`)."""

    name: str
    source: str

    def __str__(self) -> str:
        return f"{self.source} ({'every frame' if self.name == LOCKSTEP else 'live'})"


def without_feedback(graph: Graph, catalog: Catalog) -> Graph:
    """The graph without the links over which a frame hands something to the next: those may close a loop."""
    back = _links_back(graph, catalog)
    return graph.disconnect(*back) if back else graph


def _links_back(graph: Graph, catalog: Catalog) -> list[Link]:
    ports = {kind: schema.feedback for kind, schema in catalog.nodes.items() if schema.feedback}
    nodes = [(name, port) for kind, port in ports.items() for name in graph.by_type.get(kind, ())]
    return [link for name, port in nodes for link in graph.links_into(name) if link.target.port == port]


def flow_problems(graph: Graph, catalog: Catalog) -> list[Problem]:
    """The loops of a graph, and the nodes outside them in which two clocks meet."""
    back = _links_back(graph, catalog)
    forward = graph.disconnect(*back) if back else graph
    problems = _clock_problems(forward, catalog, back)
    if len(forward.in_order) < len(forward.nodes):
        problems += _loop_problems(forward, forward.nodes.keys() - forward.in_order)
    return problems


def loops(onward: Mapping[str, AbstractSet[str]]) -> Iterator[list[str]]:
    """One loop of each knot of loops, as the nodes on it in order. `onward` are the ways from each node."""
    import networkx

    digraph = networkx.DiGraph((node, to) for node in sorted(onward) for to in sorted(onward[node]))
    for knot in networkx.strongly_connected_components(digraph):
        start = min(knot)
        if len(knot) > 1 or digraph.has_edge(start, start):
            yield _loop_in(knot, onward, start)


def _loop_in(knot: set[str], onward: Mapping[str, AbstractSet[str]], start: str) -> list[str]:
    """A loop among nodes that all reach one another: any way on ends where it has been before."""
    place: dict[str, int] = {}
    node = start
    while node not in place:
        place[node] = len(place)
        node = min(onward[node] & knot)
    return list(place)[place[node] :]


def _loop_problems(graph: Graph, nodes: AbstractSet[str]) -> Iterator[Problem]:
    """One loop of each knot of loops: cutting that one may leave others, which the next check finds."""
    onward = {node: {link.target.node for link in graph.links_from(node)} & nodes for node in nodes}
    for loop in loops(onward):
        last = next(link for link in graph.links_into(loop[0]) if link.source.node == loop[-1])
        shown = [*loop, loop[0]] if len(loop) <= 12 else [*loop[:11], f"... ({len(loop) - 11:,} more)", loop[0]]
        yield Problem(
            "cycle",
            f"Nodes on a loop wait for one another for ever: {' -> '.join(shown)}.",
            last.target.node,
            last.target.port,
            f'Remove one of its links, such as "{last}".',
            related=tuple(loop),
        )


def _clock_problems(graph: Graph, catalog: Catalog, back: Sequence[Link]) -> list[Problem]:
    """The first nodes in which frames of different clocks meet; behind them the first clock goes on alone.

    A node that gets something over one of the links `back`, and nothing else from a stream, has the clock of that; one
    that hangs on nothing but held values has the clock of what it is used with.
    """
    kinds = {kind: schema.clock for kind, schema in catalog.nodes.items() if schema.clock is not None}
    sources = {node: kinds[kind] for kind in graph.by_type.keys() & kinds.keys() for node in graph.by_type[kind]}
    known = {
        node: _Clock(node if sources[node] == "live" else LOCKSTEP, node) for node in graph.in_order if node in sources
    }
    if len({clock.name for clock in known.values()}) < 2:
        return []
    holder = next((schema.title for schema in catalog.nodes.values() if schema.holds), "")
    while True:
        clocks = dict(known)
        problems = list(_meetings(graph, catalog, clocks, holder))
        givers = {link: clocks[link.source.node] for link in back if link.source.node in clocks}
        new = {link.target.node: clock for link, clock in givers.items() if link.target.node not in clocks}
        if holder and not new:
            loose = _hanging_on_held(graph, catalog, clocks)
            links = [link for link in (*graph.links, *back) if link.source.node in loose and link.target.node in clocks]
            new = {link.source.node: clocks[link.target.node] for link in links}
        if not new:
            break
        known |= new
    for link, clock in givers.items():
        its = clocks[link.target.node]
        if its.name != clock.name:
            first = next((other for other in graph.links_into(link.target.node) if other.source.node in clocks), None)
            problems.append(_meeting(first, its, link, clock, holder))
    return problems


def _hanging_on_held(graph: Graph, catalog: Catalog, clocks: Mapping[str, _Clock]) -> set[str]:
    """The nodes without a clock of their own below held ones: they have that of whoever takes their values."""
    holds = {name for name, node in graph.nodes.items() if (schema := catalog.get(node.type)) and schema.holds}
    held = {name for name in holds if any(link.source.node in clocks for link in graph.links_into(name))}
    return graph.downstream(held) - holds - clocks.keys()


def _meetings(graph: Graph, catalog: Catalog, clocks: dict[str, _Clock], holder: str) -> Iterator[Problem]:
    """Where two clocks meet on the way down; `clocks` has those of some nodes, and gets the others'."""
    for node in graph.in_order:
        schema = catalog.get(graph.nodes[node].type)
        first, its = None, clocks.get(node)
        for link in graph.links_into(node):
            clock = clocks.get(link.source.node)
            if clock is None:
                continue
            if its is None:
                first, its = link, clock
                if schema is None or not schema.holds:
                    clocks[node] = clock
            elif clock.name != its.name:
                yield _meeting(first, its, link, clock, holder)
                break


def _meeting(one: Link | None, its: _Clock, other: Link, others: _Clock, holder: str) -> Problem:
    hold = f'Hold one of them: put the node "{holder}" into the link "{other}"' + (f' or "{one}".' if one else ".")
    return Problem(
        "two-clocks",
        f"{its} and {others} meet here, each at its own pace, so their frames have no partners.",
        other.target.node,
        other.target.port,
        hold if holder else f'Leave out the link "{other}", or record the live one and use the recording.',
        related=(its.source, others.source),
    )

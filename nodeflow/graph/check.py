"""Everything that is wrong with a graph, said so that a person can mend it.

    for problem in check(graph, catalog):
        print(problem)    # pose.image: image is not connected; it needs Image. Connect an output that ...

`check` looks at a whole graph, `try_connect` at one link that a person is about to make. Both only read and may be
called from any thread. Where a node type is unknown, that is said once and its ports and parameters are left alone.
A subgraph is looked at once, at the first of its uses; problems in it name nodes by their flat ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from posixpath import normpath

from .definitions import SUBGRAPH, uses
from .document import MAX_NODES
from .flow import flow_problems, loops, without_feedback
from .levels import levels, place
from .lowering import fitting_uses, lowered
from .model import Graph
from .names import INSIDE, Link
from .node_problems import node_problems, unknown_type
from .problem import Problem, clip
from .schema import PORT_NODES, Catalog
from .subgraphs import MAX_DEPTH, Subgraphs, subgraphs
from .wire_problems import kind_problem, link_problem, wire_problems


def check(graph: Graph, catalog: Catalog) -> list[Problem]:
    """All problems of `graph`: errors first, then in order of nodes and ports."""
    known = subgraphs(graph, catalog)
    problems: list[Problem] = []
    for path, _, level in levels(graph):
        found = [*node_problems(level, known.catalog, graph.definitions)]
        found += wire_problems(level, known.catalog, known.ways(level))
        problems += [_inside(path, problem) for problem in found] if path else found
    problems += _endless(graph, known)
    flat = lowered(graph, catalog)
    problems += _once(graph, flow_problems(flat, catalog))
    problems += _same_files(flat, catalog)
    problems += _purpose(graph, flat, catalog)
    return sorted(problems, key=lambda problem: (problem.severity, problem.node, problem.port, problem.message))


def try_connect(graph: Graph, catalog: Catalog, link: Link) -> Problem | None:
    """Why `link` should not be made, or None if it may be; the link that is in that input now does not count."""
    known = subgraphs(graph, catalog)
    catalog = known.catalog
    problem = link_problem(graph, catalog, known.ways(graph), link)
    if problem is not None and problem.code != "kind-mismatch":
        return problem
    for end in link:
        node_type = graph.nodes[end.node].type
        if catalog.get(node_type) is None:
            return unknown_type(end.node, node_type, catalog)
    wired = graph.connect(link)
    ways = known.ways(wired)
    for taker in ways.takers([link.target]):
        problem = kind_problem(catalog, ways, Link(link.source, taker))
        if problem is not None:
            return problem
    if ways.origin(link.source).why == "circle" or _closes_loop(graph, wired, catalog, link):
        return Problem(
            "cycle",
            f"{link.source.node} gets something from {link.target.node} itself, so each would wait for the other.",
            link.target.node,
            link.target.port,
            "Connect it to a node that does not feed it.",
            related=(link.source.node, link.target.node),
        )
    return None


def _closes_loop(graph: Graph, wired: Graph, catalog: Catalog, link: Link) -> bool:
    schema = catalog.get(graph.nodes[link.target.node].type)
    if schema is not None and schema.feedback == link.target.port:
        return False
    if link.source.node not in without_feedback(graph, catalog).downstream([link.target.node]):
        return False
    if not uses(graph.nodes.values()):
        return True
    # Not every way into a subgraph leads to every way out of it, and some lead over a frame.
    return len(_on_loops(wired, catalog)) > len(_on_loops(graph, catalog))


def _on_loops(graph: Graph, catalog: Catalog) -> set[str]:
    flat = without_feedback(lowered(graph, catalog), catalog)
    return flat.nodes.keys() - flat.in_order


def _inside(path: str, problem: Problem) -> Problem:
    """A problem of a subgraph, told of the graph that uses it."""
    node = path + problem.node if problem.node else path.removesuffix(INSIDE)
    return replace(problem, node=node, related=tuple(path + other for other in problem.related))


def _once(graph: Graph, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Problems of the flat graph, without those of further uses of the same subgraph."""
    told: set[tuple[object, ...]] = set()
    for problem in problems:
        key = (problem.code, place(graph, problem.node), problem.port)
        if key not in told or INSIDE not in problem.node:
            told.add(key)
            yield problem


def _endless(graph: Graph, known: Subgraphs) -> Iterator[Problem]:
    """Subgraphs that use themselves, and those that make the graph too large."""
    if not graph.definitions:
        return
    endless = graph.definitions.keys() - known.sizes.keys()
    for loop in loops({name: uses(graph.definitions[name].nodes.values()) & endless for name in endless}):
        first = next((level.path.removesuffix(INSIDE) for level in levels(graph) if level.definition in loop), None)
        if first is not None:
            shown = " -> ".join([*loop[:12], loop[0]])
            message = f"A subgraph uses itself, so there would be no end to it: {shown}."
            yield Problem("endless", message, first, hint="Take one of these uses out of it.")
    fitting = fitting_uses(graph, known)
    for name, node in sorted(graph.nodes.items()):
        if node.mode == "on" and node.type.removeprefix(SUBGRAPH) in known.sizes and name not in fitting:
            message = f"With this, the graph has more than {MAX_NODES:,} nodes, or subgraphs over {MAX_DEPTH} deep."
            yield Problem("endless", message, name, hint="Use fewer subgraphs inside subgraphs.")


def _same_files(flat: Graph, catalog: Catalog) -> Iterator[Problem]:
    """Nodes that would write into one another's file: what is closed last would replace the others'."""
    first: dict[str, str] = {}
    writers = [
        (name, param)
        for kind in flat.by_type
        if (schema := catalog.get(kind))
        for param in schema.params
        if param.type == "save"
        for name in flat.by_type[kind]
    ]
    for name, param in sorted(writers, key=lambda writer: (writer[0], writer[1].name)):
        value = flat.nodes[name].params.get(param.name, param.default)
        if isinstance(value, str) and value.strip():
            other = first.setdefault(normpath(value), name)
            if other != name:
                message = f"{clip(value)} is written by another node, {other}, too: only one of them would be left."
                hint = "Give it another name."
                yield Problem("same-file", message, name, param.name, hint, severity="warning", related=(other,))


def _purpose(graph: Graph, flat: Graph, catalog: Catalog) -> Iterator[Problem]:
    """Whether there is anything to run."""
    if not PORT_NODES.keys().isdisjoint(graph.by_type):
        message = "This graph is a subgraph: by itself its inputs get nothing."
        yield Problem("no-sink", message, hint="Use it as a node in another graph.", severity="warning")
    elif not any(schema.sink for schema in map(catalog.get, flat.by_type) if schema):
        message = "Nothing here shows or saves anything, so there is nothing to run."
        yield Problem("no-sink", message, hint="Add a preview or a writer and connect it.", severity="warning")

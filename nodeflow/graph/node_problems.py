"""What is wrong with the nodes of one graph, each by itself: types that nobody knows, parameters that cannot be.

Nodes that do not run are left alone: muting a node is a way to live without its pack.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .definitions import definition_of
from .fault import fault
from .model import Graph
from .problem import Problem, clip, there_is
from .schema import Catalog, NodeSchema

MOST_SUGGESTIONS = 20
"""Comparing names is slow, and a file may hold any number of strange ones."""


def node_problems(graph: Graph, catalog: Catalog, definitions: Mapping[str, Graph]) -> Iterator[Problem]:
    types = {kind: schema for kind in graph.by_type if (schema := catalog.get(kind))}
    yield from _type_problems(graph, types, catalog, definitions)
    yield from _param_problems(graph, types)
    yield from _exposed_problems(graph, types)


def unknown_type(name: str, node_type: str, catalog: Catalog) -> Problem:
    """What is said of a node of a type that nobody knows."""
    return _unknown(name, node_type, _hints([node_type], catalog)[node_type])


def _type_problems(
    graph: Graph, types: Mapping[str, NodeSchema], catalog: Catalog, definitions: Mapping[str, Graph]
) -> Iterator[Problem]:
    for kind, hint in _hints(graph.by_type.keys() - types.keys(), catalog).items():
        if definition_of(kind) not in definitions:  # one that is there and still unknown uses itself
            yield from (_unknown(name, kind, hint) for name in graph.by_type[kind] if graph.nodes[name].mode == "on")
    for kind, schema in types.items():
        for name in graph.by_type[kind]:
            node = graph.nodes[name]
            if node.version > schema.version and node.mode == "on":
                yield _newer(name, node.version, schema)


def _newer(name: str, version: int, schema: NodeSchema) -> Problem:
    return Problem(
        "newer-version",
        f"This was saved by version {version} of {schema.type}; the one here is version {schema.version}.",
        name,
        hint=f"Update the pack {schema.pack}." if schema.pack else "Update the pack that it is from.",
        severity="warning",
    )


def _unknown(name: str, node_type: str, hint: str) -> Problem:
    subgraph = definition_of(node_type)
    if subgraph is None:
        return Problem("unknown-type", f"There is no node type {clip(node_type)} here.", name, hint=hint)
    hint = "Remove the node, or copy one from a graph that has the subgraph."
    return Problem("unknown-type", f"There is no subgraph {clip(subgraph)} in this graph.", name, hint=hint)


def _hints(unknown: Iterable[str], catalog: Catalog) -> dict[str, str]:
    """What to do about each of these types."""
    from difflib import get_close_matches

    successors = {old: schema.type for schema in catalog.nodes.values() for old in schema.replaces}
    packs = {_prefix(schema.type): schema.pack or _prefix(schema.type) for schema in catalog.nodes.values()}
    hints: dict[str, str] = {}
    for node_type in sorted(unknown):
        similar = get_close_matches(node_type[:60], catalog.nodes, 3, 0.75) if len(hints) < MOST_SUGGESTIONS else []
        prefix = _prefix(node_type)
        if node_type in successors:
            hint = f"It is called {successors[node_type]} now: use that."
        elif similar:
            hint = f"Did you mean {' or '.join(similar)}?"
        elif prefix in packs:
            hint = f"Update the pack {packs[prefix]}, or remove the node."
        else:
            hint = f'Install the pack with the "{clip(prefix)}" nodes, or remove the node.'
        hints[node_type] = hint
    return hints


def _prefix(node_type: str) -> str:
    return node_type.partition(".")[0]


def _param_problems(graph: Graph, types: Mapping[str, NodeSchema]) -> Iterator[Problem]:
    known = {kind: {param.name: param for param in schema.params} for kind, schema in types.items()}
    for name, node in graph.nodes.items():
        if not node.params or node.type not in known or node.mode != "on":
            continue
        params = known[node.type]
        for param, value in node.params.items():
            if param not in params:
                message = f"{node.type} has no parameter {clip(param)}; it is kept and does nothing."
                yield Problem("unknown-param", message, name, param, there_is(params), "warning")
            elif wrong := fault(params[param], value):
                hint = f"Set it to something else; its default is {params[param].default!r}."
                yield Problem("bad-param", f"{param} {wrong}.", name, param, hint)


def _exposed_problems(graph: Graph, types: Mapping[str, NodeSchema]) -> Iterator[Problem]:
    for name, (node, param) in graph.exposed.items():
        schema = types.get(graph.nodes[node].type) if node in graph.nodes else None
        if node not in graph.nodes or (schema is not None and schema.param(param) is None):
            message = f"{name} is to set {node}.{param}, which is not there."
            yield Problem("lost-param", message, "", name, "Expose another parameter, or hide this one.", "warning")

"""Everything that is wrong with a graph, said so that a person can mend it.

    for problem in check(graph, catalog):
        print(problem)    # pose.image: The input needs Image and nothing is connected. Connect an output that ...

`check` looks at a whole graph, `try_connect` at one link that a person is about to make. Both only read and may be
called from any thread. Where a node type is unknown, that is said once and its ports and parameters are left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .fault import fault
from .flow import flow_problems, without_feedback
from .model import Graph
from .names import Endpoint, Link
from .problem import Code, Problem, clip
from .schema import Catalog, NodeSchema

MOST_SUGGESTIONS = 20
"""Comparing names is slow, and a file may hold any number of strange ones."""


def check(graph: Graph, catalog: Catalog) -> list[Problem]:
    """All problems of `graph`: errors first, then in order of nodes and ports."""
    used = {node.type for node in graph.nodes.values()}
    known = {kind: schema for kind in used if (schema := catalog.get(kind))}
    problems = [
        *_type_problems(graph, catalog, known),
        *_param_problems(graph, known),
        *_link_problems(graph, catalog),
        *_input_problems(graph, known),
        *flow_problems(graph, catalog),
    ]
    if not any(schema.sink for schema in known.values()):
        problems.append(
            Problem(
                "no-sink",
                "Nothing here shows or saves anything, so there is nothing to run.",
                hint="Add a preview or a writer and connect it.",
                severity="warning",
            )
        )
    return sorted(problems, key=lambda problem: (problem.severity, problem.node, problem.port, problem.message))


def try_connect(graph: Graph, catalog: Catalog, link: Link) -> Problem | None:
    """Why `link` should not be made, or None if it may be; the link that is in that input now does not count."""
    problem = _link_problem(graph, catalog, link)
    if problem is not None:
        return problem
    for end in link:
        node_type = graph.nodes[end.node].type
        if catalog.get(node_type) is None:
            return _unknown_type(end.node, node_type, _type_hints([node_type], catalog)[node_type])
    if _closes_loop(graph, catalog, link):
        return Problem(
            "cycle",
            f"{link.source.node} gets something from {link.target.node} itself, so each would wait for the other.",
            link.target.node,
            link.target.port,
            "Connect it to a node that does not feed it.",
            related=(link.source.node, link.target.node),
        )
    return None


def _closes_loop(graph: Graph, catalog: Catalog, link: Link) -> bool:
    schema = catalog.get(graph.nodes[link.target.node].type)
    if schema is not None and schema.feedback == link.target.port:
        return False
    return link.source.node in without_feedback(graph, catalog).downstream([link.target.node])


def _type_problems(graph: Graph, catalog: Catalog, known: Mapping[str, NodeSchema]) -> Iterator[Problem]:
    hints = _type_hints({node.type for node in graph.nodes.values()} - catalog.nodes.keys(), catalog)
    for name, node in graph.nodes.items():
        schema = known.get(node.type)
        if schema is None:
            yield _unknown_type(name, node.type, hints[node.type])
        elif node.version > schema.version:
            yield Problem(
                "newer-version",
                f"This was saved by version {node.version} of {node.type}; the one here is version {schema.version}.",
                name,
                hint=f"Update the pack {schema.pack}." if schema.pack else "Update the pack that it is from.",
                severity="warning",
            )


def _unknown_type(name: str, node_type: str, hint: str) -> Problem:
    return Problem("unknown-type", f"There is no node type {clip(node_type)} here.", name, hint=hint)


def _type_hints(unknown: Iterable[str], catalog: Catalog) -> dict[str, str]:
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


def _param_problems(graph: Graph, known: Mapping[str, NodeSchema]) -> Iterator[Problem]:
    known_params = {kind: {param.name: param for param in schema.params} for kind, schema in known.items()}
    for name, node in graph.nodes.items():
        if not node.params or node.type not in known:
            continue
        params = known_params[node.type]
        for param, value in node.params.items():
            if param not in params:
                message = f"{node.type} has no parameter {clip(param)}; it is kept and does nothing."
                yield Problem("unknown-param", message, name, param, _there_is(params), "warning")
            elif wrong := fault(params[param], value):
                hint = f"Set it to something else; its default is {params[param].default!r}."
                yield Problem("bad-param", f"{param} {wrong}.", name, param, hint)


def _link_problems(graph: Graph, catalog: Catalog) -> Iterator[Problem]:
    types = {name: node.type for name, node in graph.nodes.items()}
    good: set[tuple[str | None, str, str | None, str]] = set()  # many links join the same ports of the same types
    for link in graph.links:
        source, target = link
        ends = types.get(source.node), source.port, types.get(target.node), target.port
        if ends in good:
            continue
        problem = _link_problem(graph, catalog, link)
        if problem is not None:
            yield problem
        else:
            good.add(ends)


def _link_problem(graph: Graph, catalog: Catalog, link: Link) -> Problem | None:
    """What is wrong with `link` by itself, as far as the types at its ends are known."""
    source, target = link
    for end in link:
        if end.node not in graph.nodes:
            message = f'There is no node {end.node}, which the link "{link}" needs.'
            return _at(link, "dangling-link", message, f"Remove the link, or put {end.node} back.")
    giver = catalog.get(graph.nodes[source.node].type)
    taker = catalog.get(graph.nodes[target.node].type)
    gives = giver and giver.output(source.port)
    takes = taker and taker.input(target.port)
    if giver and not gives:
        message = f"{source.node} has no output {clip(source.port)}."
        return _at(link, "unknown-port", message, _there_is(port.name for port in giver.outputs))
    if taker and not takes:
        message = f"{target.node} has no input {clip(target.port)}."
        return _at(link, "unknown-port", message, _there_is(port.name for port in taker.inputs))
    if giver and taker and gives and takes and not catalog.connects(gives.kind, takes.kind):
        message = f"{source} gives {gives.kind}, and {target.port} takes {takes.kind}."
        return _at(link, "kind-mismatch", message, _way_out(catalog, giver, gives.kind, taker, takes.kind))
    return None


def _way_out(catalog: Catalog, giver: NodeSchema, given: str, taker: NodeSchema, taken: str) -> str:
    outputs = [port.name for port in giver.outputs if catalog.connects(port.kind, taken)]
    inputs = [port.name for port in taker.inputs if catalog.connects(given, port.kind)]
    if outputs:
        return f"The output {' or '.join(outputs)} fits."
    if inputs:
        return f"The input {' or '.join(inputs)} fits."
    return f"Put a node between them that makes {taken} of {given}."


def _input_problems(graph: Graph, known: Mapping[str, NodeSchema]) -> Iterator[Problem]:
    fed = {link.target for link in graph.links}
    if len(fed) < len(graph.links):
        yield from _two_links(link for link in graph.links if link.target.node in graph.nodes)
    needed = {kind: [port for port in schema.inputs if not port.optional] for kind, schema in known.items()}
    for name, node in graph.nodes.items():
        for port in needed.get(node.type, ()):
            if (name, port.name) not in fed:
                message = f"The input needs {port.kind} and nothing is connected."
                yield Problem("missing-input", message, name, port.name, f"Connect an output that gives {port.kind}.")


def _two_links(links: Iterable[Link]) -> Iterator[Problem]:
    first: dict[Endpoint, Link] = {}
    for link in links:
        other = first.setdefault(link.target, link)
        if other is not link:
            yield _at(
                link,
                "two-links",
                f"{other.source} and {link.source} both lead into this input, which takes one link.",
                f'Remove "{other}" or "{link}".',
            )


def _at(link: Link, code: Code, message: str, hint: str) -> Problem:
    """A problem with a link: it is the node at its end that cannot work."""
    return Problem(code, message, link.target.node, link.target.port, hint, related=(link.source.node,))


def _there_is(names: Iterable[str]) -> str:
    listed = clip(", ".join(names), 200)
    return f"There is {listed}." if listed else "There is none at all."

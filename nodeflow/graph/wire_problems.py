"""What is wrong with the wires of one graph: ends that are not there, kinds that do not meet, inputs left unwired.

A dot, a bypassed node or a subgraph may stand in the way of a wire. What is wrong is said of the ports at its real
ends, because that is where it can be mended.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from .lowering import is_plain
from .model import Graph
from .names import Endpoint, Link
from .problem import Code, Problem, clip, there_is
from .schema import ANY, INPUT, LIST, OUTPUT, Catalog, NodeSchema, PortSchema
from .ways import Ways


def wire_problems(graph: Graph, catalog: Catalog, ways: Ways) -> Iterator[Problem]:
    plain = is_plain(graph, catalog)
    yield from _link_problems(graph, catalog, ways, plain)
    fed = _fed(graph)
    if sum(map(len, fed.values())) < len(graph.links):
        yield from _two_links(link for link in graph.links if link.target.node in graph.nodes)
    yield from _input_problems(graph, catalog, fed)
    if not plain:
        yield from _way_problems(graph, catalog, ways)


def link_problem(graph: Graph, catalog: Catalog, ways: Ways, link: Link) -> Problem | None:
    """What is wrong with `link` by itself, as far as the types at its ends are known."""
    source, target = link
    for end in link:
        if end.node not in graph.nodes:
            message = f'There is no node {end.node}, which the link "{link}" needs.'
            return _at(link, "dangling-link", message, f"Remove the link, or put {end.node} back.")
    giver, taker = ways.schema(source.node), ways.schema(target.node)
    if giver and not giver.output(source.port):
        message = f"{source.node} has no output {clip(source.port)}."
        return _at(link, "unknown-port", message, _there_is(giver, giver.outputs))
    if taker and not taker.input(target.port):
        if taker.param(target.port):
            message = f"No wire can set {target.port} of {target.node}."
            return _at(
                link, "unknown-port", message, "Set it on the node. Wires set what may change from frame to frame."
            )
        message = f"{target.node} has no input {clip(target.port)}."
        return _at(link, "unknown-port", message, _there_is(taker, taker.inputs))
    return kind_problem(catalog, ways, link)


def kind_problem(catalog: Catalog, ways: Ways, link: Link) -> Problem | None:
    """Why what the source of `link` gives cannot go into its target, or None if it can, or nobody knows."""
    maker, target = ways.maker(link.source), link.target
    giver, taker = ways.schema(maker.node), ways.schema(target.node)
    takes = taker.input(target.port) if taker else None
    gives = ways.kind(maker)
    if giver is None or taker is None or takes is None:
        return None
    many = gives.endswith(LIST) and takes not in taker.inputs
    if not many and catalog.connects(gives, takes.kind):
        return None
    message = f"{maker} gives {gives}, and {target.port} takes {takes.kind}."
    return _at(Link(maker, target), "kind-mismatch", message, _way_out(catalog, giver, gives, taker, takes.kind))


def _there_is(schema: NodeSchema, ports: Iterable[PortSchema]) -> str:
    if schema.adapts and not (schema.inputs or schema.outputs):
        return "It has no ports yet: they follow from what it is set to. Set that again."
    return there_is(port.name for port in ports)


def _link_problems(graph: Graph, catalog: Catalog, ways: Ways, plain: bool) -> Iterator[Problem]:
    for (giver, output, _, _), links in graph.alike.items():
        each_by_itself = not plain and (giver == INPUT or ways.hands_on(giver, output))
        for link in links:
            problem = link_problem(graph, catalog, ways, link)
            if problem is not None:
                yield problem
            elif not each_by_itself:
                break


def _way_out(catalog: Catalog, giver: NodeSchema, given: str, taker: NodeSchema, taken: str) -> str:
    outputs = [port.name for port in giver.outputs if catalog.connects(port.kind, taken)] if giver.type != INPUT else []
    inputs = [port.name for port in taker.inputs if catalog.connects(given, port.kind)]
    if outputs:
        return f"The output {' or '.join(outputs)} fits."
    if inputs:
        return f"The input {' or '.join(inputs)} fits."
    return f"Put a node between them that makes {taken} of {given}."


_Fed = Mapping[tuple[str | None, str], AbstractSet[str]]
"""By type and input, the nodes in which something is wired to it."""


def _fed(graph: Graph) -> _Fed:
    fed: dict[tuple[str | None, str], set[str]] = {}
    for (_, _, taker, input_), links in graph.alike.items():
        fed.setdefault((taker, input_), set()).update([link.target.node for link in links])
    return fed


def _input_problems(graph: Graph, catalog: Catalog, fed: _Fed) -> Iterator[Problem]:
    for kind, ports in _needed(graph, catalog).items():
        for port in ports:
            its = fed.get((kind, port.name), frozenset())
            for name in graph.by_type[kind]:
                if name not in its and graph.nodes[name].mode == "on":
                    message = f"{port.name} is not connected{_needs(port, '; it needs ')}."
                    hint = f"Connect an output{_needs(port, ' that gives ')}."
                    yield Problem("missing-input", message, name, port.name, hint)


def _needed(graph: Graph, catalog: Catalog) -> dict[str, list[PortSchema]]:
    """By type, the inputs that a node of it cannot do without. A dot can do without."""
    schemas = filter(None, map(catalog.get, graph.by_type))
    return {
        schema.type: [port for port in schema.inputs if not port.optional] for schema in schemas if not schema.passes
    }


def _way_problems(graph: Graph, catalog: Catalog, ways: Ways) -> Iterator[Problem]:
    """Inputs that are wired to what gives nothing: a muted node, a dot that nothing leads to."""
    needed = _needed(graph, catalog)
    fed = {link.target: link.source for link in graph.links}
    for name, node in graph.nodes.items():
        if node.mode != "on":
            continue
        if node.type == OUTPUT:
            yield from _silent_port(name, fed.get(Endpoint(name, "value")), ways)
        for port in needed.get(node.type, ()):
            source = fed.get(Endpoint(name, port.name))
            if source is not None:
                yield from _silent_way(name, port, source, ways)


def _silent_way(node: str, port: PortSchema, source: Endpoint, ways: Ways) -> Iterator[Problem]:
    end, why = ways.origin(source)
    if why == "muted":
        message = f"{port.name} gets nothing: {_asleep(end, ways)}{_needs(port, '. It needs ')}."
        yield Problem("nothing-comes", message, node, port.name, f"Turn {end.node} on.", "warning", (end.node,))
    elif why == "unwired":
        message = f"{port.name} gets nothing: nothing is connected to {end}{_needs(port, '; it needs ')}."
        hint = f"Connect an output{_needs(port, ' that gives ')} to it."
        yield Problem("missing-input", message, node, port.name, hint, related=(end.node,))
    elif why == "circle":
        message = f"The wire to this input leads in a circle at {end.node}, and nothing comes from there."
        yield Problem("cycle", message, node, port.name, f"Connect {end.node} to something else.", related=(end.node,))


def _silent_port(node: str, source: Endpoint | None, ways: Ways) -> Iterator[Problem]:
    """An output of a subgraph that gives nothing is worth a word, and no more: it may not be needed."""
    end, why = ways.origin(source) if source else (None, "unwired")
    if why:
        because = _asleep(end, ways) if end and why == "muted" else f"nothing is connected to {end or 'it'}"
        message = f"This output of the subgraph gives nothing: {because}."
        yield Problem("nothing-comes", message, node, "value", "Connect it, or remove it.", "warning")


def _needs(port: PortSchema, words: str) -> str:
    """`words` with the kind that an input takes; nothing where it takes any."""
    return "" if port.kind == ANY else f"{words}{port.kind}"


def _asleep(end: Endpoint, ways: Ways) -> str:
    bypassed = ways.mode(end.node) == "bypassed"
    return f"{end.node} is bypassed, and gets nothing that fits {end.port}" if bypassed else f"{end.node} is muted"


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

"""Making a subgraph from part of a graph, and taking one apart again.

    graph, use = enclose(graph, ["blur", "crop"], "Soft face")     # the two are inside, one node stands for them
    graph, new = expanded(graph, use)                              # and back

Neither changes what runs: `lowered` gives the same nodes and wires before and after, by other ids. Both work in a graph
and in a definition that was `opened`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import NamedTuple

from .definitions import SUBGRAPH, definition_of
from .model import Copies, Graph
from .names import Endpoint, Link, free_names
from .parts import Node, Point, View
from .schema import INPUT, OUTPUT, PORT_NODES

_APART = 280.0
"""From the outermost nodes of a new subgraph to its ports, which stand in columns left and right of them."""
_PORT_STEP = 100.0
_NO_VIEW = View()


def enclose(
    graph: Graph, nodes: Iterable[str], title: str = "", *, groups: Iterable[str] = (), notes: Iterable[str] = ()
) -> tuple[Graph, str]:
    """With one node in place of `nodes`, which are in a new definition with the wires between them, and its id.

    There is one port for each output that wires come in from, and for each that wires lead out of. The ports of a
    definition itself stay where they are. Raises KeyError for what is not there, ValueError if nothing is to be
    enclosed.
    """
    inside = {node for node in nodes if graph[node].type not in PORT_NODES}
    if not inside:
        raise ValueError("there is nothing to make a subgraph of: choose some nodes")
    border = _Border.around(graph, inside)
    exposed = {name: param for name, param in graph.exposed.items() if param.node in inside}
    definition = replace(
        border.added_to(graph.subgraph(inside, groups=groups, notes=notes)),
        definitions={},
        title=title or "Subgraph",
        exposed=exposed,
    )
    made, name = graph.remove(inside, groups, notes).define(definition)
    made, use = made.add(Node(SUBGRAPH + name), _middle(graph, inside))
    exposures = {**made.exposed, **{name: Endpoint(use, name) for name in exposed}}
    return replace(made, links=(*made.links, *border.outside(use)), exposed=exposures), use


class _Border(NamedTuple):
    """The wires over the border of a part of a graph, and the ports that they get there: by the outputs that they come
    from."""

    coming: list[Link]
    leaving: list[Link]
    inputs: dict[Endpoint, str]
    outputs: dict[Endpoint, str]

    @classmethod
    def around(cls, graph: Graph, inside: AbstractSet[str]) -> _Border:
        coming = [link for link in graph.links if link.target.node in inside and link.source.node not in inside]
        leaving = [link for link in graph.links if link.source.node in inside and link.target.node not in inside]
        free = free_names((*inside, *graph.view.keys() & inside))
        inputs, outputs = dict[Endpoint, str](), dict[Endpoint, str]()
        for link in coming:
            if link.source not in inputs:
                inputs[link.source] = free(link.target.port)
        for link in leaving:
            if link.source not in outputs:
                outputs[link.source] = free(link.source.port)
        return cls(coming, leaving, inputs, outputs)

    def added_to(self, part: Graph) -> Graph:
        """The part with its ports: each beside what it is wired to, in columns left and right of all."""
        nodes = dict.fromkeys(self.inputs.values(), Node(INPUT)) | dict.fromkeys(self.outputs.values(), Node(OUTPUT))
        links = [Link(Endpoint(self.inputs[source], "value"), target) for source, target in self.coming]
        links += [Link(source, Endpoint(self.outputs[source], "value")) for source, _ in self.leaving]
        along = [_at(part, node)[0] for node in part.nodes]
        left = {self.inputs[source]: _at(part, target.node) for source, target in self.coming}
        right = {self.outputs[source]: _at(part, source.node) for source, _ in self.leaving}
        view = {**part.view, **_column(min(along) - _APART, left), **_column(max(along) + _APART, right)}
        made = replace(part, nodes={**part.nodes, **nodes}, links=(*part.links, *links), view=view)
        for source, port in self.outputs.items():
            if port != source.port:  # it could not have that name as an id, such as beside an input of that name
                made = made.rename(port, source.port)
        return made

    def outside(self, use: str) -> list[Link]:
        """The wires between the ports of the use and the rest of the graph."""
        coming = [Link(source, Endpoint(use, port)) for source, port in self.inputs.items()]
        return coming + [Link(Endpoint(use, self.outputs[source]), target) for source, target in self.leaving]


def expanded(graph: Graph, use: str) -> tuple[Graph, Copies]:
    """With what is inside the subgraph `use` in its place, and what each thing of it is called now.

    The definition stays, for other uses. Raises KeyError for a node that is not there, or is no use of a subgraph.
    """
    definition = _definition(graph, use)
    inner = replace(definition, nodes=_set(definition, graph[use]))
    part = inner.subgraph(
        (node for node in inner.nodes if not _is_port(inner, node)), groups=inner.groups, notes=inner.notes
    )
    to, at = _at(graph, use), _middle(part, part.nodes)
    pasted, new = graph.paste(part, (to[0] - at[0], to[1] - at[1]))
    links = list(_joined(graph, use, definition, new.nodes))
    exposed = dict(graph.exposed)
    for name, param in graph.exposed.items():
        inside = definition.exposed.get(param.port) if param.node == use else None
        if inside is not None and inside.node in new.nodes:
            exposed[name] = Endpoint(new.nodes[inside.node], inside.port)
    made = replace(pasted, exposed=exposed).remove([use])
    return replace(made, links=(*made.links, *links)), new


def independent(graph: Graph, use: str) -> Graph:
    """With a definition of its own for `use`, equal to the one that it shared. Raises KeyError as `expanded` does."""
    graph, own = graph.define(_definition(graph, use))
    return graph.with_nodes({use: replace(graph[use], type=SUBGRAPH + own)})


def _definition(graph: Graph, use: str) -> Graph:
    name = definition_of(graph[use].type)
    if name is None or name not in graph.definitions:
        raise KeyError(f"{use} is no subgraph, or one that is not in this graph")
    return graph.definitions[name]


def _set(definition: Graph, use: Node) -> dict[str, Node]:
    """The nodes of a definition, as they are set on a use of it."""
    nodes = dict(definition.nodes)
    for name, value in use.params.items():
        if (param := definition.exposed.get(name)) and param.node in nodes:
            node = nodes[param.node]
            nodes[param.node] = replace(node, params={**node.params, param.port: value})
    if use.mode == "muted":
        return {name: replace(node, mode="muted") for name, node in nodes.items()}
    return nodes


def _joined(graph: Graph, use: str, definition: Graph, new: Mapping[str, str]) -> Iterator[Link]:
    """The wires through the ports of a use, made whole."""
    for link in definition.links:
        if not (_is_port(definition, link.source.node) or _is_port(definition, link.target.node)):
            continue
        sources = _sources(graph, use, definition, new, link.source)
        if _is_port(definition, link.target.node):
            outer = [each.target for each in graph.links_from(use) if each.source.port == link.target.node]
            targets = [target for target in outer if target.node != use]
        else:
            targets = [Endpoint(new[link.target.node], link.target.port)] if link.target.node in new else []
        yield from (Link(source, target) for source in sources for target in targets)


def _sources(graph: Graph, use: str, definition: Graph, new: Mapping[str, str], source: Endpoint) -> list[Endpoint]:
    """What gives, from outside of a use, what `source` gives inside. A wire may lead from the use to itself."""
    found: list[Endpoint] = []
    waiting, seen = [source], {source}
    while waiting:
        source = waiting.pop()
        if not _is_port(definition, source.node):
            found += [Endpoint(new[source.node], source.port)] if source.node in new else []
            continue
        for outer in graph.links_into(use):
            if outer.target.port != source.node:
                continue
            if outer.source.node != use:
                found.append(outer.source)
                continue
            before = {link.source for link in definition.links_into(outer.source.port)} - seen
            seen |= before
            waiting += sorted(before)
    return found


def _is_port(definition: Graph, node: str) -> bool:
    return node in definition.nodes and definition.nodes[node].type in PORT_NODES


def _column(x: float, beside: Mapping[str, Point]) -> dict[str, View]:
    """Ports one below the other, each beside what it is wired to if there is room."""
    views: dict[str, View] = {}
    lowest = -float("inf")
    for port in sorted(beside, key=lambda port: (beside[port][1], port)):
        lowest = max(beside[port][1], lowest + _PORT_STEP)
        views[port] = _NO_VIEW.moved((x, lowest))
    return views


def _at(graph: Graph, node: str) -> Point:
    return graph.view.get(node, _NO_VIEW).at


def _middle(graph: Graph, nodes: Iterable[str]) -> Point:
    places = [_at(graph, node) for node in sorted(nodes)]
    count = len(places) or 1
    return sum(x for x, _ in places) / count, sum(y for _, y in places) / count

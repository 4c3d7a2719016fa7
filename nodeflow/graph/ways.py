"""Where what a wire carries comes from, and where it goes, within one graph.

Some nodes only hand on what they get: dots in a wire, bypassed nodes, and subgraphs in which a wire leads straight from
an input to an output. `Ways` looks through them:

    ways = Ways(graph, catalog)
    ways.kind(Endpoint("dot", "value"))       # "Image": the kind of what the dot gets
    ways.origin(Endpoint("dot", "value"))     # the output at the other end, or why there is none
    ways.takers(Endpoint("dot", "value"))     # the inputs that get what is wired to this one

Kinds are looked up through bypassed nodes as if these were on: a wire that fits must fit in either mode. Every walk is
iterative and ends, also on loops.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Literal, NamedTuple

from .model import Graph
from .names import Endpoint
from .parts import Mode
from .schema import ANY, INPUT, Catalog, NodeSchema

Straight = Mapping[str, Mapping[str, str]]
"""By the type of a subgraph's uses: its outputs that are wired straight to one of its inputs."""


class Origin(NamedTuple):
    """Where a way back along wires ends. `why` is "" at an output that gives something; otherwise nothing comes from
    there: the node is muted (or bypassed, with nothing to hand on), an input is unwired, or the way leads in circles.
    """

    end: Endpoint
    why: Literal["", "muted", "unwired", "circle"] = ""


class Ways:
    """The ways in one graph. It does not change; make another for another graph."""

    def __init__(self, graph: Graph, catalog: Catalog, straight: Straight | None = None) -> None:
        self._graph = graph
        self._catalog = catalog
        self._straight = straight or {}

    def schema(self, node: str) -> NodeSchema | None:
        found = self._graph.nodes.get(node)
        return self._catalog.get(found.type) if found else None

    def mode(self, node: str) -> Mode:
        return self._graph.nodes[node].mode if node in self._graph.nodes else "on"

    def kind(self, output: Endpoint) -> str:
        """The kind of what an output gives; Any where nobody knows."""
        output = self.maker(output)
        schema = self.schema(output.node)
        if schema is not None and schema.type == INPUT:
            return self.port_kinds[output.node]
        port = schema.output(output.port) if schema else None
        return port.kind if port else ANY

    def kind_into(self, input_: Endpoint) -> str:
        """The kind of what is wired to an input; Any where nothing is."""
        source = self.feeding(input_)
        return self.kind(source) if source else ANY

    def maker(self, output: Endpoint) -> Endpoint:
        """The output from which this one has its kind: itself, or one before a dot or a subgraph's straight wire."""
        seen: set[Endpoint] = set()
        while output not in seen:
            seen.add(output)
            schema = self.schema(output.node)
            way = self._handed_on(output, schema) if schema else None
            before = self.feeding(Endpoint(output.node, way)) if way else None
            if before is None:
                return output
            output = before
        return output

    def hands_on(self, node_type: str | None, output: str) -> bool:
        """Whether nodes of this type make nothing at this output: it has its kind from what is wired to them."""
        schema = self._catalog.get(node_type) if node_type else None
        return schema is not None and (schema.passes or output in self._straight.get(schema.type, {}))

    def origin(self, output: Endpoint) -> Origin:
        """Where what an output gives comes from in the end."""
        seen: set[Endpoint] = set()
        while output not in seen:
            seen.add(output)
            node, schema = self._graph.nodes.get(output.node), self.schema(output.node)
            if node is not None and node.mode == "muted":
                return Origin(output, "muted")
            if node is None or schema is None:
                return Origin(output, "" if node is None or node.mode == "on" else "muted")
            bypassed = node.mode == "bypassed" and not schema.passes
            way = self._bypassed(output, schema) if bypassed else self._handed_on(output, schema)
            if way is None:
                return Origin(output, "muted" if bypassed else "")
            before = self.feeding(Endpoint(output.node, way))
            if before is None:
                return Origin(Endpoint(output.node, way), "unwired")
            output = before
        return Origin(output, "circle")

    def takers(self, inputs: Iterable[Endpoint]) -> list[Endpoint]:
        """The inputs that get what is wired to `inputs`: these themselves, or what lies behind them."""
        found: list[Endpoint] = []
        waiting, seen = list(inputs), set(inputs)
        while waiting:
            input_ = waiting.pop()
            schema = self.schema(input_.node)
            if schema is None:
                continue
            if not schema.passes:
                found.append(input_)
            ports = {
                port.name
                for port in schema.outputs
                if self._handed_on(Endpoint(input_.node, port.name), schema) == input_.port
            }
            for source, target in self._graph.links_from(input_.node) if ports else ():
                if source.port in ports and target not in seen:
                    seen.add(target)
                    waiting.append(target)
        return sorted(found)

    def feeding(self, input_: Endpoint) -> Endpoint | None:
        """The output that is wired to an input; of several the first."""
        return next((link.source for link in self._graph.links_into(input_.node) if link.target == input_), None)

    @cached_property
    def port_kinds(self) -> Mapping[str, str]:
        """For each input of a subgraph, its kind: the one that suits all that it is wired to, or else the first."""
        kinds: dict[str, str] = {}
        for name, node in self._graph.nodes.items():
            if node.type == INPUT:
                takers = self.takers([link.target for link in self._graph.links_from(name)])
                ports = ((schema := self.schema(end.node)) and schema.input(end.port) for end in takers)
                wanted = [port.kind for port in ports if port and port.kind != ANY]
                suiting = (kind for kind in wanted if all(self._catalog.connects(kind, other) for other in wanted))
                kinds[name] = next(suiting, wanted[0] if wanted else ANY)
        return kinds

    def _handed_on(self, output: Endpoint, schema: NodeSchema) -> str | None:
        """The input that an output hands on whatever the node's mode is; None for an output that is made."""
        if schema.passes:
            return schema.inputs[0].name
        return self._straight.get(schema.type, {}).get(output.port)

    def _bypassed(self, output: Endpoint, schema: NodeSchema) -> str | None:
        wired = {link.target.port for link in self._graph.links_into(output.node)}
        return self._catalog.handed_on(schema, output.port, wired)

"""Where what a wire carries comes from, and where it goes, within one graph.

Some nodes only hand on what they get: dots in a wire, bypassed nodes, and subgraphs in which a wire leads straight from
an input to an output. `Ways` looks through them:

    ways = Ways(graph, catalog)
    ways.kind(Endpoint("dot", "value"))       # "Image": the kind of what the dot gets
    ways.origin(Endpoint("dot", "value"))     # the output at the other end, or why there is none
    ways.takers(Endpoint("dot", "value"))     # the inputs that get what is wired to this one

Kinds are looked up through bypassed nodes as if these were on: a wire that fits must fit in either mode. Every walk is
iterative and ends, also on loops; of what lies on a way back the end is known from then on, so that the many ways
through one long chain of dots take no longer than one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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
        self._makers: dict[Endpoint, Origin] = {}
        self._origins: dict[Endpoint, Origin] = {}
        self._sources: dict[str, dict[str, Endpoint]] = {}
        self._targets: dict[str, dict[str, list[Endpoint]]] = {}
        self._bypasses: dict[tuple[str, str], str | None] = {}
        self._outputs: dict[str, dict[str, list[str]]] = {}

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
        return _end(output, self._before_straight, self._makers).end

    def hands_on(self, node_type: str | None, output: str) -> bool:
        """Whether nodes of this type make nothing at this output: it has its kind from what is wired to them."""
        schema = self._catalog.get(node_type) if node_type else None
        return schema is not None and (schema.passes or output in self._straight.get(schema.type, {}))

    def origin(self, output: Endpoint) -> Origin:
        """Where what an output gives comes from in the end."""
        return _end(output, self._before, self._origins)

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
            for port in self._onward(schema).get(input_.port, ()):
                new = [target for target in self._targets_of(input_.node).get(port, ()) if target not in seen]
                seen.update(new)
                waiting += new
        return sorted(found)

    def feeding(self, input_: Endpoint) -> Endpoint | None:
        """The output that is wired to an input; of several the first."""
        return self._sources_of(input_.node).get(input_.port)

    @cached_property
    def port_kinds(self) -> Mapping[str, str]:
        """For each input of a subgraph, its kind: the one that suits all that it is wired to, or else the first."""
        kinds: dict[str, str] = {}
        for name, node in self._graph.nodes.items():
            if node.type == INPUT:
                takers = self.takers(self._targets_of(name).get("value", ()))
                ports = ((schema := self.schema(end.node)) and schema.input(end.port) for end in takers)
                wanted = list(dict.fromkeys(port.kind for port in ports if port and port.kind != ANY))
                suiting = (kind for kind in wanted if all(self._catalog.connects(kind, other) for other in wanted))
                kinds[name] = next(suiting, wanted[0] if wanted else ANY)
        return kinds

    def _before_straight(self, output: Endpoint) -> Endpoint | Origin:
        """What is wired to the input that an output hands on, whatever the node's mode is; else the end."""
        schema = self.schema(output.node)
        way = self._handed_on(output, schema) if schema else None
        before = self.feeding(Endpoint(output.node, way)) if way else None
        return before or Origin(output)

    def _before(self, output: Endpoint) -> Endpoint | Origin:
        """What is wired to the input that an output hands on as things are; else the end, and why."""
        node, schema = self._graph.nodes.get(output.node), self.schema(output.node)
        if node is not None and node.mode == "muted":
            return Origin(output, "muted")
        if node is None or schema is None:
            return Origin(output, "" if node is None or node.mode == "on" else "muted")
        bypassed = node.mode == "bypassed" and not schema.passes
        way = self._bypassed(output, schema) if bypassed else self._handed_on(output, schema)
        if way is None:
            return Origin(output, "muted" if bypassed else "")
        input_ = Endpoint(output.node, way)
        return self.feeding(input_) or Origin(input_, "unwired")

    def _handed_on(self, output: Endpoint, schema: NodeSchema) -> str | None:
        """The input that an output hands on whatever the node's mode is; None for an output that is made."""
        if schema.passes:
            return schema.inputs[0].name
        return self._straight.get(schema.type, {}).get(output.port)

    def _onward(self, schema: NodeSchema) -> Mapping[str, Sequence[str]]:
        """The outputs of a type that hand on each of its inputs whatever the node's mode is."""
        if schema.passes:
            return {schema.inputs[0].name: [schema.outputs[0].name]}
        found = self._outputs.get(schema.type)
        if found is None:
            found = self._outputs[schema.type] = {}
            for output, input_ in self._straight.get(schema.type, {}).items():
                found.setdefault(input_, []).append(output)
        return found

    def _bypassed(self, output: Endpoint, schema: NodeSchema) -> str | None:
        port = schema.output(output.port)
        if port is None:
            return None
        key = output.node, port.kind
        if key not in self._bypasses:
            self._bypasses[key] = self._catalog.handed_on(schema, output.port, self._sources_of(output.node))
        return self._bypasses[key]

    def _sources_of(self, node: str) -> Mapping[str, Endpoint]:
        """What is wired to the inputs of a node; of several the first."""
        found = self._sources.get(node)
        if found is None:
            found = self._sources[node] = {}
            for source, target in self._graph.links_into(node):
                found.setdefault(target.port, source)
        return found

    def _targets_of(self, node: str) -> Mapping[str, Sequence[Endpoint]]:
        """The inputs that get what the outputs of a node give."""
        found = self._targets.get(node)
        if found is None:
            found = self._targets[node] = {}
            for source, target in self._graph.links_from(node):
                if self.feeding(target) == source:
                    found.setdefault(source.port, []).append(target)
        return found


def _end(output: Endpoint, before: Callable[[Endpoint], Endpoint | Origin], known: dict[Endpoint, Origin]) -> Origin:
    """Where the way from an output ends that `before` goes back step by step; all on it is `known` from then on."""
    way: dict[Endpoint, int] = {}
    at = output
    while (end := known.get(at)) is None:
        if at in way:
            circle = list(way)[way[at] :]
            known.update((each, Origin(each, "circle")) for each in circle)
            continue
        way[at] = len(way)
        step = before(at)
        if isinstance(step, Origin):
            known[at] = step
        else:
            at = step
    for each in way:
        known.setdefault(each, end)
    return end

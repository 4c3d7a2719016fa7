"""A graph frozen for running: indices instead of names, nothing left to look up in the frame loop.

    plan = make_plan(graph, registry, watched={"pose"}, revision=3)

The plan holds the nodes that have to run, in topological order: the ancestors of sinks and of watched nodes. A node
with an error, and everything downstream of it, is left out and listed in `problems`, so that the sound part of a
half-wired graph still runs. Nodes that stem from the same sources share a clock: one stream of numbered frames. Nodes
with no source among their ancestors are still: they run once, and their values serve every frame.

A plan never changes; an edit makes another. The graph, its checks and its order are used here and nowhere later.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from nodeflow.engine.clocks import STILL, clock_numbers
from nodeflow.graph import ANY, LIST, Endpoint, Graph, Link, Node, NodeSchema, Problem, check, without_feedback
from nodeflow.node import NodeType, Registry, live_arguments
from nodeflow.values import Items, converter

Convert = Callable[[Any], Any]


class Wire(NamedTuple):
    """Where an input gets its value: a node's index, which of its outputs, and the conversion on the wire."""

    producer: int
    output: int
    convert: Convert | None
    optional: bool


class PlanNode(NamedTuple):
    """One node of a plan.

    `place` is its index in the plan. `identity` says whether a running instance may serve on: type, version and setup
    parameters. `inputs` stand in port order, None where nothing is wired. `consumers` are on the same clock.
    `distance` is the number of wires to the nearest sink. `mapped` nodes may be given lists for single items.
    `recalls` is the place of the input that gets the last frame's value; a node that has one comes twice in the plan:
    as itself, and later, with `stores` set to its own place, as the one that keeps this frame's value for the next.
    """

    place: int
    id: str
    type: NodeType
    values: Mapping[str, Any]
    live: Mapping[str, Any]
    identity: tuple[Any, ...]
    inputs: tuple[Wire | None, ...]
    consumers: tuple[int, ...]
    distance: int
    clock: int
    parallel: bool
    outputs: int
    mapped: bool = False
    holds: bool = False
    recalls: int | None = None
    stores: int | None = None

    @property
    def schema(self) -> NodeSchema:
        return self.type.schema

    @property
    def is_source(self) -> bool:
        return self.type.schema.clock is not None


@dataclass(frozen=True, slots=True)
class PlanClock:
    """One stream of frames: its sources, every node it drives, and for each node of the plan how many of its
    producers give a new value each frame. `first` are the members that wait for nobody."""

    sources: tuple[int, ...]
    members: tuple[int, ...]
    awaited: tuple[int, ...]
    first: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """`holds` are the nodes whose newest value every frame gets when it sets out; `index` tells a node's by its id."""

    revision: int
    nodes: tuple[PlanNode, ...]
    clocks: tuple[PlanClock, ...]
    still: PlanClock
    holds: tuple[int, ...]
    problems: tuple[Problem, ...]
    index: Mapping[str, int] = field(default_factory=dict)


EMPTY = Plan(0, (), (), PlanClock((), (), (), ()), (), ())


def make_plan(graph: Graph, registry: Registry, watched: Collection[str] = (), revision: int = 0) -> Plan:
    """Freeze what has to run of `graph`."""
    problems = check(graph, registry.catalog)
    faulty = {problem.node for problem in problems if problem.severity == "error" and problem.node}
    graph = _selected(graph, registry)
    sound = graph.nodes.keys() - graph.downstream(faulty & graph.nodes.keys())
    schemas = {name: registry.types[graph.nodes[name].type].schema for name in sound}
    wanted = {name for name in sound if name in watched or schemas[name].sink}
    running = graph.upstream(wanted) & sound
    forward = without_feedback(graph, registry.catalog)
    names = [name for name in forward.in_order if name in running]
    nodes = _Freezer(graph, forward, registry, names, wanted).nodes()
    clocks = tuple(_clock(nodes, number) for number in range(1 + max((node.clock for node in nodes), default=STILL)))
    holds = tuple(node.place for node in nodes if node.holds)
    index = {name: i for i, name in enumerate(names)}
    return Plan(revision, nodes, clocks, _clock(nodes, STILL), holds, tuple(problems), index)


def _selected(graph: Graph, registry: Registry) -> Graph:
    """Without the links into inputs that a selecting node does not use now: what only they need is not computed."""
    unused = []
    selecting = {kind: schema for kind, schema in registry.catalog.nodes.items() if schema.selects}
    for name, node in graph.nodes.items():
        schema = selecting.get(node.type)
        param = schema.param(schema.selects) if schema else None
        if schema and param:
            chosen = node.params.get(param.name, param.default)
            unused += [link for link in graph.links_into(name) if link.target.port != chosen]
    return graph.disconnect(*unused) if unused else graph


Settings = tuple[Mapping[str, Any], Mapping[str, Any], tuple[Any, ...]]


def settings(node_type: NodeType, document: Node) -> Settings:
    """A node's parameter values, the live ones ready to be passed, and its identity."""
    schema = node_type.schema
    values = {param.name: document.params.get(param.name, param.default) for param in schema.params}
    setup = tuple((param.name, values[param.name]) for param in schema.params if param.group == "setup")
    return values, live_arguments(node_type, values), (schema.type, schema.version, *setup)


class _Freezer:
    """Makes the nodes of a plan. `forward` is the graph without its links back; `names` are in its order."""

    def __init__(
        self, graph: Graph, forward: Graph, registry: Registry, names: Sequence[str], wanted: Collection[str]
    ) -> None:
        self._graph = graph
        self._forward = forward
        self._types = {name: registry.types[graph.nodes[name].type] for name in names}
        self._names = names
        self._index = {name: i for i, name in enumerate(names)}
        schemas = {name: node_type.schema for name, node_type in self._types.items()}
        self._clock = clock_numbers(graph, schemas, names)
        self._distance = self._distances(wanted)
        self._lists: set[str] = set()
        self._ways: dict[tuple[str, str, str], tuple[int, Convert | None]] = {}
        self._defaults: dict[str, Settings] = {}
        self._returns = {name: link for name in names if schemas[name].feedback and (link := self._link_back(name))}
        self._stores = {name: len(names) + i for i, name in enumerate(self._returns)}

    def nodes(self) -> tuple[PlanNode, ...]:
        made = [self._node(name) for name in self._names]
        made += [self._store(made[self._index[name]], name) for name in self._stores]
        return tuple(made)

    def _node(self, name: str) -> PlanNode:
        node_type = self._types[name]
        schema = node_type.schema
        values, live, identity = self._settings(node_type, self._graph.nodes[name])
        sources = {target.port: source for source, target in self._forward.links_into(name)}
        return PlanNode(
            place=self._index[name],
            id=name,
            type=node_type,
            values=values,
            live=live,
            identity=identity,
            inputs=tuple([self._wire(sources.get(port.name), port.kind, port.optional) for port in schema.inputs]),
            consumers=self._consumers(name, schema),
            distance=self._distance[name],
            clock=self._clock[name],
            parallel=schema.parallel,
            outputs=len(schema.outputs),
            mapped=self._is_mapped(name, schema, sources),
            holds=schema.holds and self._clock[name] != STILL,
            recalls=self._place_of_feedback(schema) if name in self._returns else None,
        )

    def _settings(self, node_type: NodeType, document: Node) -> Settings:
        """A node's settings; nodes that leave everything at its default share theirs."""
        if document.params:
            return settings(node_type, document)
        kind = node_type.schema.type
        if kind not in self._defaults:
            self._defaults[kind] = settings(node_type, document)
        return self._defaults[kind]

    def _consumers(self, name: str, schema: NodeSchema) -> tuple[int, ...]:
        """Who waits for `name`. Nobody waits for a node that holds: what it has goes out with the frame."""
        clock = self._clock[name]
        if schema.holds and clock != STILL:
            return ()
        links = self._forward.links_from(name)
        found = {self._index[target.node] for _, target in links if self._clock.get(target.node) == clock}
        if self._returns:
            found.update(self._stores[taker] for taker, link in self._returns.items() if link.source.node == name)
        return tuple(sorted(found)) if len(found) > 1 else tuple(found)

    def _wire(self, source: Endpoint | None, target: str, optional: bool) -> Wire | None:
        if source is None:
            return None
        schema = self._types[source.node].schema
        way = (schema.type, source.port, target)
        if way not in self._ways:
            output = next(i for i, port in enumerate(schema.outputs) if port.name == source.port)
            self._ways[way] = output, _conversion(schema.outputs[output].kind, target)
        return Wire(self._index[source.node], *self._ways[way], optional)

    def _is_mapped(self, name: str, schema: NodeSchema, sources: Mapping[str, Endpoint]) -> bool:
        """Whether a list may come where the node takes one item."""
        takes_item = False
        if self._lists:
            listed = {port for port, source in sources.items() if source.node in self._lists}
            takes_item = any(port.name in listed and not port.kind.endswith(LIST) for port in schema.inputs)
        if takes_item or any(port.kind.endswith(LIST) for port in schema.outputs):
            self._lists.add(name)
        return takes_item

    def _link_back(self, name: str) -> Link | None:
        """The link that gives `name` the value it hands to the next frame; none for what has no next frame."""
        port = self._types[name].schema.feedback
        links = (link for link in self._graph.links_into(name) if link.target.port == port)
        return next(links, None) if self._clock[name] != STILL else None

    @staticmethod
    def _place_of_feedback(schema: NodeSchema) -> int:
        return next(i for i, port in enumerate(schema.inputs) if port.name == schema.feedback)

    def _store(self, node: PlanNode, name: str) -> PlanNode:
        """The second appearance of a node with feedback: it keeps this frame's value for the next."""
        wire = self._wire(self._returns[name].source, ANY, True)
        return node._replace(
            place=self._stores[name],
            inputs=(wire,),
            consumers=(),
            outputs=0,
            distance=0,
            recalls=None,
            stores=node.place,
        )

    def _distances(self, wanted: Collection[str]) -> dict[str, int]:
        distance = dict.fromkeys(self._names, len(self._names))
        for name in reversed(self._names):
            if name in wanted:
                distance[name] = 0
            for _, target in self._forward.links_from(name):
                further = distance.get(target.node)
                if further is not None and further < distance[name]:
                    distance[name] = further + 1
        return distance


def _clock(nodes: Sequence[PlanNode], number: int) -> PlanClock:
    members = tuple(node.place for node in nodes if node.clock == number)
    awaited = [0] * len(nodes)
    for i in members:
        for consumer in nodes[i].consumers:
            awaited[consumer] += 1
    sources = tuple(i for i in members if nodes[i].is_source)
    return PlanClock(
        sources, members, tuple(awaited), tuple(i for i in members if awaited[i] == 0 and i not in sources)
    )


def _conversion(source: str, target: str) -> Convert | None:
    """What a wire applies: the kinds' conversion, to each item of a list; one item becomes a list where one is due."""
    change = converter(source.removesuffix(LIST), target.removesuffix(LIST))
    if change is None and (target == ANY or not target.endswith(LIST)):
        return None
    each = change or (lambda value: value)
    if target.endswith(LIST):
        return lambda value: Items(each(item) for item in (value if isinstance(value, Items) else (value,)))
    return lambda value: Items(map(each, value)) if isinstance(value, Items) else each(value)

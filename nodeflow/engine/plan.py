"""A graph frozen for running: indices instead of names, nothing left to look up in the frame loop.

    plan = make_plan(graph, registry, watched={"pose"}, revision=3)

The graph is a lowered one (`nodeflow.graph.lowered`): nothing in it but nodes that run.
The plan holds the nodes that have to run, in topological order: the ancestors of sinks and of watched nodes. A node
with an error, and everything downstream of it, is left out and listed in `problems`, so that the sound part of a
half-wired graph still runs. Nodes that stem from the same sources share a clock: one stream of numbered frames. Nodes
with no source among their ancestors are still: they run once, and their values serve every frame.

A plan never changes; an edit makes another. (Its parts are not `frozen`: making those takes six times as long.) The
graph, its checks and its order are used here and nowhere later.

Planning is felt at every change of a wire, so names are looked up once, in `_wired`, and the rest is made column by
column: one list for each field, by place.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from nodeflow.engine.clocks import STILL, clock_numbers
from nodeflow.graph import ANY, LIST, Graph, Node, NodeSchema, PortSchema, Problem, check, without_feedback
from nodeflow.node import NodeType, Nothing, Registry, live_arguments
from nodeflow.values import Items, converter

Convert = Callable[[Any], Any]


@dataclass(slots=True)
class Wire:
    """Where an input gets its value: a node's place, which of its outputs, and the conversion on the wire."""

    producer: int
    output: int
    convert: Convert | None
    optional: bool


@dataclass(slots=True)
class Settings:
    """What a node is set to: all its parameters by name, and the live ones ready to be passed. `identity` says whether
    a running instance may serve on: type, version and setup parameters. `files` are the values that name files."""

    values: Mapping[str, Any]
    live: Mapping[str, Any]
    identity: tuple[Any, ...]
    files: tuple[Any, ...]

    @classmethod
    def of(cls, node_type: NodeType, document: Node) -> Settings:
        schema = node_type.schema
        values = {param.name: document.params.get(param.name, param.default) for param in schema.params}
        setup = tuple((param.name, values[param.name]) for param in schema.params if param.group == "setup")
        files = tuple(values[param.name] for param in schema.params if param.type == "file")
        return cls(values, live_arguments(node_type, values), (schema.type, schema.version, *setup), files)


@dataclass(slots=True)
class PlanNode:
    """One node of a plan.

    `place` is its index in the plan. `inputs` stand in port order, None where nothing is wired. `consumers` wait for
    it: they are on the same clock. `distance` is the number of wires to the nearest sink. `mapped` nodes may be given
    lists for single items. A node that `holds` on a stream gives what it has to every frame that sets out.
    `recalls` is the place of the input that gets the last frame's value; a node that has one comes twice in the plan:
    as itself, and later, with `stores` set to its own place, as the one that keeps this frame's value for the next.
    Either has in `keeps` what it remembers: the kind, and whether it may be a list. Once that is another, it forgets.
    """

    place: int
    id: str
    type: NodeType
    settings: Settings
    inputs: tuple[Wire | None, ...]
    consumers: tuple[int, ...]
    distance: int
    clock: int
    parallel: bool
    outputs: int
    holds: bool
    mapped: bool
    recalls: int | None = None
    stores: int | None = None
    keeps: tuple[str, bool] | None = None

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
    """Freeze what has to run of `graph`, a lowered one."""
    with _uncollected():
        problems = check(graph, registry.catalog)
        faulty = {problem.node for problem in problems if problem.severity == "error"}
        graph = _selected(graph, registry)
        sound = graph.nodes.keys() - graph.downstream(faulty & graph.nodes.keys())
        sinks = {kind for kind, node_type in registry.types.items() if node_type.schema.sink}
        wanted = {name for name in sound if graph.nodes[name].type in sinks or name in watched}
        running = graph.upstream(wanted) & sound
        forward = without_feedback(graph, registry.catalog)
        names = [name for name in forward.in_order if name in running]
        nodes = _nodes(graph, forward, registry, names, wanted)
        still, *clocks = _clocks(nodes)
        holds = tuple([node.place for node in nodes if node.holds])
        index = {name: place for place, name in enumerate(names)}
        return Plan(revision, nodes, tuple(clocks), still, holds, tuple(problems), index)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without Python's garbage collector: planning makes many objects that stay and no loops of them, and looking
    through them again and again takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


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


def _nodes(
    graph: Graph, forward: Graph, registry: Registry, names: Sequence[str], wanted: Collection[str]
) -> tuple[PlanNode, ...]:
    """The nodes of a plan. `forward` is the graph without its links back; `names` are in its order."""
    known = {kind: registry.type(kind) for kind in {graph.nodes[name].type for name in names}}
    types = [known[graph.nodes[name].type] for name in names]
    schemas = [node_type.schema for node_type in types]
    index = {name: place for place, name in enumerate(names)}
    inputs = _wired(forward, names, schemas, index)
    givers = [[wire.producer for wire in wires if wire] for wires in inputs]
    sources = {place for place, schema in enumerate(schemas) if schema.clock is not None}
    back = _wires_back(graph, names, schemas, index)
    clock = clock_numbers(
        givers,
        sources=sources,
        holding={place for place, schema in enumerate(schemas) if schema.holds},
        back={place: wire.producer for place, wire in back.items()},
    )
    holds = [schema.holds and number != STILL for schema, number in zip(schemas, clock, strict=True)]
    distances = _distances(givers, [name in wanted for name in names])
    for place in back:  # once more, behind all others
        givers.append([back[place].producer])
        clock.append(clock[place])
        holds.append(False)
    nodes = list(
        map(
            PlanNode,
            range(len(names)),
            names,
            types,
            _settings(graph, names, types),
            inputs,
            _consumers(givers, clock, holds),
            distances,
            clock,
            [schema.parallel for schema in schemas],
            [len(schema.outputs) for schema in schemas],
            holds,
            _mapped(inputs, schemas, back),
        )
    )
    kept = {place: wire for place, wires in enumerate(inputs) if holds[place] for wire in wires if wire}
    for place, wire in (kept | back).items():
        kind = schemas[wire.producer].outputs[wire.output].kind
        maybe_list = nodes[wire.producer].mapped and not kind.endswith(LIST)
        nodes[place] = replace(nodes[place], keeps=(kind, maybe_list))
    for place in back:
        nodes[place] = replace(nodes[place], recalls=_place(schemas[place].inputs, schemas[place].feedback))
        nodes.append(_store(nodes[place], len(nodes), back[place]))
    return tuple(nodes)


def _store(node: PlanNode, place: int, wire: Wire) -> PlanNode:
    """The second appearance of a node with feedback: it keeps this frame's value for the next."""
    return replace(
        node, place=place, inputs=(wire,), consumers=(), outputs=0, distance=0, recalls=None, stores=node.place
    )


def _settings(graph: Graph, names: Sequence[str], types: Sequence[NodeType]) -> Iterator[Settings]:
    """Each node's settings; nodes that leave everything at its default share theirs."""
    defaults: dict[str, Settings] = {}
    for name, node_type in zip(names, types, strict=True):
        node = graph.nodes[name]
        if node.params:
            yield Settings.of(node_type, node)
        else:
            if node.type not in defaults:
                defaults[node.type] = Settings.of(node_type, node)
            yield defaults[node.type]


def _wired(
    forward: Graph, names: Sequence[str], schemas: Sequence[NodeSchema], index: Mapping[str, int]
) -> list[tuple[Wire | None, ...]]:
    """Each node's inputs. Many links join the same ports of the same types, so what they do is found out once."""
    ways: dict[tuple[str, str, str, str], tuple[int, int, Convert | None, bool]] = {}
    inputs = []
    kinds = [schema.type for schema in schemas]
    for name, kind, schema in zip(names, kinds, schemas, strict=True):
        wires: list[Wire | None] = [None] * len(schema.inputs)
        for source, target in forward.links_into(name):
            producer = index[source.node]
            ends = kinds[producer], source.port, kind, target.port
            way = ways.get(ends)
            if way is None:
                way = ways[ends] = _way(schemas[producer], source.port, schema, target.port)
            place, output, convert, optional = way
            wires[place] = Wire(producer, output, convert, optional)
        inputs.append(tuple(wires))
    return inputs


def _way(giver: NodeSchema, output: str, taker: NodeSchema, input_: str) -> tuple[int, int, Convert | None, bool]:
    """What a link between two ports is: the places of input and output, the conversion, whether it may stay empty."""
    given, taken = _place(giver.outputs, output), _place(taker.inputs, input_)
    port = taker.inputs[taken]
    return taken, given, _conversion(giver.outputs[given].kind, port.kind), port.optional


def _wires_back(
    graph: Graph, names: Sequence[str], schemas: Sequence[NodeSchema], index: Mapping[str, int]
) -> dict[int, Wire]:
    """The places of streaming nodes with feedback, and the wires that bring what each hands to the next frame."""
    looped = [place for place, schema in enumerate(schemas) if schema.feedback]
    if not looped:
        return {}
    streaming = graph.downstream(name for name, schema in zip(names, schemas, strict=True) if schema.clock is not None)
    return {
        place: Wire(index[source.node], _place(schemas[index[source.node]].outputs, source.port), None, True)
        for place in looped
        for source, target in graph.links_into(names[place])
        if target.port == schemas[place].feedback and names[place] in streaming
    }


def _place(ports: Sequence[PortSchema], name: str) -> int:
    return next(place for place, port in enumerate(ports) if port.name == name)


def _consumers(
    givers: Sequence[Sequence[int]], clock: Sequence[int], holds: Sequence[bool]
) -> Iterator[tuple[int, ...]]:
    """Who waits for each node. Nobody waits for one that holds, nor for one of another clock: what it has goes out with
    the frame."""
    consumers: list[list[int]] = [[] for _ in givers]
    for place, producers in enumerate(givers):
        for producer in producers:
            waiting = consumers[producer]
            if clock[producer] == clock[place] and not holds[producer] and (not waiting or waiting[-1] != place):
                waiting.append(place)
    return map(tuple, consumers)


def _distances(givers: Sequence[Sequence[int]], wanted: Sequence[bool]) -> list[int]:
    """How many wires each node is from the nearest that is wanted."""
    distances = [0 if wish else len(givers) for wish in wanted]
    for place in reversed(range(len(givers))):
        further = distances[place] + 1
        for producer in givers[place]:
            if distances[producer] > further:
                distances[producer] = further
    return distances


def _mapped(
    inputs: Sequence[Sequence[Wire | None]], schemas: Sequence[NodeSchema], back: Mapping[int, Wire]
) -> list[bool]:
    """Which nodes take one item where a list may come; those then give lists themselves, also over a loop."""
    kinds = {schema.type: schema for schema in schemas}
    giving = {kind for kind, schema in kinds.items() if any(port.kind.endswith(LIST) for port in schema.outputs)}
    lists: set[int] = set()
    while True:
        mapped = []
        for place, schema in enumerate(schemas):
            takes_item = bool(lists) and any(
                wire is not None and wire.producer in lists and not port.kind.endswith(LIST)
                for wire, port in zip(inputs[place], schema.inputs, strict=True)
            )
            if takes_item or schema.type in giving:
                lists.add(place)
            mapped.append(takes_item)
        handed_on = {place for place, wire in back.items() if wire.producer in lists} - lists
        if not handed_on:
            return mapped
        lists |= handed_on


def _clocks(nodes: Sequence[PlanNode]) -> list[PlanClock]:
    """The streams of a plan: first what is still, then each clock by its number."""
    awaited = [0] * len(nodes)
    for node in nodes:
        for consumer in node.consumers:
            awaited[consumer] += 1
    all_awaited = tuple(awaited)
    members: list[list[int]] = [[] for _ in range(2 + max((node.clock for node in nodes), default=STILL))]
    for node in nodes:
        members[node.clock - STILL].append(node.place)
    sources = {node.place for node in nodes if node.is_source}
    return [
        PlanClock(
            tuple([place for place in its if place in sources]),
            tuple(its),
            all_awaited,
            tuple([place for place in its if awaited[place] == 0 and place not in sources]),
        )
        for its in members
    ]


def _conversion(source: str, target: str) -> Convert | None:
    """What a wire applies: the kinds' conversion, to each item of a list; one item becomes a list where one is due."""
    change = converter(source.removesuffix(LIST), target.removesuffix(LIST))
    if change is None and (target == ANY or not target.endswith(LIST)):
        return None

    def each(item: Any) -> Any:
        return item if change is None or isinstance(item, Nothing) else change(item)

    if target.endswith(LIST):
        return lambda value: Items(map(each, value if isinstance(value, Items) else (value,)))
    return lambda value: Items(map(each, value)) if isinstance(value, Items) else each(value)

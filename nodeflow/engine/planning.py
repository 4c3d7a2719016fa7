"""From a graph to a plan.

    plan = make_plan(graph, registry, watched={"pose"}, revision=3)

The graph is a lowered one (`nodeflow.graph.lowered`): nothing in it but nodes that run. A node with an error, and
everything downstream of it, is left out and listed in `problems`, so that the sound part of a half-wired graph still
runs. The graph, its checks and its order are used here and nowhere later.

Planning is felt at every change of a wire, so names are looked up once, in `_wired`, and the rest is made column by
column: one list for each field, by place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from nodeflow.engine.choosing import with_choices
from nodeflow.engine.clocks import STILL, clock_numbers
from nodeflow.engine.collecting import undisturbed
from nodeflow.engine.inputs import Recall, way_to_take
from nodeflow.engine.plan import Convert, Plan, PlanClock, PlanNode, Settings, Wire
from nodeflow.graph import ANY, LIST, Graph, NodeSchema, PortSchema, check, without_feedback
from nodeflow.node import NodeType, Nothing, Registry
from nodeflow.values import Items, converter


def make_plan(graph: Graph, registry: Registry, watched: Collection[str] = (), revision: int = 0) -> Plan:
    """Freeze what has to run of `graph`, a lowered one."""
    with undisturbed():  # a third of the time otherwise
        problems = check(graph, registry.catalog)
        faulty = {problem.node for problem in problems if problem.severity == "error"}
        graph = _selected(graph, registry)
        sound = graph.nodes.keys() - graph.downstream(faulty & graph.nodes.keys())
        sinks = {kind for kind, node_type in registry.types.items() if node_type.schema.sink}
        wanted = {name for name in sound if graph.nodes[name].type in sinks or name in watched}
        running = graph.upstream(wanted) & sound
        forward = without_feedback(graph, registry.catalog)
        names = [name for name in forward.in_order if name in running]
        nodes, undecided = with_choices(_nodes(graph, forward, registry, names, wanted), wanted)
        still, *clocks = _clocks(nodes, undecided)
        holds = tuple([node.place for node in nodes if node.holds])
        index = {name: place for place, name in enumerate(names)}
        return Plan(revision, tuple(nodes), tuple(clocks), still, holds, tuple(problems), index)


def _selected(graph: Graph, registry: Registry) -> Graph:
    """Without the links into inputs that a selecting node does not use now: what only they need is not computed. Where
    a wire says which are used, that is found out frame by frame."""
    unused = []
    selecting = {kind: schema for kind, schema in registry.catalog.nodes.items() if schema.selects}
    for name, node in graph.nodes.items():
        schema = selecting.get(node.type)
        param = schema.param(schema.selects) if schema else None
        if schema and param and not any(link.target.port == schema.chooser for link in graph.links_into(name)):
            chosen = node.params.get(param.name, param.default)
            unused += [
                link
                for link in graph.links_into(name)
                if link.target.port in param.choices and link.target.port != chosen
            ]
    return graph.disconnect(*unused) if unused else graph


def _nodes(
    graph: Graph, forward: Graph, registry: Registry, names: Sequence[str], wanted: Collection[str]
) -> list[PlanNode]:
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
    mapped, lists = _mapped(inputs, schemas, back)
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
            mapped,
            [way_to_take(wires) for wires in inputs],
        )
    )
    kept = {place: wire for place, wires in enumerate(inputs) if holds[place] for wire in wires if wire}
    for place, wire in (kept | back).items():
        kind = schemas[wire.producer].outputs[wire.output].kind
        maybe_list = wire.producer in lists and not kind.endswith(LIST)
        nodes[place] = replace(nodes[place], keeps=(kind, maybe_list))
    for place in back:
        recall = Recall(place, _place(schemas[place].inputs, schemas[place].feedback))
        nodes[place] = replace(nodes[place], take=recall.values_on)
        nodes.append(nodes[place].part("stores", len(nodes), (back[place],)))
    return nodes


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
) -> tuple[list[bool], set[int]]:
    """Which nodes take one item where a list may come; and which may give lists: those, also over a loop, and all that
    say so."""
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
            return mapped, lists
        lists |= handed_on


def _clocks(nodes: Sequence[PlanNode], undecided: tuple[int, ...]) -> list[PlanClock]:
    """The streams of a plan: first what is still, then each clock by its number."""
    awaited = [0] * len(nodes)
    for node in nodes:
        for consumer in node.consumers:
            awaited[consumer] += 1
    for place, deciding in enumerate(undecided):
        awaited[place] += deciding > 0
    all_awaited = tuple(awaited)
    its: list[list[int]] = [[] for _ in range(2 + max((node.clock for node in nodes), default=STILL))]
    for node in nodes:
        its[node.clock - STILL].append(node.place)
    sources = {node.place for node in nodes if node.is_source}
    aside = {node.place for node in nodes if node.step in ("decides", "passes")}
    return [
        PlanClock(
            tuple([place for place in all_ if place in sources]),
            tuple([place for place in all_ if place not in aside]),
            all_awaited,
            tuple([place for place in all_ if awaited[place] == 0 and place not in sources]),
            undecided,
        )
        for all_ in its
    ]


def _conversion(source: str, target: str) -> Convert | None:
    """What a wire applies: the kinds' conversion, to each item of a list; one item becomes a list where one is due."""
    change = converter(source.removesuffix(LIST), target.removesuffix(LIST))
    if change is None and (target == ANY or not target.endswith(LIST)):
        return None

    def each(item: Any) -> Any:
        if isinstance(item, Items):  # a list of lists
            return Items(map(each, item))
        return item if change is None or isinstance(item, Nothing) else change(item)

    if target.endswith(LIST):
        return lambda value: Items(map(each, value if isinstance(value, Items) else (value,)))
    return lambda value: Items(map(each, value)) if isinstance(value, Items) else each(value)

"""From a graph to a plan.

    plan = make_plan(graph, registry, watched={"pose"}, revision=3)

The graph is a lowered one (`nodeflow.graph.lowered`): nothing in it but nodes that run. A node with an error, and
everything downstream of it, is left out and listed in `problems`, so that the sound part of a half-wired graph still
runs. The graph, its checks and its order are used here and nowhere later.

Planning is felt at every change of a wire, so names are looked up once (see `wiring`), and the rest is made column by
column: one list for each field, by place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from nodeflow.engine.choosing import with_choices
from nodeflow.engine.clocks import STILL, clock_numbers
from nodeflow.engine.collecting import undisturbed
from nodeflow.engine.inputs import way_to_take
from nodeflow.engine.plan import Plan, PlanClock, PlanNode, Settings, Wire
from nodeflow.engine.recalling import wires_back, with_memory
from nodeflow.engine.wiring import wired
from nodeflow.graph import LIST, Graph, Node, NodeSchema, check, without_feedback
from nodeflow.node import NodeType, Registry


def make_plan(graph: Graph, registry: Registry, watched: Collection[str] = (), revision: int = 0) -> Plan:
    """Freeze what has to run of `graph`, a lowered one."""
    with undisturbed():  # a third of the time otherwise
        problems = check(graph, registry.catalog)
        faulty = {problem.node for problem in problems if problem.severity == "error"}
        graph = _selected(graph, registry)
        sound = graph.nodes.keys() - graph.downstream(faulty & graph.nodes.keys())
        sinks = [kind for kind in graph.by_type if kind in registry.types and registry.types[kind].schema.sink]
        wanted = sound & {*watched, *chain.from_iterable([graph.by_type[kind] for kind in sinks])}
        running = graph.upstream(wanted) & sound
        forward = without_feedback(graph, registry.catalog)
        index = {name: place for place, name in enumerate([name for name in forward.in_order if name in running])}
        nodes, undecided = with_choices(_nodes(graph, forward, registry, index, wanted), wanted)
        still, *clocks = _clocks(nodes, undecided)
        holds = tuple([node.place for node in nodes if node.holds])
        return Plan(revision, tuple(nodes), tuple(clocks), still, holds, tuple(problems), index)


def _selected(graph: Graph, registry: Registry) -> Graph:
    """Without the links into inputs that a selecting node does not use now: what only they need is not computed. Where
    a wire says which are used, that is found out frame by frame."""
    unused = []
    for kind, schema in registry.catalog.nodes.items():
        param = schema.param(schema.selects) if schema.selects else None
        for name in graph.by_type.get(kind, ()) if param else ():
            into = graph.links_into(name)
            if param and not any(link.target.port == schema.chooser for link in into):
                chosen = graph.nodes[name].params.get(param.name, param.default)
                unused += [link for link in into if link.target.port in param.choices and link.target.port != chosen]
    return graph.disconnect(*unused) if unused else graph


def _nodes(
    graph: Graph, forward: Graph, registry: Registry, index: Mapping[str, int], wanted: Collection[str]
) -> list[PlanNode]:
    """The nodes of a plan. `forward` is the graph without its links back; `index` tells the nodes' places."""
    documents = [graph.nodes[name] for name in index]
    known = {kind: registry.type(kind) for kind in {document.type for document in documents}}
    types = [known[document.type] for document in documents]
    schemas = [node_type.schema for node_type in types]
    inputs, driven = wired(forward, schemas, index)
    givers = [[wire.producer for wire in wires if wire] for wires in inputs]
    back = wires_back(graph, schemas, index)
    clock = clock_numbers(
        givers,
        sources={place for place, schema in enumerate(schemas) if schema.clock is not None},
        holding={place for place, schema in enumerate(schemas) if schema.holds},
        back={place: wire.producer for place, wire in back.items()},
    )
    holds = [schema.holds and number != STILL for schema, number in zip(schemas, clock, strict=True)]
    mapped, lists = _mapped(inputs, schemas, back)
    columns = (
        *(range(len(index)), index, types, _settings(known, documents), inputs),
        *(_consumers(givers, clock, holds), _distances(givers, [name in wanted for name in index]), clock),
        *([schema.parallel for schema in schemas], [len(schema.outputs) for schema in schemas]),
        *(holds, mapped, map(way_to_take, inputs)),
    )
    nodes = list(map(PlanNode, *columns))
    for place, params in driven.items():
        nodes[place] = replace(nodes[place], driven=params)
    return with_memory(nodes, back, lists)


def _settings(known: Mapping[str, NodeType], documents: Iterable[Node]) -> list[Settings]:
    """Each node's settings; nodes that leave everything at its default share theirs."""
    defaults = {kind: Settings.of(node_type, Node(kind)) for kind, node_type in known.items()}
    return [
        Settings.of(known[document.type], document) if document.params else defaults[document.type]
        for document in documents
    ]


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
                for wire, port in zip(inputs[place], schema.inputs, strict=False)
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
    counts = Counter(chain.from_iterable([node.consumers for node in nodes]))
    awaited = [counts.get(place, 0) for place in range(len(nodes))]
    for place, deciding in enumerate(undecided):
        awaited[place] += deciding > 0
    all_awaited = tuple(awaited)
    its: list[list[int]] = [[] for _ in range(2 + max((node.clock for node in nodes), default=STILL))]
    for node in nodes:
        its[node.clock - STILL].append(node.place)
    sources = {node.place for node in nodes if node.is_source}
    aside = {node.place for node in nodes if node.step in ("decides", "passes")}
    still = {node.place for node in nodes if node.clock == STILL}
    return [
        PlanClock(
            tuple([place for place in all_ if place in sources]),
            tuple([place for place in all_ if place not in aside]),
            all_awaited,
            tuple([place for place in all_ if awaited[place] == 0 and place not in sources]),
            undecided,
            tuple(sorted(_feeding([nodes[place] for place in all_], still.difference(all_)), reverse=True)),
        )
        for all_ in its
    ]


def _feeding(nodes: Iterable[PlanNode], places: set[int]) -> set[int]:
    """Those of some places that give something to these nodes."""
    return places and places.intersection(wire.producer for node in nodes for wire in node.inputs if wire)

"""A graph frozen for running: indices instead of names, nothing left to look up in the frame loop.

    plan = make_plan(graph, registry, watched={"pose"}, revision=3)

The plan holds the nodes that have to run, in topological order: the ancestors of sinks and of watched nodes. A node
with an error, and everything downstream of it, is left out and listed in `problems`, so that the sound part of a
half-wired graph still runs. Nodes that stem from the same sources share a clock: one stream of numbered frames. Nodes
with no source among their ancestors are still: they run once, and their values serve every frame.

A plan never changes; an edit makes another. Networkx and the checks are used here and nowhere later.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nodeflow.graph import Graph, NodeSchema, Problem, check, order
from nodeflow.node import NodeType, Registry, live_arguments
from nodeflow.values import converter

STILL = -1
"""The clock of nodes that run once."""


@dataclass(frozen=True, slots=True)
class Wire:
    """Where an input gets its value: a node's index, which of its outputs, and the conversion on the wire."""

    producer: int
    output: int
    convert: Callable[[Any], Any] | None
    optional: bool


@dataclass(frozen=True, slots=True)
class PlanNode:
    """One node of a plan.

    `identity` says whether a running instance may serve on: type, version and setup parameters. `inputs` stand in
    port order, None where nothing is wired. `distance` is the number of wires to the nearest sink.
    """

    index: int
    id: str
    type: NodeType
    values: Mapping[str, Any]
    live: Mapping[str, Any]
    identity: tuple[Any, ...]
    inputs: tuple[Wire | None, ...]
    consumers: tuple[int, ...]  # on the same clock
    distance: int
    clock: int
    parallel: bool
    outputs: int

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
    revision: int
    nodes: tuple[PlanNode, ...]
    clocks: tuple[PlanClock, ...]
    still: PlanClock
    problems: tuple[Problem, ...]


EMPTY = Plan(0, (), (), PlanClock((), (), (), ()), ())


def make_plan(graph: Graph, registry: Registry, watched: Collection[str] = (), revision: int = 0) -> Plan:
    """Freeze what has to run of `graph`."""
    problems = check(graph, registry.catalog)
    faulty = {problem.node for problem in problems if problem.severity == "error" and problem.node}
    sound = graph.nodes.keys() - graph.downstream(faulty & graph.nodes.keys())
    wanted = {name for name in sound if name in watched or registry.types[graph.nodes[name].type].schema.sink}
    running = graph.upstream(wanted) & sound
    names = [name for name in order(graph) if name in running]
    index = {name: i for i, name in enumerate(names)}
    clock_of, groups = _clocks(graph, registry, names, index)
    distance = _distances(graph, names, index, wanted)
    nodes = tuple(_node(graph, registry, name, index, distance, clock_of) for name in names)
    clocks = tuple(_clock(nodes, number) for number in range(groups))
    return Plan(revision, nodes, clocks, _clock(nodes, STILL), tuple(problems))


def _node(
    graph: Graph,
    registry: Registry,
    name: str,
    index: Mapping[str, int],
    distance: Sequence[int],
    clock_of: Sequence[int],
) -> PlanNode:
    here = index[name]
    consumers = {index[link.target.node] for link in graph.links_from(name) if link.target.node in index}
    document = graph.nodes[name]
    node_type = registry.types[document.type]
    schema = node_type.schema
    values = {param.name: document.params.get(param.name, param.default) for param in schema.params}
    setup = [param.name for param in schema.params if param.group == "setup"]
    links = {link.target.port: link.source for link in graph.links_into(name)}
    wires: list[Wire | None] = []
    for port in schema.inputs:
        source = links.get(port.name)
        if source is None:
            wires.append(None)
            continue
        outputs = registry.types[graph.nodes[source.node].type].schema.outputs
        place = next(i for i, output in enumerate(outputs) if output.name == source.port)
        wires.append(Wire(index[source.node], place, converter(outputs[place].kind, port.kind), port.optional))
    return PlanNode(
        index=here,
        id=name,
        type=node_type,
        values=values,
        live=live_arguments(node_type, values),
        identity=(schema.type, schema.version, *((name, values[name]) for name in setup)),
        inputs=tuple(wires),
        consumers=tuple(sorted(i for i in consumers if clock_of[i] == clock_of[here])),
        distance=distance[here],
        clock=clock_of[here],
        parallel=schema.parallel,
        outputs=len(schema.outputs),
    )


def _clocks(graph: Graph, registry: Registry, names: Sequence[str], index: Mapping[str, int]) -> tuple[list[int], int]:
    """The clock of each node, and how many there are: sources that meet anywhere downstream share one."""
    leader: list[int | None] = [None] * len(names)

    def find(i: int) -> int:
        while (up := leader[i]) is not None and up != i:
            i = up
        return i

    for i, name in enumerate(names):
        if registry.types[graph.nodes[name].type].schema.clock is not None:
            leader[i] = i
        for link in graph.links_into(name):
            above = leader[index[link.source.node]]
            if above is None:
                continue
            ours, theirs = leader[i], find(above)
            leader[i] = theirs
            if ours is not None:
                leader[find(ours)] = theirs
    roots = [None if leader[i] is None else find(i) for i in range(len(names))]
    number = {root: n for n, root in enumerate(dict.fromkeys(root for root in roots if root is not None))}
    return [STILL if root is None else number[root] for root in roots], len(number)


def _distances(graph: Graph, names: Sequence[str], index: Mapping[str, int], wanted: Collection[str]) -> list[int]:
    distance = [0 if name in wanted else len(names) for name in names]
    for i in range(len(names) - 1, -1, -1):
        for link in graph.links_from(names[i]):
            consumer = index.get(link.target.node)
            if consumer is not None:
                distance[i] = min(distance[i], distance[consumer] + 1)
    return distance


def _clock(nodes: Sequence[PlanNode], number: int) -> PlanClock:
    members = tuple(node.index for node in nodes if node.clock == number)
    awaited = [0] * len(nodes)
    for i in members:
        producers = {wire.producer for wire in nodes[i].inputs if wire is not None}
        awaited[i] = sum(nodes[producer].clock == number for producer in producers)
    first = tuple(i for i in members if awaited[i] == 0)
    return PlanClock(tuple(i for i in members if nodes[i].is_source), members, tuple(awaited), first)

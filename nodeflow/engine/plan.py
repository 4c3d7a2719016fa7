"""A graph frozen for running: indices instead of names, nothing left to look up in the frame loop.

The plan holds the nodes that have to run, in topological order: the ancestors of sinks and of watched nodes. Nodes that
stem from the same sources share a clock: one stream of numbered frames. Nodes with no source among their ancestors are
still: they run once, and their values serve every frame.

Behind the nodes stand their further parts: what a node does for a frame beside its call is a **step** of its own, with
a place of its own, so that it can wait and be waited for like a call:

- "stores": a node with feedback keeps this frame's value for the next;
- "decides", "passes": see `choosing`.

A plan never changes; an edit makes another (see `planning`). Its parts are not `frozen`: making those takes six times
as long.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from nodeflow.engine.inputs import values_on
from nodeflow.graph import Node, NodeSchema, ParamSchema, Problem
from nodeflow.node import NodeType, live_arguments

if TYPE_CHECKING:
    from nodeflow.engine.choosing import Choice
    from nodeflow.engine.inputs import Take

Convert = Callable[[Any], Any]
Step = Literal["stores", "decides", "passes"]


@dataclass(slots=True)
class Wire:
    """Where an input gets its value: a node's place, which of its outputs, and the conversion on the wire."""

    producer: int
    output: int
    convert: Convert | None
    optional: bool


@dataclass(slots=True)
class Settings:
    """What a node is set to: all its parameters by name, and the live ones ready to be passed. `identity` is what it is
    opened as: a running instance of the same may serve on. `files` are the values that name files."""

    values: Mapping[str, Any]
    live: Mapping[str, Any]
    identity: tuple[Any, ...]
    files: tuple[Any, ...]

    @classmethod
    def of(cls, node_type: NodeType, document: Node) -> Settings:
        schema = node_type.schema
        values = {param.name: document.params.get(param.name, param.default) for param in schema.params}
        files = tuple(values[param.name] for param in schema.params if param.type == "file")
        return cls(values, live_arguments(node_type, values), identity(schema, document), files)


def identity(schema: NodeSchema, document: Node) -> tuple[Any, ...]:
    """What a node is opened as: its type, its version and its setup parameters."""
    given = document.params
    setup = [(param.name, given.get(param.name, param.default)) for param in schema.params if param.group == "setup"]
    return schema.type, schema.version, *setup


@dataclass(slots=True)
class PlanNode:
    """One node of a plan.

    `place` is its index in the plan. `inputs` stand in port order, None where nothing is wired; behind them stand the
    wires that decide the parameters `driven`. `consumers` wait for it: they are on the same clock. `distance` is the
    number of wires to the nearest sink. `mapped` nodes may be given lists for single items. A node that `holds` on a
    stream gives what it has to every frame that sets out. `take` gives what a call gets: what the `inputs` bring, but
    for nodes that recall or choose. One that recalls has in `keeps` what it remembers: the kind, and whether it may be
    a list. Once that is another, it forgets.

    A further part of a node has a `step` in place of a call, and the node's own place in `part_of`; it shares its
    stage.

    A node that has to run only for those who choose it is told so by others: see `choosing`. `above` are such nodes
    that it needs itself, where it is such a node; `choice` is how it chooses, where it does.
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
    take: Take = values_on
    keeps: tuple[str, bool] | None = None
    step: Step | None = None
    part_of: int | None = None
    above: tuple[int, ...] = ()
    choice: Choice | None = None
    driven: tuple[ParamSchema, ...] = ()

    @property
    def schema(self) -> NodeSchema:
        return self.type.schema

    @property
    def is_source(self) -> bool:
        return self.type.schema.clock is not None

    def part(
        self, step: Step, place: int, inputs: tuple[Wire | None, ...] = (), consumers: tuple[int, ...] = ()
    ) -> PlanNode:
        """A further part of this node."""
        return replace(
            self,
            place=place,
            step=step,
            part_of=self.place,
            inputs=inputs,
            consumers=consumers,
            take=values_on,
            distance=0,
            outputs=0,
            parallel=step != "stores",
        )


@dataclass(frozen=True, slots=True)
class PlanClock:
    """One stream of frames: its sources, and its members, every node that answers on it. `first` are those that wait
    for nobody.

    For each node of the plan, `awaited` is how many others it waits for on a frame, and `undecided` how many decide
    whether a frame needs it: none for one that is always needed. (Empty where all are.) `still` are the still nodes
    that give it values, those first that answer last.
    """

    sources: tuple[int, ...]
    members: tuple[int, ...]
    awaited: tuple[int, ...]
    first: tuple[int, ...]
    undecided: tuple[int, ...] = ()
    still: tuple[int, ...] = ()


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

    def runs_for(self, watched: Collection[str]) -> bool:
        """Whether every node runs for a sink or for one that is watched. (A loop does not run for itself.)"""
        feeds: list[list[int]] = [[] for _ in self.nodes]
        for node in self.nodes:
            feeds[node.place if node.part_of is None else node.part_of] += [
                wire.producer for wire in node.inputs if wire
            ]
        waiting = [place for name, place in self.index.items() if name in watched or self.nodes[place].schema.sink]
        needed = set(waiting)
        while waiting:
            new = set(feeds[waiting.pop()]) - needed
            needed |= new
            waiting += new
        return len(needed) == len(self.index)


EMPTY = Plan(0, (), (), PlanClock((), (), (), ()), (), ())

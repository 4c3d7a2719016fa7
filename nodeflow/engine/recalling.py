"""What a plan has for nodes that remember: those that hold a value for frames to come, and those with feedback.

    trail.image -> previous.value -> trail.before      # `previous` gives a frame what the one before left

A node with feedback has a further part, a step that "stores" this frame's value once that is there. The node itself is
called with what the last frame stored, so it waits for nobody on its loop. What a node remembers is known in `keeps` by
its kind: a revision that gives it another begins without.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from nodeflow.engine.inputs import Recall
from nodeflow.engine.plan import PlanNode, Wire
from nodeflow.engine.wiring import place_of
from nodeflow.graph import LIST, Graph, NodeSchema


def wires_back(graph: Graph, schemas: Sequence[NodeSchema], index: Mapping[str, int]) -> dict[int, Wire]:
    """The places of streaming nodes with feedback, and the wires that bring what each hands to the next frame."""
    looped = [(name, place) for name, place in index.items() if schemas[place].feedback]
    if not looped:
        return {}
    streaming = graph.downstream(name for name, place in index.items() if schemas[place].clock is not None)
    return {
        place: Wire(index[source.node], place_of(schemas[index[source.node]].outputs, source.port), None, True)
        for name, place in looped
        for source, target in graph.links_into(name)
        if target.port == schemas[place].feedback and name in streaming
    }


def with_memory(nodes: Sequence[PlanNode], back: Mapping[int, Wire], lists: Collection[int]) -> list[PlanNode]:
    """A plan's nodes with what those that remember need for it. `back` are their wires over loops, by their places;
    `lists` the places of nodes that may give lists."""
    made = list(nodes)
    held = {node.place: wire for node in nodes if node.holds for wire in node.inputs if wire}
    for place, wire in (held | dict(back)).items():
        kind = nodes[wire.producer].schema.outputs[wire.output].kind
        maybe_list = wire.producer in lists and not kind.endswith(LIST)
        made[place] = replace(made[place], keeps=(kind, maybe_list))
    for place, wire in back.items():
        schema = made[place].schema
        recall = Recall(place, place_of(schema.inputs, schema.feedback))
        made[place] = replace(made[place], take=recall.values_on)
        part, giver = made[place].part("stores", len(made), (wire,)), made[wire.producer]
        if giver.clock == part.clock and not giver.holds:
            made[giver.place] = replace(giver, consumers=(*giver.consumers, part.place))
        made.append(part)
    return made

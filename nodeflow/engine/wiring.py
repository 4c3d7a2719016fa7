"""From links between names to wires between places, with what each does to a value on its way.

Many links of a large graph join the same ports of the same types, so what a link does is found out once for all of
these (see `Graph.alike`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nodeflow.engine.plan import Convert, Wire
from nodeflow.graph import ANY, LIST, Graph, NodeSchema, ParamSchema, PortSchema
from nodeflow.node import Nothing
from nodeflow.values import Items, converter


def wired(
    graph: Graph, schemas: Sequence[NodeSchema], index: Mapping[str, int]
) -> tuple[list[tuple[Wire | None, ...]], dict[int, tuple[ParamSchema, ...]]]:
    """The inputs of each node of a plan, in port order, and behind them those that decide parameters; and which these
    are, by the places of nodes that have any. `index` tells the places of nodes by name."""
    inputs: list[list[Wire | None]] = [[None] * len(schema.inputs) for schema in schemas]
    driven: dict[int, tuple[ParamSchema, ...]] = {}
    for (_, output, _, input_), links in graph.alike.items():
        joined = [link for link in links if link.target.node in index]
        if joined:
            source, target = joined[0]
            giver, taker = schemas[index[source.node]], schemas[index[target.node]]
            given, port = place_of(giver.outputs, output), taker.input(input_)
            assert port is not None, "a wire leads to an input that is not there"
            convert, optional = _conversion(giver.outputs[given].kind, port.kind), port.optional
            param = taker.param(input_) if port not in taker.inputs else None
            taken = place_of(taker.inputs, input_) if param is None else 0
            for source, target in joined:
                place = index[target.node]
                wire = Wire(index[source.node], given, convert, optional)
                if param is None:
                    inputs[place][taken] = wire
                else:
                    inputs[place].append(wire)
                    driven[place] = (*driven.get(place, ()), param)
    return list(map(tuple, inputs)), driven


def place_of(ports: Sequence[PortSchema], name: str) -> int:
    return next(place for place, port in enumerate(ports) if port.name == name)


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

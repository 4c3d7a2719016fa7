"""A parameter as a person turns it: that of one node, or what several nodes have in common, as one. Pure.

    knobs_of(sheet, ("pose", "pose_2"))       # those that all of them have
    knob.value, knob.mixed
    knob.turn(0.5, merge)                     # on every node, as one step of undo

Nodes of one type have all their parameters in common, except for drawings. With nodes of different types, a parameter
counts that has the same name and takes the same sort of value in each; what its knob may be is what all of them may be.
GUI thread only.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import count

from nodeflow.editor.documents.sheet import Sheet
from nodeflow.graph import Graph, Json, ParamSchema
from nodeflow.graph.schema import Group

_turns = count()


class Knob:
    """See the module's head. `param` is what it may be; `defaults` are those of each node."""

    def __init__(self, sheet: Sheet, defaults: Mapping[str, Json], param: ParamSchema) -> None:
        self.sheet, self.defaults, self.param = sheet, defaults, param
        self.nodes = tuple(defaults)
        self._seen: tuple[Graph, Json, bool] | None = None
        """The graph that was looked at, and what it said."""

    @property
    def name(self) -> str:
        return self.param.name

    @property
    def value(self) -> Json:
        """What the first of the nodes has."""
        return self._look()[0]

    @property
    def mixed(self) -> bool:
        """Whether the nodes have different values."""
        return self._look()[1]

    @property
    def is_default(self) -> bool:
        """Whether every node has its default."""
        graph = self.sheet.graph
        return all(self._of(graph, node) == self.defaults[node] for node in self._there(graph))

    @property
    def wired(self) -> bool:
        """Whether a wire decides in its place, at one of the nodes at least."""
        graph = self.sheet.graph
        for node in self._there(graph):
            schema = self.sheet.schema(node)
            if schema and self.name in schema.from_wire([link.target.port for link in graph.links_into(node)]):
                return True
        return False

    def turn(self, value: Json, merge: Hashable | None = None) -> None:
        """Give every node this value. Turns in a row with the same `merge` are one step of undo."""
        self._set(dict.fromkeys(self._there(self.sheet.graph), value), merge)

    def reset(self) -> None:
        """Give every node its default."""
        self._set({node: self.defaults[node] for node in self._there(self.sheet.graph)}, None)

    def way_back(self, merge: Hashable | None = None) -> Callable[[], None]:
        """What gives every node the value that it has now, however they are turned meanwhile."""
        graph = self.sheet.graph
        values = {node: self._of(graph, node) for node in self._there(graph)}
        return lambda: self._set({node: values[node] for node in self._there(self.sheet.graph)}, merge)

    # ---- inside --------------------------------------------------------------------------------------------------

    def _set(self, values: Mapping[str, Json], merge: Hashable | None) -> None:
        sheet, graph = self.sheet, self.sheet.graph
        if len(values) == 1 or any(schema.adapts for node in values if (schema := sheet.schema(node))):
            merge = merge if len(values) == 1 else merge or f"turn {next(_turns)}"
            for node, value in values.items():
                sheet.set_param(node, self.name, value, merge)
            return
        for node, value in values.items():
            before = self._of(graph, node)
            if value != before or type(value) is not type(before):
                graph = graph.set_param(node, self.name, value)
        if graph is not sheet.graph:
            sheet.edit(f"Set {self.name} of {len(values)} nodes", graph, merge)

    def _look(self) -> tuple[Json, bool]:
        graph = self.sheet.graph
        if self._seen is None or self._seen[0] is not graph:
            values = [self._of(graph, node) for node in self._there(graph)]
            first = values[0] if values else self.param.default
            self._seen = graph, first, any(value != first for value in values)
        return self._seen[1:]

    def _of(self, graph: Graph, node: str) -> Json:
        return graph[node].params.get(self.name, self.defaults[node])

    def _there(self, graph: Graph) -> Iterable[str]:
        """The nodes that are still there: a file may be chosen long after it was asked for."""
        return [node for node in self.nodes if node in graph.nodes]


def knob_of(sheet: Sheet, node: str, param: str) -> Knob | None:
    """A parameter of one node; None if it has none of that name."""
    schema = sheet.schema(node)
    known = schema.param(param) if schema else None
    return Knob(sheet, {node: known.default}, known) if known else None


def knobs_of(sheet: Sheet, nodes: Sequence[str]) -> list[Knob]:
    """What these nodes have in common, in the order of the first one's parameters."""
    types = {node: sheet.graph[node].type for node in nodes}
    schemas = {node_type: sheet.catalog.get(node_type) for node_type in types.values()}
    first = next(iter(schemas.values()), None)
    knobs = []
    for name in [param.name for param in first.params] if first else ():
        params = {node_type: schema and schema.param(name) for node_type, schema in schemas.items()}
        known = {node_type: param for node_type, param in params.items() if param}
        shared = _shared(list(known.values())) if len(known) == len(params) else None
        if shared is not None and (len(nodes) == 1 or shared.type != "drawing"):
            knobs.append(Knob(sheet, {node: known[node_type].default for node, node_type in types.items()}, shared))
    return knobs


def _shared(params: Sequence[ParamSchema]) -> ParamSchema | None:
    """What parameters of one name may all be; None where they are of different sorts, or nothing suits all of them."""
    first = params[0]
    if all(each == first for each in params):
        return first
    if len({(each.type, each.task, each.patterns, each.unit) for each in params}) > 1:
        return None
    low = max((each.minimum for each in params if each.minimum is not None), default=None)
    high = min((each.maximum for each in params if each.maximum is not None), default=None)
    choices = tuple(name for name in first.choices if all(name in each.choices for each in params))
    if (low is not None and high is not None and low > high) or (first.type == "choice" and not choices):
        return None
    group: Group = "live" if all(each.group == "live" for each in params) else "setup"
    doc = first.doc if all(each.doc == first.doc for each in params) else ""
    return replace(first, minimum=low, maximum=high, choices=choices, group=group, doc=doc)

"""The plan after an edit. Most edits only turn knobs, and those must be felt at once.

So everything but the edited nodes' parameters is taken over as it is: no check of the whole graph, no order, no new
wires. Only where more has changed is a plan made anew (see `planning`).
"""

from __future__ import annotations

from dataclasses import replace

from nodeflow.engine.plan import Plan, Settings
from nodeflow.engine.planning import make_plan
from nodeflow.graph import Graph, fault
from nodeflow.node import Registry


class Planner:
    """Makes the plans of a run, one from the other where that will do."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._planned: tuple[Graph, Plan] | None = None
        """The graph of now, and its plan before it is known what of it is refused."""
        self._watched: frozenset[str] = frozenset()
        """The nodes that were watched when the plan was made, or since found to be in it."""

    def begin(self) -> None:
        """Another run begins."""
        self._planned = None

    def plan(self, graph: Graph, watched: frozenset[str], revision: int) -> Plan:
        """The plan of a lowered graph while these nodes are watched; `revision` is its number if it is made anew."""
        if self._planned is not None and self._suits(self._planned[1], watched):
            before, plan = self._planned
            quick = replan(plan, before, graph, self._registry)
            if quick is not None:
                return quick
        return make_plan(graph, self._registry, watched, revision)

    def took_over(self, graph: Graph, plan: Plan, watched: frozenset[str]) -> None:
        """A plan that `plan` gave is the one of now."""
        self._planned, self._watched = (graph, plan), watched

    def still_suits(self, plan: Plan, watched: frozenset[str]) -> bool:
        """Whether the plan of now will do while these nodes are watched."""
        suits = self._suits(plan, watched)
        if suits:
            self._watched = watched
        return suits

    def _suits(self, plan: Plan, watched: frozenset[str]) -> bool:
        """Whether `plan`, made when others were watched, has what is watched now and runs nothing for nobody."""
        if watched == self._watched:
            return True
        if plan.still.undecided or not watched <= plan.index.keys() | self._watched:
            return False  # who is watched runs, whatever is chosen
        return not self._watched - watched or plan.runs_for(watched)


def replan(plan: Plan, before: Graph, graph: Graph, registry: Registry) -> Plan | None:
    """The plan of `graph`, made from that of `before`; None if more has changed than sound parameters.

    Planned nodes that are the same in both plans are the same objects.
    """
    if graph.links != before.links or graph.nodes.keys() != before.nodes.keys():
        return None
    edited = [name for name, node in graph.nodes.items() if node is not before.nodes[name]]
    if any(not _only_settings(name, before, graph, registry) for name in edited):
        return None
    if any(problem.node in edited for problem in plan.problems):
        return None  # the edit may have mended it
    nodes = list(plan.nodes)
    for name in edited:
        place = plan.index.get(name)
        if place is None:
            continue
        settings = Settings.of(nodes[place].type, graph.nodes[name])
        for node in (nodes[place], *(node for node in nodes[len(plan.index) :] if node.part_of == place)):
            nodes[node.place] = replace(node, settings=settings)
    return replace(plan, revision=plan.revision + 1, nodes=tuple(nodes))


def _only_settings(name: str, before: Graph, graph: Graph, registry: Registry) -> bool:
    """Whether a node differs in parameters alone, all of them in order, none of which decides what runs."""
    old, new = before.nodes[name], graph.nodes[name]
    schema = registry.catalog.get(new.type)
    if schema is None or (old.type, old.version) != (new.type, new.version) or schema.selects:
        return False
    params = {param.name: param for param in schema.params}
    return all(
        value_name in params and not fault(params[value_name], value) for value_name, value in new.params.items()
    )

"""The plan after an edit that only turned knobs: most edits, and the ones that must be felt at once.

Everything but the edited nodes' parameters is taken over as it is: no check of the whole graph, no order, no new wires.
"""

from __future__ import annotations

from dataclasses import replace

from nodeflow.engine.plan import Plan, Settings
from nodeflow.graph import Graph, fault
from nodeflow.node import Registry


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

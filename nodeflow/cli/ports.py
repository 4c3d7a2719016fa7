"""Nodes whose ports follow from what they are set to, when the command line sets it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from nodeflow.cli.faults import Fault
from nodeflow.graph import Graph, refitted
from nodeflow.node import NodeError, Registry
from nodeflow.paths import placed


def with_ports(before: Graph, graph: Graph, registry: Registry, folder: Path) -> Graph:
    """`graph`, made from `before` by setting parameters, with the ports that follow. Raises Fault where they cannot be
    told."""
    from nodeflow.models import ModelError

    for name, node in graph.nodes.items():
        schema = registry.catalog.get(node.type)
        was = before.nodes.get(name)
        if schema is None or not schema.adapts or was is None or was.params == node.params:
            continue
        setup = {param.name for param in schema.params if param.group == "setup"}
        changed = [param for param in setup if was.params.get(param) != node.params.get(param)]
        try:
            for param in sorted(changed):
                node = registry.adapted(node, param, partial(placed, folder))
        except (NodeError, ModelError, OSError) as fault:
            raise Fault(f"{name}: {fault}") from fault
        if changed:
            graph = refitted(graph, registry.catalog, name, node)
    return graph

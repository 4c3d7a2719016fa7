"""Nodes whose ports follow from what they are set to, when the command line sets it."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from pathlib import Path

from nodeflow.cli.faults import Fault
from nodeflow.cli.printing import warn
from nodeflow.graph import Graph, refitted
from nodeflow.node import NodeError, Registry
from nodeflow.paths import placed


def with_ports(graph: Graph, changed: Collection[str], registry: Registry, folder: Path) -> Graph:
    """`graph`, in which the parameters "node.param" of `changed` were set, with the ports that follow, and a word on
    each wire that has no end then. Raises Fault where they cannot be told."""
    from nodeflow.models import ModelError

    for name, node in graph.nodes.items():
        schema = registry.catalog.get(node.type)
        if schema is None or not schema.adapts:
            continue
        setup = sorted(param.name for param in schema.params if param.group == "setup")
        setup = [param for param in setup if f"{name}.{param}" in changed]
        try:
            for param in setup:
                node = registry.adapted(node, param, partial(placed, folder))
        except (NodeError, ModelError, OSError) as fault:
            raise Fault(f"{name}: {fault}") from fault
        if setup:
            fitted = refitted(graph, registry.catalog, name, node)
            _tell_lost(name, graph, fitted)
            graph = fitted
    return graph


def _tell_lost(name: str, graph: Graph, fitted: Graph) -> None:
    came = {link.source for link in fitted.links_into(name)}
    went = {link.target for link in fitted.links_from(name)}
    lost = [link for link in graph.links_into(name) if link.source not in came]
    lost += [link for link in graph.links_from(name) if link.target not in went]
    for link in lost:
        warn(f'{name} has other ports now, and none for "{link}", which is left out')

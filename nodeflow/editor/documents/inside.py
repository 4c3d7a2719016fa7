"""A run as it looks from inside a subgraph, or from outside of one.

A run names nodes by flat ids ("soft_face/blur"). Panels and canvas show one level of the graph and know its nodes by
their own ids: `Inside` stands between, and nothing else in the editor knows of it. A node that is a use of a subgraph
shows the worst that happens inside it, and the sum of the times.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Final

from nodeflow.engine.look import Glance
from nodeflow.engine.messages import NodeState, NodeStatus, Snapshot
from nodeflow.graph import Catalog, Endpoint, Graph
from nodeflow.graph.lowering import makers

_WORST: Final[tuple[NodeState, ...]] = (
    "failed", "hung", "resting", "opening", "running", "skipped", "ready", "cached", "idle",
)  # fmt: skip


class Inside:
    """The level of `whole` that lies at `path`, the uses on the way to it; its graph is `level`."""

    def __init__(self, whole: Graph, path: tuple[str, ...], level: Graph, catalog: Catalog) -> None:
        self._whole, self._catalog = whole, catalog
        self._prefix = "".join(f"{use}/" for use in path)
        self._uses = {node: made.type for node, made in level.nodes.items() if made.type.startswith("subgraph.")}

    @property
    def plain(self) -> bool:
        """Whether everything is called here what the run calls it."""
        return not self._prefix and not self._uses

    def glances(self, glances: Mapping[str, Glance]) -> dict[str, Glance]:
        """What the run is to show for what is looked at here."""
        return {name: self._flat(glance) for name, glance in glances.items()}

    def seen(self, snapshot: Snapshot) -> Snapshot:
        """The nodes of this level, and nothing of the others."""
        here: dict[str, NodeStatus] = {}
        inside: dict[str, dict[str, NodeStatus]] = {}
        for flat, status in snapshot.nodes.items():
            if flat.startswith(self._prefix):
                node, below, rest = flat[len(self._prefix) :].partition("/")
                if below:
                    inside.setdefault(node, {})[rest] = status
                else:
                    here[node] = status
        return replace(snapshot, nodes={**here, **{use: together(each) for use, each in inside.items()}})

    def nodes_of(self, node: str, snapshot: Snapshot) -> list[str]:
        """What the run calls a node here, or those inside it that failed."""
        flat = self._prefix + node
        if node not in self._uses:
            return [flat]
        bad = ("failed", "resting", "hung")
        return [each for each, status in snapshot.nodes.items() if each.startswith(f"{flat}/") and status.state in bad]

    def _flat(self, glance: Glance) -> Glance:
        flat = self._prefix + glance.node
        if glance.node in self._uses:
            made = self._made.get(Endpoint(flat, glance.output)) or self._made.get(Endpoint(flat, ""))
            return replace(glance, node=made.node, output=made.port) if made else replace(glance, node=flat)
        return replace(glance, node=flat)

    @cached_property
    def _made(self) -> dict[Endpoint, Endpoint]:
        """By output of a use, the output inside that gives the value; by "", that of its first."""
        outputs: list[Endpoint] = []
        first: dict[Endpoint, Endpoint] = {}
        for use, node_type in self._uses.items():
            schema = self._catalog.get(node_type)
            ends = [Endpoint(self._prefix + use, port.name) for port in schema.outputs] if schema else []
            outputs += ends
            if ends:
                first[Endpoint(self._prefix + use, "")] = ends[0]
        found = makers(self._whole, self._catalog, outputs)
        return {**found, **{name: found[end] for name, end in first.items() if end in found}}


def together(inside: Mapping[str, NodeStatus]) -> NodeStatus:
    """The nodes inside a use as if they were one: the worst of their states, and the sum of their times."""
    node, worst = min(inside.items(), key=lambda each: (_WORST.index(each[1].state), each[0]))
    told = worst.message and worst.state in ("failed", "hung", "resting", "opening", "skipped")
    return replace(
        worst,
        message=f"{node}: {worst.message}" if told else "",
        runs=max(status.runs for status in inside.values()),
        failed=sum(status.failed for status in inside.values()),
        ms=sum(status.ms for status in inside.values()),
        dropped=sum(status.dropped for status in inside.values()),
        provider="",
        summary="",
    )

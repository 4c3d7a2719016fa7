"""A run as it looks from inside a subgraph, or from outside of one.

A run names nodes by flat ids ("soft_face/blur"). Panels and canvas show one level of the graph and know its nodes by
their own ids: `Inside` stands between, and nothing else in the editor knows of it. A node that is a use of a subgraph
shows the worst that happens inside it, and the sum of the times. Ports, dots and bypassed nodes do not run: what they
hand on is what another node made, maybe on another level, and that is what is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Final

from nodeflow.editor.canvas.live import BROKEN
from nodeflow.engine.look import Glance
from nodeflow.engine.messages import NodeState, NodeStatus, Snapshot
from nodeflow.graph import OUTPUT, Catalog, Endpoint, Graph, Node
from nodeflow.graph.definitions import definition_of
from nodeflow.graph.lowering import makers
from nodeflow.graph.names import INSIDE
from nodeflow.graph.schema import PORT_NODES

_WORST: Final[tuple[NodeState, ...]] = (
    "failed", "hung", "resting", "opening", "running", "skipped", "ready", "cached", "idle",
)  # fmt: skip


class Inside:
    """The level of `whole` that lies at `path`, the uses on the way to it; its graph is `level`."""

    def __init__(self, whole: Graph, path: tuple[str, ...], level: Graph, catalog: Catalog) -> None:
        self._whole, self._catalog = whole, catalog
        self._prefix = "".join(f"{use}/" for use in path)
        self._level = level
        self._uses = {node for node, made in level.nodes.items() if definition_of(made.type) is not None}
        self._handing = {node: made for node, made in level.nodes.items() if self._hands_on(made)}
        """The nodes that give what others made."""

    @property
    def plain(self) -> bool:
        """Whether everything is called here what the run calls it."""
        return not self._prefix and not self._handing

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
        here |= {use: together(each) for use, each in inside.items()}
        for node, maker in self._telling.items():
            made = snapshot.nodes.get(maker)
            if made is not None:
                here[node] = here[node]._replace(summary=made.summary) if node in here else _handed_on(made)
        return replace(snapshot, nodes=here)

    def nodes_of(self, node: str, snapshot: Snapshot) -> list[str]:
        """What the run calls a node here, or those inside it that failed."""
        flat = self._prefix + node
        if node not in self._uses:
            return [flat]
        return [
            each for each, status in snapshot.nodes.items() if each.startswith(f"{flat}/") and status.state in BROKEN
        ]

    def _flat(self, glance: Glance) -> Glance:
        flat = self._prefix + glance.node
        if glance.node in self._handing:
            made = self._made.get((glance.node, glance.output))
            return replace(glance, node=made.node, output=made.port) if made else replace(glance, node=flat)
        return replace(glance, node=flat)

    def _hands_on(self, node: Node) -> bool:
        if definition_of(node.type) is not None or node.type in PORT_NODES or node.mode == "bypassed":
            return True
        schema = self._catalog.get(node.type)
        return schema is not None and schema.passes

    @cached_property
    def _made(self) -> dict[tuple[str, str], Endpoint]:
        """By node and output, what makes the value, by its flat id; by the output "", what makes that of its first."""
        ends = {node: list(self._ends(node, made)) for node, made in self._handing.items()}
        found = makers(self._whole, self._catalog, [end for each in ends.values() for _, end in each])
        ways = {(node, port): found[end] for node, each in ends.items() for port, end in each if end in found}
        firsts = {(node, ""): found[each[0][1]] for node, each in ends.items() if each and each[0][1] in found}
        return firsts | ways

    def _ends(self, node: str, made: Node) -> Iterator[tuple[str, Endpoint]]:
        """The outputs of a node of this level, by their flat ids. An output of the subgraph gives what it is given."""
        if made.type == OUTPUT:
            for link in self._level.links_into(node):
                yield link.target.port, Endpoint(self._prefix + link.source.node, link.source.port)
            return
        schema = self._catalog.get(made.type)
        for port in schema.outputs if schema else ():
            yield port.name, Endpoint(self._prefix + node, port.name)

    @cached_property
    def _telling(self) -> dict[str, str]:
        """By uses and ports, the node whose last words are theirs: what it says is said of its first output."""
        firsts = {node: self._made.get((node, "")) for node, made in self._handing.items() if made.mode == "on"}
        return {
            node: made.node
            for node, made in firsts.items()
            if made and (node in self._uses or self._handing[node].type in PORT_NODES) and self._is_first(made)
        }

    def _is_first(self, made: Endpoint) -> bool:
        """Whether an output, by its flat id, is its node's first."""
        graph: Graph = self._whole
        *path, node = made.node.split(INSIDE)
        for use in path:
            graph = self._whole.definitions[definition_of(graph.nodes[use].type) or ""]
        schema = self._catalog.get(graph.nodes[node].type)
        return bool(schema and schema.outputs and schema.outputs[0].name == made.port)


def _handed_on(made: NodeStatus) -> NodeStatus:
    """How a port does that hands on what this node made."""
    fine = made.state in ("ready", "cached", "running")
    return NodeStatus("ready" if fine else "idle", summary=made.summary if fine else "")


def together(inside: Mapping[str, NodeStatus]) -> NodeStatus:
    """The nodes inside a use as if they were one: the worst of their states, and the sum of their times."""
    node, worst = min(inside.items(), key=lambda each: (_WORST.index(each[1].state), each[0]))
    told = worst.message and worst.state in ("failed", "hung", "resting", "opening", "skipped")
    return worst._replace(
        message=f"{node}: {worst.message}" if told else "",
        runs=max(status.runs for status in inside.values()),
        failed=sum(status.failed for status in inside.values()),
        ms=sum(status.ms for status in inside.values()),
        dropped=sum(status.dropped for status in inside.values()),
        provider="",
        summary="",
    )

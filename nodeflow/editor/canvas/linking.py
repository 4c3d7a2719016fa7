"""Wires without a pointer: which ports a node has, where a wire from one may go, and joining nodes outright. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from nodeflow.editor.canvas.edits import link_between
from nodeflow.editor.canvas.scene import Port, Scene
from nodeflow.editor.canvas.wiring import fitting_ports, wires_at
from nodeflow.graph import Graph


def ports_of(scene: Scene, node: str) -> list[Port]:
    """The ports of a node, outputs first."""
    ports = [Port(node, port.name, port.side) for port in scene.boxes[node].face.ports if port.known]
    return sorted(ports, key=lambda port: port.side == "in")


def partners(scene: Scene, graph: Graph, port: Port) -> list[Port]:
    """Where a wire from `port` may go and does not go yet: parameters last, free inputs first, then its very kind, then
    the nearest.

    `graph` is the scene's or one with other links.
    """
    x, y = scene.port_at(port) or (0.0, 0.0)
    kind = scene.kind_of(port)

    def rank(other: Port) -> tuple[bool, bool, bool, float, Port]:
        to_x, to_y = scene.port_at(other) or (0.0, 0.0)
        taken = other.side == "in" and bool(wires_at(graph, other))
        return scene.is_socket(other), taken, scene.kind_of(other) != kind, (to_x - x) ** 2 + (to_y - y) ** 2, other

    there = {link_between(port, other): other for other in fitting_ports(scene, graph, port)}
    return sorted((other for link, other in there.items() if link not in graph.links), key=rank)


def joined(scene: Scene, nodes: Sequence[str]) -> Graph:
    """The graph with each of `nodes` wired to the next: from its first output that fits to the best input for it."""
    graph = scene.graph
    for node, after in pairwise(nodes):
        choices = (
            link_between(port, other)
            for port in ports_of(scene, node)
            if port.side == "out"
            for other in partners(scene, graph, port)
            if other.node == after
        )
        link = next(choices, None)
        if link is not None and not any(each.source.node == node for each in graph.links_into(after)):
            graph = graph.connect(link)
    return graph

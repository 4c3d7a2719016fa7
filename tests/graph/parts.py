"""Graphs of toy nodes, written down in a line or two."""

from __future__ import annotations

from nodeflow.graph import Endpoint, Graph, Link, Node

SOFT = Graph(
    {
        "image": Node("graph.input"),
        "draw": Node("toy.draw", params={"width": 3}),
        "pose": Node("toy.pose"),
        "result": Node("graph.output"),
        "count": Node("graph.output"),
    },
    tuple(
        map(
            Link.parse,
            (
                "image.value -> draw.image",
                "image.value -> pose.image",
                "pose.poses -> draw.poses",
                "draw.image -> result.value",
                "pose.count -> count.value",
            ),
        )
    ),
    title="Soft face",
    exposed={"width": Endpoint("draw", "width")},
)


def graph(nodes: str, *links: str, definitions: dict[str, Graph] | None = None) -> Graph:
    """A graph from "camera pose soft:subgraph.soft": each id is a toy type, or says its type."""
    said = (each.partition(":") for each in nodes.split())
    types = {name: kind or "toy." + name.rstrip("_0123456789") for name, _, kind in said}
    made = Graph({name: Node(kind) for name, kind in types.items()}, tuple(map(Link.parse, links)))
    return made.redefine(definitions or {})

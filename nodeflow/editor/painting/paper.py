"""Whether what the viewer shows can be painted on, and what the paper is like. Pure.

A node is painted on if it has a parameter that is a drawing; what is painted is the first picture that it gives. A
picture that is wired into it is what is painted on. Otherwise its paper is as its parameters `width`, `height` and
`background` say; `smooth` tells whether edges are soft, and `opacity` how much the paint hides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from nodeflow.graph import Catalog, Endpoint, Graph, Json, NodeSchema
from nodeflow.graph.drawing import MOST_SIDE

Size = tuple[int, int]

_SIDE: Final = 512


@dataclass(frozen=True, slots=True)
class Paper:
    """`param` of `node` holds the drawing. `under` is the picture that is painted on; without one there is a paper of
    `size` and colour `background`. `output` is the port where the painted picture comes out."""

    node: str
    param: str
    output: str
    value: Json
    size: Size
    background: str
    smooth: bool
    opacity: float
    under: Endpoint | None


def paper_of(graph: Graph, catalog: Catalog, spot: Endpoint | None) -> Paper | None:
    """What is painted on where the viewer shows `spot`; None if that is no painting."""
    node = graph.nodes.get(spot.node) if spot is not None else None
    schema = catalog.get(node.type) if node is not None and node.mode == "on" else None
    if node is None or spot is None or schema is None:
        return None
    drawn = next((param for param in schema.params if param.type == "drawing"), None)
    output = next((port.name for port in schema.outputs if port.kind == "Image"), "")
    if drawn is None or not output or spot.port not in ("", output):
        return None

    def value(name: str) -> Json:
        param = schema.param(name)
        return node.params.get(name, param.default if param else None)

    return Paper(
        spot.node,
        drawn.name,
        output,
        value(drawn.name),
        (_side(value("width")), _side(value("height"))),
        str(value("background") or "#ffffff"),
        value("smooth") is True,
        _share(value("opacity")),
        _under(graph, schema, spot.node),
    )


def _under(graph: Graph, schema: NodeSchema, node: str) -> Endpoint | None:
    images = {port.name for port in schema.inputs if port.kind == "Image"}
    return next((link.source for link in graph.links_into(node) if link.target.port in images), None)


def _side(value: Json) -> int:
    """A side as a file says it is, as far as there can be such a one."""
    return min(max(round(value), 1), MOST_SIDE) if isinstance(value, int | float) and value == value else _SIDE


def _share(value: Json) -> float:
    return min(max(float(value), 0.0), 1.0) if isinstance(value, int | float) and value == value else 1.0

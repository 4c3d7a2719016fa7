"""A node on the canvas, and a wire between two: what a scene is made of. All coordinates are world units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from nodeflow.editor.canvas.geometry import Curve, Point, Rect, wire_curve
from nodeflow.editor.canvas.layout import Face, Side
from nodeflow.graph import Link, View


@dataclass(frozen=True, slots=True, eq=False)
class Box:
    """A node on the canvas: its face, and the rectangle it fills from its corner `at`. A higher `z` lies further up."""

    node: str
    at: Point
    face: Face
    z: int
    bounds: Rect

    @classmethod
    def of(cls, node: str, at: Point, face: Face, z: int) -> Box:
        return cls(node, at, face, z, Rect(at[0], at[1], at[0] + face.width, at[1] + face.height))

    def port_at(self, side: Side, name: str) -> Point | None:
        port = self.face.port(side, name)
        return (self.at[0] + port.at[0], self.at[1] + port.at[1]) if port else None


class Wire(NamedTuple):
    """A link on the canvas. `kind` is its output's; `converts` marks a lossless conversion on the way to the input;
    `fits` is False where the kinds do not meet or a port is not there; `quiet` where nothing comes, since what should
    give it is muted."""

    link: Link
    curve: Curve
    bounds: Rect
    kind: str
    converts: bool
    fits: bool
    quiet: bool = False

    def strung(self, boxes: Mapping[str, Box]) -> Wire:
        """The wire between where its boxes are now; the same where they have not moved."""
        source, target = boxes.get(self.link.source.node), boxes.get(self.link.target.node)
        start = source and source.port_at("out", self.link.source.port)
        end = target and target.port_at("in", self.link.target.port)
        if not (start and end) or (start == self.curve.a and end == self.curve.d):
            return self
        curve = wire_curve(start, end)
        return Wire(self.link, curve, curve.bounds, *self[3:])


def same_looks(old: View, new: View) -> bool:
    """Whether two views differ in nothing but where the node lies."""
    return old is new or (old.size, old.preview, old.collapsed, old.label) == (
        new.size,
        new.preview,
        new.collapsed,
        new.label,
    )

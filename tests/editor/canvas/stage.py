"""What the tests of the canvas share: a small graph at known places, and the names of keys."""

from __future__ import annotations

from nodeflow.editor.canvas.gestures import Held
from nodeflow.graph import Graph, Link, Node, View
from nodeflow.testing.pilot import Pilot

SHIFT, CTRL, ALT, SPACE = Held(shift=True), Held(ctrl=True), Held(alt=True), Held(space=True)
EMPTY = (1000.0, 600.0)
"""A pixel with nothing under it."""

CAMERA_TO_POSE = Link.parse("camera.image -> pose.image")
GRAPH = Graph(
    {name: Node(f"toy.{name}") for name in ("camera", "pose", "draw", "say", "still")},
    (CAMERA_TO_POSE,),
    {
        "camera": View((40, 40)),
        "pose": View((320, 40)),
        "draw": View((640, 40)),
        "say": View((640, 300)),
        "still": View((40, 400)),
    },
)
"""camera -> pose, and a draw, a say and a still that nothing is wired to."""


def at_wire(pilot: Pilot, link: Link = CAMERA_TO_POSE, t: float = 0.5) -> tuple[float, float]:
    return pilot.at_world(pilot.canvas.scene.wires[link].curve.at(t))


def selected(pilot: Pilot) -> set[str]:
    return set(pilot.canvas.selection.nodes)

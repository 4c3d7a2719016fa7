"""A node that is added to a wire gets the picture that it also needs, where there is no doubt which."""

from __future__ import annotations

import pytest

from nodeflow.editor.canvas.scene import Port
from nodeflow.graph import Catalog, Graph, Node, NodeSchema, PortSchema
from nodeflow.testing.pilot import Pilot

_IMAGE, _POSES, _MASK = PortSchema("image", "Image"), PortSchema("poses", "Poses"), PortSchema("mask", "Mask")
_EXTRA = PortSchema("extra", "Image", optional=True)
CATALOG = Catalog(
    {
        schema.type: schema
        for schema in (
            NodeSchema("t.camera", "Camera", "", outputs=(_IMAGE,), clock="live"),
            NodeSchema("t.blur", "Blur", "", inputs=(_IMAGE,), outputs=(_IMAGE,)),
            NodeSchema("t.pose", "Pose", "", inputs=(_IMAGE, _EXTRA), outputs=(_POSES,)),
            NodeSchema("t.smooth", "Smooth", "", inputs=(_POSES,), outputs=(_POSES,)),
            NodeSchema("t.draw", "Draw", "", inputs=(_IMAGE, _POSES, _EXTRA), outputs=(_IMAGE,)),
            NodeSchema("t.blend", "Blend", "", inputs=(_IMAGE, PortSchema("other", "Image")), outputs=(_IMAGE,)),
            NodeSchema("t.swap", "Swap", "", inputs=(_IMAGE, PortSchema("onto", "Image"), _POSES), outputs=(_IMAGE,)),
        )
    }
)


def _wired(links: str, port: str, added: str) -> set[str]:
    """The links that come with a node added to an output."""
    graph = Graph()
    for name in ("camera", "blur", "pose", "smooth"):
        graph, _ = graph.add(Node(f"t.{name}"))
    graph = graph.connect(*links.split(", ")) if links else graph
    pilot = Pilot(CATALOG, graph)
    node, _, name = port.partition(".")
    new = pilot.canvas.add(CATALOG.nodes[added], (900.0, 0.0), Port(node, name, "out"))
    made = {str(link) for link in pilot.graph.links_into(new)}
    pilot.undo()
    assert pilot.graph is graph, "all in one step"
    return made


@pytest.mark.parametrize(
    ("links", "port", "picture"),
    [
        ("camera.image -> pose.image", "pose.poses", "camera.image"),
        ("camera.image -> blur.image, blur.image -> pose.image", "pose.poses", "blur.image"),
        ("camera.image -> pose.image, pose.poses -> smooth.poses", "smooth.poses", "camera.image"),
        ("camera.image -> pose.image, camera.image -> pose.extra", "pose.poses", "camera.image"),
        ("camera.image -> blur.image, camera.image -> pose.image, blur.image -> pose.extra", "pose.poses", None),
        ("", "pose.poses", None),
        ("pose.poses -> smooth.poses", "smooth.poses", None),
    ],
    ids=["its picture", "what it sees", "further back", "one twice", "two pictures", "no picture", "none further back"],
)
def test_what_was_found_is_drawn_into_the_picture_in_which_it_was_found(
    links: str, port: str, picture: str | None
) -> None:
    expected = {f"{port} -> draw.poses"} | ({f"{picture} -> draw.image"} if picture else set())
    assert _wired(links, port, "t.draw") == expected


def test_a_wire_with_a_picture_brings_no_other() -> None:
    assert _wired("camera.image -> blur.image", "blur.image", "t.blend") == {"blur.image -> blend.image"}


def test_of_two_that_are_needed_none_is_guessed() -> None:
    assert _wired("camera.image -> pose.image", "pose.poses", "t.swap") == {"pose.poses -> swap.poses"}

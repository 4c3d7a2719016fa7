"""The graphs that the editor's figures are taken on: chains of ten ordinary nodes, in a square."""

from __future__ import annotations

import math

from nodeflow.graph import Graph, Link, Node

_CHAIN = (
    ("clip", "io.video"),
    ("soft", "image.blur"),
    ("small", "image.resize"),
    ("pose", "people.pose"),
    ("overlay", "draw.poses"),
    ("both", "image.blend"),
    ("turned", "image.flip"),
    ("dots", "image.dither"),
    ("speed", "measure.fps"),
    ("preview", "io.preview"),
)
_LINKS = (
    "clip.image -> soft.image",
    "soft.image -> small.image",
    "small.image -> pose.image",
    "small.image -> overlay.image",
    "pose.poses -> overlay.poses",
    "overlay.image -> both.image",
    "soft.image -> both.over",
    "both.image -> turned.image",
    "turned.image -> dots.image",
    "dots.image -> speed.value",
    "dots.image -> preview.value",
)
_STEP = (300.0, 240.0)


def chains(count: int) -> Graph:
    """`count` nodes in chains of ten, laid out in rows of about the square root of `count`."""
    nodes = {f"{name}_{at}": Node(kind) for at in range(count // len(_CHAIN)) for name, kind in _CHAIN}
    links = [
        Link.parse(" -> ".join(f"{end.replace('.', f'_{at}.')}" for end in link.split(" -> ")))
        for at in range(count // len(_CHAIN))
        for link in _LINKS
    ]
    across = max(len(_CHAIN), round(math.sqrt(count) / len(_CHAIN)) * len(_CHAIN))
    places = {node: (at % across * _STEP[0], at // across * _STEP[1]) for at, node in enumerate(nodes)}
    return Graph(nodes, tuple(links)).move(places)


def hogged() -> Graph:
    """A node that counts for 0.3 s on each of a stream of numbers (`benchmarks/packs`)."""
    kinds = {"beat": "bench.beat", "hog": "bench.hog", "preview": "io.preview"}
    return Graph({name: Node(kind) for name, kind in kinds.items()}).connect(
        "beat.number -> hog.number", "hog.number -> preview.value"
    )

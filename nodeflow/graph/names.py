"""What things in a graph are called: ids of nodes, ports of nodes, and links as text.

    slug("Face Mesh")                       # "face_mesh", an id
    Link.parse("camera.image -> pose.image")

Ids are made once and never renamed. A node inside a subgraph has a *flat* id when the graph runs: the ids of the nodes
on the way to it, with `/` between ("soft_face/blur"). Flat ids are never written into a file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

INSIDE = "/"
"""Stands in a flat id between a node and what is inside it."""

_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
_COUNT = re.compile(r"_[0-9]+$")


def is_id(text: str) -> bool:
    """Whether `text` may be an id: small letters, digits and _, a letter first, 64 at most."""
    return _ID.fullmatch(text) is not None


def slug(text: str) -> str:
    """An id made from any text: "Face Mesh" -> "face_mesh". Short enough to be counted up."""
    made = re.sub(r"[^a-z0-9]+", "_", text.lower())[:48].strip("_")
    return made if is_id(made) else f"node_{made}".rstrip("_")


def free_names(taken: Iterable[str]) -> Callable[[str], str]:
    """A function that gives each wanted name, or the next free one counted up from it, and never one twice."""
    taken = set(taken)
    counts: dict[str, int] = {}

    def free(wanted: str) -> str:
        stem = _COUNT.sub("", wanted)[:48]
        while wanted in taken:
            counts[stem] = counts.get(stem, 1) + 1
            wanted = f"{stem}_{counts[stem]}"
        taken.add(wanted)
        return wanted

    return free


class Endpoint(NamedTuple):
    """One port of one node: "camera.image". Also one parameter of one node: "blur.radius"."""

    node: str
    port: str

    def __str__(self) -> str:
        return f"{self.node}.{self.port}"

    @classmethod
    def parse(cls, text: str) -> Endpoint:
        """Raises ValueError if `text` is not a node id, a dot and a port name."""
        node, _, port = text.strip().partition(".")
        return cls(node, port).checked()

    def checked(self) -> Endpoint:
        """Itself, if it can be written down. Raises ValueError."""
        if not is_id(self.node) or not self.port.isidentifier():
            raise ValueError(f'{str(self)[:100]!r} is not a port: write "node.port", such as "camera.image"')
        return self


class Link(NamedTuple):
    """A wire from an output to an input: "camera.image -> pose.image"."""

    source: Endpoint
    target: Endpoint

    def __str__(self) -> str:
        return f"{self.source} -> {self.target}"

    @classmethod
    def parse(cls, text: str) -> Link:
        """Raises ValueError if `text` is not two ports with an arrow between them."""
        source, arrow, target = text.partition("->")
        if not arrow:
            raise ValueError(f'{text[:100]!r} is not a link: write "camera.image -> pose.image"')
        return cls(Endpoint.parse(source), Endpoint.parse(target))

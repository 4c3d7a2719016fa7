"""The document: nodes, the links between them, and how they lie on the canvas.

A `Graph` never changes. An edit returns a new graph that shares what it did not touch, so a graph may be read by any
number of threads without a lock, kept for undo, and compared:

    graph, camera = Graph().add(Node("io.camera"), at=(0, 0))
    graph, pose = graph.add(Node("people.pose"), at=(320, 0))
    graph = graph.connect(f"{camera}.image -> {pose}.image").set_param(pose, "score", 0.5)

Ids are readable slugs ("pose", "pose_2"), made once and never renamed: a label is part of the view. A graph may be
wrong (a cycle, an unknown type, a link to nowhere): `check` says so, because half-done work must open too.
An edit costs about one copy of the table it touches, so hand over many nodes or links in one call.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, NamedTuple

from .frozen import FrozenDict, freeze_fields
from .schema import Json

Point = tuple[float, float]

CANVAS = 1e6
"""The canvas ends this far from its origin: there a float32 still tells a tenth of a unit."""

_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
_COUNT = re.compile(r"_[0-9]+$")


def is_id(text: str) -> bool:
    """Whether `text` may be a node id: small letters, digits and _, a letter first, 64 at most."""
    return _ID.fullmatch(text) is not None


def slug(text: str) -> str:
    """A node id made from any text: "Face Mesh" -> "face_mesh". Short enough to be counted up."""
    made = re.sub(r"[^a-z0-9]+", "_", text.lower())[:48].strip("_")
    return made if is_id(made) else f"node_{made}".rstrip("_")


class Endpoint(NamedTuple):
    """One port of one node: "camera.image"."""

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


@dataclass(frozen=True, slots=True)
class Node:
    """A node of `type`, saved by `version` of that type.

    A parameter that is not in `params` has its default. `extra` holds the fields of the file that this version of the
    program does not know. Raises ValueError or TypeError for values that are not JSON.
    """

    type: str
    version: int = 1
    params: Mapping[str, Json] = field(default_factory=dict)
    extra: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "params", freeze_fields(self.params))
        object.__setattr__(self, "extra", freeze_fields(self.extra))


@dataclass(frozen=True, slots=True)
class View:
    """How a node lies on the canvas: `at` is its top left corner, `size` its width and height, in canvas units.

    `size` and `preview` are None where the node decides. `label` stands in place of the title of its type.
    Raises ValueError for a place beyond the canvas or a size that is not positive.
    """

    at: Point = (0.0, 0.0)
    size: Point | None = None
    preview: bool | None = None
    collapsed: bool = False
    label: str | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not all(-CANVAS <= along <= CANVAS for along in self.at):
            raise ValueError(f"{self.at} is not on the canvas, which ends at {CANVAS:,.0f} on each side")
        if self.size is not None and not all(0 < length <= CANVAS for length in self.size):
            raise ValueError(f"{self.size} is not a size: width and height are above 0, {CANVAS:,.0f} at most")
        object.__setattr__(self, "extra", freeze_fields(self.extra))

    def moved(self, at: Point) -> View:
        """The same at another place, or at the border of the canvas before it."""
        return replace(self, at=(max(-CANVAS, min(CANVAS, at[0])), max(-CANVAS, min(CANVAS, at[1]))))


@dataclass(frozen=True)
class Graph:
    """Nodes by id, links in order of their text, views by node id, and fields of the file that nobody here knows.

    Raises ValueError for an id that is not one and for a link that cannot be written down.
    """

    nodes: Mapping[str, Node] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    view: Mapping[str, View] = field(default_factory=dict)
    extra: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for node in (*self.nodes, *self.view):
            if not is_id(node):
                raise ValueError(
                    f"{node[:100]!r} is not a node id: small letters, digits and _, such as {slug(node)!r}"
                )
        for link in self.links:
            link.source.checked()
            link.target.checked()
        object.__setattr__(self, "nodes", FrozenDict(self.nodes))
        object.__setattr__(self, "links", tuple(sorted(set(self.links))))
        object.__setattr__(self, "view", FrozenDict(self.view))
        object.__setattr__(self, "extra", freeze_fields(self.extra))

    def links_into(self, node: str) -> tuple[Link, ...]:
        return self._into.get(node, ())

    def links_from(self, node: str) -> tuple[Link, ...]:
        return self._from.get(node, ())

    def upstream(self, nodes: Iterable[str]) -> set[str]:
        """`nodes` and all that they get something from, however far."""
        return _reached(nodes, self._into, 0)

    def downstream(self, nodes: Iterable[str]) -> set[str]:
        """`nodes` and all that gets something from them, however far."""
        return _reached(nodes, self._from, 1)

    def subgraph(self, nodes: Iterable[str], outer: bool = False) -> Graph:
        """`nodes` with their views and the links between them; with `outer`, also the links that come in to them."""
        chosen = self._known(nodes)
        return self._edited(
            nodes={node: self.nodes[node] for node in sorted(chosen)},
            links=[link for link in self.links if link.target.node in chosen and (outer or link.source.node in chosen)],
            view={node: self.view[node] for node in sorted(chosen) if node in self.view},
            extra={},
        )

    def add(self, node: Node, at: Point | None = None) -> tuple[Graph, str]:
        """With one more node, and the id that it got from its type: "people.pose" -> "pose"."""
        new = self._free_ids()(slug(node.type.rpartition(".")[2]))
        graph = self._edited(nodes={**self.nodes, new: node})
        return (graph if at is None else graph.move({new: at})), new

    def remove(self, nodes: Iterable[str]) -> Graph:
        """Without `nodes`, their links and their views. Raises KeyError for a node that is not there."""
        gone = self._known(nodes)
        return self._edited(
            nodes={node: kept for node, kept in self.nodes.items() if node not in gone},
            links=[link for link in self.links if link.source.node not in gone and link.target.node not in gone],
            view={node: kept for node, kept in self.view.items() if node not in gone},
        )

    def paste(self, part: Graph, offset: Point = (0.0, 0.0)) -> tuple[Graph, dict[str, str]]:
        """With the nodes of `part` beside its own, and the id that each of them got here.

        An id is kept if it is free. A link into `part` from outside is kept if its source is here.
        """
        free = self._free_ids()
        new = {node: free(node) for node in part.nodes}
        links = [
            Link(Endpoint(new.get(source.node, source.node), source.port), Endpoint(new[target.node], target.port))
            for source, target in part.links
            if target.node in new and (source.node in new or source.node in self.nodes)
        ]
        view = {
            new[node]: old.moved((old.at[0] + offset[0], old.at[1] + offset[1]))
            for node, old in part.view.items()
            if node in new
        }
        graph = self._edited(
            nodes={**self.nodes, **{new[node]: pasted for node, pasted in part.nodes.items()}},
            links=[*self.links, *links],
            view={**self.view, **view},
        )
        return graph, new

    def duplicate(
        self, nodes: Iterable[str], offset: Point = (40.0, 40.0), outer: bool = True
    ) -> tuple[Graph, dict[str, str]]:
        """With copies of `nodes`, which with `outer` get their inputs from where the originals get theirs."""
        return self.paste(self.subgraph(nodes, outer), offset)

    def connect(self, *links: Link | str) -> Graph:
        """With `links`, each in place of what was in that input. Raises KeyError for a node that is not there."""
        new = {link.target: link for link in map(_link, links)}
        self._known(end.node for link in new.values() for end in link)
        return self._edited(links=[*(link for link in self.links if link.target not in new), *new.values()])

    def disconnect(self, *links: Link | str) -> Graph:
        """Without `links`. Raises KeyError for a link that is not there."""
        gone = {_link(link) for link in links}
        missing = gone.difference(self.links)
        if missing:
            raise KeyError(f"no link {min(missing)} in this graph")
        return self._edited(links=[link for link in self.links if link not in gone])

    def set_param(self, node: str, name: str, value: Json) -> Graph:
        return self.set_params(node, {name: value})

    def set_params(self, node: str, values: Mapping[str, Json]) -> Graph:
        return self._with_params(node, {**self[node].params, **values})

    def unset_params(self, node: str, names: Iterable[str]) -> Graph:
        """With `names` back at their defaults."""
        unset = set(names)
        return self._with_params(node, {name: kept for name, kept in self[node].params.items() if name not in unset})

    def move(self, places: Mapping[str, Point]) -> Graph:
        """With these nodes at these places, by id."""
        return self.set_view({node: self.view.get(node, View()).moved(at) for node, at in places.items()})

    def rename(self, node: str, label: str | None) -> Graph:
        """With another label on `node`, or with none. Its id stays."""
        return self.set_view({node: replace(self.view.get(node, View()), label=label)})

    def set_view(self, view: Mapping[str, View]) -> Graph:
        """With these views, by id. Raises KeyError for a node that is not there."""
        self._known(view)
        return self._edited(view={**self.view, **view})

    def __getitem__(self, node: str) -> Node:
        if node not in self.nodes:
            raise KeyError(f"no node {node!r} in this graph")
        return self.nodes[node]

    def _known(self, nodes: Iterable[str]) -> set[str]:
        known = set(nodes)
        for node in known - self.nodes.keys():
            raise KeyError(f"no node {node!r} in this graph")
        return known

    def _with_params(self, node: str, params: Mapping[str, Json]) -> Graph:
        return self._edited(nodes={**self.nodes, node: replace(self[node], params=params)})

    def _free_ids(self) -> Callable[[str], str]:
        """A function that gives each wanted id, or the next free one counted up from it, and never one twice."""
        taken = {*self.nodes, *self.view}
        counts: dict[str, int] = {}

        def free(wanted: str) -> str:
            stem = _COUNT.sub("", wanted)[:48]
            while wanted in taken:
                counts[stem] = counts.get(stem, 1) + 1
                wanted = f"{stem}_{counts[stem]}"
            taken.add(wanted)
            return wanted

        return free

    def _edited(self, links: Iterable[Link] | None = None, **parts: Mapping[str, object]) -> Graph:
        """With these parts in place of its own. They were made here, so nothing is checked again."""
        graph = object.__new__(Graph)
        vars(graph).update(vars(self))
        vars(graph).update({name: FrozenDict(part) for name, part in parts.items()})
        if links is not None:
            vars(graph).update(links=tuple(sorted(links)))
            for index in ("_into", "_from"):
                vars(graph).pop(index, None)
        return graph

    @cached_property
    def _into(self) -> dict[str, tuple[Link, ...]]:
        return _grouped((link.target.node, link) for link in self.links)

    @cached_property
    def _from(self) -> dict[str, tuple[Link, ...]]:
        return _grouped((link.source.node, link) for link in self.links)


def _link(link: Link | str) -> Link:
    return Link.parse(link) if isinstance(link, str) else Link(link.source.checked(), link.target.checked())


def _grouped(links: Iterable[tuple[str, Link]]) -> dict[str, tuple[Link, ...]]:
    groups: dict[str, list[Link]] = {}
    for node, link in links:
        groups.setdefault(node, []).append(link)
    return {node: tuple(group) for node, group in groups.items()}


def _reached(start: Iterable[str], links: Mapping[str, tuple[Link, ...]], end: Literal[0, 1]) -> set[str]:
    """All nodes that can be reached from `start` by going to that end of the links of each node."""
    reached = set(start)
    waiting = list(reached)
    while waiting:
        for link in links.get(waiting.pop(), ()):
            node = link[end].node
            if node not in reached:
                reached.add(node)
                waiting.append(node)
    return reached

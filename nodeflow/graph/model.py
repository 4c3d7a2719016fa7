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

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from .definitions import merged, needed, renamed
from .frozen import FrozenDict, freeze_fields
from .names import Endpoint, Link, free_names, is_id, slug
from .parts import Group, Mode, Node, Note, Point, View
from .schema import Json
from .walks import Ends, alike, grouped, of_types, reached, sorted_by_links
from .written import base_type

Lying = TypeVar("Lying", View, Group, Note)


class Copies(NamedTuple):
    """What each thing of a pasted graph is called in the graph that it came into: nodes, groups and notes by id."""

    nodes: dict[str, str]
    groups: dict[str, str]
    notes: dict[str, str]


@dataclass(frozen=True)
class Graph:
    """Nodes by id, links in order of their text, views by node id, groups and notes, and the subgraphs that it uses.

    `definitions` are graphs without definitions of their own: all stand side by side in the outermost graph, by name.
    In a definition, `title` is what its uses are called and `exposed` names the parameters they have: "radius" ->
    "blur.radius". `extra` holds the fields of the file that nobody here knows. Raises ValueError for an id that is not
    one, for a link that cannot be written down, and for a definition inside a definition.
    """

    nodes: Mapping[str, Node] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    view: Mapping[str, View] = field(default_factory=dict)
    extra: Mapping[str, Json] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    notes: Mapping[str, Note] = field(default_factory=dict)
    definitions: Mapping[str, Graph] = field(default_factory=dict)
    title: str = ""
    exposed: Mapping[str, Endpoint] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in (*self.nodes, *self.view, *self.groups, *self.notes, *self.definitions):
            if not is_id(name):
                raise ValueError(
                    f"{name[:100]!r} is not a node id: small letters, digits and _, such as {slug(name)!r}"
                )
        for link in self.links:
            link.source.checked()
            link.target.checked()
        for name, param in self.exposed.items():
            if not name.isidentifier():
                raise ValueError(f"{name[:100]!r} is not the name of a parameter, such as {slug(name)!r}")
            param.checked()
        for name, definition in self.definitions.items():
            if definition.definitions:
                raise ValueError(f"the subgraph {name!r} holds subgraphs of its own: they stand beside it")
        object.__setattr__(self, "links", tuple(sorted(set(self.links))))
        object.__setattr__(self, "extra", freeze_fields(self.extra))
        for part in ("nodes", "view", "groups", "notes", "definitions", "exposed"):
            object.__setattr__(self, part, FrozenDict(getattr(self, part)))

    def links_into(self, node: str) -> tuple[Link, ...]:
        """The links that end in a node, in their order; none where there is no such node."""
        return self._into.get(node, ())

    def links_from(self, node: str) -> tuple[Link, ...]:
        """The links that begin in a node, likewise."""
        return self._from.get(node, ())

    @cached_property
    def in_order(self) -> tuple[str, ...]:
        """The nodes, each behind all that it gets something from; the same however the graph was built.

        Nodes on a loop or behind one can stand in no such order and are left out.
        """
        return sorted_by_links(self.nodes, self._into, self._from)

    @cached_property
    def by_type(self) -> Mapping[str, Sequence[str]]:
        """The nodes of each type, in the order of `nodes`."""
        return of_types(self.nodes)

    @cached_property
    def alike(self) -> Mapping[Ends, Sequence[Link]]:
        """The links by the types and ports that they join: what is true of one is mostly true of all of them."""
        return alike(self.nodes, self.links)

    def upstream(self, nodes: Iterable[str]) -> set[str]:
        """`nodes` and all that they get something from, however far."""
        return reached(nodes, self._into, 0)

    def downstream(self, nodes: Iterable[str]) -> set[str]:
        """`nodes` and all that gets something from them, however far."""
        return reached(nodes, self._from, 1)

    # ---- parts of it, and copies ---------------------------------------------------------------------------------

    def subgraph(
        self, nodes: Iterable[str], outer: bool = False, *, groups: Iterable[str] = (), notes: Iterable[str] = ()
    ) -> Graph:
        """`nodes` with their views, the links between them and the definitions they use, and these groups and notes;
        with `outer`, also the links that come in to them."""
        chosen = self._known(nodes)
        inside = {node: self.nodes[node] for node in sorted(chosen)}
        part = self._edited(
            nodes=inside,
            links=[link for link in self.links if link.target.node in chosen and (outer or link.source.node in chosen)],
            view={node: self.view[node] for node in sorted(chosen) if node in self.view},
            groups={name: self.groups[name] for name in sorted(_there(groups, self.groups, "group"))},
            notes={name: self.notes[name] for name in sorted(_there(notes, self.notes, "note"))},
            definitions=needed(self.definitions, inside.values()),
            exposed={},
            extra={},
        )
        return part.entitled("")

    def paste(self, part: Graph, offset: Point = (0.0, 0.0)) -> tuple[Graph, Copies]:
        """With what is in `part` beside its own, and what each thing of it is called here.

        An id is kept if it is free. A link into `part` from outside is kept if its source is here. A definition that is
        here already is used, not copied.
        """
        definitions = self.definitions
        if part.definitions:
            definitions, names = merged(definitions, part.definitions)
            part = renamed(part, names)
        node, group, note = self._free_ids(), free_names(self.groups), free_names(self.notes)
        new = Copies(
            {old: node(old) for old in part.nodes},
            {old: group(old) for old in part.groups},
            {old: note(old) for old in part.notes},
        )
        links = [
            Link(Endpoint(new.nodes.get(source.node, source.node), source.port), Endpoint(to, target.port))
            for source, target in part.links
            if (to := new.nodes.get(target.node)) and (source.node in new.nodes or source.node in self.nodes)
        ]
        views = {new.nodes[old]: _shifted(view, offset) for old, view in part.view.items() if old in new.nodes}
        graph = self._edited(
            nodes={**self.nodes, **{new.nodes[old]: pasted for old, pasted in part.nodes.items()}},
            links=[*self.links, *links],
            view={**self.view, **views},
            groups={**self.groups, **{new.groups[old]: _shifted(it, offset) for old, it in part.groups.items()}},
            notes={**self.notes, **{new.notes[old]: _shifted(it, offset) for old, it in part.notes.items()}},
            definitions=definitions,
        )
        return graph, new

    def duplicate(
        self,
        nodes: Iterable[str],
        offset: Point = (40.0, 40.0),
        outer: bool = True,
        *,
        groups: Iterable[str] = (),
        notes: Iterable[str] = (),
    ) -> tuple[Graph, Copies]:
        """With copies of these, which with `outer` get their inputs from where the originals get theirs."""
        return self.paste(self.subgraph(nodes, outer, groups=groups, notes=notes), offset)

    # ---- edits ---------------------------------------------------------------------------------------------------

    def add(self, node: Node, at: Point | None = None) -> tuple[Graph, str]:
        """With one more node, and the id that it got from its type: "people.pose" -> "pose"."""
        new = self._free_ids()(slug(base_type(node.type).rpartition(".")[2]))
        graph = self._edited(nodes={**self.nodes, new: node})
        return (graph if at is None else graph.move({new: at})), new

    def add_group(self, group: Group) -> tuple[Graph, str]:
        """With one more group, and the id that it got: "group", "group_2"."""
        new = free_names(self.groups)("group")
        return self._edited(groups={**self.groups, new: group}), new

    def add_note(self, note: Note) -> tuple[Graph, str]:
        """With one more note, and the id that it got: "note", "note_2"."""
        new = free_names(self.notes)("note")
        return self._edited(notes={**self.notes, new: note}), new

    def remove(self, nodes: Iterable[str] = (), groups: Iterable[str] = (), notes: Iterable[str] = ()) -> Graph:
        """Without these, and without what hangs on the nodes: their links, views and exposed parameters.

        A group's nodes stay. Raises KeyError for what is not there.
        """
        gone = self._known(nodes)
        groups, notes = _there(groups, self.groups, "group"), _there(notes, self.notes, "note")
        return self._edited(
            nodes={node: kept for node, kept in self.nodes.items() if node not in gone},
            links=[link for link in self.links if link.source.node not in gone and link.target.node not in gone],
            view={node: kept for node, kept in self.view.items() if node not in gone},
            groups={name: kept for name, kept in self.groups.items() if name not in groups},
            notes={name: kept for name, kept in self.notes.items() if name not in notes},
            exposed={name: param for name, param in self.exposed.items() if param.node not in gone},
        )

    def connect(self, *links: Link | str) -> Graph:
        """With `links`, each in place of what was in that input. Raises KeyError for a node that is not there."""
        new = {link.target: link for link in map(_link, links)}
        self._known(end.node for link in new.values() for end in link)
        return self._edited(links=[*(link for link in self.links if link.target not in new), *new.values()])

    def disconnect(self, *links: Link | str) -> Graph:
        """Without `links`. Raises KeyError for a link that is not there."""
        gone = {Link.parse(link) if isinstance(link, str) else link for link in links}
        missing = gone.difference(self.links)
        if missing:
            raise KeyError(f"no link {min(missing)} in this graph")
        return self._edited(links=[link for link in self.links if link not in gone])

    def set_param(self, node: str, name: str, value: Json) -> Graph:
        """With another value in one parameter, whether it may stand there or not. Raises KeyError for the node."""
        return self.set_params(node, {name: value})

    def set_params(self, node: str, values: Mapping[str, Json]) -> Graph:
        """The same of several parameters; the others keep theirs."""
        return self._with_params(node, {**self[node].params, **values})

    def unset_params(self, node: str, names: Iterable[str]) -> Graph:
        """With `names` back at their defaults."""
        unset = set(names)
        return self._with_params(node, {name: kept for name, kept in self[node].params.items() if name not in unset})

    def set_mode(self, nodes: Iterable[str], mode: Mode) -> Graph:
        """With these nodes on, muted or bypassed."""
        return self.with_nodes({node: replace(self.nodes[node], mode=mode) for node in self._known(nodes)})

    def with_nodes(self, nodes: Mapping[str, Node]) -> Graph:
        """With these nodes in place of those of the same ids. Raises KeyError for a node that is not there."""
        self._known(nodes)
        return self._edited(nodes={**self.nodes, **nodes})

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

    def set_groups(self, groups: Mapping[str, Group]) -> Graph:
        """With these groups in place of those of the same ids. Raises KeyError for a group that is not there."""
        _there(groups, self.groups, "group")
        return self._edited(groups={**self.groups, **groups})

    def set_notes(self, notes: Mapping[str, Note]) -> Graph:
        """With these notes in place of those of the same ids. Raises KeyError for a note that is not there."""
        _there(notes, self.notes, "note")
        return self._edited(notes={**self.notes, **notes})

    # ---- subgraphs -----------------------------------------------------------------------------------------------

    def define(self, definition: Graph) -> tuple[Graph, str]:
        """With one more definition, and the name that it got from its title: a node of type "subgraph.NAME" uses it."""
        new = free_names(self.definitions)(slug(definition.title or "subgraph"))
        return self.redefine({new: definition}), new

    def redefine(self, definitions: Mapping[str, Graph]) -> Graph:
        """With these definitions, in place of those of the same names. Raises ValueError as `Graph` does."""
        for name, definition in definitions.items():
            if definition.definitions or not is_id(name):
                raise ValueError(f"{name[:100]!r} must be an id, and its definition hold no definitions")
        return self._edited(definitions={**self.definitions, **definitions})

    def undefine(self, names: Iterable[str]) -> Graph:
        """Without these definitions. Nodes that use them stay, of a type that nobody knows."""
        gone = _there(names, self.definitions, "subgraph")
        return self._edited(definitions={name: kept for name, kept in self.definitions.items() if name not in gone})

    def opened(self, name: str) -> Graph:
        """The definition `name` as a graph by itself, with all definitions of this one. Raises KeyError."""
        _there([name], self.definitions, "subgraph")
        level = self.definitions[name]._edited(definitions=self.definitions)
        vars(level).update(derived=self.derived)
        return level

    def closed(self, name: str, level: Graph) -> Graph:
        """With `level`, an edited form of what `opened(name)` gives, as the definition `name`."""
        return self._edited(definitions={**level.definitions, name: level._edited(definitions={})})

    def entitled(self, title: str) -> Graph:
        """With another title."""
        graph = self._edited()
        vars(graph).update(title=title)
        return graph

    def expose(self, params: Mapping[str, Endpoint]) -> Graph:
        """With these parameters to be set from outside, and no others. Raises KeyError for a node that is not there."""
        self._known(param.checked().node for param in params.values())
        return self._edited(exposed=params)

    # ---- inside --------------------------------------------------------------------------------------------------

    def __getitem__(self, node: str) -> Node:
        if node not in self.nodes:
            raise KeyError(f"no node {node!r} in this graph")
        return self.nodes[node]

    def _known(self, nodes: Iterable[str]) -> set[str]:
        return _there(nodes, self.nodes, "node")

    def _with_params(self, node: str, params: Mapping[str, Json]) -> Graph:
        return self._edited(nodes={**self.nodes, node: replace(self[node], params=params)})

    def _free_ids(self) -> Callable[[str], str]:
        return free_names((*self.nodes, *self.view))

    def _edited(self, links: Iterable[Link] | None = None, **parts: Mapping[str, object]) -> Graph:
        """With these parts in place of its own. They were made here, so nothing is checked again."""
        graph = object.__new__(Graph)
        vars(graph).update(vars(self))
        if parts.get("definitions", self.definitions) is not self.definitions:
            vars(graph).pop("derived", None)
        vars(graph).update(
            {name: part if isinstance(part, FrozenDict) else FrozenDict(part) for name, part in parts.items()}
        )
        stale: set[str] = set()
        if "nodes" in parts:
            stale |= {"by_type", "alike"} | ({"in_order"} if graph.nodes.keys() != self.nodes.keys() else set())
        if links is not None:
            vars(graph).update(links=tuple(sorted(links)))
            stale |= {"_into", "_from", "in_order", "alike"}
        for table in stale:
            vars(graph).pop(table, None)
        return graph

    def __getstate__(self) -> dict[str, Any]:
        return {part.name: vars(self)[part.name] for part in fields(self)}

    @cached_property
    def derived(self) -> dict[str, tuple[Any, Any]]:
        """What others have made of the definitions, kept along edits that leave those alone."""
        return {}

    @classmethod
    def unchecked(cls, nodes: Mapping[str, Node], links: Iterable[Link]) -> Graph:
        """Of parts of graphs that were checked when they were made. Ids may be flat."""
        return cls()._edited(links, nodes=nodes)

    @cached_property
    def _into(self) -> dict[str, tuple[Link, ...]]:
        return grouped(self.links, 1)

    @cached_property
    def _from(self) -> dict[str, tuple[Link, ...]]:
        return grouped(self.links, 0)


def _link(link: Link | str) -> Link:
    return Link.parse(link) if isinstance(link, str) else Link(link.source.checked(), link.target.checked())


def _there(names: Iterable[str], table: Mapping[str, object], called: str) -> set[str]:
    """These names. Raises KeyError for one that is not in the table."""
    names = set(names)
    for name in names - table.keys():
        raise KeyError(f"no {called} {name!r} in this graph")
    return names


def _shifted(lying: Lying, by: Point) -> Lying:
    return lying.moved((lying.at[0] + by[0], lying.at[1] + by[1]))

"""A graph and the JSON object that a file holds of it: each made from the other, nothing lost.

`read` takes the fields of a document of the current format, `written` gives them. A subgraph is written as a graph is,
without format and version. docs/file_format.md describes the fields.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from .field import Field, GraphFileError
from .frozen import FrozenDict
from .model import Graph
from .names import Endpoint, Link, is_id, slug
from .parts import GROUP_SIZE, NOTE_SIZE, Group, Mode, Node, Note, Point, View
from .schema import Json
from .strict_json import Laid, Lines

MAX_NODES = 100_000
MAX_LINKS = 400_000
"""Bounds over a graph and all its subgraphs together."""

NodeMigration = Callable[[Node], Node]
"""Brings a node up to date with its type. Called for every node that is loaded."""

Part = TypeVar("Part")


def read(document: Field, fields: dict[str, Field], migrate: NodeMigration | None) -> Graph:
    """The graph that `fields` of a `document` say. Raises GraphFileError."""
    subgraphs = _table(fields.pop("subgraphs", None), "subgraph")
    inner = {name: field.within(name).fields() for name, field in subgraphs.items()}
    _require_few(document, (fields, *inner.values()))
    definitions = {name: _read_graph(parts, subgraphs[name].within(name), migrate) for name, parts in inner.items()}
    graph = _read_graph(fields, document, migrate)
    return graph.redefine(definitions) if definitions else graph


def written(graph: Graph) -> dict[str, Laid]:
    """The fields of a graph, in the order in which they stand in a file."""
    fields: dict[str, Laid] = {}
    if graph.title:
        fields["title"] = graph.title
    if graph.exposed:
        fields["params"] = {name: str(graph.exposed[name]) for name in sorted(graph.exposed)}
    fields["nodes"] = _lines(graph.nodes, _node_fields)
    fields["links"] = Lines([str(link) for link in graph.links])
    fields["view"] = _lines(graph.view, _view_fields)
    if graph.groups:
        fields["groups"] = _lines(graph.groups, _group_fields)
    if graph.notes:
        fields["notes"] = _lines(graph.notes, _note_fields)
    if graph.definitions:
        fields["subgraphs"] = _lines(graph.definitions, lambda definition: Lines(written(definition)))
    extra = {name: _opened(value) for name, value in _in_order(graph.extra).items()}
    return {**fields, **extra, **fields}


def _require_few(document: Field, graphs: tuple[dict[str, Field], ...]) -> None:
    """Refuse more than a graph may hold before anything is made of it."""
    for part, kind, most in (("nodes", dict, MAX_NODES), ("links", list, MAX_LINKS), ("view", dict, MAX_NODES)):
        found = [fields[part].value for fields in graphs if part in fields]
        count = sum(len(value) for value in found if isinstance(value, kind))
        if count > most:
            message = f"this has {count:,} entries, and a graph has {most:,} at most, with those in its subgraphs"
            raise GraphFileError(document.file, message, field=part)


def _read_graph(fields: dict[str, Field], graph: Field, migrate: NodeMigration | None) -> Graph:
    if "subgraphs" in fields:
        raise fields["subgraphs"].error(
            "this stands in a subgraph, which can hold none", "Put it beside that one, into the subgraphs of the file."
        )
    none = Field({}, graph.file)
    title = fields.pop("title", Field("", graph.file)).text()
    exposed = {name: _read_exposed(name, field) for name, field in fields.pop("params", none).fields(MAX_NODES).items()}
    nodes = _table(fields.pop("nodes", None), "node")
    links = fields.pop("links", Field([], graph.file)).items(MAX_LINKS)
    views = _table(fields.pop("view", None), "node")
    groups, notes = _table(fields.pop("groups", None), "group"), _table(fields.pop("notes", None), "note")
    return Graph(
        nodes={node: _read_node(field.of(node, ""), migrate) for node, field in nodes.items()},
        links=tuple(_read_link(field) for field in links),
        view={node: _made(field.of(node, "view"), _read_view) for node, field in views.items()},
        groups={name: _made(field, _read_group) for name, field in groups.items()},
        notes={name: _made(field, _read_note) for name, field in notes.items()},
        title=title,
        exposed=exposed,
        extra=_read_values(fields),
    )


def _table(field: Field | None, holds: str) -> dict[str, Field]:
    """The entries of an object, by their ids."""
    entries = {} if field is None else field.fields(MAX_NODES)
    for name, entry in entries.items():
        if not is_id(name):
            also = ", and in its links" if holds == "node" else ""
            hint = f'Use small letters, digits and _ only, such as "{slug(name)}"{also}.'
            raise entry.error(f"this is not a {holds} id", hint)
    return entries


def _read_exposed(name: str, field: Field) -> Endpoint:
    if not name.isidentifier():
        raise field.error("this is not the name of a parameter", f'Use letters, digits and _, such as "{slug(name)}".')
    try:
        return Endpoint.parse(field.text())
    except ValueError as error:
        if isinstance(error, GraphFileError):
            raise
        raise field.error(
            f"{field.value!r:.100} is not a parameter of a node", 'Write "node.parameter", such as "blur.radius".'
        ) from None


def _read_node(node: Field, migrate: NodeMigration | None) -> Node:
    fields = node.fields()
    if "type" not in fields:
        raise node.error("this does not say what node it is", 'Write its type, such as "type": "io.camera".')
    mode: Mode = fields.pop("mode", Field("on", "")).one_of("on", "muted", "bypassed")  # type: ignore[assignment]
    read = Node(
        type=fields.pop("type").name(),
        version=fields.pop("v", Field(1, "")).version(),
        params=_read_values(fields.pop("params", Field({}, "")).fields()),
        extra=_read_values(fields),
        mode=mode,
    )
    try:
        return read if migrate is None else migrate(read)
    except Exception as error:
        raise node.error(
            f'this "{read.type}" of version {read.version} cannot be brought up to date: {error!r}',
            "Tell the makers of its pack, or remove the node from the file.",
        ) from error


def _read_link(link: Field) -> Link:
    try:
        return Link.parse(link.text())
    except GraphFileError:
        raise
    except ValueError as error:
        raise link.error(str(error)) from None


def _made(field: Field, make: Callable[[dict[str, Field]], Part]) -> Part:
    """What `make` makes of the fields, which say where it stands."""
    fields = field.fields()
    if "at" not in fields:
        raise field.error("this does not say where it stands", 'Write "at": [0, 0].')
    try:
        return make(fields)
    except GraphFileError:
        raise
    except ValueError as error:
        raise field.error(str(error)) from None


def _read_view(fields: dict[str, Field]) -> View:
    at, size, preview = fields.pop("at"), fields.pop("size", None), fields.pop("preview", None)
    collapsed, label = fields.pop("collapsed", None), fields.pop("label", None)
    return View(
        at=at.pair(),
        size=size.pair() if size else None,
        preview=preview.toggle() if preview else None,
        collapsed=collapsed is not None and collapsed.toggle(),
        label=label.text() if label else None,
        extra=_read_values(fields),
    )


def _read_group(fields: dict[str, Field]) -> Group:
    title, at = fields.pop("title", None), fields.pop("at")
    size, color = fields.pop("size", None), fields.pop("color", None)
    return Group(
        title=title.text() if title else "",
        at=at.pair(),
        size=size.pair() if size else GROUP_SIZE,
        color=color.text() if color else None,
        extra=_read_values(fields),
    )


def _read_note(fields: dict[str, Field]) -> Note:
    text, at = fields.pop("text", None), fields.pop("at")
    size, color = fields.pop("size", None), fields.pop("color", None)
    return Note(
        text=text.text() if text else "",
        at=at.pair(),
        size=size.pair() if size else NOTE_SIZE,
        color=color.text() if color else None,
        extra=_read_values(fields),
    )


def _read_values(fields: Mapping[str, Field]) -> Mapping[str, Json]:
    return FrozenDict({name: field.json() for name, field in fields.items()})


def _lines(parts: Mapping[str, Part], fields: Callable[[Part], Laid]) -> Lines:
    return Lines({name: fields(parts[name]) for name in sorted(parts)})


def _node_fields(node: Node) -> Laid:
    fields: dict[str, Json] = {"type": node.type, "v": node.version}
    if node.mode != "on":
        fields["mode"] = node.mode
    if node.params:
        fields["params"] = _in_order(node.params)
    return _with(fields, node.extra)


def _view_fields(view: View) -> Laid:
    fields: dict[str, Json] = {"at": _short(view.at)}
    if view.size is not None:
        fields["size"] = _short(view.size)
    if view.preview is not None:
        fields["preview"] = view.preview
    if view.collapsed:
        fields["collapsed"] = True
    if view.label is not None:
        fields["label"] = view.label
    return _with(fields, view.extra)


def _group_fields(group: Group) -> Laid:
    fields: dict[str, Json] = {"title": group.title, "at": _short(group.at), "size": _short(group.size)}
    return _with(fields if group.color is None else {**fields, "color": group.color}, group.extra)


def _note_fields(note: Note) -> Laid:
    fields: dict[str, Json] = {"text": note.text, "at": _short(note.at), "size": _short(note.size)}
    return _with(fields if note.color is None else {**fields, "color": note.color}, note.extra)


def _with(fields: dict[str, Json], extra: Mapping[str, Json]) -> dict[str, Json]:
    """The fields that we know, then the others, which never stand in for them."""
    return {**fields, **_in_order(extra), **fields}


def _in_order(fields: Mapping[str, Json]) -> dict[str, Json]:
    """The fields by name, and the fields of any object in them too."""
    return {name: _ordered(fields[name]) for name in sorted(fields)}


def _ordered(value: Json) -> Json:
    if isinstance(value, Mapping):
        return _in_order(value)
    return [_ordered(item) for item in value] if isinstance(value, list | tuple) else value


def _opened(value: Json) -> Laid:
    return Lines(value) if isinstance(value, Mapping | list) else value


def _short(point: Point) -> list[Json]:
    return [int(along) if along == int(along) else along for along in point]

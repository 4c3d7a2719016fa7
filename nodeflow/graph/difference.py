"""What differs between two graphs, in the words of the document and not of its text.

    found = difference(before, after, catalog)
    if found:
        print(found.added, found.changed["pose"], found.connected)

A parameter that is left out has its default, so with a catalog writing a default down changes nothing; without one
everything is told that the files tell apart. How nodes lie and look is kept apart from what they do. Nothing is found
only where nothing differs, and `difference(b, a)` is `difference(a, b)` with the sides exchanged.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

from .model import Graph
from .names import Link
from .parts import Group, Node, Note, View
from .schema import Catalog, NodeSchema, ParamSchema


class _Absent:
    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()
"""In place of a value that is not there, and for which nobody knows a default."""

PARAMS: Final = "params."
"""What the names of parameters begin with in a `Change`."""

_PLACE: Final = ("at", "size")


@dataclass(frozen=True, slots=True)
class Change:
    """`name`, as the file calls it, was `old` and is `new`. `unset` tells which of the two is only a default."""

    name: str
    old: Any
    new: Any
    unset: tuple[bool, bool] = (False, False)


@dataclass(frozen=True, slots=True)
class Difference:
    """Nodes by id, links in order, and what changed about the nodes that both graphs have.

    `changed` is about what a node is and does; `looks` about its label, and whether it is folded or shows a picture;
    `moved` about its place and size. `document` is about what belongs to no node; `moved` knows groups and notes as
    "groups.ID" and "notes.ID", as `document` does. `subgraphs` holds the differences of those that both graphs have.
    """

    added: Mapping[str, Node] = field(default_factory=dict)
    removed: Mapping[str, Node] = field(default_factory=dict)
    changed: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    connected: tuple[Link, ...] = ()
    disconnected: tuple[Link, ...] = ()
    looks: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    moved: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    document: tuple[Change, ...] = ()
    subgraphs: Mapping[str, Difference] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return any(getattr(self, part.name) for part in fields(self))


def difference(before: Graph, after: Graph, catalog: Catalog | None = None) -> Difference:
    """What it takes to get from one graph to the other."""
    catalog = catalog or Catalog()
    both = sorted(before.nodes.keys() & after.nodes.keys())
    # A view whose node is gone, or never was, is compared too: files hold such.
    viewed = sorted({*both, *before.view, *after.view} - (before.nodes.keys() ^ after.nodes.keys()))
    views = {node: _view_changes(before.view.get(node), after.view.get(node)) for node in viewed}
    old_links, new_links = set(before.links), set(after.links)
    beside = [*_beside(before, after, "groups"), *_beside(before, after, "notes")]
    defined = sorted(before.definitions.keys() & after.definitions.keys())
    inner = {name: difference(before.definitions[name], after.definitions[name], catalog) for name in defined}
    apart = ("nodes", "links", "view", "groups", "notes", "definitions", "exposed")
    return Difference(
        added={node: after.nodes[node] for node in sorted(after.nodes.keys() - before.nodes.keys())},
        removed={node: before.nodes[node] for node in sorted(before.nodes.keys() - after.nodes.keys())},
        changed=_some({node: tuple(_node_changes(before.nodes[node], after.nodes[node], catalog)) for node in both}),
        connected=tuple(link for link in after.links if link not in old_links),
        disconnected=tuple(link for link in before.links if link not in new_links),
        looks=_some({node: tuple(each for each in views[node] if each.name not in _PLACE) for node in viewed}),
        moved=_some({node: tuple(each for each in views[node] if each.name in _PLACE) for node in viewed})
        | _some({thing: tuple(each for each in changes if each.name in _PLACE) for thing, changes in beside}),
        document=(
            *_changes(_parts(before, *apart), _parts(after, *apart)),
            *_prefixed(PARAMS, _changes(before.exposed, after.exposed)),
            *_prefixed("subgraphs.", _come_and_gone(before.definitions, after.definitions)),
            *_come_and_gone(_named(before, "groups", "notes"), _named(after, "groups", "notes")),
            *(
                change
                for thing, changes in beside
                for change in _prefixed(f"{thing}.", (each for each in changes if each.name not in _PLACE))
            ),
        ),
        subgraphs={name: found for name, found in inner.items() if found},
    )


def _beside(before: Graph, after: Graph, kind: str) -> list[tuple[str, list[Change]]]:
    """What changed about the groups or notes that both graphs have: "groups.ID" and its changes."""
    old, new = _named(before, kind), _named(after, kind)
    return [(name, list(_changes(_parts(old[name]), _parts(new[name])))) for name in sorted(old.keys() & new.keys())]


def _named(graph: Graph, *kinds: str) -> dict[str, Any]:
    return {f"{kind}.{name}": part for kind in kinds for name, part in getattr(graph, kind).items()}


def _come_and_gone(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for name in sorted(old.keys() ^ new.keys()):
        yield Change(name, old.get(name, ABSENT), new.get(name, ABSENT))


def _prefixed(prefix: str, changes: Iterable[Change]) -> Iterator[Change]:
    return (replace(change, name=prefix + change.name) for change in changes)


def _some(changes: dict[str, tuple[Change, ...]]) -> dict[str, tuple[Change, ...]]:
    return {node: found for node, found in changes.items() if found}


def _node_changes(old: Node, new: Node, catalog: Catalog) -> Iterator[Change]:
    yield from _changes(_parts(old, "params"), _parts(new, "params"))
    before, after = catalog.get(old.type), catalog.get(new.type)
    for name in sorted({*old.params, *new.params}):
        was, unset_before = _value(old, name, before)
        is_, unset_after = _value(new, name, after)
        known = after.param(name) if after else None
        if not _same(was, is_, known):
            yield Change(PARAMS + name, was, is_, (unset_before, unset_after))


def _value(node: Node, name: str, schema: NodeSchema | None) -> tuple[Any, bool]:
    """What a node goes by, and whether it is only the default."""
    if name in node.params:
        return node.params[name], False
    param = schema.param(name) if schema else None
    return (param.default if param else ABSENT), True


def _view_changes(old: View | None, new: View | None) -> list[Change]:
    """A node without a view looks like any other, and stands nowhere in particular."""
    none = {**_parts(View()), "at": ABSENT}
    return list(_changes(none if old is None else _parts(old), none if new is None else _parts(new)))


def _parts(record: Graph | Node | View | Group | Note, *apart: str) -> dict[str, Any]:
    """The fields of a record by name, but those set `apart`; those that only the file knows stand among them."""
    known = {part.name: getattr(record, part.name) for part in fields(record) if part.name not in (*apart, "extra")}
    return {**record.extra, **known}


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for name in sorted({*old, *new}):
        was, is_ = old.get(name, ABSENT), new.get(name, ABSENT)
        if not _same(was, is_):
            yield Change(name, was, is_)


def _same(old: Any, new: Any, param: ParamSchema | None = None) -> bool:
    """Whether two values are the same in a file. To a parameter that is a number, 1 is 1.0."""
    if old != new:
        return False
    if param is not None and param.type == "number" and bool not in (type(old), type(new)):
        return True
    return _text(old) == _text(new)


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=repr)

"""`nodeflow diff`: what differs between two graph files, as a person would say it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from nodeflow.cli.faults import Fault
from nodeflow.cli.files import existing_graph
from nodeflow.cli.printing import shown

if TYPE_CHECKING:
    from nodeflow.graph import Catalog, Change, Difference, Node

_WIDE = 60
"""How much of one value a line shows."""


class CannotCompare(Fault):
    """One of the two is no graph. The exit code is diff's: 1 would say that they differ."""

    exit_code = 2


def add_to(app: typer.Typer) -> None:
    @app.command("diff")
    def diff(
        before: Annotated[str, typer.Argument(help="A graph file, or the name of a sample graph.")],
        after: Annotated[str, typer.Argument(help="The graph to compare it with.")],
        layout: Annotated[bool, typer.Option("--layout", help="Tell where nodes moved, not only how many.")] = False,
        as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
    ) -> int:
        """Tell what differs between two graphs. Exit code 0: nothing, 1: something, 2: they cannot be compared."""
        from rich.console import Console
        from rich.text import Text

        from nodeflow.graph import GraphFileError, difference, load
        from nodeflow.node import load_registry

        try:
            graphs = load(existing_graph(before)), load(existing_graph(after))
        except (Fault, GraphFileError) as fault:
            raise CannotCompare(str(fault)) from fault
        catalog = load_registry().catalog
        found = difference(*graphs, catalog)
        if as_json:
            print(json.dumps(as_data(found), indent=2))
            return 1 if found else 0
        console = Console(highlight=False, soft_wrap=True)
        for line in as_lines(found, catalog, layout):
            console.print(Text(line.text, line.style))
        return 1 if found else 0


class Line(NamedTuple):
    text: str
    style: str = ""


def as_lines(found: Difference, catalog: Catalog, layout: bool = False) -> Iterator[Line]:
    """For people: "+" and "-" for what is only in the one or the other, "~" for what both have."""
    for node, gone in found.removed.items():
        yield Line(f"- {node}  {_described(gone, catalog)}", "red")
    for node, new in found.added.items():
        yield Line(f"+ {node}  {_described(new, catalog)}", "green")
    for node in sorted({*found.changed, *found.looks}):
        yield Line(f"~ {node}", "yellow")
        yield from _changes((*found.changed.get(node, ()), *found.looks.get(node, ())))
    for link in found.disconnected:
        yield Line(f"- {link}", "red")
    for link in found.connected:
        yield Line(f"+ {link}", "green")
    if found.document:
        yield Line("~ the graph", "yellow")
        yield from _changes(found.document)
    for name, inner in found.subgraphs.items():
        yield Line(f"~ subgraph {name}", "yellow")
        yield from (Line(f"    {line.text}", line.style) for line in as_lines(inner, catalog, layout))
    if found.moved and layout:
        for thing, changes in found.moved.items():
            yield Line(f"~ {thing}, on the canvas", "yellow")
            yield from _changes(changes)
    elif found.moved:
        count = len(found.moved)
        yield Line(f"{count} moved on the canvas (--layout tells where)", "dim")


def as_data(found: Difference) -> dict[str, Any]:
    """For programs. A side on which there is no value has no entry."""
    return {
        "same": not found,
        "nodes": {
            "added": {node: _fields(new) for node, new in found.added.items()},
            "removed": {node: _fields(gone) for node, gone in found.removed.items()},
            "changed": _data(found.changed),
        },
        "links": {"added": list(map(str, found.connected)), "removed": list(map(str, found.disconnected))},
        "looks": _data(found.looks),
        "moved": _data(found.moved),
        "document": {change.name: _sides(change) for change in found.document},
        "subgraphs": {name: as_data(inner) for name, inner in found.subgraphs.items()},
    }


def _changes(changes: tuple[Change, ...]) -> Iterator[Line]:
    from nodeflow.graph.difference import PARAMS

    names = [shown(change.name.removeprefix(PARAMS)) for change in changes]
    width = max(map(len, names))
    for name, change in zip(names, changes, strict=True):
        old, new = _side(change.old, change.unset[0]), _side(change.new, change.unset[1])
        yield Line(f"    {name:<{width}}  {old} -> {new}")


def _side(value: object, unset: bool) -> str:
    return f"{_value(value)} (default)" if unset and _known(value) else _value(value)


def _described(node: Node, catalog: Catalog) -> str:
    """A node in a line: its type and what is set to something else than the default."""
    schema = catalog.get(node.type)
    defaults = {param.name: param.default for param in schema.params} if schema else {}
    set_ = [
        f"{shown(name)}={_value(value)}"
        for name, value in sorted(node.params.items())
        if name not in defaults or value != defaults[name]
    ]
    return "  ".join([shown(node.type), *set_])


def _known(value: object) -> bool:
    from nodeflow.graph.difference import ABSENT

    return value is not ABSENT


def _value(value: object) -> str:
    if not _known(value):
        return "nothing"
    if value is None:
        return "none"
    text = shown(json.dumps(_plain(value), ensure_ascii=False))
    return text if len(text) <= _WIDE else f"{text[: _WIDE - 3]}..."


def _fields(node: Node) -> dict[str, Any]:
    return {"type": node.type, "v": node.version, "params": dict(node.params)}


def _data(changes: Mapping[str, tuple[Change, ...]]) -> dict[str, Any]:
    return {node: {change.name: _sides(change) for change in each} for node, each in changes.items()}


def _sides(change: Change) -> dict[str, Any]:
    sides = {"from": change.old, "to": change.new}
    return {side: _plain(value) for side, value in sides.items() if _known(value)}


def _plain(value: Any) -> Any:
    """A value of a graph as JSON: a group, note or subgraph as the file has it."""
    from nodeflow.graph import Endpoint, Graph, Group, Note, dumps

    if isinstance(value, Graph):
        whole = json.loads(dumps(value))
        return {name: part for name, part in whole.items() if name not in ("format", "version")}
    if isinstance(value, Group | Note):
        value = asdict(value)
    return json.loads(json.dumps(str(value) if isinstance(value, Endpoint) else value))

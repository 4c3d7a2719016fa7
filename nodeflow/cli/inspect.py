"""`nodeflow check` and `nodeflow nodes`: what is wrong with a graph, and what nodes there are. Nothing is run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from nodeflow.cli.files import existing_graph
from nodeflow.cli.printing import say, warn

if TYPE_CHECKING:
    from nodeflow.graph import Catalog, Graph, NodeSchema, ParamSchema, Problem


def add_to(app: typer.Typer) -> None:
    @app.command("check")
    def check(
        graph: Annotated[str, typer.Argument(help="A graph file, or the name of a sample graph.")],
    ) -> int:
        """Check a graph: one line per problem. The exit code is 1 if it cannot run."""
        from nodeflow.graph import check, load
        from nodeflow.node import load_registry

        path = existing_graph(graph)
        document, catalog = load(path), load_registry().catalog
        problems = [*check(document, catalog), *_unknown_models(document, catalog)]
        for problem in problems:
            say(f"{path}: {problem.severity}: {problem}")
        errors = sum(problem.severity == "error" for problem in problems)
        if not problems:
            say(f"{path}: no problems")
        return 1 if errors else 0

    @app.command("devices")
    def devices() -> int:
        """List the devices that models can run on."""
        from nodeflow.engine.devices import devices

        for device in devices():
            say(f"{device.name:<8} {device.title}" + (f", {device.total / 2**30:.0f} GiB" if device.total else ""))
        return 0

    @app.command("nodes")
    def nodes(
        words: Annotated[
            list[str] | None,
            typer.Argument(help="Only node types with these words in their name or help; of one type, all of it."),
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print everything about every node type.")] = False,
    ) -> int:
        """List the node types, and the packs that could not be loaded."""
        from nodeflow.node import load_registry

        registry, query = load_registry(), " ".join(words or ())
        known = registry.catalog.nodes
        said = [each for each in known.values() if _fits(_said(each), query)]
        called = [each for each in known.values() if _fits(_called(each), query)]  # where no title or help says it
        schemas = [known[query]] if query in known else said or called
        schemas.sort(key=lambda schema: (schema.category, schema.type))
        if as_json:
            problems = [asdict(problem) for problem in registry.problems]
            print(json.dumps({"nodes": [asdict(schema) for schema in schemas], "problems": problems}, indent=2))
            return 0
        for line in _described(schemas[0]) if query in known else _listed(schemas):
            say(line)
        if not schemas:
            warn(f"no node type fits {query!r}")
        for problem in registry.problems:
            say(str(problem))
        return 0


def _unknown_models(graph: Graph, catalog: Catalog) -> Iterator[Problem]:
    """The models that nodes which run name and that no card is of."""
    from nodeflow.graph import Problem, lowered
    from nodeflow.models import UnknownModel, library

    shelf = library()
    known = set(shelf.ids())
    for name, node in lowered(graph, catalog).nodes.items():
        schema = catalog.get(node.type)
        for param in schema.params if schema else ():
            value = node.params.get(param.name, param.default)
            if param.type != "model" or not isinstance(value, str) or not value or value in known:
                continue
            try:
                shelf.card(value)
            except UnknownModel as fault:
                yield Problem("bad-param", str(fault), name, param.name)


def _fits(said: str, query: str) -> bool:
    """Whether each word of the query begins one of those that are said."""
    words = _words(said)
    return all(any(each.startswith(word) for each in words) for word in _words(query))


def _said(schema: NodeSchema) -> str:
    return f"{schema.type} {schema.title} {schema.category} {schema.doc}"


def _called(schema: NodeSchema) -> str:
    """All that is said of a type, and what people call it and the tasks of its models."""
    from nodeflow.models.tasks import called

    return " ".join([_said(schema), schema.words, *(called(param.task) for param in schema.params if param.task)])


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower().replace("_", " "))


def _listed(schemas: Sequence[NodeSchema]) -> Iterator[str]:
    """A line for each, under its category."""
    width = max((len(schema.type) for schema in schemas), default=0)
    for category, members in groupby(schemas, key=lambda schema: schema.category):
        yield category
        for schema in members:
            yield f"  {schema.type:<{width}}  {schema.doc.splitlines()[0] if schema.doc else schema.title}"


def _described(schema: NodeSchema) -> Iterator[str]:
    """All that its author says of one type."""
    yield f"{schema.type}  {schema.title}, in {schema.category}, of the pack {schema.pack}"
    yield from ("", *schema.doc.splitlines())
    rows = [("input", port.name, f"{port.kind}{', optional' * port.optional}", port.doc) for port in schema.inputs]
    rows += [("output", port.name, port.kind, port.doc) for port in schema.outputs]
    rows += [(param.group, param.name, _may_be(param), param.doc) for param in schema.params]
    widths = [max(len(row[place]) for row in rows) for place in range(3)] if rows else []
    yield ""
    for row in rows:
        yield "  ".join([*(text.ljust(width) for text, width in zip(row, widths, strict=False)), row[3]]).rstrip()


def _may_be(param: ParamSchema) -> str:
    """The type of a parameter, its bounds and its default."""
    low, high = ("" if end is None else f"{end:,.9g}" for end in (param.minimum, param.maximum))
    bounds = f"{low}..{high}" if low or high else ""
    return " ".join(word for word in (param.type, bounds, param.unit, "=", json.dumps(param.default)) if word)

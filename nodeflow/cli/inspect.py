"""`nodeflow check` and `nodeflow nodes`: what is wrong with a graph, and what nodes there are. Nothing is run."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import groupby
from typing import Annotated

import typer

from nodeflow.cli.files import existing_graph


def add_to(app: typer.Typer) -> None:
    @app.command("check")
    def check(
        graph: Annotated[str, typer.Argument(help="A graph file, or the name of a sample graph.")],
    ) -> int:
        """Check a graph: one line per problem. The exit code is 1 if it cannot run."""
        from nodeflow.graph import check, load
        from nodeflow.node import load_registry

        path = existing_graph(graph)
        problems = check(load(path), load_registry().catalog)
        for problem in problems:
            print(f"{path}: {problem.severity}: {problem}")
        errors = sum(problem.severity == "error" for problem in problems)
        if not problems:
            print(f"{path}: no problems")
        return 1 if errors else 0

    @app.command("devices")
    def devices() -> int:
        """List the devices that models can run on."""
        from nodeflow.engine.devices import devices

        for device in devices():
            print(f"{device.name:<8} {device.title}" + (f", {device.total / 2**30:.0f} GiB" if device.total else ""))
        return 0

    @app.command("nodes")
    def nodes(
        as_json: Annotated[bool, typer.Option("--json", help="Print everything about every node type.")] = False,
    ) -> int:
        """List the node types, and the packs that could not be loaded."""
        from nodeflow.node import load_registry

        registry = load_registry()
        schemas = sorted(registry.catalog.nodes.values(), key=lambda schema: (schema.category, schema.type))
        if as_json:
            problems = [asdict(problem) for problem in registry.problems]
            print(json.dumps({"nodes": [asdict(schema) for schema in schemas], "problems": problems}, indent=2))
            return 0
        width = max((len(schema.type) for schema in schemas), default=0)
        for category, members in groupby(schemas, key=lambda schema: schema.category):
            print(category)
            for schema in members:
                print(f"  {schema.type:<{width}}  {schema.doc.splitlines()[0] if schema.doc else schema.title}")
        for problem in registry.problems:
            print(problem)
        return 0

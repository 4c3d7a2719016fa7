"""`nodeflow export`: a graph in another form. For now that is a Python program that runs it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from nodeflow.cli.faults import Fault
from nodeflow.cli.files import existing_graph, require_writable, write
from nodeflow.cli.printing import say, warn


def add_to(app: typer.Typer) -> None:
    @app.command("export")
    def export(
        graph: Annotated[str, typer.Argument(help="A graph file, or the name of a sample graph.")],
        python: Annotated[
            str,
            typer.Option("--python", metavar="FILE", help="Write a Python program that runs the graph; - prints it."),
        ],
        force: Annotated[bool, typer.Option("--force", help="Write over a file that exists.")] = False,
    ) -> int:
        """Write a graph as a Python program that runs it."""
        return export_python(existing_graph(graph), None if python == "-" else Path(python), force)


def export_python(path: Path, target: Path | None, force: bool = False) -> int:
    """Write the program that runs the graph in `path` to `target`, or print it. Returns 1, and tells all that is wrong
    with it, if the graph cannot run."""
    from nodeflow.engine.script import python_script
    from nodeflow.graph import check, load
    from nodeflow.node import load_registry

    catalog = load_registry().catalog
    graph = load(path)
    problems = check(graph, catalog)
    for problem in problems:
        warn(f"{path}: {problem.severity}: {problem}")
    if any(problem.severity == "error" for problem in problems):
        return 1
    if target is not None and target.exists() and not (force or target.is_dir()):
        raise Fault(f"{target} exists, and may have been edited; name another file, or write over it with --force")
    if target is not None:
        require_writable(target)
    name = target.name if target else f"{path.stem}.py"
    text = python_script(graph, catalog, name=path.name, file=name, folder=_way(path, target))
    if target is None:
        sys.stdout.write(text)
    else:
        write(target, text)
        say(f"{target}: runs the graph of {path.name}")
    return 0


def _way(path: Path, target: Path | None) -> str | None:
    """Where the graph's relative paths start from, as seen from the program. A sample's start where one works."""
    from nodeflow.engine.script import way
    from nodeflow.samples import folder_of

    folder = folder_of(path)
    if folder != path.absolute().parent:
        return None
    return way(folder, target.absolute().parent if target else Path.cwd())

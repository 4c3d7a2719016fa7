"""The command line: `nodeflow run`, `check`, `diff`, `export`, `nodes`, `devices` and `models`;
without a command, the editor.

Commands import what they need when they run, so that `--help` is instant. A mistake of the person ends in one line
that says what to do, and exit code 1; `--debug` shows where it came from.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from nodeflow import __version__
from nodeflow.cli import compare, export, inspect, models, run
from nodeflow.cli.faults import NoDisplay, explain

OpenEditor = Callable[[Path | None, str, bool], int]
"""Opens the editor's window on a graph: path, device, whether to start at once. Returns the exit code; raises NoDisplay
where there is no screen that answers."""


def main(open_editor: OpenEditor, arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in words
    words = [word for word in words if word != "--debug"]
    app = _app(open_editor)
    commands = {command.name for command in app.registered_commands} | {group.name for group in app.registered_groups}
    if not words or (words[0] not in commands and words[0] not in ("--help", "--version")):
        words.insert(0, "edit")
    try:
        return int(app(args=words, prog_name="nodeflow", standalone_mode=False) or 0)
    except KeyboardInterrupt:
        return 130
    except Exception as fault:
        if debug:
            raise
        print(f"nodeflow: {explain(fault)}", file=sys.stderr)
        return getattr(fault, "exit_code", 1)


def _app(open_editor: OpenEditor) -> typer.Typer:
    app = typer.Typer(
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        help="NodeFlow: wire models and inputs/outputs into a graph and see it run, live.\n\n"
        "`nodeflow GRAPH` opens the editor; add --debug to any command to see where an error came from.",
    )

    @app.callback(invoke_without_command=True)
    def about(
        version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
    ) -> None:
        if version:
            print(f"nodeflow {__version__}")
            raise typer.Exit

    @app.command("edit")
    def edit(
        graph: Annotated[str | None, typer.Argument(help="A graph file, or the name of a sample graph.")] = None,
        device: Annotated[str, typer.Option(help="Where models run: auto, cpu or cuda:0.")] = "auto",
        start: Annotated[bool, typer.Option("--start", help="Run the graph at once.")] = False,
        or_run: Annotated[bool, typer.Option("--or-run", help="Without a display, run the graph instead.")] = False,
    ) -> int:
        """Open the editor (what `nodeflow GRAPH` does)."""
        from nodeflow.samples import find_graph

        path = find_graph(graph) if graph else None
        try:
            return open_editor(path, run.checked_device(device), start)
        except NoDisplay:
            if path is None or not or_run:
                raise
        print("There is no display for the editor's window; running the graph without one.")
        return run.run_graph(path, device=device)

    run.add_to(app)
    inspect.add_to(app)
    compare.add_to(app)
    export.add_to(app)
    app.add_typer(models.app, name="models")
    return app

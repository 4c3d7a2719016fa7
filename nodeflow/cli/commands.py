"""The commands and their options, in typer's words."""

from __future__ import annotations

from typing import Annotated

import typer

from nodeflow import __version__
from nodeflow.cli import OpenEditor, compare, export, inspect, models, run
from nodeflow.cli.faults import NoDisplay
from nodeflow.cli.files import existing_graph


def command_line(open_editor: OpenEditor) -> typer.Typer:
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
        path = existing_graph(graph) if graph else None
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

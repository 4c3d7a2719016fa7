"""The command line; without a command, the editor.

Commands import what they need when they run, so that `--help` is instant. A mistake of the person ends in one line
that says what to do, and exit code 1; `--debug` shows where it came from.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from nodeflow.cli.faults import explain
from nodeflow.cli.files import existing_graph
from nodeflow.cli.printing import warn
from nodeflow.samples import find_graph

OpenEditor = Callable[[Path | None, str, bool], int]
"""Opens the editor's window on a graph: path, device, whether to start at once. Returns the exit code; raises NoDisplay
where there is no screen that answers."""


def main(open_editor: OpenEditor, arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in words
    words = [word for word in words if word != "--debug"]
    try:
        return _call(open_editor, words)
    except KeyboardInterrupt:
        return 130
    except Exception as fault:
        if debug:
            raise
        warn(f"nodeflow: {explain(fault)}")
        return getattr(fault, "exit_code", 1)


def _call(open_editor: OpenEditor, words: list[str]) -> int:
    graph = find_graph(words[0]) if len(words) == 1 else None
    if not words or (graph is not None and graph.suffix == ".json" and graph.exists()):
        return open_editor(graph, "auto", False)  # nothing to parse: typer would keep the window waiting
    from nodeflow.cli.commands import command_line

    app = command_line(open_editor)
    names = (*(known.name for known in app.registered_commands), *(known.name for known in app.registered_groups))
    commands = {name for name in names if name}
    if words[0] not in commands and words[0] not in ("--help", "--version"):
        if not words[0].startswith("-"):
            existing_graph(words[0], commands)
        words.insert(0, "edit")
    return int(app(args=words, prog_name="nodeflow", standalone_mode=False) or 0)

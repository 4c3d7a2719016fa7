"""The run, and the ways out of a failure, for the table of commands. Pure."""

from __future__ import annotations

from collections.abc import Callable

from nodeflow.editor.canvas.complaint import Way
from nodeflow.editor.commands.table import Command
from nodeflow.editor.icons import Icon
from nodeflow.editor.mending.ways_out import WaysOut
from nodeflow.editor.workspace import Workspace


def run_commands(workspace: Workspace, ways_out: WaysOut) -> list[Command]:
    def can_run() -> bool:
        return workspace.can_run

    def failed() -> bool:
        return ways_out.selected is not None

    def out(way: Way) -> Callable[[], None]:
        def take() -> None:
            if ways_out.selected is not None:
                ways_out.take(ways_out.selected, way)

        return take

    return [
        Command(
            "run.start", "Start or pause", workspace.start_or_pause, ("F5", "Ctrl+Enter"), Icon.PLAY, typing=True,
            enabled=can_run,
        ),
        Command("run.step", "Step", workspace.step, ("F6",), Icon.STEP, enabled=can_run),
        Command(
            "run.stop", "Stop", workspace.stop, ("Shift+F5",), Icon.STOP, typing=True,
            enabled=lambda: workspace.run.started,
        ),
        Command(
            "run.written", "Show what was written", workspace.show_written, icon=Icon.FOLDER,
            enabled=lambda: bool(workspace.written.paths),
        ),
        Command(
            "run.trace", "Save the trace", workspace.save_trace, icon=Icon.DOWNLOAD,
            enabled=lambda: bool(workspace.run.snapshot.nodes),
        ),
        Command("node.retry", "Try the failed node again", out("retry"), ("Ctrl+R",), Icon.REDO, enabled=failed),
        Command(
            "node.sample", "Play a sample in its place", out("sample"), icon=Icon.PLAY,
            enabled=lambda: ways_out.can("sample"),
        ),
        Command("node.report", "Copy a report of the failure", out("report"), icon=Icon.COPY, enabled=failed),
    ]  # fmt: skip

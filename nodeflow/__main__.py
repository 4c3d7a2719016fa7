"""Where the program starts: the one place that knows both the command line and the editor."""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> int:
    """The `nodeflow` command."""
    try:
        from nodeflow.cli import main as command_line

        return command_line(_open_editor)
    except KeyboardInterrupt:
        return 130


def _open_editor(path: Path | None, device: str, start: bool) -> int:
    from nodeflow.cli.faults import NoDisplay
    from nodeflow.editor.screen import find_screen

    if find_screen() is None:  # told before DearPyGui is loaded, which some machines without a screen cannot
        raise NoDisplay

    from nodeflow.editor.app import run_editor

    return run_editor(path, device=device, start=start)


if __name__ == "__main__":
    sys.exit(main())

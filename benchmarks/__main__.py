"""Every benchmark: `python -m benchmarks [--json]`."""

from __future__ import annotations

import argparse

from benchmarks import engine, start
from benchmarks.editor import windows as editor
from benchmarks.figures import Results, show


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="What NodeFlow costs.")
    parser.add_argument("--json", action="store_true", help="print JSON in place of a table")
    options = parser.parse_args()
    starting, about_starting = start.measure()
    running, about_running = engine.measure()
    drawing, about_drawing = editor.measure()
    parts = (running, drawing, starting)
    together = Results(
        {name: figure for part in parts for name, figure in part.figures.items()},
        {name: reason for part in parts for name, reason in part.missing.items()},
    )
    targets = {**engine.TARGETS, **editor.TARGETS, **start.TARGETS}
    show(together, targets, {**about_starting, **about_drawing, **about_running}, options.json)


if __name__ == "__main__":
    main()

"""Every benchmark: `python -m benchmarks [--json]`."""

from __future__ import annotations

import argparse

from benchmarks import engine, start
from benchmarks.figures import Results, show


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="What NodeFlow costs.")
    parser.add_argument("--json", action="store_true", help="print JSON in place of a table")
    options = parser.parse_args()
    starting, about_starting = start.measure()
    running, about_running = engine.measure()
    together = Results({**running.figures, **starting.figures}, {**running.missing, **starting.missing})
    show(together, {**engine.TARGETS, **start.TARGETS}, {**about_starting, **about_running}, options.json)


if __name__ == "__main__":
    main()

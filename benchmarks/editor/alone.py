"""A graph without a window, in a process of its own: `python -m benchmarks.editor.alone GRAPH` prints its report."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from nodeflow.engine import Session, Start
from nodeflow.graph import load
from nodeflow.node import load_registry


def main() -> None:
    path = Path(sys.argv[1])
    with Session(load(path), load_registry(), device="cpu", folder=path.parent) as session:
        session.send(Start())
        session.wait()
        print(json.dumps(session.report()))


if __name__ == "__main__":
    main()

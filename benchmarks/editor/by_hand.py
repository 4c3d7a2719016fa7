"""The pose sample as a hand-written loop, in a process of its own: `python -m benchmarks.editor.by_hand FRAMES` prints
its frames a second."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from benchmarks.pose import CLIP, MODEL, by_hand
from nodeflow.models import library, open_pose


def main() -> None:
    kept = open_pose(MODEL)
    with tempfile.TemporaryDirectory() as folder:
        _, rate = by_hand(library().asset(CLIP), Path(folder), int(sys.argv[1]))
    kept.close()
    print(json.dumps({"fps": rate}))


if __name__ == "__main__":
    main()

"""A node with a process of its own, in a session like any other."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np

from nodeflow.cli import main


def test_a_graph_with_a_node_in_its_own_process(tmp_path: Path) -> None:
    picture = np.linspace(0, 255, 40 * 60 * 3).astype(np.uint8).reshape(40, 60, 3)
    cv2.imwrite(str(tmp_path / "in.png"), picture)
    graph = {
        "format": "nodeflow",
        "version": 1,
        "nodes": {
            "photo": {"type": "io.image", "params": {"file": "in.png"}},
            "dots": {"type": "image.dither", "params": {"dots": 16, "shades": 2}},
            "out": {"type": "io.image_writer", "params": {"path": "out.png"}},
        },
        "links": ["photo.image -> dots.image", "dots.image -> out.image"],
    }
    (tmp_path / "g.json").write_text(json.dumps(graph))
    assert main(lambda *_: 1, ["run", str(tmp_path / "g.json"), "--debug"]) == 0
    written = cv2.imread(str(tmp_path / "out.png"))
    assert written is not None
    assert set(np.unique(written)) == {0, 255}

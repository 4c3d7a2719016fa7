"""Graph files to call the command line on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Say = Callable[..., tuple[int, str, str]]
"""Calls the command line: what it returned, and what it printed on either stream."""

STILL: dict[str, Any] = {
    "format": "nodeflow",
    "version": 1,
    "nodes": {
        "photo": {"type": "io.image", "params": {"file": "in.png"}},
        "soft": {"type": "image.blur", "params": {"radius": 1.0}},
        "out": {"type": "io.image_writer", "params": {"path": "out/{index}.png"}},
    },
    "links": ["photo.image -> soft.image", "soft.image -> out.image"],
}
"""A picture, blurred and written."""

NESTED: dict[str, Any] = {
    "format": "nodeflow",
    "version": 1,
    "nodes": {
        "photo": {"type": "io.image", "params": {"file": "in.png"}},
        "one": {"type": "subgraph.soft"},
        "two": {"type": "subgraph.soft", "params": {"much": 2}},
        "out": {"type": "io.image_writer", "params": {"path": "out/{index}.png"}},
    },
    "links": ["photo.image -> one.image", "one.result -> two.image", "two.result -> out.image"],
    "subgraphs": {
        "soft": {
            "params": {"much": "blur.radius"},
            "nodes": {
                "image": {"type": "graph.input"},
                "blur": {"type": "image.blur", "params": {"radius": 1.0}},
                "result": {"type": "graph.output"},
            },
            "links": ["image.value -> blur.image", "blur.image -> result.value"],
        }
    },
}
"""A picture that goes through two uses of a subgraph."""


def graph_file(folder: Path, document: dict[str, Any] | str, name: str = "g.json") -> str:
    path = folder / name
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return str(path)


def changed(node: str, **fields: object) -> dict[str, Any]:
    """`STILL` with a node that has these fields."""
    document = json.loads(json.dumps(STILL))
    document["nodes"][node].update(fields)
    return document

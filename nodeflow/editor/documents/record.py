"""What the journal keeps of one document: a line that says what it is, then the graph as in its file. Pure.

A record is read with doubt, as any file: it may be half written, or somebody else's.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

from nodeflow.graph import Graph, dumps, loads
from nodeflow.graph.document import NodeMigration
from nodeflow.graph.file import MAX_BYTES

_FORMAT = "nodeflow unsaved work"
_MOST_HEAD = 20_000


@dataclass(frozen=True, slots=True)
class Record:
    """One unsaved document: its graph, its name, its file if it has one, and when it was last changed (Unix time)."""

    graph: Graph
    title: str
    path: Path | None
    at: float

    def text(self) -> str:
        head = {"format": _FORMAT, "title": self.title, "path": self.path and str(self.path), "at": self.at}
        return json.dumps(head) + "\n" + dumps(self.graph)


def read_record(file: Path, migrate: NodeMigration) -> Record:
    """The record in a file. Raises ValueError (GraphFileError, if it is the graph that is wrong) or OSError."""
    with file.open("rb") as handle:
        head, data = handle.readline(_MOST_HEAD), handle.read(MAX_BYTES + 1)
    about = json.loads(head)
    if not isinstance(about, dict) or about.get("format") != _FORMAT:
        raise ValueError("this does not begin as unsaved work does")
    title, path, at = about.get("title"), about.get("path"), about.get("at")
    if not isinstance(title, str) or not 0 < len(title) <= 1000:
        raise ValueError("this does not say the name of its graph")
    if not (path is None or (isinstance(path, str) and "\0" not in path and Path(path).is_absolute())):
        raise ValueError("this does not say where its graph is from")
    if not isinstance(at, int | float) or not math.isfinite(at) or not 0 <= at < 1e11:
        raise ValueError("this does not say when it was made")
    if len(data) > MAX_BYTES:
        raise ValueError("this is larger than a graph can be")
    graph = loads(data.decode(), str(file), migrate)
    return Record(graph, title, Path(path) if path else None, float(at))

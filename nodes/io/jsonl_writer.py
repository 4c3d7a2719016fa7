"""Writing results as JSON lines."""

from __future__ import annotations

import json
from typing import Any

from nodeflow.node import Context, Params, Tick, node, save
from nodeflow.values import Text
from nodes.io.draft import TextDraft
from nodes.jsonable import to_json


@node(
    "io.jsonl_writer",
    category="Output",
    title="JSON-lines writer",
    resource="io",
    words="save export json data log record",
)
class JsonLinesWriter:
    """Write each value as one line of JSON.

    The file appears when the run ends, or stops, and at once where nothing streams into it.

    A line is {"frame": 12, "time": 0.4, "kind": "Poses", ...}: the frame's number from 0, its time in seconds, and the
    value. Poses list people with joints [x, y, score], Detections list boxes with label, score and xyxy, Classes have
    the label and score of the likeliest and list 20 of them, Text and Number have a value; coordinates are pixels, and
    `size` is the picture's [width, height]. What is wired to item, the file of a picture folder say, stands in "file".
    """

    class Setup(Params):
        path: str = save("out/output.jsonl", "*.jsonl", "*.ndjson", doc="Where to; missing folders are made")

    def open(self, setup: Setup, ctx: Context) -> None:
        self._draft = TextDraft(ctx.output(setup.path))
        self._lines = 0

    def run(self, value: Any, item: Text | None = None, *, tick: Tick) -> None:
        of = {} if item is None else {"file": item.value}
        line = {"frame": tick.index, "time": round(tick.time, 6), **of, **to_json(value)}
        with self._draft.writing() as file:
            file.write(json.dumps(line, ensure_ascii=False, allow_nan=False) + "\n")
        self._lines += 1

    def complete(self) -> None:
        self._draft.close(keep=self._lines > 0)
        self._lines = 0

    def close(self) -> None:
        self.complete()

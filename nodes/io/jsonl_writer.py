"""Writing results as JSON lines."""

from __future__ import annotations

import json
from typing import Any

from nodeflow.node import Context, NodeError, Params, Tick, node, save
from nodeflow.values import Text
from nodes.io.draft import Draft, unwritable
from nodes.jsonable import to_json


@node("io.jsonl_writer", category="Output", title="JSON-lines writer", resource="io")
class JsonLinesWriter:
    """Write each value as one line of JSON. The file appears when the run ends, or stops.

    A line is {"frame": 12, "time": 0.4, "kind": "Poses", ...}: the frame's number from 0, its time in seconds, and the
    value. Poses list people with joints [x, y, score], Detections list boxes with label, score and xyxy, Classes have
    the label and score of the likeliest and list 20 of them, Text and Number have a value; coordinates are pixels, and
    `size` is the picture's [width, height]. What is wired to item, the file of a picture folder say, stands in "file".
    """

    class Setup(Params):
        path: str = save("out/output.jsonl", "*.jsonl", "*.ndjson", doc="Where to; missing folders are made")

    def open(self, setup: Setup, ctx: Context) -> None:
        self._draft = Draft(ctx.output(setup.path))
        self._lines = 0
        self._failed = False
        try:
            self._file = self._draft.place.open("w", encoding="utf-8", newline="\n")
        except OSError as fault:
            raise unwritable(self._draft.target, fault) from fault

    def run(self, value: Any, item: Text | None = None, *, tick: Tick) -> None:
        if self._failed:
            raise NodeError(f"{self._draft.target.name} is given up after an error.", "Stop and start again.")
        of = {} if item is None else {"file": item.value}
        line = {"frame": tick.index, "time": round(tick.time, 6), **of, **to_json(value)}
        try:
            self._file.write(json.dumps(line, ensure_ascii=False, allow_nan=False) + "\n")
        except OSError as fault:
            self._failed = True
            raise unwritable(self._draft.target, fault) from fault
        self._lines += 1

    def close(self) -> None:
        try:
            self._file.close()  # writes what is still in its buffer
        except OSError as fault:
            self._draft.drop()
            raise unwritable(self._draft.target, fault) from fault
        if self._lines and not self._failed:
            self._draft.keep()
        else:
            self._draft.drop()

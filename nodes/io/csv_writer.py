"""Writing results as a table that spreadsheets open."""

from __future__ import annotations

import csv
from typing import Any

from nodeflow.node import Context, NodeError, Params, Tick, choice, node, save
from nodeflow.values import Text
from nodes.io.draft import Draft, unwritable
from nodes.rows import Cell, to_rows

_SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}


@node("io.csv_writer", category="Output", title="CSV writer", resource="io")
class CsvWriter:
    """Write a row for each value: the item, the frame's number, and what was found.

    The file appears at the end. Classes give label and score, Detections a row for each box, Poses one for each
    person. Wire the file of a picture folder into item. A value with nothing in it gives no row.
    """

    class Setup(Params):
        path: str = save("out/output.csv", "*.csv", "*.tsv", doc="Where to; missing folders are made")
        separator: str = choice(
            "comma", *_SEPARATORS, doc="Semicolon where the comma is the decimal sign", essential=False
        )

    def open(self, setup: Setup, ctx: Context) -> None:
        self._draft = Draft(ctx.output(setup.path))
        self._columns: tuple[str, ...] | None = None
        self._failed = False
        try:
            self._file = self._draft.place.open("w", encoding="utf-8", newline="")
        except OSError as fault:
            raise unwritable(self._draft.target, fault) from fault
        self._writer = csv.writer(self._file, delimiter=_SEPARATORS[setup.separator], lineterminator="\n")

    def run(self, value: Any, item: Text | None = None, *, tick: Tick) -> None:
        if self._failed:
            raise NodeError(f"{self._draft.target.name} is given up after an error.", "Stop and start again.")
        try:
            columns, rows = to_rows(value)
        except TypeError as fault:
            raise NodeError(
                f"{fault}.", "Wire classes, boxes, poses, text or numbers, or use a JSON-lines writer."
            ) from fault
        first: tuple[str, ...] = ("frame",) if item is None else ("file", "frame")
        before: tuple[Cell, ...] = (tick.index,) if item is None else (item.value, tick.index)
        self._write(first + columns, [(*before, *row) for row in rows])

    def _write(self, columns: tuple[str, ...], rows: list[tuple[Cell, ...]]) -> None:
        if rows and self._columns not in (None, columns):
            raise NodeError(
                f"A value with other columns came: {', '.join(columns)[:200]}.",
                "Write each kind into a file of its own.",
            )
        try:
            if self._columns is None and rows:
                self._columns = columns
                self._writer.writerow(columns)
            self._writer.writerows(rows)
        except OSError as fault:
            self._failed = True
            raise unwritable(self._draft.target, fault) from fault

    def close(self) -> None:
        try:
            self._file.close()  # writes what is still in its buffer
        except OSError as fault:
            self._draft.drop()
            raise unwritable(self._draft.target, fault) from fault
        if self._columns is not None and not self._failed:
            self._draft.keep()
        else:
            self._draft.drop()

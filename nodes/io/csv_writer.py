"""Writing results as a table that spreadsheets open."""

from __future__ import annotations

import csv
from typing import Any

from nodeflow.node import Context, NodeError, Params, Tick, choice, node, save
from nodeflow.values import Text
from nodes.io.draft import TextDraft
from nodes.rows import Cell, to_rows

_SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}


@node(
    "io.csv_writer",
    category="Output",
    title="CSV writer",
    resource="io",
    words="save export table spreadsheet excel log record data",
)
class CsvWriter:
    """Write a row for each value: the item, the frame's number, and what was found.

    The file appears when the run ends, or stops, and at once where nothing streams into it. Classes give label and
    score, Detections a row for each box, Poses one for each person. Wire the file of a picture folder into item. A
    value with nothing in it gives no row.
    """

    class Setup(Params):
        path: str = save("out/output.csv", "*.csv", "*.tsv", doc="Where to; missing folders are made")
        separator: str = choice(
            "comma", *_SEPARATORS, doc="Semicolon where the comma is the decimal sign", essential=False
        )

    def open(self, setup: Setup, ctx: Context) -> None:
        self._draft = TextDraft(ctx.output(setup.path))
        self._columns: tuple[str, ...] | None = None
        self._separator = _SEPARATORS[setup.separator]

    def run(self, value: Any, item: Text | None = None, *, tick: Tick) -> None:
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
        with self._draft.writing() as file:
            writer = csv.writer(file, delimiter=self._separator, lineterminator="\n")
            if self._columns is None and rows:
                self._columns = columns
                writer.writerow(columns)
            writer.writerows(rows)

    def complete(self) -> None:
        self._draft.close(keep=self._columns is not None)
        self._columns = None

    def close(self) -> None:
        self.complete()

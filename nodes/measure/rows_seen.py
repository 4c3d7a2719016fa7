"""What went by, as a table that grows."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from nodeflow.node import NodeError, Params, Tick, node, slider, toggle
from nodeflow.values import Table, Text
from nodes.rows import Cell, to_rows


@node("measure.rows", category="Measure", title="Collect rows", words="table collect gather log history list")
class CollectRows:
    """Keep what goes by as the rows of a table: what was found in each text, picture or frame.

    Wire what each row is about into item: a text, or the name of a file. Values that give other columns than those
    before begin a new table. A frame that is computed again replaces its rows.
    """

    class Live(Params):
        most: int = slider(200, 1, 1000, step=1, doc="Rows that are kept: the last ones")
        newest_first: bool = toggle(False, doc="What came last stands on top", essential=False)

    def __init__(self) -> None:
        self._columns: tuple[str, ...] = ()
        self._frames: OrderedDict[int, list[tuple[Cell, ...]]] = OrderedDict()

    def run(self, value: Any, item: Text | None = None, *, live: Live, tick: Tick) -> Table:
        try:
            columns, rows = to_rows(value)
        except TypeError as fault:
            raise NodeError(f"{fault}.", "Wire classes, boxes, poses, text or numbers.") from fault
        first, before = _about(item, tick)
        if rows and self._columns != first + columns:
            self._columns = first + columns
            self._frames.clear()
        if rows:
            self._frames[tick.index] = [(*before, *row) for row in rows]
        kept = [row for frame in self._frames.values() for row in frame][-live.most :]
        while len(self._frames) > live.most:
            self._frames.popitem(last=False)
        return Table(self._columns, tuple(reversed(kept) if live.newest_first else kept))


def _about(item: Text | None, tick: Tick) -> tuple[tuple[str, ...], tuple[Cell, ...]]:
    """The columns that say what a row is about."""
    if item is None:
        return ("frame",), (tick.index,)
    return (("item", "language"), (item.value, item.language)) if item.language else (("item",), (item.value,))

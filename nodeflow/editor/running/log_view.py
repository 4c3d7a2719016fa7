"""The log as it is read: filtered, searched, with lines marked to be copied and lines unfolded. Pure.

view = LogView(log)
view.least = "warning"; view.query = "pose"
if view.update(): view.rows                     # one row a line, and those of what is unfolded
"""

from __future__ import annotations

from dataclasses import dataclass

from nodeflow.editor.running.log import LEVELS, Level, Line, Log


@dataclass(frozen=True, slots=True)
class Row:
    """What is drawn in one line of the list: the head of a `line`, or, with `rest`, a piece of all that it says."""

    line: Line
    rest: str | None = None


class LogView:
    """GUI thread only."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self.least: Level = "info"
        """What is less grave is left out."""
        self.query = ""
        self.wrap = 110
        """How many letters there is room for."""
        self.rows: list[Row] = []
        self._key: tuple[object, ...] = ()
        self._unfolded: set[int] = set()
        self._anchor = self._marked = 0
        """The first and the last of the lines that are marked, by number; 0 for none."""

    def update(self) -> bool:
        """Bring the rows up to date; True if that changed anything. Costs a comparison while nothing is said."""
        key = self._log.version, self.least, self.query, self.wrap, frozenset(self._unfolded)
        if key == self._key:
            return False
        self._key = key
        words = self.query.lower().split()
        lines = [line for line in self._log.lines() if LEVELS.index(line.level) >= LEVELS.index(self.least)]
        if words:
            lines = [line for line in lines if _matches(line, words)]
        self.rows = [row for line in lines for row in self._rows_of(line)]
        self._unfolded &= {line.number for line in lines}
        return True

    # ---- marking -------------------------------------------------------------------------------------------------

    def press(self, place: int, extend: bool = False) -> None:
        """Mark the line of a row, and with `extend` all from the last one to it."""
        self._marked = self.rows[place].line.number
        if not extend or not self._anchor:
            self._anchor = self._marked

    def step(self, by: int, extend: bool = False) -> int:
        """Mark another line, so many further; returns its row."""
        heads = [place for place, row in enumerate(self.rows) if row.rest is None]
        if not heads:
            return 0
        now = next((n for n, place in enumerate(heads) if self.rows[place].line.number == self._marked), None)
        wanted = (len(heads) - 1 if by < 0 else 0) if now is None else now + by
        place = heads[max(0, min(wanted, len(heads) - 1))]
        self.press(place, extend)
        return place

    def select_all(self) -> None:
        if self.rows:
            self._anchor, self._marked = self.rows[0].line.number, self.rows[-1].line.number

    def forget(self) -> bool:
        """Mark nothing; False if nothing was."""
        was = self._marked
        self._anchor = self._marked = 0
        return bool(was)

    def marked(self) -> range:
        """The rows of the lines that are marked."""
        ends = (self._anchor, self._marked)
        places = [place for place, row in enumerate(self.rows) if row.line.number in ends]
        return range(places[0], places[-1] + 1) if places else range(0)

    def unfold(self) -> None:
        """Show all that the marked line says, or no longer."""
        if self._marked:
            self._unfolded ^= {self._marked}

    def text(self) -> str:
        """The lines that are marked, or else all that are shown, as text."""
        rows = [self.rows[place] for place in self.marked()] or self.rows
        return "\n".join(row.line.whole for row in rows if row.rest is None)

    # ---- inside --------------------------------------------------------------------------------------------------

    def _rows_of(self, line: Line) -> list[Row]:
        if line.number not in self._unfolded:
            return [Row(line)]
        said = [*([line.text] if len(line.text) > self.wrap // 2 else []), *line.more.splitlines()]
        pieces = [piece for text in said for piece in _pieces(text, self.wrap)]
        return [Row(line), *(Row(line, piece) for piece in pieces)]


def _pieces(text: str, length: int) -> list[str]:
    return [text[start : start + length] for start in range(0, len(text), length)] or [""]


def _matches(line: Line, words: list[str]) -> bool:
    said = f"{line.level} {line.source} {line.text} {line.more}".lower()
    return all(word in said for word in words)

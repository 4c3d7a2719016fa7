"""Where a person is in the library: what is looked for and found, which model is marked, whose card is open. Pure.

browsing.look_for("pose"); browsing.set("licence", "yes")
browsing.sections(entries)           # headings with models; with nothing looked for, the top models to try first
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from nodeflow.editor.models.entries import FAMILIES, Entry
from nodeflow.editor.models.finding import FACETS, Facet, Filters, found


@dataclass(frozen=True, slots=True)
class Section:
    """Models under a heading: as `tiles` with a large picture each, or as rows."""

    title: str
    entries: tuple[Entry, ...]
    tiles: bool = False


class Browsing:
    """See the module's head. `card` is the id of the model whose card is open, "" for the list."""

    def __init__(self) -> None:
        self.filters = Filters()
        self.card = ""
        self.marked = -1
        """The place of the marked model among all that are listed, or -1."""
        self.chip: Facet | Literal["clear", ""] = ""
        """The filter that the keys are at, or what takes all filters away; "" while they are at the list."""
        self._listed: tuple[Sequence[Entry], Filters, list[Section]] = (), Filters(), []

    @property
    def first(self) -> int:
        """The place of the model that Enter takes: the marked one, or else the first of what was looked for; or -1."""
        return self.marked if self.marked >= 0 or not self.filters.query.strip() else 0

    def look_for(self, query: str) -> None:
        self._now(replace(self.filters, query=query))

    def set(self, facet: Facet, value: str) -> None:
        """Choose a value of a facet; "" chooses none."""
        self._now(self.filters.set(facet, value))

    def clear(self) -> None:
        self._now(Filters())

    def only(self, task: str) -> None:
        """Show the models of one task, and nothing else that was looked for."""
        self.card = ""
        self._now(Filters(task=task))

    def step_chip(self, by: int) -> None:
        """Go to the next filter, or to the one before; round the end, the keys are at the list again."""
        ring: list[Facet | Literal["clear", ""]] = ["", *FACETS]
        if self.filters.chosen:
            ring.append("clear")
        self.chip = ring[(ring.index(self.chip) + by) % len(ring)] if self.chip in ring else ""
        self.marked = -1

    def sections(self, entries: Sequence[Entry]) -> list[Section]:
        """What to list, in order; no section is empty. The same object as long as nothing is another."""
        if self._listed[0] is not entries or self._listed[1] != self.filters:
            self._listed = entries, self.filters, self._sections(entries)
        return self._listed[2]

    def _sections(self, entries: Sequence[Entry]) -> list[Section]:
        if not self.filters.empty:
            hits = tuple(found(entries, self.filters))
            many = f"{len(hits)} model{'s' * (len(hits) != 1)}"
            return [Section(many, hits)] if hits else []
        defaults = [entry for entry in entries if entry.default]
        tops = tuple(sorted(defaults, key=lambda entry: not entry.checked))
        rest = [
            Section(f"More to {title.lower()}", tuple(e for e in entries if e.family == family and not e.default))
            for family, title in FAMILIES.items()
        ]
        return [each for each in (Section("Top models to try", tops, tiles=True), *rest) if each.entries]

    def _now(self, filters: Filters) -> None:
        if filters != self.filters:
            self.filters, self.marked = filters, -1

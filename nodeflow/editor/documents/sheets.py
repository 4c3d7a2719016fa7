"""The open sheets, in the order of their tabs, and the one in front.

A sheet behind the others goes on running, without pictures; a few times a second it is asked how it does, which is
what its tab shows. There is always a sheet. The sheets that were closed last are kept, without their runs, so that they
can be shown again as they were. GUI thread only.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from nodeflow.editor.documents.document import Document
from nodeflow.editor.documents.sheet import Sheet
from nodeflow.editor.running.run import Run
from nodeflow.graph import Catalog

_EVERY = 0.2
_KEPT = 10
"""How many closed sheets."""


class Sheets:
    """See the module's head. `make` makes the sheet of a document."""

    def __init__(self, make: Callable[[Document], Sheet]) -> None:
        self._make = make
        self._sheets = [make(Document())]
        self.front = self._sheets[0]
        self._closed: list[tuple[int, Sheet]] = []
        """Closed sheets and where their tabs were, the last one at the end."""
        self._gone: list[Run] = []
        """Runs of closed sheets whose nodes are still closing."""
        self._next = 0.0

    def __iter__(self) -> Iterator[Sheet]:
        return iter(tuple(self._sheets))

    def __len__(self) -> int:
        return len(self._sheets)

    def add(self, document: Document) -> Sheet:
        """Show a document: in a tab beside the one in front, or in its place if nothing was done there."""
        before = self.front
        sheet = self._make(document)
        self._sheets.insert(self._sheets.index(before) + 1, sheet)
        self.show(sheet)
        sheet.show_all()
        sheet.unpile()
        if before.blank:
            self.drop(before)
        return sheet

    def show(self, sheet: Sheet) -> None:
        """Bring a sheet to the front."""
        before = self.front
        if sheet is not before:
            before.canvas.cancel()
            before.run.watch({})
            sheet.take_place_of(before.canvas)
            self.front = sheet

    def step(self, by: int) -> None:
        """Show the sheet so many tabs further, round the end."""
        self.show(self._sheets[(self._sheets.index(self.front) + by) % len(self._sheets)])

    def move(self, sheet: Sheet, place: int) -> None:
        """Put a sheet's tab at another place."""
        self._sheets.remove(sheet)
        self._sheets.insert(place, sheet)

    def drop(self, sheet: Sheet) -> None:
        """Close a sheet and end its run; after the last one there is an empty one. Nothing is asked."""
        place = self._sheets.index(sheet)
        if not sheet.blank:
            self._closed = [*self._closed, (place, sheet)][-_KEPT:]
        if len(self._sheets) == 1:
            self._sheets.append(self._make(Document()))
        if sheet is self.front:
            self.show(self._sheets[place + 1 if place + 1 < len(self._sheets) else place - 1])
        self._sheets.remove(sheet)
        sheet.aside.drop()
        sheet.run.drop()
        self._gone = [run for run in (*self._gone, sheet.run) if run.closing]

    @property
    def closed(self) -> Sheet | None:
        """The sheet that was closed last, of those that are kept."""
        return self._closed[-1][1] if self._closed else None

    def forget(self, sheet: Sheet) -> None:
        """Do not keep a closed sheet any longer."""
        self._closed = [each for each in self._closed if each[1] is not sheet]

    def reopen(self) -> None:
        """Show the sheet that was closed last where it was and as it was; its run has ended."""
        if self._closed:
            before, (place, sheet) = self.front, self._closed.pop()
            self._sheets.insert(place, sheet)
            self.show(sheet)
            if before.blank:
                self.drop(before)

    def use_catalog(self, catalog: Catalog) -> None:
        for sheet in (*self._sheets, *(closed for _, closed in self._closed)):
            sheet.use_catalog(catalog)
        for sheet in self._sheets:
            sheet.unpile()

    def refresh(self) -> None:
        """Ask how the sheets behind do. Once per frame."""
        now = time.monotonic()
        if now >= self._next and len(self._sheets) > 1:
            self._next = now + _EVERY
            for sheet in self._sheets:
                if sheet is not self.front:
                    sheet.run.refresh()

    def close(self, patience: float) -> bool:
        """End every run and wait until all are closed, `patience` seconds at most; False if one hangs."""
        runs = [*(sheet.run for sheet in self._sheets), *self._gone]
        for run in runs:
            run.drop()
        end = time.monotonic() + patience
        return all(run.close(max(0.0, end - time.monotonic())) for run in runs)

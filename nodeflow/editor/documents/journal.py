"""Keeps what is not saved, so that a crash loses at most the last second.

    journal = Journal(state_folder() / "unsaved")
    found, problems = journal.recover(migrate)      # what an editor that did not end well has left
    journal.update(sheets)                          # once per frame: costs a comparison for each sheet
    journal.close(keep=False)                       # everything was saved or given up

The folder holds, for each running editor that has unsaved work:

    EDITOR.lock      locked while that editor lives, whatever its end
    EDITOR/1.json    one record for each document that is not saved; a saved or closed one has none

and `unreadable/`, where what could not be read is kept. A thread writes: a frame hands it the graph, which never
changes, and goes on. Files are written whole or not at all. An editor touches only its own folder and those whose lock
is free. GUI thread only, except as said.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from nodeflow.editor.documents.document import Document
from nodeflow.editor.documents.record import Record, read_record
from nodeflow.editor.documents.sheet import Sheet
from nodeflow.graph import Graph
from nodeflow.graph.document import NodeMigration
from nodeflow.whole import write_whole

_EVERY: Final = 0.5
"""Seconds between two rounds of writing."""
_MOST: Final = 100
"""Documents that are recovered at once."""
_UNREADABLE: Final = "unreadable"


@dataclass(frozen=True, slots=True, eq=False)
class Recovered:
    """A document that was not saved, and the file that keeps it still. `at` is when it was last changed, Unix time."""

    document: Document
    at: float
    file: Path


class Journal:
    """See the module's head. `problem` says why the last round kept nothing; whoever tells of it clears it."""

    def __init__(self, folder: Path) -> None:
        self._home = _Home(folder)
        self._files: dict[Sheet, str] = {}
        self._noted: dict[Sheet, Graph] = {}
        self._count = 0
        self._news = threading.Condition()
        self._wanted: dict[str, Record | None] = {}
        """What is to be done: the record of each file, or None if it is to go. Guarded by `_news`."""
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self.problem = ""

    def update(self, sheets: Iterable[Sheet], on: bool = True) -> None:
        """See that what is not saved is kept; with `on` false, that nothing is."""
        unsaved = {sheet: sheet.document.graph for sheet in sheets if sheet.document.dirty} if on else {}
        if len(unsaved) == len(self._noted) and all(self._noted.get(each) is graph for each, graph in unsaved.items()):
            return
        for sheet in [sheet for sheet in self._noted if sheet not in unsaved]:
            self._want(self._files.pop(sheet), None)
            del self._noted[sheet]
        for sheet, graph in unsaved.items():
            if self._noted.get(sheet) is not graph:
                self._noted[sheet] = graph
                document = sheet.document
                self._want(self._file_of(sheet), Record(graph, document.name, document.path, time.time()))

    def recover(self, migrate: NodeMigration) -> tuple[list[Recovered], list[str]]:
        """What editors that no longer live have left, now in this one's keeping, and what cannot be read of it."""
        found: list[Recovered] = []
        problems: list[str] = []
        for file in self._home.inherit(_MOST):
            try:
                record = read_record(file, migrate)
            except (OSError, ValueError, RecursionError) as error:
                problems.append(f"Unsaved work cannot be read: {error}. It is kept as {self._home.put_aside(file)}")
                continue
            document = Document(record.graph, record.path, record.title)
            document.history.mark_unsaved()
            document.unseen_since(record.at)
            found.append(Recovered(document, record.at, file))
        return found, problems

    def take(self, sheet: Sheet, recovered: Recovered) -> None:
        """Say which sheet shows a recovered document: its file is from now on that sheet's."""
        self._files[sheet], self._noted[sheet] = recovered.file.name, recovered.document.graph

    def close(self, keep: bool) -> None:
        """Write what is still to be written. Unless it is to be kept for the next start, all of it goes."""
        with self._news:
            self._ending.set()
            self._news.notify()
        if self._thread is not None:
            self._thread.join(10.0)
        self._home.leave(keep)

    def _file_of(self, sheet: Sheet) -> str:
        if sheet not in self._files:
            self._count += 1
            self._files[sheet] = f"{self._count}.json"
        return self._files[sheet]

    def _want(self, file: str, record: Record | None) -> None:
        with self._news:
            self._wanted[file] = record
            self._news.notify()
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="journal", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        """The thread: the newest of each file, round after round."""
        while True:
            with self._news:
                self._news.wait_for(lambda: self._wanted or self._ending.is_set())
                wanted, self._wanted = self._wanted, {}
            if not wanted:
                return
            for name, record in wanted.items():
                try:
                    self._home.put(name, record)
                except (OSError, ValueError) as error:
                    self._try_again(name, record)
                    why = getattr(error, "strerror", None) or error
                    self.problem = f"Unsaved work cannot be kept in {self._home.folder}: {why}"
            self._ending.wait(_EVERY)

    def _try_again(self, name: str, record: Record | None) -> None:
        """In the next round, unless there is something newer by then, or no next round."""
        with self._news:
            if not self._ending.is_set():
                self._wanted.setdefault(name, record)


class _Home:
    """The folder of all journals, and in it the one of this editor, once it is needed. Any thread, one at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._own: Path | None = None
        self._lock: IO[bytes] | None = None

    def put(self, name: str, record: Record | None) -> None:
        """Make a file be this record, or not be. Raises OSError."""
        if record is not None:
            write_whole(self._place() / name, record.text())
        elif self._own is not None:
            (self._own / name).unlink(missing_ok=True)

    def inherit(self, most: int) -> list[Path]:
        """Move the records of editors that no longer live into this one's folder; where they are now."""
        moved: list[Path] = []
        for folder in sorted(_folders(self.folder)):
            lock = folder.with_suffix(".lock")
            if folder.name == _UNREADABLE or (handle := _locked(lock)) is None:
                continue
            with handle:
                for file in sorted(folder.glob("*.json"))[: most - len(moved)]:
                    with suppress(OSError):
                        moved.append(file.replace(self._place() / f"{folder.name}-{file.name}"))
                _remove(folder, lock)
        return moved

    def put_aside(self, file: Path) -> Path:
        """Keep a file that cannot be read where nobody reads it again."""
        aside = self.folder / _UNREADABLE / file.name
        with suppress(OSError):
            aside.parent.mkdir(exist_ok=True)
            return file.replace(aside)
        return file

    def leave(self, keep: bool) -> None:
        """The editor ends."""
        if self._lock is not None and self._own is not None:
            if not keep:
                shutil.rmtree(self._own, ignore_errors=True)
            self._lock.close()
            if not self._own.exists():
                self._own.with_suffix(".lock").unlink(missing_ok=True)

    def _place(self) -> Path:
        """The folder of this editor, made and locked. Raises OSError."""
        if self._own is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            own = self.folder / f"{os.getpid()}-{os.urandom(4).hex()}"
            self._lock = _locked(own.with_suffix(".lock"))  # before there is a folder that somebody could take
            own.mkdir()
            self._own = own
        return self._own


def _folders(folder: Path) -> list[Path]:
    try:
        return [each for each in folder.iterdir() if each.is_dir()]
    except OSError:
        return []


def _locked(path: Path) -> IO[bytes] | None:
    """The lock file, open and locked, or None if somebody has it."""
    from nodeflow.models.file_lock import take

    try:
        return take(path)
    except OSError:
        return None


def _remove(folder: Path, lock: Path) -> None:
    """Take an empty folder away with its lock; what is still in it stays for the next start."""
    for left in folder.glob(".*.tmp"):  # half written when its editor ended
        with suppress(OSError):
            left.unlink()
    with suppress(OSError):
        folder.rmdir()
        lock.unlink(missing_ok=True)

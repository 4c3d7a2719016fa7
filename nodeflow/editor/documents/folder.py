"""What lies in folders, read by a thread so that no frame waits for a disk or a network.

    folders = Folders()
    listing = folders.listing(Path("/home/me/clips"))      # None until it is read
    offered(listing, ask, "holi")                        # what of it may be the answer, for what is typed

GUI thread only, except as said.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

from nodeflow.editor.documents.dialogs import Ask
from nodeflow.editor.reading import Reading

_MOST: Final = 20_000
"""Names of a folder that are read: of more, nobody finds one in a list."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`changed` is when a file was last written, Unix time; 0 where that is not known."""

    name: str
    is_folder: bool
    changed: float = 0.0


@dataclass(frozen=True, slots=True)
class Listing:
    """A folder as it was when it was read: folders first, then files, by name. `fault` says why there is nothing."""

    folder: Path
    entries: tuple[Entry, ...] = ()
    fault: str = ""


class Folders:
    """The folder that was asked for last."""

    def __init__(self) -> None:
        self._wanted: Path | None = None
        self.now: Listing | None = None
        """What was read last. Another object whenever something was read."""
        self._reading = Reading("reading a folder", self._read)

    def listing(self, folder: Path) -> Listing | None:
        """What is in a folder, or None where it is not read yet."""
        if self._wanted != folder:
            self._wanted = folder
            self._reading.want()
        now = self.now
        return now if now is not None and now.folder == folder else None

    def _read(self) -> None:
        """Called on the thread."""
        if self._wanted is not None:
            self.now = listed(self._wanted)


def start_of(ask: Ask) -> tuple[Path, str]:
    """The folder to begin in, and the name that stands in the field, relative to it."""
    start = Path(os.path.abspath(ask.start or Path.cwd()))
    folder = start
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    return folder, "" if folder == start else str(start.relative_to(folder))


def listed(folder: Path) -> Listing:
    """Look into a folder. Any thread."""
    entries = []
    try:
        with os.scandir(folder) as found:
            for each in found:
                entries.append(_entry(each))
                if len(entries) == _MOST:
                    break
    except (OSError, ValueError) as error:
        return Listing(folder, (), f"{folder} cannot be looked into: {getattr(error, 'strerror', None) or error}")
    return Listing(folder, tuple(sorted(entries, key=lambda each: (not each.is_folder, each.name.casefold()))))


def offered(listing: Listing, ask: Ask, typed: str) -> list[Entry]:
    """What of a folder may be chosen, or entered: those that begin with what is typed, then those that have it in them.

    Of files, those with the endings that are asked for; what is hidden only where a dot is typed.
    """
    part = typed.casefold()
    fitting = [each for each in listing.entries if _fits(each, ask) and part in each.name.casefold()]
    shown = [each for each in fitting if part.startswith(".") or not each.name.startswith(".")]
    return sorted(shown, key=lambda each: (each.name.casefold() != part, not each.name.casefold().startswith(part)))


def _fits(entry: Entry, ask: Ask) -> bool:
    if entry.is_folder or ask.mode == "folder":
        return entry.is_folder
    return not ask.patterns or any(fnmatch(entry.name.lower(), pattern.lower()) for pattern in ask.patterns)


def _entry(found: os.DirEntry[str]) -> Entry:
    try:
        return Entry(found.name, True) if found.is_dir() else Entry(found.name, False, found.stat().st_mtime)
    except OSError:
        return Entry(found.name, False)

"""What importers made of fetched files, kept in the cache, and which of it goes when it is too much.

    store = Converted(cache)
    made = store.hold(key, "pose.tflite", watch) / "pose.onnx"      # it stays while this process lives
    if not is_whole(made): ...                                      # convert.py makes it
    store.trim(keys_of_all_cards, limit())                          # after each conversion

All of it can be made again, so it need not stay for ever: what no card of this version stands for (an older importer
made it, or the card is another now) goes a week after it was last used; and where more than the limit is left, this
goes first, then what was used the longest time ago. What a running program has open stays, and whatever was downloaded
is never touched. The limit is 4 GB, or what `NODEFLOW_CONVERTED_LIMIT` says ("500 MB").
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Collection
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nodeflow.models.cache import DAY, Cache, sha256_as_read
from nodeflow.models.errors import ModelError
from nodeflow.models.watch import Watch
from nodeflow.sizes import bytes_of

LIMIT: Final = 4_000_000_000
"""Bytes: the networks of the whole library, several times over."""
STALE: Final = 7 * DAY
"""Seconds after its last use that what no card stands for stays: an older NodeFlow beside this one may use it still."""

_KEY: Final = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Entry:
    """What was made of one file: `bytes` that only it takes, `used` when it was last fetched for use (seconds since
    1970)."""

    key: str
    bytes: int
    used: float


@dataclass(frozen=True, slots=True)
class Trimmed:
    """What a trim has done: what went, and what should have gone and is in use."""

    gone: tuple[Entry, ...]
    in_use: tuple[Entry, ...]


def limit() -> int:
    """Bytes that converted files may take together. Raises ModelError where `NODEFLOW_CONVERTED_LIMIT` is no size."""
    said = os.environ.get("NODEFLOW_CONVERTED_LIMIT", "")
    if not said:
        return LIMIT
    size = bytes_of(said)
    if size is None:
        raise ModelError(
            f"NODEFLOW_CONVERTED_LIMIT is {said[:40]!r}, which is no size: set it to one like 500 MB, or unset it"
        )
    return size


def is_whole(made: Path) -> bool:
    """Whether a converted file is as it was made."""
    try:
        return sha256_as_read(made) == seal_of(made).read_text("ascii")
    except (OSError, UnicodeDecodeError):
        return False


def seal_of(made: Path) -> Path:
    """Where the sha256 of a converted file stands."""
    return made.with_name(made.name + ".sha256")


class Converted:
    """The converted files of a cache, each in a folder by its key: 16 hex digits. Any thread, any process."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._root = cache.folder / "onnx"

    def folder(self, key: str) -> Path:
        """Where what has that key lies, or would."""
        return self._root / key

    def lock(self, key: str, what: str, watch: Watch) -> AbstractContextManager[None]:
        """Held by who makes what has that key; `what` it is made of is said where somebody does so already."""
        return self._cache.lock(key, watch, _busy(what))

    def hold(self, key: str, what: str, watch: Watch) -> Path:
        """Its folder, be anything there or not: from now on it stays as long as this process lives."""
        self._cache.hold(key, watch, _busy(what))
        return self.folder(key)

    def entries(self) -> list[Entry]:
        """All that there is, in no order. What is not as this module makes it, a link above all, is nobody's to
        delete, and left out."""
        try:
            with os.scandir(self._root) as found:
                folders = [each for each in found if _KEY.fullmatch(each.name) and each.is_dir(follow_symlinks=False)]
        except FileNotFoundError:
            return []
        return [_entry(Path(folder)) for folder in folders]

    def trim(self, known: Collection[str], most: int, stale: float = STALE, *, dry_run: bool = False) -> Trimmed:
        """Delete what has none of the `known` keys and was not used for `stale` seconds, and, in the order that the
        module's head tells, what is above `most` bytes. What is in use stays. A dry run deletes nothing."""
        gone: list[Entry] = []
        in_use: list[Entry] = []
        entries, now = self.entries(), time.time()
        left = sum(entry.bytes for entry in entries)
        for entry in sorted(entries, key=lambda each: (each.key in known, each.used, each.key)):
            is_stale = entry.key not in known and now - entry.used >= stale
            if left <= most and not is_stale:
                continue
            if self._goes(entry, dry_run):
                left -= entry.bytes
                gone.append(entry)
            else:
                in_use.append(entry)
        return Trimmed(tuple(gone), tuple(in_use))

    def delete(self, key: str) -> int:
        """Delete what has that key: who calls has seen to it that nobody uses it. Returns the bytes freed."""
        folder = self.folder(key)
        freed = _entry(folder).bytes
        shutil.rmtree(folder, ignore_errors=True)  # it follows no link
        return freed

    def _goes(self, entry: Entry, dry_run: bool) -> bool:
        """Delete it, unless it is in use or this is a dry run. Whether it went, or would."""
        with self._cache.if_unused(entry.key) as unused:
            if not unused:
                return False
            if not dry_run:
                self.delete(entry.key)
            return dry_run or not self.folder(entry.key).exists()


def _busy(what: str) -> str:
    return f"{what}: being converted elsewhere"


def _entry(folder: Path) -> Entry:
    """What one folder holds, engines that TensorRT built of it included. A link to a downloaded file takes nothing."""
    size, used = 0, 0.0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):  # deleted meanwhile
                state = os.lstat(os.path.join(parent, name))
                size += state.st_size if state.st_nlink == 1 else 0
                used = max(used, state.st_atime)
    return Entry(folder.name, size, used)

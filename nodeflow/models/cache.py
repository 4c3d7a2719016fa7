"""The folder where fetched files stay, shared by every NodeFlow of one user.

    files/<key, 16 digits>/<name>        fetched files, by content; beside one that is not pinned, <name>.sha256
    onnx/<key>/<name>.onnx               what importers made of them, with <name>.onnx.sha256 beside it (converted.py)
    uses/<key>-<process>                 marks of what running programs have open of it (in_use.py)
    proved/<key>                         an empty file for each stranger's model that opened within bounds
    samples/<id>/                        samples that are folders: copies of fetched files
    partial/                             downloads under way; a broken one waits here to be resumed
    locks/                               an empty file for each download or conversion that runs now (file_lock.py)

Nothing appears under files/ or onnx/ before it is whole and verified: files are written elsewhere on the same disk
and renamed. Several processes and threads may use one cache; who wants to write holds the lock of what is written. A
key is 16 hex digits that say what content a folder has; what a process holds by its key is deleted by no other.
The folder is `NODEFLOW_CACHE` if that is set, else the user's cache folder of the platform.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from nodeflow.models.errors import ModelError
from nodeflow.models.file_lock import give_back, take
from nodeflow.models.in_use import hold, is_held
from nodeflow.models.watch import Watch
from nodeflow.sizes import size_text

if TYPE_CHECKING:
    from nodeflow.models.sources import File

SPARE = 64 * 2**20
"""Bytes left free on the disk beyond what a download needs."""


DAY = 24 * 3600


class Corrupt(ModelError):
    """A file whose content is not what its card says."""


def cache_folder() -> Path:
    """`NODEFLOW_CACHE`, else the user's cache folder. It need not exist."""
    if set_by_user := os.environ.get("NODEFLOW_CACHE"):
        return Path(set_by_user).expanduser().absolute()
    import platformdirs

    return platformdirs.user_cache_path("nodeflow", appauthor=False)


def sha256_of(path: Path) -> str:
    """The sha256 of a file, in hex digits."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


_read: dict[Path, tuple[tuple[int, int, int], str]] = {}
"""What this process has found in files, by what tells that they are as they were."""


def sha256_as_read(path: Path) -> str:
    """The same, of a file that this process has read already as it was then: a network of gigabytes takes seconds."""
    now = path.stat()
    state = now.st_ino, now.st_size, now.st_mtime_ns
    known = _read.get(path)
    if known is None or known[0] != state:
        known = _read[path] = state, sha256_of(path)
    return known[1]


class Cache:
    """Files by content below one folder. Holds no state but the folder; use it from any thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, file: File) -> Path:
        """Where a file lies once fetched."""
        return self.folder / "files" / file.short_key / file.name

    def sha256(self, file: File) -> str | None:
        """What a file's content must be: as the card says, or as it was the first time; None before that."""
        if file.sha256:
            return file.sha256
        try:
            return self._seal(file).read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None

    def has(self, file: File) -> bool:
        """Whether a file of the right size is there; a look, not a proof."""
        try:
            size = self.path(file).stat().st_size
        except OSError:
            return False
        if file.exact:
            return size == file.size
        return file.sha256 is not None or self._seal(file).exists()

    def find(self, file: File) -> Path | None:
        """The file if it is there and whole. One with the wrong content is thrown away."""
        path = self.path(file)
        if not self.has(file):
            return None
        if sha256_as_read(path) == self.sha256(file):
            return path
        path.unlink(missing_ok=True)
        return None

    def adopt(self, made: Path, file: File) -> Path:
        """Move a finished file into its place. Raises Corrupt, and deletes it, if it is not what the card says, or
        not what it was the first time."""
        size, digest, wanted = made.stat().st_size, sha256_of(made), self.sha256(file)
        fits = size == file.size if file.exact else size <= file.size
        if digest != (wanted or digest) or not fits:
            made.unlink(missing_ok=True)
            says = "the card says" if file.sha256 else "at first it was"
            raise Corrupt(
                f"{file.name} has the wrong content (sha256 {digest[:16]}..., {says} "
                f"{(wanted or digest)[:16]}...; {size} bytes of {file.size}) and was refused"
            )
        if wanted is None:
            seal = made.with_name(made.name + ".sha256")
            seal.write_text(digest, "ascii")
            put(seal, self._seal(file))
        return put(made, self.path(file))

    def forget(self, file: File) -> int:
        """Delete a file, and what it was the first time. Returns how many bytes were freed."""
        path = self.path(file)
        freed = path.stat().st_size if path.exists() else 0
        path.unlink(missing_ok=True)
        self._seal(file).unlink(missing_ok=True)
        engines = path.parent / "tensorrt"  # built of it, and larger (see providers.py)
        with suppress(OSError):
            if list(path.parent.iterdir()) == [engines]:
                freed += sum(each.stat().st_size for each in engines.iterdir())
                shutil.rmtree(engines)
            path.parent.rmdir()  # unless the same content lies here under another name, too
        return freed

    def touch(self, file: File) -> None:
        """Note that a file is used now."""
        touch(self.path(file))

    def used(self, file: File) -> float:
        """When a file was last used, in seconds since 1970. Raises OSError if it is not there."""
        return self.path(file).stat().st_atime

    def _seal(self, file: File) -> Path:
        path = self.path(file)
        return path.with_name(path.name + ".sha256")

    def gathered(self, name: str, files: Mapping[str, Path]) -> Path:
        """A folder with copies of fetched files, by the names that they have in it; what else lies there is deleted."""
        folder = self.folder / "samples" / name
        folder.mkdir(parents=True, exist_ok=True)
        for other in folder.iterdir():
            if other.name not in files:
                _delete(other)
        for each, path in files.items():
            place = folder / each
            if not is_same(place, path):
                with self.workshop() as made:
                    put(Path(shutil.copy2(path, made / each)), place)
        return folder

    def partial(self, name: str) -> Path:
        """Where a download that can be resumed is written."""
        folder = self.folder / "partial"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / name

    @contextmanager
    def workshop(self) -> Iterator[Path]:
        """A fresh folder on the cache's disk, gone when done."""
        parent = self.folder / "partial"
        parent.mkdir(parents=True, exist_ok=True)
        _sweep(parent)
        with tempfile.TemporaryDirectory(prefix="work-", dir=parent, ignore_cleanup_errors=True) as folder:
            yield Path(folder)

    def require_room(self, size: int) -> None:
        """Raises OSError, with the way out, unless `size` more bytes fit on the disk."""
        self.folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(self.folder).free
        if free < size + SPARE:
            raise OSError(
                f"the disk of {self.folder} has {size_text(free)} free and {size_text(size + SPARE)} are "
                "needed; free some, or set NODEFLOW_CACHE to a folder on another disk"
            )

    @property
    def uses(self) -> Path:
        """Where the marks of use are: see `in_use`."""
        return self.folder / "uses"

    def hold(self, key: str, watch: Watch, busy: str) -> None:
        """From now on what has that key, be anything there or not, stays as long as this process lives. `busy` is said
        while it is made or deleted elsewhere."""
        with suppress(OSError), self.lock(key, watch, busy):  # where nothing can be written, nothing is deleted
            hold(self.uses, key)

    @contextmanager
    def if_unused(self, key: str) -> Iterator[bool]:
        """Whether no process has what has that key open, which none begins to have meanwhile."""
        with self.lock_if_free(key) as free:
            yield free and not is_held(self.uses, key)

    @contextmanager
    def lock(self, name: str, watch: Watch, busy: str) -> Iterator[None]:
        """Hold the lock of that name; while another thread or process holds it, wait and say that it is `busy`. Freed
        even by a crash."""
        while (handle := take(self._lock_file(name))) is None:
            watch.say(f"{busy}, waiting")
            watch.wait(0.1)
        try:
            yield
        finally:
            give_back(handle)

    @contextmanager
    def lock_if_free(self, name: str) -> Iterator[bool]:
        """Hold the lock of that name if nobody holds it: whether it is held is told."""
        handle = take(self._lock_file(name))
        try:
            yield handle is not None
        finally:
            if handle is not None:
                give_back(handle)

    def _lock_file(self, name: str) -> Path:
        folder = self.folder / "locks"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / hashlib.sha256(name.encode()).hexdigest()[:16]


def _sweep(folder: Path) -> None:
    """Throw away what a process that was killed left behind: work folders of yesterday and before."""
    for left in folder.glob("work-*"):
        try:
            if left.stat().st_mtime < time.time() - DAY:
                shutil.rmtree(left, ignore_errors=True)
        except OSError:
            continue  # another process was quicker


def _delete(place: Path) -> None:
    """Whatever lies there, a folder that somebody has put there too."""
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def touch(path: Path) -> None:
    """Note that a file is used now."""
    with suppress(OSError):  # of somebody else, or on a disk that is read-only: then nobody can tell
        # To the nanosecond: by size and time of change it is known whether a file is the one that is loaded already.
        os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))


def is_same(place: Path, origin: Path) -> bool:
    """Whether a file is the other under a second name, or a copy that has its date."""
    if not place.exists():
        return False
    there, wanted = place.stat(), origin.stat()
    return place.samefile(origin) or (there.st_size, there.st_mtime_ns) == (wanted.st_size, wanted.st_mtime_ns)


def put(made: Path, place: Path) -> Path:
    """Rename a finished file into place, its content on the disk first. Returns `place`."""
    with made.open("rb+") as handle:
        os.fsync(handle.fileno())
    place.parent.mkdir(parents=True, exist_ok=True)
    os.replace(made, place)
    return place

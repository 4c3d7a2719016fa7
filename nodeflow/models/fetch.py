"""Getting one file into the cache: its sources in order, each judged by the file's sha256.

    1. a whole copy in the cache ends it, without a look at any source
    2. take the lock of what would be written, look again: another process may just have fetched it
    3. check that it fits on the disk, download, verify, rename into the cache
    4. where a source fails, note why and try the next; after the last, raise FetchFailed with all the reasons

A package is downloaded once for all files that any card wants of it: `siblings` says which. With `NODEFLOW_OFFLINE`
set only the cache and `file` sources serve.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from nodeflow.models.archive import BadArchive, extract
from nodeflow.models.cache import Cache, Corrupt, sha256_of
from nodeflow.models.download import DownloadFailed, Sized, download
from nodeflow.models.errors import FetchFailed
from nodeflow.models.packages import ToolFailed, download_package
from nodeflow.models.watch import Watch
from nodeflow.sizes import size_text

if TYPE_CHECKING:
    from nodeflow.models.sources import AddressSource, File, FileSource, PackageSource, Source

Siblings = Callable[["PackageSource"], Mapping[str, "File"]]
"""All files that are wanted from one package: member name -> file."""


class _Unfit(Exception):
    """A source gave something, but not the file."""


_wished = threading.Event()


def work_offline(wish: bool) -> None:
    """Forbid this process the network, or allow it again where `NODEFLOW_OFFLINE` does not forbid it."""
    (_wished.set if wish else _wished.clear)()


class Offline(NamedTuple):
    """What forbids the network, and what to do about it."""

    why: str
    way_out: str


def offline() -> Offline | None:
    """What forbids the network: `NODEFLOW_OFFLINE`, or a person's setting. None if it may be used."""
    if os.environ.get("NODEFLOW_OFFLINE", "") not in ("", "0"):
        return Offline("NODEFLOW_OFFLINE is set", "Unset NODEFLOW_OFFLINE")
    if _wished.is_set():
        return Offline("the settings say to work offline", "Turn off Work offline in the settings")
    return None


def fetch_file(file: File, folder: Path, cache: Cache, siblings: Siblings, watch: Watch) -> Path:
    """Return the path of `file` in the cache, fetching it if it is not there. `folder` is that of its card.

    Raises FetchFailed, Cancelled.
    """
    tried: list[tuple[str, str]] = []
    refused = unwritten = 0
    try:
        if held := cache.find(file):
            return held
        for source in file.sources:
            if (forbidden := offline()) and source.kind != "file":
                tried.append((source.label, forbidden.why))
                continue
            with cache.lock(_written(source, file), watch, f"{source.label}: being fetched elsewhere"):
                if held := cache.find(file):
                    return held
                try:
                    return _from(source, file, folder, cache, siblings, watch)
                except (DownloadFailed, ToolFailed, BadArchive, Corrupt, _Unfit, OSError) as error:
                    tried.append((source.label, str(error)))
                    refused += isinstance(error, Corrupt | _Unfit)
                    unwritten += isinstance(error, OSError)
    except OSError as error:
        tried.append((f"cache {cache.folder}", str(error)))
        unwritten += 1
    what, all_unwritten = f"{file.name} ({size_text(file.size)})", unwritten == len(tried)
    raise FetchFailed(what, tried, _NO_PLACE if all_unwritten else _way_out(file, cache, refused == len(tried)))


_NO_PLACE = "Make room there, or set NODEFLOW_CACHE to another folder, of yours and on a disk that has room"


def _written(source: Source, file: File) -> str:
    """The name of what a fetch writes: a whole package, or the file, wherever it comes from."""
    return source.label if source.kind in ("wheel", "npm") else file.key


def _way_out(file: File, cache: Cache, all_refused: bool) -> str:
    """What to do. Where every source gave a file and none was the right one, another try would give the same."""
    if all_refused and file.sha256 is None:
        return "Its source has another file now: `nodeflow models remove` forgets the old one, and you can fetch anew"
    if all_refused:
        return f"The card may be out of date: update NodeFlow, or correct the sha256 of {file.name} in the card"
    forbidden = offline()
    first = forbidden.way_out if forbidden else "Check the network and try again"
    return f"{first}, or copy the file to {cache.path(file)} yourself"


def _from(source: Source, file: File, folder: Path, cache: Cache, siblings: Siblings, watch: Watch) -> Path:
    if source.kind == "file":
        return _from_disk(source, file, folder, cache)
    if source.kind == "wheel" or source.kind == "npm":
        return _from_package(source, file, cache, siblings, watch)
    return _from_address(source, file, cache, watch)


def _from_disk(source: FileSource, file: File, folder: Path, cache: Cache) -> Path:
    origin = folder / Path(source.path).expanduser()
    if not origin.is_file():
        raise _Unfit(f"there is no file {origin}")
    size = origin.stat().st_size
    if size > file.size or (file.exact and size < file.size):
        wanted = f"not the {file.size} that the card says" if file.exact else f"and the card allows {file.size}"
        raise _Unfit(f"{origin} has {size} bytes, {wanted}")
    cache.require_room(size)
    with cache.workshop() as work:
        return cache.adopt(Path(shutil.copyfile(origin, work / file.name)), file)


def _from_address(source: AddressSource, file: File, cache: Cache, watch: Watch) -> Path:
    cache.require_room(file.size)
    partial, length = cache.partial(file.key), Sized(file.size, exact=file.exact)
    begun = partial.exists()
    download(source.url, partial, length, file.name, watch)
    try:
        return cache.adopt(partial, file)
    except Corrupt:
        if not begun:
            raise
    # What had come before may have been of another file, or of another source.
    watch.say(f"{file.name}: from the beginning")
    download(source.url, partial, length, file.name, watch)
    return cache.adopt(partial, file)


def _from_package(source: PackageSource, file: File, cache: Cache, siblings: Siblings, watch: Watch) -> Path:
    wanted = {**siblings(source), source.member: file}
    wanted = {member: each for member, each in wanted.items() if each is file or not cache.has(each)}
    # The archive lies in the tool's own folder and in ours for a moment, then its files beside it.
    cache.require_room(2 * source.artifact_size + sum(each.size for each in wanted.values()))
    with cache.workshop() as work:
        archive = download_package(source, work, watch)
        if source.artifact_sha256:
            _require_digest(archive, source.artifact_sha256)
        watch.say(f"{source.package} {source.version}: unpacking")
        places = {member: (work / f"{number}", each.size) for number, (member, each) in enumerate(wanted.items())}
        for member in extract(archive, places, watch):
            if member != source.member:
                _adopt_if_good(places[member][0], wanted[member], cache)
        if not places[source.member][0].exists():
            raise _Unfit(f"holds no {source.member} of {file.size} bytes")
        return cache.adopt(places[source.member][0], file)


def _require_digest(archive: Path, sha256: str) -> None:
    if (digest := sha256_of(archive)) != sha256:
        raise _Unfit(
            f"delivered {archive.name} with sha256 {digest[:16]}... where the card says {sha256[:16]}...; refused"
        )


def _adopt_if_good(made: Path, file: File, cache: Cache) -> None:
    """Keep another card's file that came along; a wrong one is that card's trouble, not this fetch's."""
    try:
        cache.adopt(made, file)
    except Corrupt:
        return

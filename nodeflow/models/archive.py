"""Taking named files out of a zip or tar that may be hostile.

Only members asked for by their exact name are written, only to the paths given here (never to a path of the
archive's own), only regular files, and never more bytes than asked for. Everything else in the archive is ignored.
"""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from nodeflow.models.watch import Watch

Wanted = Mapping[str, tuple[Path, int]]
"""Member name -> (where to write it, its size in bytes)."""

UNPACKED_LIMIT = 8 * 2**30
"""Bytes a tar may unfold to before reading it stops: a guard against bombs."""

_CHUNK = 1 << 20


class BadArchive(Exception):
    """An archive that cannot be read, or does not hold what was asked for."""


def extract(archive: Path, wanted: Wanted, watch: Watch) -> list[str]:
    """Write the wanted members of a .whl/.zip or .tgz and return the names found, in any order.

    A member that is missing, not a regular file or of another size is left out. Raises BadArchive if the archive
    itself cannot be read, Cancelled.
    """
    try:
        if archive.suffix in (".whl", ".zip"):
            return _from_zip(archive, wanted, watch)
        return _from_tar(archive, wanted, watch)
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise BadArchive(f"{archive.name} cannot be unpacked: {error}") from error


def _from_zip(archive: Path, wanted: Wanted, watch: Watch) -> list[str]:
    found = []
    with zipfile.ZipFile(archive) as packed:
        members = {info.filename: info for info in packed.infolist()}
        for name, (target, size) in wanted.items():
            info = members.get(name)
            if info is None or info.is_dir() or info.file_size != size:
                continue
            with packed.open(info) as source:
                _copy(source, target, size, watch)
            found.append(name)
    return found


def _from_tar(archive: Path, wanted: Wanted, watch: Watch) -> list[str]:
    found: list[str] = []
    with tarfile.open(archive, "r|gz") as packed:
        for member in packed:
            watch.check()
            if member.offset_data + member.size > UNPACKED_LIMIT:
                raise BadArchive(f"{archive.name} unfolds to more than {UNPACKED_LIMIT >> 30} GB")
            target, size = wanted.get(member.name, (None, 0))
            if target is None or not member.isreg() or member.size != size or member.name in found:
                continue
            source = packed.extractfile(member)
            if source is not None:
                _copy(source, target, size, watch)
                found.append(member.name)
            if len(found) == len(wanted):
                break
    return found


def _copy(source: IO[bytes], target: Path, size: int, watch: Watch) -> None:
    left = size
    with target.open("xb") as out:
        while left and (chunk := source.read(min(left, _CHUNK))):
            watch.check()
            out.write(chunk)
            left -= len(chunk)
    if left or source.read(1):
        target.unlink()
        raise BadArchive(f"a member is not as long as its archive says ({size} bytes)")

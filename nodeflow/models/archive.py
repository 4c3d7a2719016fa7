"""Taking named files out of a zip or tar that may be hostile.

Only members asked for by their exact name are written, only to the paths given here (never to a path of the
archive's own), only regular files, and never more bytes than asked for. Everything else in the archive is ignored.
"""

from __future__ import annotations

import gzip
import tarfile
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from nodeflow.models.watch import Watch

Wanted = Mapping[str, tuple[Path, int]]
"""Member name -> (where to write it, its size in bytes)."""

Stream = IO[bytes] | gzip.GzipFile

UNPACKED_LIMIT = 8 * 2**30
"""Bytes a tar may unfold to before reading it stops: a guard against bombs."""
LONGEST_NOTE = 2**20
"""Bytes of what a tar says of its next member, such as a long name."""

_CHUNK = 1 << 20
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How wheels are packed. (LZMA's first bytes may ask for 4 GB of memory.)"""
_FILES = (tarfile.REGTYPE, tarfile.AREGTYPE)


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
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError) as error:
        raise BadArchive(f"{archive.name} cannot be unpacked: {error}") from error
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise BadArchive(f"{archive.name} cannot be unpacked: {error}") from error


def _from_zip(archive: Path, wanted: Wanted, watch: Watch) -> list[str]:
    found = []
    with zipfile.ZipFile(archive) as packed:
        members = {info.filename: info for info in packed.infolist()}
        for name, (target, size) in wanted.items():
            info = members.get(name)
            if info is None or info.is_dir() or info.file_size != size:
                continue
            if info.compress_type not in _PACKINGS:
                raise BadArchive(f"{archive.name} is packed as no wheel is")
            with packed.open(info) as source:
                _copy(source, target, size, watch)
                if source.read(1):  # the checksum is looked at here
                    raise BadArchive(f"a member is longer than its archive says ({size} bytes)")
            found.append(name)
    return found


def _from_tar(archive: Path, wanted: Wanted, watch: Watch) -> list[str]:
    found: list[str] = []
    end = 0  # of the member before
    with gzip.open(archive) as packed:
        while len(found) < len(wanted):
            while (left := end - packed.tell()) > 0 and packed.read(min(left, _CHUNK)):
                watch.check()
            member = _next_member(packed)
            if member is None:
                break
            end = packed.tell() + _padded(member.size)
            if end > UNPACKED_LIMIT:
                raise BadArchive(f"{archive.name} unfolds to more than {UNPACKED_LIMIT >> 30} GB")
            target, size = wanted.get(member.name, (None, 0))
            if target is None or member.type not in _FILES or member.size != size or member.name in found:
                continue
            _copy(packed, target, size, watch)
            found.append(member.name)
    return found


def _next_member(packed: Stream) -> tarfile.TarInfo | None:
    """What the tar says of its next member, whose content comes then; None at the end.

    `tarfile` itself would take whatever is said there into memory, were it as long as the limit.
    """
    notes: dict[str, str] = {}
    while any(head := packed.read(tarfile.BLOCKSIZE)):
        member = tarfile.TarInfo.frombuf(head, "utf-8", "surrogateescape")
        if member.type not in (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK):
            member.name = notes.get("path", member.name)
            member.size = int(notes.get("size", member.size))
            return member
        if packed.tell() > UNPACKED_LIMIT or not 0 <= member.size <= LONGEST_NOTE:
            raise BadArchive("what the archive says of a member is too long")
        said = packed.read(_padded(member.size))[: member.size]
        if member.type == tarfile.XHDTYPE:
            notes |= _pax(said)
        elif member.type == tarfile.GNUTYPE_LONGNAME:
            notes["path"] = said.rstrip(b"\0").decode("utf-8", "surrogateescape")
    return None


def _pax(said: bytes) -> dict[str, str]:
    """The records of a header of POSIX's: "27 path=a/long/name.onnx\\n". Raises ValueError."""
    records, at = {}, 0
    while at < len(said):
        length, _, _ = said[at : at + 20].partition(b" ")
        record = said[at : at + int(length)]
        if len(record) != int(length) or not record.endswith(b"\n"):
            raise ValueError("a header of it is damaged")
        name, _, value = record[len(length) + 1 : -1].decode("utf-8", "surrogateescape").partition("=")
        records[name] = value
        at += len(record)
    return records


def _padded(size: int) -> int:
    """The whole blocks that so many bytes take in a tar."""
    return -(-size // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE


def _copy(source: Stream, target: Path, size: int, watch: Watch) -> None:
    left = size
    with target.open("xb") as out:
        while left and (chunk := source.read(min(left, _CHUNK))):
            watch.check()
            out.write(chunk)
            left -= len(chunk)
    if left:
        raise BadArchive(f"a member is shorter than its archive says ({size} bytes)")

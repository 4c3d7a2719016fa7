"""Hostile archives: only what was asked for comes out, and only where it was asked for."""

from __future__ import annotations

import contextlib
import gzip
import io
import tarfile
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from nodeflow.models import archive as archive_module
from nodeflow.models.archive import BadArchive, extract
from nodeflow.models.watch import Watch


def make_zip(path: Path, members: list[tuple[str, bytes]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members:
            packed.writestr(name, data)
    return path


def make_tar(path: Path, entries: list[tuple[tarfile.TarInfo, bytes]]) -> Path:
    with tarfile.open(path, "w:gz") as packed:
        for entry, data in entries:
            entry.size = len(data)
            packed.addfile(entry, io.BytesIO(data))
    return path


def regular(name: str) -> tarfile.TarInfo:
    return tarfile.TarInfo(name)


def link(name: str, to: str, kind: bytes) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, to
    return entry


def test_only_the_wanted_member_is_written(tmp_path: Path) -> None:
    packed = make_zip(tmp_path / "a.whl", [("../../escape", b"evil"), ("/abs", b"evil"), ("in/file", b"good")])
    out = tmp_path / "out"
    assert extract(packed, {"in/file": (out, 4)}, Watch()) == ["in/file"]
    assert out.read_bytes() == b"good"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.whl", "out"]


def test_a_member_that_climbs_out_goes_where_it_was_asked_to(tmp_path: Path) -> None:
    packed = make_tar(tmp_path / "a.tgz", [(regular("../../escape"), b"evil")])
    out = tmp_path / "out"
    assert extract(packed, {"../../escape": (out, 4)}, Watch()) == ["../../escape"]
    assert out.read_bytes() == b"evil"
    assert not (tmp_path.parent.parent / "escape").exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_links_and_devices_are_no_files(tmp_path: Path, kind: bytes) -> None:
    packed = make_tar(tmp_path / "a.tgz", [(link("wanted", "/etc/passwd", kind), b"")])
    out = tmp_path / "out"
    assert extract(packed, {"wanted": (out, 0)}, Watch()) == []
    assert not out.is_symlink()
    assert not out.exists()


def test_a_link_cannot_stand_in_for_a_later_member(tmp_path: Path) -> None:
    entries = [(link("wanted", "/etc/passwd", tarfile.SYMTYPE), b""), (regular("wanted"), b"good")]
    out = tmp_path / "out"
    assert extract(make_tar(tmp_path / "a.tgz", entries), {"wanted": (out, 4)}, Watch()) == ["wanted"]
    assert out.read_bytes() == b"good"


@pytest.mark.parametrize("suffix", [".whl", ".tgz"])
def test_a_member_of_another_size_stays_packed(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    if suffix == ".whl":
        make_zip(path, [("wanted", b"x" * 10_000_000)])
    else:
        make_tar(path, [(regular("wanted"), b"x" * 10_000_000)])
    out = tmp_path / "out"
    assert extract(path, {"wanted": (out, 100)}, Watch()) == []
    assert not out.exists()


def test_a_zip_that_lies_about_a_size_is_refused(tmp_path: Path) -> None:
    packed = make_zip(tmp_path / "a.whl", [("wanted", b"x" * 1_000_000)])
    data = packed.read_bytes()
    start = data.rindex(b"PK\x01\x02")
    packed.write_bytes(data[: start + 24] + (100).to_bytes(4, "little") + data[start + 28 :])
    out = tmp_path / "out"
    with pytest.raises(BadArchive):
        extract(packed, {"wanted": (out, 100)}, Watch())


def test_a_tar_bomb_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "UNPACKED_LIMIT", 1_000_000)
    packed = make_tar(tmp_path / "a.tgz", [(regular("filler"), bytes(5_000_000)), (regular("wanted"), b"good")])
    with pytest.raises(BadArchive, match="unfolds"):
        extract(packed, {"wanted": (tmp_path / "out", 4)}, Watch())


@pytest.mark.parametrize(
    "content",
    [b"", b"junk", gzip.compress(b"junk", mtime=0), b"PK\x03\x04junk", gzip.compress(b"x" * 600, mtime=0)[:-9]],
)
@pytest.mark.parametrize("suffix", [".whl", ".tgz"])
def test_junk_is_a_clear_error_or_holds_nothing(tmp_path: Path, content: bytes, suffix: str) -> None:
    packed = tmp_path / f"a{suffix}"
    packed.write_bytes(content)
    out = tmp_path / "out"
    with contextlib.suppress(BadArchive):
        assert extract(packed, {"wanted": (out, 4)}, Watch()) == []
    assert not out.exists()


def test_a_truncated_tarball_is_refused(tmp_path: Path) -> None:
    import random

    noise = random.Random(1).randbytes(200_000)
    packed = make_tar(tmp_path / "a.tgz", [(regular("wanted"), noise)])
    packed.write_bytes(packed.read_bytes()[:100_000])
    with pytest.raises(BadArchive):
        extract(packed, {"wanted": (tmp_path / "out", len(noise))}, Watch())


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_members_of_every_kind_of_tar_are_found_by_their_names(tmp_path: Path, form: int) -> None:
    names = ["a", "package/" + "deep/" * 18 + "model.json"]
    names += [] if form == tarfile.USTAR_FORMAT else ["package/" + "very-" * 60 + "long.bin", "package/größer.bin"]
    packed = tmp_path / "a.tgz"
    with tarfile.open(packed, "w:gz", format=form) as made:
        for name in ["before", *names, "behind"]:
            entry = tarfile.TarInfo(name)
            entry.size = 1000 + len(name)
            made.addfile(entry, io.BytesIO(name.encode().ljust(entry.size, b".")))
    wanted = {name: (tmp_path / f"{at}", 1000 + len(name)) for at, name in enumerate(names)}
    assert extract(packed, wanted, Watch()) == names
    for name, (place, size) in wanted.items():
        assert place.read_bytes() == name.encode().ljust(size, b".")


def raw_tar(path: Path, kind: bytes, note: bytes) -> Path:
    """A tar with a note on its one member "wanted", of whatever it says."""
    head = tarfile.TarInfo("note")
    head.type, head.size = kind, len(note)
    member = tarfile.TarInfo("wanted")
    member.size = 4
    parts = [head.tobuf(tarfile.GNU_FORMAT), note, bytes(-len(note) % 512)]
    path.write_bytes(gzip.compress(b"".join([*parts, member.tobuf(tarfile.GNU_FORMAT), b"good", bytes(508 + 1024)]), 1))
    return path


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK])
def test_a_note_in_a_tar_is_not_taken_into_memory_however_long_it_is(tmp_path: Path, kind: bytes) -> None:
    packed = raw_tar(tmp_path / "a.tgz", kind, bytes(30_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(BadArchive, match="too long"):
            extract(packed, {"wanted": (tmp_path / "out", 4)}, Watch())
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "note",
    [b"10 size=x\n", b"22 GNU.sparse.map=a,b\n", b"junk", b"99 path=a\n", b"0 path=a\n", b"-9 path=a\n", b"9" * 5000],
)
def test_a_damaged_note_in_a_tar_is_a_clear_error_or_no_matter(tmp_path: Path, note: bytes) -> None:
    packed = raw_tar(tmp_path / "a.tgz", tarfile.XHDTYPE, note)
    with contextlib.suppress(BadArchive):
        assert extract(packed, {"wanted": (tmp_path / "out", 4)}, Watch()) == ["wanted"]


@pytest.mark.parametrize("packing", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_zip_that_is_packed_as_no_wheel_is_is_refused(tmp_path: Path, packing: int) -> None:
    packed = tmp_path / "a.whl"
    with zipfile.ZipFile(packed, "w", packing) as made:
        made.writestr("wanted", b"good" * 1000)
    with pytest.raises(BadArchive, match="as no wheel"):
        extract(packed, {"wanted": (tmp_path / "out", 4000)}, Watch())


def test_a_zip_with_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    packed = make_zip(tmp_path / "a.whl", [("größe", b"good")])
    packed.write_bytes(packed.read_bytes().replace("ö".encode(), b"\xff\xff"))
    with pytest.raises(BadArchive, match="cannot be unpacked"):
        extract(packed, {"wanted": (tmp_path / "out", 4)}, Watch())

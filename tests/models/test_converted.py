"""What was converted goes in the order that is promised, and never from under a process that has it open."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.models import CardError, ModelError, convert
from nodeflow.models.cache import DAY, Cache
from nodeflow.models.converted import STALE, Converted, is_whole, limit
from nodeflow.models.disk_use import disk_use, prune
from nodeflow.models.in_use import hold, is_held, is_held_elsewhere, release
from nodeflow.models.watch import Watch

from .conftest import Shop, held_elsewhere
from .stand_in_importer import Importer

NOW = time.time()

Kept = tuple[int, float, bool, bool]
"""Bytes, how many days ago it was used, whether a card stands for it, whether it is in use."""
_KEPT = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from([0.0, 1.0, 6.0, 8.0, 30.0]), st.booleans(), st.booleans()), max_size=7
)


def _put(folder: Path, key: str, size: int, days: float = 0.0) -> Path:
    made = folder / "onnx" / key / "m.onnx"
    made.parent.mkdir(parents=True)
    made.write_bytes(b"x" * size)
    os.utime(made, (NOW - days * DAY, NOW))
    return made


@contextmanager
def _stocked(kept: list[Kept]) -> Iterator[tuple[Converted, dict[str, Kept]]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        by_key = {f"{place:016x}": each for place, each in enumerate(kept)}
        for key, (size, days, _, used) in by_key.items():
            _put(folder, key, size, days)
            if used:
                hold(folder / "uses", key)
        yield Converted(Cache(folder)), by_key
        for key in by_key:
            release(folder / "uses", key)


@given(_KEPT, st.integers(0, 120))
def test_what_goes_is_what_must_and_in_order(kept: list[Kept], most: int) -> None:
    with _stocked(kept) as (store, by_key):
        known = {key for key, each in by_key.items() if each[2]}
        forecast = store.trim(known, most, dry_run=True)
        assert len(store.entries()) == len(kept)
        done = store.trim(known, most)
        assert done == forecast
        left = {entry.key: entry for entry in store.entries()}
    gone = [entry.key for entry in done.gone]
    assert set(gone) | set(left) == set(by_key)
    assert not any(by_key[key][3] for key in gone)

    def is_stale(key: str) -> bool:
        return key not in known and by_key[key][1] * DAY >= STALE

    free = [key for key in left if not by_key[key][3]]
    assert not any(map(is_stale, free))
    assert sum(entry.bytes for entry in left.values()) <= most or not free
    by_limit = [key for key in gone if not is_stale(key)]
    for key in by_limit:  # nothing stays that should have gone before it
        assert all((by_key[key][2], -by_key[key][1]) <= (by_key[other][2], -by_key[other][1]) for other in free)
    if by_limit:  # and the last of them had to go, too
        assert sum(entry.bytes for entry in left.values()) + by_key[by_limit[-1]][0] > most


def test_what_another_process_has_open_stays_until_that_ends(tmp_path: Path) -> None:
    key = "0" * 16
    _put(tmp_path, key, 5, days=30)
    store = Converted(Cache(tmp_path))
    with held_elsewhere(tmp_path / "uses", key):
        assert [entry.key for entry in store.trim((), 0).in_use] == [key]
    assert [entry.key for entry in store.trim((), 0).gone] == [key]
    assert not list((tmp_path / "uses").iterdir())
    assert store.entries() == []


def test_what_is_being_converted_stays(tmp_path: Path) -> None:
    store = Converted(Cache(tmp_path))
    _put(tmp_path, "1" * 16, 5, days=30)
    with store.lock("1" * 16, "m.tflite", Watch()):
        assert store.trim((), 0).gone == ()
    assert len(store.trim((), 0).gone) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_no_link_leads_out_of_the_cache(tmp_path: Path) -> None:
    outside = tmp_path / "mine"
    outside.mkdir()
    (outside / "photo.onnx").write_bytes(b"mine")
    store, cache = Converted(Cache(tmp_path / "cache")), tmp_path / "cache"
    _put(cache, "2" * 16, 5, days=30)
    (cache / "onnx" / ("2" * 16) / "tensorrt").symlink_to(outside)
    (cache / "onnx" / ("3" * 16)).symlink_to(outside)
    (cache / "onnx" / "notes").mkdir()
    (cache / "uses").mkdir()
    (cache / "uses" / ("2" * 16 + "-mark")).symlink_to(outside / "none")
    assert [(entry.key, entry.bytes) for entry in store.entries()] == [("2" * 16, 5)]
    store.trim((), 0, 0.0)
    store.delete("3" * 16)
    assert (outside / "photo.onnx").read_bytes() == b"mine"
    assert not (outside / "none").exists()
    assert sorted(path.name for path in (cache / "onnx").iterdir()) == ["3" * 16, "notes"]


def test_a_mark_is_made_anew_where_the_cache_was_deleted(tmp_path: Path) -> None:
    hold(tmp_path / "uses", "k")
    for mark in (tmp_path / "uses").iterdir():
        mark.unlink()
    assert not is_held(tmp_path / "uses", "k")
    hold(tmp_path / "uses", "k")
    assert is_held(tmp_path / "uses", "k")
    release(tmp_path / "uses", "k")
    assert not is_held(tmp_path / "uses", "k")


def test_of_programs_that_are_gone_no_more_marks_stay_than_there_are_things(tmp_path: Path) -> None:
    for _ in range(2):
        with held_elsewhere(tmp_path, "k"):
            assert is_held_elsewhere(tmp_path, "k")
            assert len(list(tmp_path.iterdir())) == 1
    assert not is_held(tmp_path, "k")


def test_a_conversion_makes_room_for_itself(stocked: Shop, importer: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = stocked.library.cache.folder
    for number in range(3):
        _put(cache, f"{number:016x}", 1000, days=3 - number)
    monkeypatch.setenv("NODEFLOW_CONVERTED_LIMIT", "2.5 kB")
    made = stocked.library.fetch("m")["pose"]
    there = {entry.key for entry in Converted(Cache(cache)).entries()}
    assert there == {made.parent.name, f"{1:016x}", f"{2:016x}"}
    assert made.exists()
    monkeypatch.setenv("NODEFLOW_CONVERTED_LIMIT", "much")
    assert stocked.library.fetch("m")["pose"] == made
    with pytest.raises(ModelError, match="NODEFLOW_CONVERTED_LIMIT is 'much'"):
        limit()


def test_cleaning_at_any_moment_of_a_fetch_takes_nothing_from_under_it(
    stocked: Shop, importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Converted(stocked.library.cache)
    made = stocked.library.fetch("m")["pose"]
    release(stocked.library.cache.folder / "uses", made.parent.name)

    def looked_at(place: Path) -> bool:
        store.trim((), 0, 0.0)
        whole = is_whole(place)
        store.trim((), 0, 0.0)
        return whole

    monkeypatch.setattr(convert, "is_whole", looked_at)
    assert stocked.library.fetch("m")["pose"].exists(), "it was marked before it was looked at"
    assert len(importer.given) == 1
    release(stocked.library.cache.folder / "uses", made.parent.name)
    store.trim((), 0, 0.0)
    assert stocked.library.fetch("m")["pose"].exists(), "what was gone before that is made again"
    assert len(importer.given) == 2


def test_each_byte_is_counted_once_and_a_prune_gives_back_what_it_says(stocked: Shop, importer: Importer) -> None:
    library, cache = stocked.library, stocked.library.cache.folder
    made = library.fetch("m")["pose"]
    _put(cache, "4" * 16, 700)
    (cache / "partial" / ("a" * 64)).write_bytes(b"y" * 90)
    os.utime(cache / "partial" / ("a" * 64), (NOW - 2 * DAY, NOW - 2 * DAY))
    old = cache / "files" / ("5" * 16)
    old.mkdir()
    (old / "gone.bin").write_bytes(b"z" * 50)
    os.utime(old / "gone.bin", (NOW - 9 * DAY, NOW - 9 * DAY))
    use = disk_use(library)
    (model,) = use.models
    assert (model.id, model.downloaded) == ("m", len(b"graph") + len(b"weights"))
    assert model.converted == sum(path.stat().st_size for path in made.parent.iterdir())
    assert (use.parts["outdated"], use.parts["unfinished"], use.parts["unlisted"]) == (700, 90, 50)
    assert use.total == sum(path.lstat().st_size for path in cache.rglob("*") if path.is_file())
    forecast = prune(library, 10**9, unlisted=True, dry_run=True)
    assert disk_use(library) == use
    assert prune(library, 10**9, unlisted=True) == forecast
    assert disk_use(library).total == use.total - sum(forecast.freed.values())
    assert (made.exists(), library.status("m")) == (True, "ready")
    assert prune(library, 0).in_use == model.converted
    assert made.exists()
    release(cache / "uses", made.parent.name)
    assert prune(library, 0).freed == {"beyond limit": model.converted}
    assert library.status("m") == "ready"


def test_what_another_program_has_open_is_not_pruned_and_what_broke_off_left_nothing(shop: Shop) -> None:
    library, cache = shop.library, shop.library.cache.folder
    old = cache / "files" / ("7" * 16)
    old.mkdir(parents=True)
    (old / "gone.bin").write_bytes(b"z" * 50)
    os.utime(old / "gone.bin", (NOW - 9 * DAY, NOW - 9 * DAY))
    (cache / "locks").mkdir()
    (cache / "locks" / "of-a-crash").touch()
    (cache / "proved").mkdir()
    for name, days in (("long-ago", 9), ("lately", 6)):
        (cache / "proved" / name).touch()
        os.utime(cache / "proved" / name, (NOW - days * DAY, NOW - 30 * DAY))
    with held_elsewhere(library.cache.uses, old.name):
        assert (prune(library, 0, unlisted=True).in_use, old.exists()) == (50, True)
        assert len(list(library.cache.uses.iterdir())) == 1
    assert prune(library, 0, unlisted=True).freed == {"unlisted": 50}
    assert [path.name for path in cache.rglob("*") if path.is_file()] == ["lately"]


def test_a_card_with_a_slip_does_not_cost_its_downloads(stocked: Shop, importer: Importer) -> None:
    library = stocked.library
    made = library.fetch("m")["pose"]
    release(library.cache.folder / "uses", made.parent.name)
    for path in (library.cache.folder / "files").rglob("*"):
        os.utime(path, (NOW - 30 * DAY, NOW - 30 * DAY))
    card = stocked.cards / "m.toml"
    whole = card.read_text()
    card.write_text(whole + "surprise = 1\n")
    with pytest.raises(CardError, match="Mend that first"):
        prune(library, 0, unlisted=True)
    prune(library, 0)
    card.write_text(whole)
    assert library.status("m") == "ready"


def test_removing_a_model_of_several_files_gives_their_bytes_back(shop: Shop) -> None:
    data = {"m.onnx": b"network", "m.onnx_data": b"weights" * 100}
    for name, content in data.items():
        (shop.folder / name).write_bytes(content)
    files = {name: (content, [{"kind": "file", "path": str(shop.folder / name)}]) for name, content in data.items()}
    shop.card("m", files, networks={"pose": {"file": "m.onnx", "beside": ["m.onnx_data"]}})
    made = shop.library.fetch("m")["pose"]
    assert made.with_name("m.onnx_data").read_bytes() == data["m.onnx_data"]
    assert disk_use(shop.library).models[0].total == sum(map(len, data.values()))
    shop.library.remove("m")
    assert not [path for path in shop.library.cache.folder.rglob("*.onnx*") if path.is_file()]


def test_a_converted_file_that_is_used_again_is_the_same_file(stocked: Shop, importer: Importer) -> None:
    """A session is shared by those who open a file of one size and time."""
    first = stocked.library.fetch("m")["pose"]
    os.utime(first, ns=(0, 1_700_000_000_123_456_789))
    again = stocked.library.fetch("m")["pose"].stat()
    assert again.st_mtime_ns == 1_700_000_000_123_456_789
    assert again.st_atime > 1_700_000_000


def test_an_entry_says_when_it_was_last_used(tmp_path: Path) -> None:
    _put(tmp_path, "6" * 16, 3, days=2)
    (entry,) = Converted(Cache(tmp_path)).entries()
    assert (entry.key, entry.bytes) == ("6" * 16, 3)
    assert entry.used == pytest.approx(NOW - 2 * DAY)

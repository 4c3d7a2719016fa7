"""Files of models are checked, told when they were last used, and removed, but never from under another process."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from nodeflow.models import InUse, Library
from nodeflow.models.cache import Cache
from nodeflow.models.convert import _key
from nodeflow.models.in_use import is_held
from nodeflow.models.watch import Watch

from .conftest import Shop, held_elsewhere, wheel_source


@pytest.fixture
def two(shop: Shop) -> Library:
    """Models a and b that share a file, both fetched."""
    shop.wheel("thing", "1.0", {"a.onnx": b"aaa", "b.onnx": b"bb", "both.onnx": b"shared"})
    for name in ("a", "b"):
        files = {
            each: (data, [wheel_source("thing", "1.0", each)])
            for each, data in ((f"{name}.onnx", {"a": b"aaa", "b": b"bb"}[name]), ("both.onnx", b"shared"))
        }
        shop.card(name, files)
        shop.library.files(name)
    return shop.library


def test_a_damaged_file_is_told_and_deleted(two: Library) -> None:
    assert two.verify("a") == {"a.onnx": "good", "both.onnx": "good"}
    two.cache.path(two.card("a").file("a.onnx")).write_bytes(b"xxx")
    assert two.verify("a") == {"a.onnx": "damaged", "both.onnx": "good"}
    assert two.verify("a") == {"a.onnx": "missing", "both.onnx": "good"}
    two.files("a")
    two.cache.path(two.card("a").file("a.onnx")).write_bytes(b"too long")
    assert two.verify("a")["a.onnx"] == "damaged"
    assert two.verify("a")["a.onnx"] == "missing"


def test_a_file_that_another_model_needs_stays(two: Library) -> None:
    assert two.remove("a") == 3
    assert (two.status("a"), two.status("b")) == ("not fetched", "ready")
    assert two.remove("b") == 2 + 6
    assert two.remove("b") == 0


def _converted(shop: Shop) -> tuple[Library, Path]:
    """A library in which model t is fetched, and the folder of what was made of it."""
    (shop.folder / "origin").write_bytes(b"weights")
    shop.card("t", {"a.tflite": (b"weights", [{"kind": "file", "path": str(shop.folder / "origin")}])})
    shop.library.files("t")
    card, cache = shop.library.card("t"), shop.library.cache
    made = cache.folder / "onnx" / _key(card, card.networks["pose"], cache)
    made.mkdir(parents=True)
    (made / "a.onnx").write_bytes(b"converted")
    return shop.library, made


def _keys(library: Library, model_id: str) -> list[str]:
    return [file.short_key for file in library.card(model_id).files]


def test_what_another_process_has_open_stays_unless_forced(two: Library) -> None:
    uses = two.cache.uses
    with held_elsewhere(uses, *_keys(two, "a")):
        with pytest.raises(InUse, match="has not stated open"):
            two.remove("a")
        assert two.status("a") == "ready", "nothing of it is gone"
        assert two.remove("b") == 2, "what both share is needed by a"
        assert two.remove("a", force=True) == 3 + 6
    two.files("a")
    assert two.remove("a") == 3, "b came in the same package again"
    assert two.remove("b") == 2 + 6
    assert list(uses.iterdir()) == []


def test_what_was_converted_for_another_process_stays_with_its_model(shop: Shop) -> None:
    library, made = _converted(shop)
    with held_elsewhere(library.cache.uses, made.name), pytest.raises(InUse):
        library.remove("t")
    assert made.exists()
    assert library.status("t") == "ready"


def test_what_this_process_has_fetched_it_holds_until_it_removes_it(two: Library) -> None:
    two.fetch("a")
    assert all(is_held(two.cache.uses, key) for key in _keys(two, "a"))
    two.remove("b")
    assert two.remove("a") == 3 + 6
    assert list(two.cache.uses.iterdir()) == []


def test_what_is_removed_before_it_can_be_held_is_fetched_again(two: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Cache.hold
    removed: list[bool] = []

    def hold(cache: Cache, key: str, watch: Watch, busy: str) -> None:
        if not removed:
            removed.append(bool(two.remove("a")))
        real(cache, key, watch, busy)

    monkeypatch.setattr(Cache, "hold", hold)
    assert two.fetch("a")["pose"].read_bytes() == b"aaa"
    assert removed == [True]


@pytest.mark.skipif(sys.platform == "win32", reason="there they stay until a prune")
def test_no_lock_is_left_behind(two: Library) -> None:
    two.fetch("a")
    two.remove("a")
    assert list((two.cache.folder / "locks").iterdir()) == []


def test_what_was_not_used_for_long_can_be_told(two: Library) -> None:
    assert two.idle_days("a") is not None
    paths = [two.cache.path(file) for file in two.card("a").files]
    for path in paths:
        os.utime(path, (path.stat().st_mtime - 40 * 86_400, path.stat().st_mtime))
    assert 39.9 < (two.idle_days("a") or 0.0) < 40.1
    two.cache.touch(two.card("a").files[0])
    assert (two.idle_days("a") or 1.0) < 0.01, "to use one of its files is to use the model"
    two.remove("a")
    assert two.idle_days("a") is None


def test_what_was_made_of_a_model_goes_with_it(shop: Shop) -> None:
    library, made = _converted(shop)
    assert library.remove("t") == len(b"weights") + len(b"converted")
    assert not made.exists()

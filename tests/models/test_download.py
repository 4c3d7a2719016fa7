"""Downloads from an address, against a server on this machine that misbehaves on request."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from nodeflow.models import Cancelled, FetchFailed
from nodeflow.models import download as download_module
from nodeflow.models.download import ATTEMPTS, DownloadFailed, Sized, download
from nodeflow.models.together import Job, together
from nodeflow.models.watch import Watch

from .conftest import Shop, sha

DATA = bytes(range(256)) * 5000


@dataclass
class Site:
    """Serves `data`. `script` says what to do with each request in turn, then it behaves."""

    address: str = ""
    script: list[str] = field(default_factory=list)
    data: bytes = DATA
    asked: list[str | None] = field(default_factory=list)
    gate: threading.Barrier | None = None
    """If set, requests wait here for one another."""
    now: int = 0
    most: int = 0


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    site, lock = Site(), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            site.asked.append(wanted)
            if site.gate is not None:
                with lock:
                    site.now += 1
                    site.most = max(site.most, site.now)
                site.gate.wait(60)
                with lock:
                    site.now -= 1
            what = site.script.pop(0) if site.script else "good"
            if what.isdigit():
                self.send_error(int(what))
                return
            if what.startswith(("later", "to ")):
                word, _, value = what.partition(" ")
                self.send_response(429 if word == "later" else 302)
                self.send_header("Retry-After" if word == "later" else "Location", value)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            begin = int(wanted[6:-1]) if wanted and what != "no ranges" else 0
            begin += 7 * (what == "elsewhere")
            body = site.data[begin:] + (b"more" if what == "too long" else b"")
            self.send_response(206 if begin else 200)
            if what != "too long":
                lies = {"says less": len(body) // 2, "says more": 2 * len(body)}
                self.send_header("Content-Length", str(lies.get(what, len(body))))
            if begin:
                self.send_header("Content-Range", f"bytes {begin}-{len(site.data) - 1}/{len(site.data)}")
            self.end_headers()
            if what == "drips":
                for place in range(0, len(body), len(body) // 200):
                    self.wfile.write(body[place : place + len(body) // 200])
                    self.wfile.flush()
                return
            self.wfile.write(body[: len(body) // 2] if what == "cut" else body)

        def log_message(self, *args: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.address = f"http://127.0.0.1:{server.server_address[1]}/file.bin"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setattr(download_module, "FIRST_PAUSE", 0.0)
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    yield site
    server.shutdown()
    thread.join()
    server.server_close()


def fetched(site: Site, partial: Path, **watch: object) -> bytes:
    download(site.address, partial, Sized(len(DATA)), "file.bin", Watch(**watch))  # type: ignore[arg-type]
    return partial.read_bytes()


def _got(shop: Shop, url: str, watch: Watch) -> bytes:
    partial = shop.folder / url.rpartition("/")[2]
    download(url, partial, Sized(len(DATA)), url, watch)
    return partial.read_bytes()


def test_a_file_arrives_and_progress_rises_to_one(site: Site, tmp_path: Path) -> None:
    parts: list[float | None] = []
    assert fetched(site, tmp_path / "p", progress=lambda text, part: parts.append(part)) == DATA
    assert parts == sorted(parts, key=lambda part: part or 0)
    assert parts[-1] == 1.0


def test_a_cut_connection_goes_on_where_it_stopped(site: Site, tmp_path: Path) -> None:
    site.script = ["cut", "cut"]
    assert fetched(site, tmp_path / "p") == DATA
    assert site.asked == [None, f"bytes={len(DATA) // 2}-", f"bytes={len(DATA) * 3 // 4}-"]


def test_a_broken_off_fetch_goes_on_the_next_time(site: Site, tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(DATA[:1000])
    assert fetched(site, tmp_path / "p") == DATA
    assert site.asked == ["bytes=1000-"]


def test_a_server_without_ranges_begins_again(site: Site, tmp_path: Path) -> None:
    site.script = ["cut", "no ranges"]
    assert fetched(site, tmp_path / "p") == DATA


def test_a_server_in_trouble_is_asked_again(site: Site, tmp_path: Path) -> None:
    site.script = ["503", "429"]
    assert fetched(site, tmp_path / "p") == DATA
    assert len(site.asked) == 3


def test_it_gives_up_in_the_end(site: Site, tmp_path: Path) -> None:
    site.script = ["503"] * 10
    with pytest.raises(DownloadFailed, match="503"):
        fetched(site, tmp_path / "p")
    assert len(site.asked) == ATTEMPTS


@pytest.mark.parametrize("far", [1 << 10, len(DATA)])
def test_an_attempt_that_came_far_does_not_count(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, far: int
) -> None:
    """Each gives half of what is left."""
    monkeypatch.setattr(download_module, "FAR", far)
    site.script = ["cut"] * 8
    if far < len(DATA):
        assert fetched(site, tmp_path / "p") == DATA
    else:
        with pytest.raises(DownloadFailed, match="the connection ended"):
            fetched(site, tmp_path / "p")
    assert len(site.asked) == (9 if far < len(DATA) else ATTEMPTS)


def test_pauses_between_attempts_grow(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download_module, "FIRST_PAUSE", 0.5)
    site.script = ["503", "503", "503"]
    now, asked = 0.0, list[float]()

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    def progress(text: str, fraction: float | None) -> None:
        if "trying again" in text:
            asked.append(round(now, 3))

    assert fetched(site, tmp_path / "p", sleep=sleep, now=lambda: now, progress=progress) == DATA
    assert asked == [0.0, 0.5, 1.5]
    assert round(now, 3) == 3.5


def test_a_proxy_of_the_environment_is_asked(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", site.address.removesuffix("/file.bin"))
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    site.address = "http://models.invalid/file.bin"
    assert fetched(site, tmp_path / "p") == DATA
    assert len(site.asked) == 1


def test_what_is_not_there_is_asked_for_once(site: Site, tmp_path: Path) -> None:
    site.script = ["404"] * 10
    with pytest.raises(DownloadFailed, match="404"):
        fetched(site, tmp_path / "p")
    assert len(site.asked) == 1


def test_a_server_that_sends_too_much_is_refused(site: Site, tmp_path: Path) -> None:
    site.script = ["too long"]
    with pytest.raises(DownloadFailed, match="more than"):
        fetched(site, tmp_path / "p")
    assert (tmp_path / "p").stat().st_size <= len(DATA)


def test_nobody_there_is_a_clear_error(site: Site, tmp_path: Path) -> None:
    site.address = "http://127.0.0.1:9/"
    with pytest.raises(DownloadFailed):
        fetched(site, tmp_path / "p")


def test_a_cancel_keeps_what_there_is_for_the_next_time(site: Site, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        fetched(site, tmp_path / "p", cancelled=lambda: (tmp_path / "p").exists())
    assert fetched(site, tmp_path / "p") == DATA


def test_a_card_fetches_from_an_address(site: Site, shop: Shop) -> None:
    shop.card("m", {"a.onnx": (DATA, [{"kind": "url", "url": site.address}])})
    assert shop.library.fetch("m")["pose"].read_bytes() == DATA
    assert shop.left_behind() == []


def test_files_of_one_model_come_side_by_side_three_at_most(site: Site, shop: Shop) -> None:
    site.gate = threading.Barrier(3)  # opens when three are asked for at once
    names = [f"{i}.bin" for i in range(6)]
    url = site.address.replace("file.bin", "")
    told: list[tuple[str, float | None]] = []
    threads: set[int] = set()

    def progress(text: str, fraction: float | None) -> None:
        threads.add(threading.get_ident())
        told.append((text, fraction))

    files = together(
        [Job(name, len(DATA), lambda watch, name=name: _got(shop, url + name, watch)) for name in names],
        Watch(progress=progress),
    )
    assert files == [DATA] * 6
    assert site.most == 3
    assert threads <= {threading.get_ident()}
    assert all(0 <= (fraction or 0) <= 1 for _, fraction in told)


def test_one_file_that_fails_ends_the_others_and_is_told() -> None:
    def fails(_: Watch) -> bytes:
        raise DownloadFailed("gone")

    def waits(watch: Watch) -> bytes:
        while True:
            watch.wait(0.01)

    jobs = [Job("a", 1, waits), Job("b", 1, fails), Job("c", 1, waits), Job("d", 1, waits)]
    with pytest.raises(DownloadFailed, match="gone"):
        together(jobs, Watch())
    asked = threading.Event()
    with pytest.raises(Cancelled):
        together(jobs[:1] + jobs[2:], Watch(progress=lambda *_: asked.set(), cancelled=asked.is_set))


def test_a_wrong_file_at_an_address_is_refused_and_leaves_nothing(site: Site, shop: Shop) -> None:
    shop.card("m", {"a.onnx": (DATA[:-1] + b"!", [{"kind": "url", "url": site.address}])})
    with pytest.raises(FetchFailed, match="wrong content"):
        shop.library.fetch("m")
    assert shop.left_behind() == []


def test_a_partial_file_of_other_content_is_found_out_and_it_begins_anew(site: Site, shop: Shop) -> None:
    shop.card("m", {"a.onnx": (DATA, [{"kind": "url", "url": site.address}])})
    file = shop.library.card("m").files[0]
    shop.library.cache.partial(file.key).write_bytes(b"junk")
    assert shop.library.fetch("m")["pose"].read_bytes() == DATA
    assert site.asked == ["bytes=4-", None]
    shop.library.remove("m")
    site.data = DATA[::-1]
    shop.library.cache.partial(file.key).write_bytes(b"junk")
    with pytest.raises(FetchFailed, match="wrong content"):
        shop.library.fetch("m")
    assert shop.left_behind() == []


def test_a_file_that_changes_while_it_is_fetched_is_fetched_anew(site: Site, shop: Shop) -> None:
    """The first half is of the old file; what is there now is what the card says."""
    shop.card("m", {"a.onnx": (DATA, [{"kind": "url", "url": site.address}])})
    file = shop.library.card("m").files[0]
    shop.library.cache.partial(file.key).write_bytes(DATA[::-1][: len(DATA) // 2])
    assert shop.library.fetch("m")["pose"].read_bytes() == DATA


@pytest.mark.parametrize("place", ["file:///etc/passwd", "ftp://127.0.0.1/x", "FILE:///etc/passwd", "data:,x"])
def test_an_address_leads_to_the_web_or_nowhere(site: Site, tmp_path: Path, place: str) -> None:
    site.script = [f"to {place}"]
    with pytest.raises(DownloadFailed, match=r"no address of the web|not allowed"):
        fetched(site, tmp_path / "p")
    assert not (tmp_path / "p").exists()
    site.script = [f"to {site.address}"]
    assert fetched(site, tmp_path / "p") == DATA


def test_a_circle_of_addresses_ends(site: Site, tmp_path: Path) -> None:
    site.script = [f"to {site.address}"] * 100
    with pytest.raises(DownloadFailed):
        fetched(site, tmp_path / "p")
    assert len(site.asked) < 50


@pytest.mark.parametrize("lie", ["says less", "says more", "elsewhere"])
def test_a_server_that_lies_about_what_it_sends_is_found_out(site: Site, tmp_path: Path, lie: str) -> None:
    site.script = ["cut", lie]
    assert fetched(site, tmp_path / "p") == DATA


@pytest.mark.parametrize(("said", "pause"), [("7", 7.0), ("86400", 60.0), ("soon", 0.5), ("-3", 0.5)])
def test_a_server_is_left_alone_for_as_long_as_it_asks(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, pause: float
) -> None:
    monkeypatch.setattr(download_module, "FIRST_PAUSE", 0.5)
    site.script = [f"later {said}"]
    now = [0.0]
    assert fetched(site, tmp_path / "p", sleep=lambda s: now.__setitem__(0, now[0] + s), now=lambda: now[0]) == DATA
    assert now[0] == pytest.approx(pause)


def test_a_server_that_only_drips_is_left_and_asked_for_the_rest(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Time goes by with every look at the clock, and a look is taken with every piece of the first answer."""
    monkeypatch.setattr(download_module, "SLOWEST", len(DATA))
    site.script = ["drips"]
    now = [0.0]

    def clock() -> float:
        now[0] += 1000.0 if len(site.asked) == 1 else 0.0
        return now[0]

    assert fetched(site, tmp_path / "p", now=clock) == DATA
    assert len(site.asked) == 2
    assert site.asked[1] is not None


def test_a_disk_that_is_full_halfway_is_told_and_keeps_what_came(
    site: Site, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.card("m", {"a.onnx": (DATA, [{"kind": "url", "url": site.address}])})
    plain = Path.open

    class Full:
        def __init__(self, handle: Any) -> None:
            self.handle, self.left = handle, len(DATA) // 3

        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_: object) -> None:
            self.handle.close()

        def write(self, data: bytes) -> int:
            if len(data) > self.left:
                raise OSError(errno.ENOSPC, "No space left on device")
            self.left -= len(data)
            return int(self.handle.write(data))

    def opened(path: Path, mode: str = "r", *args: Any, **more: Any) -> Any:
        handle = plain(path, mode, *args, **more)
        return Full(handle) if path.parent.name == "partial" and mode in ("ab", "wb") else handle

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", opened)
        patch.setattr(download_module, "_CHUNK", 1000)
        with pytest.raises(FetchFailed, match="No space left"):
            shop.library.fetch("m")
    assert shop.library.fetch("m")["pose"].read_bytes() == DATA
    assert site.asked[-1] is not None, "it went on where it stopped"
    assert shop.left_behind() == []


KILLED = """
import sys
from pathlib import Path
from nodeflow.models import Library
def say(text, part):
    if part and part > 0.2:
        print("under way", flush=True)
        sys.stdin.read()
Library(cache=Path(sys.argv[1]), folders=(Path(sys.argv[2]),)).fetch("m", say)
"""


def test_what_a_killed_process_had_fetched_is_gone_on_with(site: Site, shop: Shop) -> None:
    shop.card("m", {"a.onnx": (DATA, [{"kind": "url", "url": site.address}])})
    command = [sys.executable, "-c", KILLED, str(shop.library.cache.folder), str(shop.cards)]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "under way\n"
        process.kill()
    assert shop.library.status("m") == "not fetched"
    assert shop.library.fetch("m")["pose"].read_bytes() == DATA
    assert len(site.asked) == 2
    assert shop.left_behind() == []


def not_pinned(site: Site, most: int = 2 * len(DATA)) -> list[dict[str, object]]:
    """The files of a card whose author could not tell their content."""
    return [{"name": "a.onnx", "size": most, "sources": [{"kind": "url", "url": site.address}]}]


def test_what_is_not_pinned_is_kept_as_it_came_first(site: Site, shop: Shop) -> None:
    shop.card("m", {"a.onnx": (b"", [])}, files=not_pinned(site))
    path = shop.library.fetch("m")["pose"]
    assert path.read_bytes() == DATA
    assert shop.library.status("m") == "ready"
    assert shop.left_behind() == []
    path.write_bytes(DATA[:-1])
    assert shop.library.verify("m") == {"a.onnx": "damaged"}
    site.data = DATA[1:]
    with pytest.raises(FetchFailed, match="at first it was") as caught:
        shop.library.fetch("m")
    assert "nodeflow models remove" in str(caught.value)
    shop.library.remove("m")
    assert shop.library.fetch("m")["pose"].read_bytes() == DATA[1:]


def test_what_is_not_pinned_is_never_put_together_from_two_answers(site: Site, shop: Shop) -> None:
    shop.card("m", {"a.onnx": (b"", [])}, files=not_pinned(site))
    site.script = ["cut", "cut"]
    assert shop.library.fetch("m")["pose"].read_bytes() == DATA
    assert site.asked == [None, None, None]


@pytest.mark.parametrize("script", [[], ["too long"]])
def test_what_is_not_pinned_is_bounded(site: Site, shop: Shop, script: list[str]) -> None:
    site.script = script
    shop.card("m", {"a.onnx": (b"", [])}, files=not_pinned(site, most=len(DATA) - 1))
    with pytest.raises(FetchFailed, match="more than"):
        shop.library.fetch("m")
    assert shop.library.status("m") == "not fetched"


def test_a_known_hash_decides_where_the_size_is_not_known(site: Site, shop: Shop) -> None:
    pinned = [{**not_pinned(site)[0], "sha256": sha(DATA), "at_most": True}]
    shop.card("m", {"a.onnx": (b"", [])}, files=pinned)
    site.data = DATA[1:]
    with pytest.raises(FetchFailed, match="the card says"):
        shop.library.fetch("m")
    site.data = DATA
    path = shop.library.fetch("m")["pose"]
    assert path.read_bytes() == DATA
    assert shop.library.status("m") == "ready"
    path.write_bytes(DATA[:-1])
    assert shop.library.verify("m") == {"a.onnx": "damaged"}

"""One file from one address: tried again, gone on with, bounded."""

from __future__ import annotations

from pathlib import Path

import pytest

from nodeflow.models import Cancelled
from nodeflow.models import download as download_module
from nodeflow.models.download import ATTEMPTS, DownloadFailed

from .website import DATA, Site, fetched


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

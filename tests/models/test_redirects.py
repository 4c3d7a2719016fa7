"""Where an address may lead."""

from __future__ import annotations

import io
import urllib.request
from http.client import HTTPMessage
from pathlib import Path
from typing import Any

import pytest

from nodeflow.models.download import DownloadFailed, _WebOnly

from .website import DATA, Site, fetched


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


def _led(origin: str, place: str) -> str | None:
    """Where an address leads that answers "it is at `place`"."""
    answer = HTTPMessage()
    answer["Location"] = place
    follower = _WebOnly()
    opener = urllib.request.OpenerDirector()
    opener.add_handler(follower)
    asked: list[str] = []

    def noted(request: urllib.request.Request, *_args: Any, **_more: Any) -> None:
        asked.append(request.full_url)

    opener.open = noted  # type: ignore[assignment, method-assign]
    request = urllib.request.Request(origin)
    request.timeout = 1.0
    follower.http_error_302(request, io.BytesIO(), 302, "Found", answer)
    return asked[0] if asked else None


@pytest.mark.parametrize("place", ["http://other.example/x", "HTTP://models.example/x"])
def test_nobody_is_led_from_a_safe_line_to_an_open_one(place: str) -> None:
    with pytest.raises(DownloadFailed, match="from https to"):
        _led("https://models.example/x", place)


@pytest.mark.parametrize(
    ("origin", "place", "wanted"),
    [
        ("https://models.example/x", "https://store.example/y", "https://store.example/y"),
        ("https://models.example/x", "/y", "https://models.example/y"),
        ("https://models.example/x", "//store.example/y", "https://store.example/y"),
        ("http://models.example/x", "https://models.example/x", "https://models.example/x"),
    ],
)
def test_all_other_ways_on_the_web_are_open(origin: str, place: str, wanted: str) -> None:
    assert _led(origin, place) == wanted

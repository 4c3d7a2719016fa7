"""Files whose content, or length, nobody could tell beforehand."""

from __future__ import annotations

import pytest

from nodeflow.models import FetchFailed

from .conftest import Shop, sha
from .website import DATA, Site


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


def test_a_file_of_this_machine_that_is_longer_than_the_card_allows_is_not_copied(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("nodeflow.models.fetch.shutil.copyfile")
    (shop.folder / "long").write_bytes(b"ten bytes.")
    source = {"kind": "file", "path": str(shop.folder / "long")}
    shop.card("m", {"a.onnx": (b"", [])}, files=[{"name": "a.onnx", "size": 9, "sources": [source]}])
    with pytest.raises(FetchFailed, match="has 10 bytes, and the card allows 9"):
        shop.library.fetch("m")
    assert shop.left_behind() == []


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

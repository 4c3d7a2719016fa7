"""Files of cards that come from an address: what ends whole, what is refused, what is left for the next time."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nodeflow.models import FetchFailed
from nodeflow.models import download as download_module

from .conftest import Shop
from .website import DATA, Site


@pytest.fixture
def linked(site: Site, shop: Shop) -> Shop:
    """A shop whose model m has one file, which comes from an address."""
    shop.card("m", {"a.onnx": (DATA, [{"kind": "url", "url": site.address}])})
    return shop


def test_a_card_fetches_from_an_address(site: Site, linked: Shop) -> None:
    assert linked.library.fetch("m")["pose"].read_bytes() == DATA
    assert linked.left_behind() == []


def test_a_wrong_file_at_an_address_is_refused_and_leaves_nothing(site: Site, shop: Shop) -> None:
    shop.card("m", {"a.onnx": (DATA[:-1] + b"!", [{"kind": "url", "url": site.address}])})
    with pytest.raises(FetchFailed, match="wrong content"):
        shop.library.fetch("m")
    assert shop.left_behind() == []


def test_a_partial_file_of_other_content_is_found_out_and_it_begins_anew(site: Site, linked: Shop) -> None:
    file = linked.library.card("m").files[0]
    linked.library.cache.partial(file.key).write_bytes(b"junk")
    assert linked.library.fetch("m")["pose"].read_bytes() == DATA
    assert site.asked == ["bytes=4-", None]
    linked.library.remove("m")
    site.data = DATA[::-1]
    linked.library.cache.partial(file.key).write_bytes(b"junk")
    with pytest.raises(FetchFailed, match="wrong content"):
        linked.library.fetch("m")
    assert linked.left_behind() == []


def test_a_file_that_changes_while_it_is_fetched_is_fetched_anew(site: Site, linked: Shop) -> None:
    """The first half is of the old file; what is there now is what the card says."""
    file = linked.library.card("m").files[0]
    linked.library.cache.partial(file.key).write_bytes(DATA[::-1][: len(DATA) // 2])
    assert linked.library.fetch("m")["pose"].read_bytes() == DATA


def test_a_disk_that_is_full_halfway_is_told_and_keeps_what_came(
    site: Site, linked: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
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
            linked.library.fetch("m")
    assert linked.library.fetch("m")["pose"].read_bytes() == DATA
    assert site.asked[-1] is not None, "it went on where it stopped"
    assert linked.left_behind() == []


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


def test_what_a_killed_process_had_fetched_is_gone_on_with(site: Site, linked: Shop) -> None:
    command = [sys.executable, "-c", KILLED, str(linked.library.cache.folder), str(linked.cards)]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "under way\n"
        process.kill()
    assert linked.library.status("m") == "not fetched"
    assert linked.library.fetch("m")["pose"].read_bytes() == DATA
    assert len(site.asked) == 2
    assert linked.left_behind() == []

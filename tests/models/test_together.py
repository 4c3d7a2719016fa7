"""Several files at a time."""

from __future__ import annotations

import threading
from functools import partial

import pytest

from nodeflow.models import Cancelled
from nodeflow.models.download import DownloadFailed, Sized, download
from nodeflow.models.together import Job, together
from nodeflow.models.watch import Watch

from .conftest import Shop
from .website import DATA, Site


def _got(shop: Shop, url: str, watch: Watch) -> bytes:
    partial = shop.folder / url.rpartition("/")[2]
    download(url, partial, Sized(len(DATA)), url, watch)
    return partial.read_bytes()


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
        [Job(name, len(DATA), partial(_got, shop, url + name)) for name in names],
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

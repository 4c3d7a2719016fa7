"""Several files of one model fetched at once.

    paths = together([Job("a.bin", 1_000_000, fetch_a), Job("b.bin", 20_000, fetch_b)], watch)

`AT_ONCE` at most, each on a thread of its own. The thread that asked waits, tells how far all of them are together, and
is where a cancel is asked for; the others learn of it at their next report. The first that fails ends the rest, and its
error is raised when all have ended.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from typing import Generic, NamedTuple, TypeVar

from nodeflow.models.errors import Cancelled
from nodeflow.models.watch import Watch

AT_ONCE = 3
_LOOK = 0.1

Got = TypeVar("Got")


class Job(NamedTuple, Generic[Got]):
    """What to fetch: its name and size, for the report, and the fetch."""

    name: str
    size: int
    fetch: Callable[[Watch], Got]


def together(jobs: Sequence[Job[Got]], watch: Watch) -> list[Got]:
    """The results in the order of `jobs`. Raises what the first that failed raised; Cancelled."""
    if len(jobs) <= 1:
        return [job.fetch(watch) for job in jobs]
    ended = threading.Event()
    told: list[tuple[str, float | None]] = [(job.name, 0.0) for job in jobs]
    total = sum(job.size for job in jobs) or 1

    def run(place: int) -> Got:
        def progress(text: str, fraction: float | None) -> None:
            told[place] = (text, fraction)

        got = jobs[place].fetch(Watch(progress, ended.is_set))
        told[place] = (jobs[place].name, 1.0)
        return got

    def say() -> None:
        done = sum(job.size * (fraction or 0.0) for job, (_, fraction) in zip(jobs, told, strict=True))
        under_way = [text for text, fraction in told if fraction is None or fraction < 1.0]
        more = f" and {len(under_way) - 1} more" if len(under_way) > 1 else ""
        watch.say(f"{under_way[0] if under_way else jobs[-1].name}{more}", done / total)

    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="fetching") as pool:
        futures = [pool.submit(run, place) for place in range(len(jobs))]
        try:
            while wait(futures, _LOOK, FIRST_EXCEPTION).not_done and not any(map(_failed, futures)):
                say()
        finally:  # the others end at their next report
            ended.set()
            for future in futures:
                future.cancel()
    for future in sorted(filter(_failed, futures), key=lambda future: isinstance(future.exception(), Cancelled)):
        future.result()
    return [future.result() for future in futures]


def _failed(future: Future[Got]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is not None

"""What is being done with models: fetching, checking, removing, measuring, adding, each on a thread of its own.

    jobs.get("nanodet"); jobs.of("nanodet").fraction; jobs.cancel("nanodet")
    jobs.update()                    # once per frame: says what has ended, and has the library read again

One thing at a time is done with one model. What a run waits for at the same moment is fetched once and shown in both
places, since a download goes through the same `Offers`. GUI thread only.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, Literal

from nodeflow.editor.models.entries import Entry, Stock
from nodeflow.editor.models.held import nodes
from nodeflow.editor.notices import Notices
from nodeflow.editor.running.offers import Offer, Offers
from nodeflow.sizes import size_text

What = Literal["get", "verify", "remove", "measure", "add", "prune"]
Tell = Callable[[str, float | None], None]
Work = Callable[["Job"], str]
"""Does the job on a thread of its own, telling how far it is; returns what to say when it is done. Raises `Stopped`
where it was cancelled, and errors whose text a person can read."""

Measure = Callable[[Entry, "Job"], str]
"""The work of measuring a model."""

_DOING: dict[What, str] = {
    "get": "Fetching",
    "verify": "Checking",
    "remove": "Removing",
    "measure": "Measuring",
    "add": "Reading",
    "prune": "Clearing",
}


_AT_ONCE: Final = 3
"""How many models are fetched at a time: each may be converted, which takes a processor for itself."""
_LOOK: Final = 0.1
"""How often one that waits looks whether it was cancelled, in seconds."""


class Stopped(Exception):
    """The job was cancelled."""


class Job:
    """One thing that is done with one model, called `title`. `text` and `fraction` (0..1 or None) tell how far it is;
    they are written by its thread and read by frames."""

    def __init__(self, what: What, title: str, work: Work) -> None:
        self.what, self.title = what, title
        self.text = _DOING[what]
        self.fraction: float | None = None
        self.cancelled = False
        self.said = ""
        self.failed = False
        self._thread = threading.Thread(target=self._run, args=(work,), name=f"{what} a model", daemon=True)
        self._thread.start()

    def tell(self, text: str, fraction: float | None) -> None:
        self.text, self.fraction = text, fraction

    def wait(self, seconds: float) -> None:
        """Until it has ended, or so long."""
        self._thread.join(seconds)

    @property
    def step(self) -> int:
        """How far it is in steps of a twentieth, for what is drawn anew with each; 0 where that is not known."""
        return int(20 * (self.fraction or 0.0))

    @property
    def over(self) -> bool:
        return not self._thread.is_alive()

    def _run(self, work: Work) -> None:
        from nodeflow.models import Cancelled, Declined

        try:
            self.said = work(self)
        except (Stopped, Cancelled, Declined):
            self.cancelled = True
        except Exception as error:  # whatever goes wrong is said, and nothing else breaks
            self.failed = True
            self.said = f"{self.title}: {error}"


class Jobs:
    """See the module's head. `measure` is the work of measuring, see measuring.py."""

    def __init__(self, stock: Stock, offers: Offers, notices: Notices, measure: Measure) -> None:
        self._stock, self._offers, self._notices = stock, offers, notices
        self._measure = measure
        self._jobs: dict[str, Job] = {}
        self._turns = threading.BoundedSemaphore(_AT_ONCE)
        self.ended = 0
        """How many are over: when it grows, something on this machine is another."""

    def of(self, model_id: str) -> Job | None:
        """What is being done with a model now."""
        return self._jobs.get(model_id)

    def fetching(self, model_id: str) -> Job | Offer | None:
        """What fetches or changes a model now: a job, or a node that waits for it."""
        job, offer = self._jobs.get(model_id), self._offers.of(model_id)
        if job is not None and job.what != "measure":
            return job
        return offer if offer is not None and offer.state == "fetching" else None

    def get(self, entry: Entry) -> None:
        """Fetch a model and make it ready. Its card has been seen, so nothing is asked."""
        self._begin("get", entry.id, entry.title, partial(self._fetch, entry))

    def verify(self, entry: Entry) -> None:
        self._begin("verify", entry.id, entry.title, partial(_verify, entry))

    def remove(self, entry: Entry) -> None:
        self._begin("remove", entry.id, entry.title, partial(_remove, entry))

    def measure(self, entry: Entry) -> None:
        self._begin("measure", entry.id, entry.title, partial(self._measure, entry))

    def add(self, path: Path, then: Callable[[str], None]) -> None:
        """Make a card of a model file; `then` is told the new model's id, on the job's thread."""
        self._begin("add", str(path), path.name, partial(self._add, path, then))

    def prune(self) -> None:
        """Delete converted files that are not needed."""
        self._begin("prune", "", "Converted models", _prune)

    def cancel(self, model_id: str) -> None:
        job, offer = self._jobs.get(model_id), self._offers.of(model_id)
        if job is not None:
            job.cancelled = True
        if offer is not None:
            offer.decline()

    def close(self, patience: float) -> None:
        """Cancel all, and wait until they have ended, `patience` seconds at most."""
        for model_id in self._jobs:
            self.cancel(model_id)
        end = time.monotonic() + patience
        for job in self._jobs.values():
            job.wait(max(0.0, end - time.monotonic()))

    def update(self) -> None:
        """Once per frame."""
        for model_id, job in [each for each in self._jobs.items() if each[1].over]:
            del self._jobs[model_id]
            self.ended += 1
            self._stock.refresh()
            if job.said:
                self._notices.say(job.said, "error" if job.failed else "done")

    def _begin(self, what: What, key: str, title: str, work: Work) -> None:
        if key not in self._jobs:
            self._jobs[key] = Job(what, title, work)

    def _fetch(self, entry: Entry, job: Job) -> str:
        from nodeflow.models import library

        job.text = "Waiting for its turn"
        while not self._turns.acquire(timeout=_LOOK):
            if job.cancelled:
                raise Stopped
        try:
            if job.cancelled:
                raise Stopped
            self._offers.allow([entry.id])
            library().fetch(entry.id, job.tell, lambda: job.cancelled)
        finally:
            self._turns.release()
        return f"{entry.title} is on this machine"

    def _add(self, path: Path, then: Callable[[str], None], job: Job) -> str:
        from nodeflow.models import library
        from nodeflow.models.adding import add_model

        added = add_model(str(path), library(), progress=job.tell, cancelled=lambda: job.cancelled)
        then(added.id)
        self._offers.allow([added.id])
        library().fetch(added.id, job.tell, lambda: job.cancelled)
        return f"{added.id} is in the library. Who made it, and under which licence? Write it into {added.card_file}"


def _verify(entry: Entry, _job: Job) -> str:
    from nodeflow.models import library

    found = library().verify(entry.id)
    bad = [name for name, health in found.items() if health != "good"]
    if bad:
        raise RuntimeError(f"{', '.join(bad)} was not what it should be and is gone: get it again")
    return f"{entry.title} is whole: {len(found)} file{'s' * (len(found) != 1)} as published"


_removing = threading.Lock()
"""Held while a model is removed: of two that share a file, the second has to see that the first is gone."""


def _remove(entry: Entry, _job: Job) -> str:
    from nodeflow.models import library
    from nodeflow.models.sessions import sessions

    if users := sessions.users(entry.id):
        raise RuntimeError(f"it is in use by {nodes(users)}: stop the graph, or give the node another model")
    with _removing:
        freed = library().remove(entry.id)
    return f"{entry.title} is removed: {size_text(freed)} are free again"


def _prune(_job: Job) -> str:
    from nodeflow.models import library
    from nodeflow.models.converted import limit
    from nodeflow.models.disk_use import prune

    freed = sum(prune(library(), limit()).freed.values())
    return f"{size_text(freed)} are free again"

"""Models and samples that a run waits for: they are not on this machine, and a person has to allow the download.

    library().offer = offers.fetch        # from now on, threads that open a node wait here
    offer = offers.waiting                # what to show: the card, and later how far it is
    offer.accept(); offer.decline()

The node that wants it is opening all the while and shows the same progress; when the files are there, it goes on
by itself. A download that fails is offered again, with the reason. `fetch` is called by the threads of runs, everything
else by the GUI thread.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from nodeflow.models import Card, Sample
    from nodeflow.models.library import Fetch
    from nodeflow.models.watch import Watch

State = Literal["asked", "fetching", "failed"]
MEDIA: Final = {"image": "picture", "video": "clip", "sound": "sound", "model": "network", "folder": "folder"}
"""What people call the media of samples."""


def subject(card: Card | Sample) -> str:
    """What it is called at the head of a sentence."""
    from nodeflow.models import Sample

    if not isinstance(card, Sample):
        return card.title
    return f"The {MEDIA[card.media]} \u201c{card.id.replace('_', ' ')}\u201d"


class Offer:
    """One model or sample. What is shown of it is written by plain assignment and read by frames.

    `card` says what it is, `size` is what is to be downloaded, in bytes. `text` and `fraction` (0..1, or None) tell how
    far it is; `reasons` are the sources that failed and why, `way_out` what to do about it.
    """

    def __init__(self, card: Card | Sample, size: int) -> None:
        self.card, self.size = card, size
        self.state: State = "asked"
        self.text = ""
        self.fraction: float | None = None
        self.reasons: tuple[tuple[str, str], ...] = ()
        self.way_out = ""
        self.declined = False
        self.shown = False
        """Whether its download is to be shown though nobody was asked about it: the yes to another was for both."""
        self.wanted = 0
        """How many threads wait for it."""

    @property
    def over(self) -> bool:
        """Whether nobody waits for it any more: it is there, was declined, or its run has stopped."""
        return self.wanted == 0

    def accept(self) -> None:
        """Download it, or try again."""
        self.text, self.fraction, self.reasons, self.way_out = "", None, (), ""
        self.state = "fetching"

    def decline(self) -> None:
        """Do without it; what was downloaded of it waits to be resumed."""
        self.declined = True


class Offers:
    """All that is waited for. See the module's head."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._offers: dict[str, Offer] = {}
        self._allowed: dict[str, bool] = {}
        """What need not be asked about, and whether its download is to be shown."""
        self.ended = 0
        """How many are over: when it grows, something else may be on this machine."""

    @property
    def waiting(self) -> Offer | None:
        """One that a person has to answer now, or that is to be shown while it downloads."""
        offers = tuple(self._offers.values())
        return next((offer for offer in offers if offer.state != "fetching" or offer.shown), None)

    def of(self, ref: str) -> Offer | None:
        """The offer of a model or sample that is waited for."""
        return self._offers.get(ref)

    def allow(self, refs: Iterable[str], shown: bool = False) -> None:
        """Do not ask about these: the person has said yes to them. With `shown`, show their downloads one after the
        other, until `hide`."""
        with self._lock:
            self._allowed |= dict.fromkeys(refs, shown)

    def withdraw(self) -> None:
        """The yes was taken back: what has not begun to download is asked about."""
        with self._lock:
            self._allowed.clear()

    def hide(self) -> None:
        """Go on downloading what is allowed without showing it."""
        with self._lock:
            self._allowed = dict.fromkeys(self._allowed, False)
            for offer in self._offers.values():
                offer.shown = False

    def fetch(self, card: Card | Sample, size: int, fetch: Fetch, watch: Watch) -> dict[str, Path]:
        """The `Offer` of a library: fetch once a person has said yes. Raises Declined, Cancelled and what `fetch` does
        when it failed and the person gave up."""
        from nodeflow.models import Cancelled, Declined, FetchFailed

        offer = self._join(card, size)
        failure: FetchFailed | None = None
        try:
            while True:
                if failure is None:
                    watch.say(f"{subject(card)} is not on this machine: may it be downloaded?")
                while offer.state != "fetching" and not offer.declined:
                    watch.wait()
                if offer.declined:
                    raise failure or Declined(subject(card))
                try:
                    return fetch(self._watching(offer, watch))
                except Cancelled:
                    raise Declined(subject(card)) if offer.declined else Cancelled from None
                except FetchFailed as fault:
                    failure = fault
                    offer.reasons, offer.way_out, offer.state = fault.tried, fault.way_out, "failed"
                    watch.say(f"{subject(card)} could not be downloaded. Try again?")
        finally:
            self._part(offer)

    def _watching(self, offer: Offer, watch: Watch) -> Watch:
        """The watch of a fetch that also tells the offer, and ends when that is declined."""
        from nodeflow.models.watch import Watch

        def progress(text: str, fraction: float | None) -> None:
            offer.text, offer.fraction = text, fraction
            watch.progress(text, fraction)

        def cancelled() -> bool:
            return offer.declined or watch.cancelled()

        return Watch(progress, cancelled)

    def _join(self, card: Card | Sample, size: int) -> Offer:
        with self._lock:
            offer = self._offers.get(card.ref)
            if offer is None or offer.declined:
                offer = Offer(card, size)
                if card.ref in self._allowed:
                    offer.accept()
                    offer.shown = self._allowed[card.ref]
            offer.wanted += 1
            self._offers[card.ref] = offer  # now frames see it, as it is to be seen
            return offer

    def _part(self, offer: Offer) -> None:
        with self._lock:
            offer.wanted -= 1
            if offer.wanted == 0 and self._offers.get(offer.card.ref) is offer:
                del self._offers[offer.card.ref]
                self._allowed.pop(offer.card.ref, None)
                self.ended += 1

"""What can go wrong with models, as one tree.

    ModelError
      UnknownModel       no card or sample of that name
      CardError          a card file that does not say what a card must say
      FetchFailed        no source gave a file: every source tried, why it failed, and the way out
      Cancelled          the person who asked for a fetch no longer wants it
        Declined         the person was asked first, and did not want it
      BadModel           a model file that cannot be opened or run
      DeviceUnavailable  the asked device is not there
      InUse              a model that was not removed because another process has it open

Each message is one line that says what, where, why and what to do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence


class ModelError(Exception):
    """The base of every error that `nodeflow.models` raises on purpose."""


class UnknownModel(ModelError):
    """No card, or no sample, has that name."""


class CardError(ModelError):
    """A card file that cannot be read or does not hold what a card must hold."""


class Cancelled(ModelError):
    """The fetch was cancelled by the one who asked for it."""

    def __init__(self, message: str = "the fetch was cancelled") -> None:
        super().__init__(message)


class Declined(Cancelled):
    """The person was asked before the first download of a model, and did not want it."""

    def __init__(self, title: str) -> None:
        super().__init__(f"{title} is not on this machine and was not downloaded. Try again to be asked once more.")


class BadModel(ModelError):
    """A model file that the runtime cannot open or run."""


class DeviceUnavailable(ModelError):
    """The device that was asked for is not on this machine, or cannot be used."""


class InUse(ModelError):
    """A model whose files another process has open, and which therefore was not removed."""

    def __init__(self, title: str) -> None:
        super().__init__(f"a NodeFlow that runs has {title} open, so it stays: close that first")


class FetchFailed(ModelError):
    """A file could not be fetched. `tried` holds each source and why it gave nothing, in the order tried."""

    def __init__(self, what: str, tried: Sequence[tuple[str, str]], way_out: str) -> None:
        self.what = what
        self.tried = tuple(tried)
        self.way_out = way_out
        reasons = "; ".join(f"{source}: {why}" for source, why in tried)
        super().__init__(f"could not fetch {what} ({reasons}). {way_out}")


_NOTHING = re.compile(r"(?!)")


def first_line(error: Exception, noise: re.Pattern[str] = _NOTHING) -> str:
    """The first line of what a library's error says, without the `noise` in it, in up to 300 letters; its class where
    it says nothing."""
    text = noise.sub("", str(error)[:2000].strip()).strip() or type(error).__name__
    return text.splitlines()[0].rstrip(".")[:300]

"""The models that are in memory now, for whoever shows them. GUI thread only.

held = Held()
held.update()                  # once per frame; asks twice a second
held.models, held.bytes
held.let_go()                  # drop those that nobody uses, without waiting for it
held.let_go(model)             # the same for one; what is said where that cannot be
held.of("blazepose-full")      # the parts of one card
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from nodeflow.sizes import size_text

if TYPE_CHECKING:
    from nodeflow.models import Loaded

_EVERY: Final = 0.5


class Held:
    """See the module's head. `clock` is for tests."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._next = 0.0
        self.models: tuple[Loaded, ...] = ()

    @property
    def bytes(self) -> int:
        return sum(model.cost for model in self.models)

    @property
    def spare(self) -> bool:
        """Whether there are models that nobody uses."""
        return any(model.users == 0 for model in self.models)

    def of(self, card: str) -> tuple[Loaded, ...]:
        """What is in memory of the model of a card, which may have several parts."""
        return tuple(model for model in self.models if model.name.partition(":")[0] == card)

    def update(self) -> None:
        now = self._clock()
        if now >= self._next:
            from nodeflow.models import loaded

            self._next = now + _EVERY
            self.models = loaded()

    def let_go(self, model: Loaded | None = None) -> str:
        """Drop the models that nobody uses, or one of them. It may have to wait for one that is being loaded, so a
        thread does it. Returns why one is not dropped, or ""."""
        from nodeflow.models.sessions import sessions

        if model is not None and model.users:
            return f"{model.name} is in use by {users_of(model)}: stop the graph, or give the node another model"
        drop = partial(sessions.let_go, model.device, name=model.name) if model is not None else sessions.let_go
        threading.Thread(target=drop, name="unloading models", daemon=True).start()
        self._next = 0.0
        return ""


def told(model: Loaded) -> str:
    """One model in words: where it runs, its memory (or files, where that was not measured), who uses it."""
    users = users_of(model) if model.users else f"unused for {_span(model.idle_seconds)}"
    size = size_text(model.cost) + ("" if model.memory else " of files")
    return f"{model.provider}  \u00b7  {size}  \u00b7  {users}"


def told_together(models: tuple[Loaded, ...]) -> str:
    """The parts of one model in words, without what changes by itself: where they run, their memory, who uses them."""
    where = ", ".join(dict.fromkeys(model.provider for model in models))
    users = max(model.users for model in models)
    size = size_text(sum(model.cost for model in models))
    return f"In memory on {where}, {size}" + (f", used by {nodes(users)}" if users else "")


def warm_up(model: Loaded) -> str:
    """How long it took to load, and to make its first call."""
    first = "" if model.first_seconds is None else f", first call {_brief(model.first_seconds)}"
    return f"loaded in {_brief(model.load_seconds)}{first}"


def users_of(model: Loaded) -> str:
    return nodes(model.users)


def nodes(count: int) -> str:
    """So many nodes, in words."""
    return f"{count} node{'s' * (count != 1)}"


def _brief(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 0.95 else f"{seconds * 1000:.0f} ms"


def _span(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"

"""The models that are in memory now, for whoever shows them. GUI thread only.

held = Held()
held.update()                  # once per frame; asks twice a second
held.models, held.bytes
held.let_go()                  # drop those that nobody uses, without waiting for it
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from nodeflow.editor.models.entries import size_text

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
        return sum(model.bytes for model in self.models)

    @property
    def spare(self) -> bool:
        """Whether there are models that nobody uses."""
        return any(model.users == 0 for model in self.models)

    def update(self) -> None:
        now = self._clock()
        if now >= self._next:
            from nodeflow.models import loaded

            self._next = now + _EVERY
            self.models = loaded()

    def let_go(self) -> None:
        """Drop the models that nobody uses. It may have to wait for one that is being loaded, so a thread does it."""
        from nodeflow.models.sessions import sessions

        threading.Thread(target=sessions.let_go, name="unloading models", daemon=True).start()
        self._next = 0.0


def told(model: Loaded) -> str:
    """One model in words: where it runs, how large it is, who uses it."""
    users = (
        f"{model.users} node{'s' * (model.users != 1)}" if model.users else f"unused for {_span(model.idle_seconds)}"
    )
    return f"{model.provider}  \u00b7  {size_text(model.bytes)}  \u00b7  {users}"


def _span(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"

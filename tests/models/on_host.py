"""What networks of tests have in common with those that run on the host."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class OnHost:
    """`run` is a test's own; `bound` runs it on the arrays as they are by then."""

    provider, device = "CPU", "cpu"
    run: Callable[..., list[Any]]

    def bound(self, feeds: dict[str, Any], outputs: list[str] | None = None) -> Callable[[], list[Any]]:
        return lambda: self.run(feeds, outputs)

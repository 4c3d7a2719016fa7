"""How long work tells how far it is, and learns that nobody wants it any more."""

from __future__ import annotations

from collections.abc import Callable

Step = Callable[[int], None]
"""Told after each part how many steps that was, 0 on the way. Raises where the work is not wanted any more."""


def told_nobody(_steps: int) -> None:
    """The step of work that nobody follows."""

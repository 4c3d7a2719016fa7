"""Python's search for cycles of garbage through all that there is, while nobody is at the window.

It holds up everything for 70 to 150 ms with a large graph or torch in memory, and Python would make it in the middle of
a drag. So the editor has it come by itself only where there was no rest for very long, and makes it when the hand
rests. The searches through what is new, which take a millisecond, stay as they are; while graphs run, the engine sees
to it (`nodeflow.engine.collecting`).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_SELDOM: Final = 1000
"""After how many searches through what is newer Python searches through all."""
_RESTED: Final = 1.0
"""Seconds without a move of the hand after which nobody would see that all stands still for a moment."""

_usual = gc.get_threshold()[2]


@contextmanager
def at_rest_only() -> Iterator[None]:
    """Inside, all is searched by `tidy` alone, or nearly so."""
    usual = gc.get_threshold()
    gc.set_threshold(*usual[:2], _SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def tidy(quiet: float) -> None:
    """Search, if Python would have done so by now and nobody has been at the window for `quiet` seconds. For when no
    graph runs."""
    if quiet >= _RESTED and gc.get_count()[2] > _usual:
        gc.collect()

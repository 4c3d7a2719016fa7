"""What a menu of many names lists for what is typed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nodeflow.editor.commands.rows import MOST

MANY: Final = 16
"""A menu of more names than these has a field to search them."""


def picked(names: Sequence[str], query: str, now: str) -> tuple[list[str], int]:
    """The names that hold the query, those that begin with it first, and how many more there are than a menu lists.

    Without a query, the name that is chosen `now` is always among them.
    """
    asked = query.strip().lower()
    found = [name for name in names if asked in name.lower()]
    if asked:
        found.sort(key=lambda name: not name.lower().startswith(asked))
    listed = found[: MOST - 1]
    if len(found) <= MOST:
        return found, 0
    if not asked and now in found and now not in listed:
        listed = [now, *listed[:-1]]
    return listed, len(found) - len(listed)

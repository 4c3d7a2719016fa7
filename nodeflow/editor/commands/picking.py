"""What a menu of many names lists for what is typed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nodeflow.editor.commands.rows import MOST

MANY: Final = 16
"""A menu of more names than these has a field to search them."""


def picked(names: Sequence[str], query: str, now: str) -> tuple[list[str], int]:
    """The names that hold the query, and how many more there are than a menu lists.

    Those in which it is a word of its own come first, then those in which a word begins with it. Without a query, the
    name that is chosen `now` is always among them.
    """
    asked = query.strip().lower()
    found = [name for name in names if asked in name.lower()]
    if asked:
        found.sort(key=lambda name: _depth(asked, name.lower()))
    listed = found[: MOST - 1]
    if len(found) <= MOST:
        return found, 0
    if not asked and now in found and now not in listed:
        listed = [now, *listed[:-1]]
    return listed, len(found) - len(listed)


def _depth(asked: str, name: str) -> int:
    """How far inside of a name it is: 0 a word, 1 the beginning of one, 2 anywhere."""
    after = name.split(asked)[1:]
    begins = [rest for before, rest in zip(name.split(asked), after, strict=False) if not before[-1:].isalnum()]
    return 2 if not begins else int(all(rest[:1].isalnum() for rest in begins))

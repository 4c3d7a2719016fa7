"""Fuzzy search: what matches what is typed, and in what order. Pure.

A query matches where its letters come in order in the title ("pov" in "Pose overlay"), or where each of its words
stands in the category, type or help. Where what is typed are words, or their beginnings, it comes before what only has
these letters: "theme" means no "The wheel: Zooms ...". `nodeflow.letters` says which of two matches by letters is the
better.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from nodeflow.letters import PER_LETTER, score

T = TypeVar("T")

_ELSEWHERE = 0.5
"""What a letter counts for that stands anywhere but in the title."""


def rank(query: str, items: Iterable[tuple[T, str, str]], liking: Callable[[T], float] = lambda _item: 0.0) -> list[T]:
    """The items that match, best first; each is (item, title, everything else about it). No query keeps the order.

    `liking` gives points beyond those for the match: two letters side by side count 9.
    """
    words = query.lower().split()
    begins = [(word, re.compile(rf"(?<!\w){re.escape(word)}", re.IGNORECASE)) for word in words]
    found: list[tuple[bool, float, int, T]] = []
    for order, (item, title, rest) in enumerate(items):
        points = score(query, title)
        if points is None and words and all(word in f"{title} {rest}".lower() for word in words):
            points = _ELSEWHERE * len(query) - PER_LETTER * len(title)
        if points is not None:
            found.append((not _said(begins, title, rest), -points - liking(item), order, item))
    return [item for *_place, item in sorted(found, key=lambda entry: entry[:3])]


def _said(words: list[tuple[str, re.Pattern[str]]], title: str, rest: str) -> bool:
    """Whether each of the words stands in the title, or begins one of the rest."""
    lower = title.lower()
    return all(word in lower or begins.search(rest) for word, begins in words)


def first_line(doc: str) -> str:
    """The one-line help of a docstring."""
    return doc.strip().partition("\n")[0]

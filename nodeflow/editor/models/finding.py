"""Which models fit what is typed and chosen, and in what order. Pure.

    found(entries, Filters(query="pose", licence="yes"))
    choices(entries, filters, "task")        # what "task" may be set to, with how many models that leaves

What is typed is looked for by its letters in titles, ids and tasks, and by the beginnings of words in everything else
of the card and in what people call its task: "image to poses" finds what turns the one into the other, "google" what
is from there, "ocr" what reads.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from nodeflow.editor.commands.search import score
from nodeflow.editor.models.entries import FAMILIES, Entry

Facet = Literal["family", "task", "takes", "gives", "licence", "state", "speed"]
FACETS: Final[dict[Facet, str]] = {
    "family": "Family",
    "task": "Task",
    "takes": "Takes",
    "gives": "Gives",
    "licence": "Licence",
    "state": "State",
    "speed": "Speed",
}
"""What can be filtered by, and what it is called."""

LICENCES: Final = {"yes": "Commercial use", "no": "No commercial use", "unclear": "Unclear"}
STATES: Final = {"here": "On this machine", "not fetched": "Not fetched", "not checked": "Not checked"}
SPEEDS: Final = {"10": "Under 10 ms", "33": "Under 33 ms", "100": "Under 100 ms", "any": "Measured here"}
"""By the most milliseconds that a call took."""

_TITLE, _ID = 6.0, 3.0
"""What a match there counts beyond its letters."""
_CLOSE: Final = 7.0
"""The least points for each letter with which a long text is said to match by its letters: nearly all side by side."""
_WORDS, _PHRASE = 7.0, 7.5
"""For each letter: more than letters that lie scattered, less than some side by side in a title. In a row is better."""
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Filters:
    """What is typed and chosen; "" where nothing is."""

    query: str = ""
    family: str = ""
    task: str = ""
    takes: str = ""
    gives: str = ""
    licence: str = ""
    state: str = ""
    speed: str = ""

    @property
    def chosen(self) -> dict[Facet, str]:
        """The facets that are set."""
        return {facet: value for facet in FACETS if (value := str(getattr(self, facet)))}

    @property
    def empty(self) -> bool:
        return not self.query.strip() and not self.chosen

    def set(self, facet: Facet, value: str) -> Filters:
        return replace(self, **{facet: value})


def found(entries: Iterable[Entry], filters: Filters) -> list[Entry]:
    """The models that fit, best first; without a query in the order in which they come."""
    fitting = [entry for entry in entries if fits(entry, filters)]
    query = filters.query.strip()
    if not query:
        return fitting
    marks = [(points, place) for place, entry in enumerate(fitting) if (points := _points(query, entry)) is not None]
    return [fitting[place] for _points_, place in sorted(marks, key=lambda mark: (-mark[0], mark[1]))]


def fits(entry: Entry, filters: Filters) -> bool:
    """Whether a model is one of those chosen, whatever is typed."""
    return all(value in _VALUES[facet](entry) for facet, value in filters.chosen.items())


def choices(entries: Iterable[Entry], filters: Filters, facet: Facet) -> dict[str, tuple[str, int]]:
    """The values that a facet may be set to: what each is called, and how many models the other filters leave of it."""
    others = found(entries, filters.set(facet, ""))
    counts = Counter(value for entry in others for value in _VALUES[facet](entry))
    words = _names(others, facet)
    order = list(words)
    known = sorted(counts, key=lambda value: order.index(value) if value in words else len(order))
    return {value: (words.get(value, value), counts[value]) for value in known}


def named(entries: Iterable[Entry], facet: Facet, value: str) -> str:
    """What a value of a facet is called."""
    return _names(entries, facet).get(value, value)


def _names(entries: Iterable[Entry], facet: Facet) -> Mapping[str, str]:
    if facet == "family":
        return {str(family): title for family, title in FAMILIES.items()}
    if facet == "task":
        return {entry.task: entry.task_title for entry in entries}
    return {"licence": LICENCES, "state": STATES, "speed": SPEEDS}.get(facet, {})


def _states(entry: Entry) -> tuple[str, ...]:
    return ("here" if entry.here else "not fetched", *(() if entry.checked else ("not checked",)))


def _speeds(entry: Entry) -> tuple[str, ...]:
    if entry.measured is None:
        return ()
    return (*(most for most in SPEEDS if most != "any" and entry.measured.ms < float(most)), "any")


_VALUES: Final[Mapping[str, Callable[[Entry], tuple[str, ...]]]] = {
    "family": lambda entry: (entry.family,),
    "task": lambda entry: (entry.task,),
    "takes": lambda entry: tuple(dict.fromkeys(entry.inputs)),
    "gives": lambda entry: tuple(dict.fromkeys(entry.outputs)),
    "licence": lambda entry: (entry.commercial,),
    "state": _states,
    "speed": _speeds,
}
"""The values of a facet that a model stands under."""


def _points(query: str, entry: Entry) -> float | None:
    letters = len(query.replace(" ", ""))
    marks = [
        points + more
        for text, more in ((entry.title, _TITLE), (entry.id, _ID))
        if (points := score(query, text)) is not None
    ]
    for text in (entry.task_title, entry.author):
        close = score(query, text)
        if close is not None and close >= _CLOSE * letters - _CLOSE:
            marks.append(close)
    words = _WORD.findall(query.lower().replace("->", " to ").replace("\u2192", " to "))
    everything = _WORD.findall(f"{entry.title} {entry.words}".lower())
    if words and all(any(known.startswith(word) for known in everything) for word in words):
        marks.append(_TITLE + (_PHRASE if " ".join(words) in " ".join(everything) else _WORDS) * letters)
    return max(marks, default=None)

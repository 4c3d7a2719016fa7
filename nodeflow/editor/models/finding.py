"""Which models fit what is typed and chosen, and in what order. Pure.

    found(entries, Filters(query="pose", licence="yes"))
    choices(entries, filters, "task")        # what "task" may be set to, with how many models that leaves

What fits what is typed is the library's matter (`nodeflow.models.finding`); what can be chosen is the panel's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from nodeflow.editor.models.entries import FAMILIES, Entry
from nodeflow.models import finding

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
    return finding.found(filters.query, (entry for entry in entries if fits(entry, filters)))


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

"""JSON text, read as if it came from an enemy and written for people to compare.

`parse` takes no duplicate names, no NaN, no number beyond a float and no nesting that would exhaust a stack; whatever
is wrong is a ValueError in words. `layout` puts on one line what fits there and opens what does not, and what is to be
`Lines`, so that an edit of a graph changes the lines it is about.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NoReturn

from .schema import Json

MAX_DEPTH = 32
WIDTH = 120

_NO_BRACKETS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[^][{}"]+', re.DOTALL)
"""Strings, the last of them perhaps unended, and whatever else is not a bracket."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_encoded = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def parse(text: str) -> object:
    if any(depth > MAX_DEPTH for depth in accumulate(1 if c in "[{" else -1 for c in _NO_BRACKETS.sub("", text))):
        raise ValueError(f"lists and objects stand more than {MAX_DEPTH} deep in one another")
    try:
        return json.loads(
            text, object_pairs_hook=_object, parse_constant=_not_a_number, parse_float=_finite, parse_int=_whole
        )
    except json.JSONDecodeError as error:
        raise ValueError(f"{error.msg} (line {error.lineno}, column {error.colno})") from None


@dataclass(frozen=True, slots=True)
class Lines:
    """A list or an object whose entries have a line each, however short they are."""

    of: Sequence[Laid] | Mapping[str, Laid]


Laid = Json | Lines | Sequence["Laid"] | Mapping[str, "Laid"]
"""JSON to be laid out; what holds `Lines` is `Lines` itself."""


def layout(value: Laid, column: int = 0, indent: int = 0) -> str:
    """`value` as text, its objects in the order they have. What does not end before column `WIDTH` is opened, too."""
    opened = isinstance(value, Lines)
    if isinstance(value, Lines):
        value = value.of
    if not isinstance(value, Mapping | list | tuple) or not value:
        return _line(value)
    if not opened:
        line = _line(value)
        if column + len(line) < WIDTH:
            return line
    indent += 2
    names = [f"{_line(name)}: " for name in value] if isinstance(value, Mapping) else [""] * len(value)
    items = value.values() if isinstance(value, Mapping) else value
    lines = [
        f"{' ' * indent}{name}{layout(item, indent + len(name), indent)}"
        for name, item in zip(names, items, strict=True)
    ]
    start, end = "{}" if isinstance(value, Mapping) else "[]"
    return "{}\n{}\n{}{}".format(start, ",\n".join(lines), " " * (indent - 2), end)


def _line(value: object) -> str:
    # Half a surrogate pair (a file name that is no UTF-8) cannot be written as UTF-8, but its escape can.
    return _SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", _encoded(value))


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise ValueError(f"{twice[:100]!r} stands twice in one object, beside {', '.join(map(repr, list(fields)[:4]))}")
    return fields


def _not_a_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a number in JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:40]} is too large for a number")
    return number


def _whole(text: str) -> int:
    if len(text) > 310:
        raise ValueError(f"{text[:40]}... is too large for a number")
    return int(text)

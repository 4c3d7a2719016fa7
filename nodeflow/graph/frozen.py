"""Dictionaries and JSON values that nobody can change.

A graph is read by the GUI and by the engine at once, so what it holds must never change under a reader. `freeze`
turns any JSON value into one that cannot: objects become `FrozenDict`, lists become tuples, everything else is
immutable already. Both still are a dict and a tuple: they compare, pickle, copy and `json.dumps` as usual.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import NoReturn, TypeVar

from .schema import Json

K = TypeVar("K")
V = TypeVar("V")

MAX_DEPTH = 24
"""How deep lists and objects may stand inside one another in one value."""


class FrozenDict(dict[K, V]):
    """A dict that cannot be changed. `{**frozen, key: value}` makes a changed copy, as with any other."""

    __slots__ = ()

    def _refuse(self, *_args: object, **_kwargs: object) -> NoReturn:
        raise TypeError("this belongs to a graph, and a graph never changes: its methods make changed ones")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type[FrozenDict[K, V]], tuple[dict[K, V]]]:
        return FrozenDict, (dict(self),)


def freeze(value: object, depth: int = MAX_DEPTH) -> Json:
    """`value` as unchangeable JSON.

    Raises ValueError for what JSON cannot hold (NaN, infinities, nesting beyond `depth`) and TypeError for what is not
    JSON at all (a numpy number, a path, an object of yours).
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int | float):
        if not abs(value) <= sys.float_info.max:
            raise ValueError("not a number that a graph can hold: it must be finite, and small enough for a float")
        return value
    if not isinstance(value, list | tuple | Mapping):
        raise TypeError(f"a graph holds JSON values, and a {type(value).__name__} is not one")
    if depth == 0:
        raise ValueError(f"lists and objects stand more than {MAX_DEPTH} deep in one another")
    if isinstance(value, Mapping):
        return FrozenDict({_name(name): freeze(item, depth - 1) for name, item in value.items()})
    return tuple([freeze(item, depth - 1) for item in value])


def freeze_fields(fields: Mapping[str, Json]) -> Mapping[str, Json]:
    """The fields of one object, frozen. What is frozen already is shared, not copied."""
    if isinstance(fields, FrozenDict):
        return fields
    return FrozenDict({_name(name): freeze(value) for name, value in fields.items()})


def _name(name: object) -> str:
    if not isinstance(name, str):
        raise TypeError(f"a name in a graph is text, not {name!r}")
    return name

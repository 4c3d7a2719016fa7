"""The order in which to translate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from graphlib import TopologicalSorter


def in_order(inputs_of: Mapping[str, Sequence[str]], outputs: Iterable[str]) -> list[str]:
    """The names that `outputs` need, each after its inputs. Raises ValueError where one is missing or in a cycle."""
    needed: dict[str, Sequence[str]] = {}
    waiting = list(outputs)
    while waiting:
        name = waiting.pop()
        if name in needed:
            continue
        if name not in inputs_of:
            raise ValueError(f"node {name!r} is missing")
        needed[name] = inputs_of[name]
        waiting += needed[name]
    return list(TopologicalSorter(needed).static_order())

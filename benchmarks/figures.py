"""Figures: how often they are taken, and how they are shown: nested as JSON, or a table for people.

A figure's name is a path with dots ("per_node_us.chain.10"); it is a key of nested objects in the JSON. A figure that
could not be measured is None, with the reason beside it.
"""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NamedTuple, TypeVar

Figure = float | None
Case = TypeVar("Case", bound=Hashable)

PACKAGES = ("nodeflow", "numpy", "opencv-python", "onnxruntime-gpu", "onnxruntime", "av")


class Target(NamedTuple):
    """What a figure must reach: at most or at least `bound`."""

    sign: str
    bound: float

    def __str__(self) -> str:
        return f"{self.sign} {self.bound:g}"

    def met(self, figure: float) -> bool:
        return figure <= self.bound if self.sign == "<=" else figure >= self.bound


@dataclass
class Results:
    """Figures by name, and why some are missing."""

    figures: dict[str, Figure] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    def update(self, figures: Mapping[str, Figure]) -> None:
        self.figures.update(figures)

    def skip(self, name: str, reason: str) -> None:
        self.figures[name] = None
        self.missing[name] = reason


def rounds(seconds: float, least: int = 1) -> Iterator[int]:
    """Count repeats for as long as another one like the last fits into `seconds`, but give `least` in any case."""
    began = time.perf_counter()
    number, now, last = 0, began, 0.0
    while number < least or now - began + last <= seconds:
        yield number
        number += 1
        last, now = time.perf_counter() - now, time.perf_counter()


def turns(cases: Iterable[Case], seconds: float) -> Iterator[Case]:
    """Cases to take one after the other, each at least once: next comes the one that has had least time so far, so
    quick ones come often, and a busy moment of the machine does not fall on one alone."""
    spent = dict.fromkeys(cases, 0.0)
    while not all(spent.values()) or sum(spent.values()) + min(spent.values()) <= seconds:
        case = min(spent, key=lambda each: spent[each])
        began = time.perf_counter()
        yield case
        spent[case] += time.perf_counter() - began


def machine() -> dict[str, Any]:
    """What the figures are measured on, and how busy it is: load averages over 1, 5 and 15 minutes, or None."""
    return {
        "cpus": os.cpu_count(),
        "cpu": _cpu_name(),
        "load": [round(load, 2) for load in os.getloadavg()] if hasattr(os, "getloadavg") else None,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
    }


def as_json(results: Results, about: Mapping[str, Any]) -> str:
    """An object of figures, of what is `missing` and why, and of `about`."""
    nested: dict[str, Any] = {}
    for name, figure in results.figures.items():
        *path, last = name.split(".")
        place = nested
        for part in path:
            place = place.setdefault(part, {})
        place[last] = None if figure is None else round(figure, 4)
    return json.dumps({**nested, "missing": results.missing, **about}, indent=2)


def as_table(results: Results, targets: Mapping[str, Target]) -> str:
    """A line a figure, its target beside it."""
    wide = max((len(name) for name in results.figures), default=0)
    lines: list[str] = []
    for name, figure in results.figures.items():
        target = targets.get(name)
        if figure is None:
            shown, verdict = "-", f"not measured: {results.missing[name]}"
        else:
            shown = f"{figure:,.4g}" if abs(figure) < 1000 else f"{figure:,.0f}"
            verdict = "" if target is None else "met" if target.met(figure) else "MISSED"
        wanted = "" if target is None else str(target)
        lines.append(f"{name:<{wide}}  {shown:>9}  {wanted:<8}  {verdict}".rstrip())
    return "\n".join(lines)


def show(results: Results, targets: Mapping[str, Target], about: Mapping[str, Any], in_json: bool) -> None:
    """Print results, and what they were measured on, as JSON or as a table."""
    if in_json:
        print(as_json(results, about))
        return
    print(as_table(results, targets), end="\n\n")
    for name, value in about.items():
        print(f"{name}: {json.dumps(value)}")


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _cpu_name() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    except OSError:
        return platform.processor()

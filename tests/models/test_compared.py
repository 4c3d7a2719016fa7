"""The tables of docs/importers.md name every kind of pipeline and every network that is made of weights, and tests that
there are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from nodeflow.models.card import Network
from nodeflow.models.pipelines import Pipeline

ROOT = Path(__file__).parents[2]


def _rows() -> list[tuple[set[str], set[str]]]:
    """What each row is about, and the tests that it names."""
    text = (ROOT / "docs" / "importers.md").read_text("utf-8")
    text = text.partition("<!-- compared -->")[2].partition("<!-- end of compared -->")[0]
    cells = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| `")]
    return [(set(re.findall("`(.+?)`", about)), set(re.findall("`(.+?)`", tests))) for about, _, tests in cells]


def test_every_kind_and_every_network_is_in_the_tables() -> None:
    kinds = {get_args(kind.model_fields["kind"].annotation)[0] for kind in get_args(get_args(Pipeline)[0])}
    networks = set(get_args(Network.model_fields["architecture"].annotation)) - {""}
    told = set().union(*(about for about, _ in _rows()))
    assert told == kinds | networks


def test_the_tests_in_the_tables_are_there() -> None:
    there = {path.stem for path in (ROOT / "tests").rglob("test_*.py")}
    for about, tests in _rows():
        assert tests, about
        assert tests <= there, about

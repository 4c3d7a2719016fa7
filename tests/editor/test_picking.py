"""Menus of many names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.editor.commands.picking import picked
from nodeflow.editor.commands.rows import MOST
from nodeflow.graph import Graph, Node, save

from .desk import Desk

NAMES = st.lists(st.text("abc ", min_size=1, max_size=6), unique=True, max_size=400)


@given(NAMES, st.text("abc", max_size=2), st.data())
def test_what_holds_the_query_is_listed_and_what_is_left_out_is_counted(
    names: list[str], query: str, data: st.DataObject
) -> None:
    now = data.draw(st.sampled_from(names)) if names else ""
    listed, more = picked(names, query, now)
    holding = [name for name in names if query in name]
    assert len(listed) + more == len(holding)
    assert set(listed) <= set(holding)
    assert len(listed) <= MOST - (more > 0), "the line that counts the others has room below"
    if now and not query:
        assert now in listed


def test_words_come_first_then_what_begins_words_and_otherwise_the_order_is_kept() -> None:
    names = ("polecat", "tiger cat", "catamaran", "dog", "cat", "sea-cat (fish)", "bobcat cats")
    listed = ["tiger cat", "cat", "sea-cat (fish)", "catamaran", "bobcat cats", "polecat"]
    assert picked(names, "CAT ", "dog") == (listed, 0)
    assert picked(("b", "a"), "", "a") == (["b", "a"], 0)


@pytest.mark.gui
def test_one_of_a_thousand_kinds_is_found_by_a_part_of_its_name(open_desk: Callable[..., Desk], tmp_path: Path) -> None:
    graph, _ = Graph().add(Node("generate.kind_walk"), (0.0, 0.0))
    save(graph, tmp_path / "g.json")
    with open_desk(tmp_path / "g.json") as desk:
        name = next(iter(desk.look()["nodes"]))
        desk.click(desk.param(f"{name}.second"))
        desk.wait(lambda look: look["popup"] == "Menu")
        desk.type("siamese")
        desk.key("Return")
        desk.wait(lambda look: look["nodes"][name] == {"second": "Siamese cat"})

"""What is kept, for how long, and what that changes: nothing but the work."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.engine.cache import Cache, Size, size_of
from nodeflow.engine.keys import content_keys
from nodeflow.engine.packets import Failed
from nodeflow.engine.planning import make_plan
from nodeflow.graph import Graph, Node
from nodeflow.node import Nothing, Params, Registry, file, node
from nodeflow.values import Frame, Image, Items, Mask, Number
from tests.engine.parts import REGISTRY, plan_of


def picture(width: int, height: int = 1) -> Image:
    return Image(np.zeros((height, width, 3), np.uint8))


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 40)), max_size=60), st.integers(1, 300))
def test_the_budget_always_holds_and_what_was_used_last_stays_longest(puts: list[tuple[int, int]], budget: int) -> None:
    cache = Cache(host=budget, device=0)
    order: list[tuple[bytes, int]] = []
    for name, width in puts:
        key = bytes([name])
        cache.put(key, (picture(width),))
        order = [(k, size) for k, size in order if k != key] + [(key, 3 * width)]
        while sum(size for _, size in order) > budget:
            order.pop(0)
        assert cache.used == Size(sum(size for _, size in order), 0)
        assert len(cache) == len(order)
    for key, _ in order:
        assert cache.get(key) is not None


def test_a_look_makes_a_value_young_again() -> None:
    cache = Cache(host=60, device=0)
    for name in (b"a", b"b"):
        cache.put(name, (picture(10),))
    assert cache.get(b"a") is not None
    cache.put(b"c", (picture(10),))
    assert cache.get(b"a") is not None
    assert cache.get(b"b") is None


def test_failures_are_never_kept_and_nothing_is() -> None:
    cache = Cache()
    cache.put(b"bad", (Failed("node", "no"),))
    cache.put(b"empty", (Nothing("none"),))
    assert cache.get(b"bad") is None
    assert cache.get(b"empty") == (Nothing("none"),)


def test_sizes_count_every_array_once() -> None:
    image = picture(10, 2)
    mask = Mask(np.zeros((2, 10), np.float32), Frame.of(10, 2))
    assert size_of((image, Items((image, mask)), Number(1))) == Size(60 + 80, 0)


def test_equal_branches_have_equal_keys_and_an_edit_changes_only_what_is_below_it(tmp_path: Path) -> None:
    nodes = {
        "a": Node("t.constant"),
        "b": Node("t.constant"),
        "a2": Node("t.double"),
        "b2": Node("t.double"),
        "both": Node("t.add"),
    }
    graph = Graph(nodes=nodes).connect("a.number -> a2.number", "b.number -> b2.number", "a2.number -> both.a")
    graph = graph.connect("b2.number -> both.b")
    keys = named_keys(graph, tmp_path)
    assert keys["a"] == keys["b"]
    assert keys["a2"] == keys["b2"]
    changed = named_keys(graph.set_param("b", "value", 8.0), tmp_path)
    assert {name for name in keys if keys[name] != changed[name]} == {"b", "b2", "both"}


def named_keys(graph: Graph, folder: Path) -> dict[str, bytes]:
    plan = plan_of(graph, tuple(graph.nodes))
    return {node.id: key for node, key in zip(plan.nodes, content_keys(plan, folder), strict=True)}


def test_a_changed_file_is_a_changed_key(tmp_path: Path) -> None:
    @node("t.file", category="Test", pure=True)
    class Read:
        class Setup(Params):
            file: str = file("a.txt")

        def run(self) -> Number:
            return Number(1)

    registry = Registry({**REGISTRY.types, **Registry.of(Read).types})
    graph, name = Graph().add(Node("t.file"))
    plan = make_plan(graph, registry, (name,))
    seen = {content_keys(plan, tmp_path)[0]}
    for text in ("one", "three"):
        (tmp_path / "a.txt").write_text(text)
        seen.add(content_keys(plan, tmp_path)[0])
    assert len(seen) == 3

"""What is kept, for how long, and what that changes: nothing but the work."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.engine import cache as cache_module
from nodeflow.engine.cache import Cache, Size, blocks_of, size_of
from nodeflow.engine.keys import content_keys
from nodeflow.engine.packets import Failed
from nodeflow.engine.planning import make_plan
from nodeflow.graph import Graph, Node
from nodeflow.node import Nothing, Params, Registry, file, node
from nodeflow.values import Frame, Image, Items, Mask, Number, Text
from tests.engine.parts import REGISTRY


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


@given(st.lists(st.tuples(st.integers(1, 40), st.booleans()), max_size=30), st.integers(1, 300), st.integers(1, 300))
def test_each_memory_has_a_budget_of_its_own(puts: list[tuple[int, bool]], host: int, device: int) -> None:
    """With torch's "cpu:0" for a device that is not the host."""
    cache = Cache(host, device)
    for name, (width, there) in enumerate(puts):
        cache.put(bytes([name]), (on_device(width) if there else picture(width),))
        kept = [packets[0] for packets, _ in cache._kept.values()]
        held = [sum(sizes) for sizes in zip((0, 0), *(image.bytes_held for image in kept), strict=True)]
        assert cache.used == Size(*held)
        assert held[0] <= host
        assert held[1] <= device


def on_device(width: int) -> Image:
    torch = pytest.importorskip("torch")
    image = Image.from_tensor(torch.zeros((3, 1, width), dtype=torch.uint8))
    image._placed = {"cpu:0": image._placed.pop("cpu")}
    return image


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3), st.booleans(), st.booleans()), max_size=40),
    st.integers(100, 1000),
)
def test_what_is_kept_counts_with_all_that_it_is_a_part_of_and_no_more_than_once(
    puts: list[tuple[int, int, bool, bool]], budget: int
) -> None:
    wholes = [picture(40 + 20 * number) for number in range(4)]
    cache = Cache(host=budget, device=0)
    for name, number, cropped, listed in puts:
        image = wholes[number].cropped(3, 0, 5, 1) if cropped else wholes[number]
        cache.put(bytes([name]), (Items((image, image.cropped(1, 0, 2, 1))) if listed else image,))
        kept = [packets[0] for packets, _ in cache._kept.values()]
        first = [value[0] if isinstance(value, Items) else value for value in kept]
        held = {id(image.array if image.array.base is None else image.array.base): image for image in first}
        owners = [image.array if image.array.base is None else image.array.base for image in held.values()]
        assert cache.used == Size(sum(owner.nbytes for owner in owners), 0)
        assert cache.used.host <= budget
    cache.clear()
    assert cache.used == Size(0, 0)


def test_a_part_of_a_tensor_counts_with_all_of_it() -> None:
    torch = pytest.importorskip("torch")
    whole = torch.zeros((3, 10, 20), dtype=torch.uint8)
    images = [Image.from_tensor(part) for part in (whole, whole[:, :2, :3])]
    for image in images:
        image._placed = {"cpu:0": image._placed.pop("cpu")}
    assert size_of((images[1],)) == size_of(images) == Size(0, 600)


def test_what_is_read_from_a_file_counts_with_all_of_the_file() -> None:
    read = bytes(1000)
    row = np.frombuffer(read, np.float32)[10:20]
    assert size_of((Mask(row.reshape(1, 10), Frame.of(10, 1)),)) == Size(1000, 0)


def test_what_holds_no_memory_is_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """An edit of a large still graph keeps a thousand numbers, one after the other."""
    measured = []

    def noted(packets: Any) -> Any:
        measured.append(packets)
        return blocks_of(packets)

    monkeypatch.setattr(cache_module, "blocks_of", noted)
    cache = Cache()
    for number in range(20):
        cache.put(b"%d" % number, (Number(number),))
        assert cache.get(b"0") == (Number(0),)
    assert len(measured) == 20


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
    assert size_of((Text("a" * 1000), Items((Text("b" * 500), None)))) == Size(1500, 0)


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


def test_on_a_stream_equal_nodes_have_equal_keys_where_they_are_pure(tmp_path: Path) -> None:
    nodes = {"source": Node("t.count")} | {name: Node("t.double") for name in ("a", "b")}
    nodes |= {name: Node("t.sum") for name in ("c", "d")}
    graph = Graph(nodes=nodes).connect(*(f"source.number -> {name}.number" for name in "abcd"))
    keys = named_keys(graph, tmp_path)
    assert (keys["a"] == keys["b"]) == REGISTRY.types["t.double"].schema.pure
    assert keys["c"] != keys["d"], "each has seen frames of its own"


class Halves(NamedTuple):
    whole: Number
    half: Number


def test_a_key_tells_outputs_and_versions_apart(tmp_path: Path) -> None:
    @node("t.halves", category="Test")
    def halves(number: Number) -> Halves:
        return Halves(number, Number(number.value / 2))

    @node("t.double", category="Test", version=2)
    def double(number: Number) -> Number:
        return Number(number.value * 2)

    nodes = {"one": Node("t.constant"), "two": Node("t.halves"), "a": Node("t.double"), "b": Node("t.double")}
    graph = Graph(nodes=nodes).connect("one.number -> two.number", "two.whole -> a.number", "two.half -> b.number")
    known = Registry({**REGISTRY.types, **Registry.of(halves).types})
    keys = named_keys(graph, tmp_path, known)
    assert keys["a"] != keys["b"]
    later = named_keys(graph, tmp_path, Registry({**known.types, **Registry.of(double).types}))
    assert later["a"] != keys["a"]
    assert later["two"] == keys["two"]


def named_keys(graph: Graph, folder: Path, known: Registry = REGISTRY) -> dict[str, bytes]:
    plan = make_plan(graph, known, tuple(graph.nodes))
    return {node.id: key for node, key in zip(plan.nodes, content_keys(plan, folder), strict=True)}


@node("t.read", category="Test", pure=True)
class Read:
    class Setup(Params):
        file: str = file("a.txt")

    def run(self) -> Number:
        return Number(1)


READING = Registry.of(Read)


def test_a_changed_file_is_a_changed_key(tmp_path: Path) -> None:
    graph, name = Graph().add(Node("t.read"))
    plan = make_plan(graph, READING, (name,))
    seen = {content_keys(plan, tmp_path)[0]}
    for text in ("one", "three"):
        (tmp_path / "a.txt").write_text(text)
        before = content_keys(plan, tmp_path)
        seen.add(before[0])
    assert len(seen) == 3
    (tmp_path / "a.txt").write_text("fourteen")
    after = content_keys(plan, tmp_path, plan, before)  # also where nothing else has changed
    assert after != before
    assert after == content_keys(plan, tmp_path)


def test_a_file_in_the_home_folder_is_looked_at_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    graph, name = Graph().add(Node("t.read", params={"file": "~/a.txt"}))
    plan = make_plan(graph, READING, (name,))
    seen = {content_keys(plan, Path())[0]}
    for text in ("one", "three"):
        (tmp_path / "a.txt").write_text(text)
        seen.add(content_keys(plan, Path())[0])
    assert len(seen) == 3


@given(st.data())
def test_pictures_that_grow_while_they_are_kept_are_counted_with_the_next_that_comes(data: st.DataObject) -> None:
    """Their second form is made when somebody who was given them asks for it."""
    pytest.importorskip("torch")
    budget = data.draw(st.integers(1, 200))
    cache = Cache(budget, budget)
    for name in range(data.draw(st.integers(1, 12))):
        width = data.draw(st.integers(1, 20))
        image = on_device(width) if data.draw(st.booleans()) else picture(width)
        cache.put(bytes([name]), (image,))
        kept = [packets[0] for packets, _ in cache._kept.values()]
        held = [sum(sizes) for sizes in zip((0, 0), *(each.bytes_held for each in kept), strict=True)]
        assert cache.used == Size(*held)
        assert max(held) <= budget
        for key in data.draw(st.lists(st.sampled_from(range(name + 1)), max_size=3)):
            found = cache.get(bytes([key]))
            if found is not None:
                found[0].array  # noqa: B018
                found[0].tensor("cpu:0")
        if data.draw(st.booleans()):
            image.array  # noqa: B018 - by who made it
            image.tensor("cpu:0")

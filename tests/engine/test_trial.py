"""Trying one node by itself: what it is given, how often it is called, and what comes of a failure."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from nodeflow.engine.trial import FRAMES, Trial
from nodeflow.graph import Graph, Node, dumps
from nodeflow.node import Context, NodeError, Nothing, Registry, node
from nodeflow.values import Image, Mask, Number

CALLS: list[int] = []


@node("trial.count", category="Trial", clock="every")
def count() -> Iterator[Number]:
    """Never ends."""
    number = 0
    while True:
        yield Number(number)
        number += 1


@node("trial.still", category="Trial")
def still() -> Number:
    """The same for ever."""
    return Number(7)


@node("trial.paint", category="Trial")
class Paint:
    """A grey picture, once for each number; says where it runs."""

    def open(self, ctx: Context) -> None:
        CALLS.clear()
        ctx.progress("warming the brushes", 0.5)
        ctx.provider("CPU by hand")

    def run(self, number: Number) -> Image:
        CALLS.append(int(number.value))
        return Image(np.full((4, 6, 3), int(number.value) % 256, np.uint8))


@node("trial.invert", category="Trial")
def invert(image: Image) -> Image:
    return Image(255 - image.array)


@node("trial.mask", category="Trial")
def mask(image: Image) -> Mask:
    return Mask(np.ones((4, 6), np.float32), image.frame)


@node("trial.dumb", category="Trial")
def dumb(number: Number) -> Number | Nothing:
    return Nothing("no words")


@node("trial.broken", category="Trial")
def broken(number: Number) -> Number:
    raise NodeError("The brush is broken.")


@node("trial.writer", category="Trial")
class Writer:
    """Wants to write while it opens."""

    def open(self, ctx: Context) -> None:
        ctx.output("out.png")

    def run(self, number: Number) -> Number:
        return number


REGISTRY = Registry.of(count, still, Paint, invert, mask, dumb, broken, Writer)


def _graph(*kinds: str) -> Graph:
    """Nodes in a row, each wired to the next."""
    graph, names = Graph(), []
    for kind in kinds:
        graph, name = graph.add(Node(f"trial.{kind}"))
        names.append(name)
    for kind, one, other in zip(kinds, names, names[1:], strict=False):
        schema = REGISTRY.types[f"trial.{kind}"].schema
        after = REGISTRY.types[graph[other].type].schema
        graph = graph.connect(f"{one}.{schema.outputs[0].name} -> {other}.{after.inputs[0].name}")
    return graph


def _trial(graph: Graph, node_: str, end: str, told: list[str] | None = None) -> Trial:
    return Trial(graph, node_, end, REGISTRY, lambda text, _: told.append(text) if told is not None else None)


def test_the_frames_of_an_endless_source_are_given_over_and_over_and_the_first_call_is_not_counted() -> None:
    told: list[str] = []
    made, picture = _trial(_graph("count", "paint", "invert"), "paint", "invert", told).run("cpu")
    assert made.calls == 30
    assert CALLS[: made.calls + 1] == [number % FRAMES for number in range(made.calls + 1)]
    assert made.provider == "CPU by hand"
    assert made.ms >= 0.0
    assert picture is not None
    assert int(picture.array[0, 0, 0]) == 255 - FRAMES // 2
    assert "warming the brushes" in told


def test_what_has_no_source_is_tried_on_what_it_always_gets() -> None:
    made, picture = _trial(_graph("still", "paint"), "paint", "paint").run("cpu")
    assert made.calls == 30
    assert set(CALLS) == {7}
    assert picture is not None


def test_a_mask_is_shown_as_a_picture() -> None:
    _made, picture = _trial(_graph("still", "paint", "mask"), "mask", "mask").run("cpu")
    assert picture is not None
    assert picture.array.shape == (4, 6, 3)


@pytest.mark.parametrize(
    ("kind", "why"), [("dumb", "no words"), ("broken", "The brush is broken"), ("writer", "is not written here")]
)
def test_what_cannot_be_tried_says_why(kind: str, why: str) -> None:
    with pytest.raises(NodeError, match=why):
        _trial(_graph("count", kind), kind, kind).run("cpu")


def test_a_node_with_something_wrong_is_not_tried() -> None:
    with pytest.raises(NodeError, match="cannot be tried"):
        _trial(_graph("paint"), "paint", "paint")


def test_the_process_says_how_far_it_is_and_what_came_of_it(tmp_path: Path) -> None:
    graph, _ = Graph().add(Node("generate.point"))
    order = {"graph": dumps(graph), "node": "point", "end": "point", "device": "cpu", "threads": 1}
    done = subprocess.run(
        [sys.executable, "-m", "nodeflow.engine.trial"],
        input=json.dumps(order | {"picture": str(tmp_path / "p.png")}), capture_output=True, text=True, check=False,
    )  # fmt: skip
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert lines[0]["tell"]
    assert lines[-1]["made"]["calls"] == 30
    assert not (tmp_path / "p.png").exists(), "numbers are no picture"

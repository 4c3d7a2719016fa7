"""Pictures are brought to a GPU by who makes them, once it was seen that they are wanted there. "cpu:0" is a device to
all of it that is not the host."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from nodeflow.engine import Edit, Session, Start
from nodeflow.graph import Graph, Node
from nodeflow.node import Registry, node
from nodeflow.values import Image, Number, copies
from tests.engine.parts import REGISTRY
from tests.engine.session_parts import PATIENCE

pytest.importorskip("torch")

DEVICE = "cpu:0"
FRAMES = 60


class Seen:
    """How often each picture had been uploaded when the node was called that wants it on the device."""

    before: list[int] = []


@node("t.shades", category="Test")
def shades(frames: int = FRAMES) -> Iterator[Image]:
    for shade in range(frames):
        yield Image(np.full((8, 8, 3), shade, np.uint8))


@node("t.inverse", category="Test")
def inverse(image: Image) -> Image:
    return image.replaced(255 - image.array)


@node("t.there", category="Test")
class There:
    """A node of the device."""

    def open(self, ctx: Any) -> None:
        ctx.provider("stand-in", DEVICE)

    def run(self, image: Image) -> Number:
        Seen.before.append(image.uploads)
        return Number(float(image.tensor(DEVICE).float().mean()))


@node("t.reads", category="Test")
def reads(image: Image) -> Number:
    Seen.before.append(image.uploads)
    return Number(float(image.array[0, 0, 0]))


NODES = Registry({**REGISTRY.types, **Registry.of(shades, inverse, There, reads).types})


def graph(reader: str, *, inverted: bool) -> Graph:
    nodes = {"shades": Node("t.shades"), "wants": Node(reader), "end": Node("t.collect")}
    links = ["wants.number -> end.number"]
    if inverted:
        nodes["inverse"] = Node("t.inverse")
        links += ["shades.image -> inverse.image", "inverse.image -> wants.image"]
    else:
        links += ["shades.image -> wants.image"]
    return Graph(nodes=nodes).connect(*links)


@pytest.mark.parametrize("inverted", [False, True])
def test_the_next_pictures_are_there_before_the_call(inverted: bool) -> None:
    Seen.before.clear()
    before = copies().uploads
    with Session(graph("t.there", inverted=inverted), NODES) as session:
        session.send(Start())
        end = session.wait(PATIENCE)
    assert (end.state, end.finished) == ("finished", FRAMES), end.message
    assert Seen.before[0] == 0
    assert Seen.before[FRAMES // 2 :] == [1] * (FRAMES // 2), "at most a handful are on their way at once"
    assert copies().uploads - before == FRAMES


def test_an_edit_ends_it() -> None:
    with Session(graph("t.there", inverted=True), NODES) as session:
        session.send(Start())
        session.wait(PATIENCE)
        Seen.before.clear()
        session.send(Edit(graph("t.reads", inverted=True)))
        session.send(Start())
        assert session.wait(PATIENCE).finished == FRAMES
    assert Seen.before == [0] * FRAMES


def test_without_a_gpu_nothing_is_brought_anywhere() -> None:
    Seen.before.clear()
    with Session(graph("t.reads", inverted=False), NODES) as session:
        session.send(Start())
        session.wait(PATIENCE)
    assert Seen.before == [0] * FRAMES

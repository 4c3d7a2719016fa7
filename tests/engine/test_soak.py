"""A long run with many edits: memory stays flat, no thread stays behind, and the counts add up."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator
from functools import partial
from itertools import count as integers
from pathlib import Path

import numpy as np
import pytest

from nodeflow.engine import Edit, Session, Snapshot, Start, Stop
from nodeflow.graph import Graph, Node
from nodeflow.node import Context, Registry, Tick, node
from nodeflow.values import Image, Number
from tests.engine.parts import REGISTRY
from tests.engine.session_parts import EXTRA, PATIENCE, until

FRAMES = 10_000
EVERY = 50


@node("t.paint", category="Test")
def paint(number: Number) -> Image:
    return Image(np.full((48, 64, 3), int(number.value) % 256, np.uint8))


@node("t.brighten", category="Test")
def brighten(image: Image, by: int = 1) -> Image:
    return image.replaced(image.array + np.uint8(by))


@node("t.edited", category="Test")
class Edited:
    """Asks for an edit every so many frames, and reads on meanwhile, but no further than to where the next is due: so
    there are as many edits on a slow machine."""

    due = threading.Semaphore(0)
    made = threading.Semaphore(1)

    def open(self, ctx: Context) -> None:
        Edited.due, Edited.made = threading.Semaphore(0), threading.Semaphore(1)
        self.ctx = ctx

    def run(self) -> Iterator[Number]:
        for i in integers(1):
            yield Number(i - 1)
            if i % EVERY == 0:
                Edited.due.release()
                while not Edited.made.acquire(timeout=0.05):
                    if self.ctx.stopping:
                        return


@node("t.watch", category="Test")
class Check:
    """Sees that what it gets fits together, and forgets it."""

    wrong = 0
    seen = 0

    def run(self, image: Image, number: Number, tick: Tick) -> None:
        Check.seen += 1
        Check.wrong += number.value != tick.index

    def close(self) -> None:
        pass


ALL = Registry({**REGISTRY.types, **EXTRA.types, **Registry.of(paint, brighten, Edited, Check).types})


def soak_graph() -> Graph:
    nodes = {
        "numbers": Node("t.edited"),
        "paint": Node("t.paint"),
        "bright": Node("t.brighten"),
        "model": Node("t.model", params={"name": "a"}),
        "check": Node("t.watch"),
    }
    return Graph(nodes=nodes).connect(
        "numbers.number -> paint.number",
        "paint.image -> bright.image",
        "bright.image -> check.image",
        "numbers.number -> model.number",
        "model.number -> check.number",
    )


def resident() -> int:
    """Bytes of memory this process holds (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_ten_thousand_frames_with_an_edit_every_fifty() -> None:
    Check.wrong = Check.seen = 0
    threads = threading.enumerate()
    graph = soak_graph()
    sizes: list[tuple[int, int]] = []
    with Session(graph, ALL, spans=1000) as session:
        session.send(Start())
        until(lambda: session.snapshot().state == "running")
        for edit in range(1, FRAMES // EVERY):
            assert Edited.due.acquire(timeout=PATIENCE)
            now = session.snapshot()
            consistent(now)
            name = ("a", "b")[edit // 4 % 2]  # every fourth edit reopens a node, the others only turn a knob
            session.send(Edit(graph.set_param("bright", "by", edit % 7).set_param("model", "name", name)))
            before = now.revision
            until(partial(is_behind, session, before))
            Edited.made.release()
            if edit % 20 == 0:
                gc.collect()
                sizes.append((sys.getallocatedblocks(), resident()))
        assert Edited.due.acquire(timeout=PATIENCE)
        session.send(Stop())
        end = session.wait(PATIENCE)
    consistent(end)
    assert end.in_flight == 0
    assert end.finished == end.admitted == Check.seen
    assert Check.wrong == 0
    assert end.finished >= FRAMES - EVERY
    settled = sizes[1:]
    for measured in zip(*settled, strict=True):
        assert max(measured) <= 1.02 * min(measured), sizes
    assert not [thread for thread in threading.enumerate() if thread not in threads]


def is_behind(session: Session, revision: int) -> bool:
    return session.snapshot().revision > revision


def consistent(now: Snapshot) -> None:
    assert now.admitted == now.finished + now.in_flight
    assert now.offered == now.admitted + now.dropped + now.waiting
    assert now.in_flight <= 4

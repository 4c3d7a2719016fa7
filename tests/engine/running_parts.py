"""A graph that runs on virtual threads, and what its frames gave: for tests that edit it on the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from nodeflow.engine.packets import Frame
from nodeflow.graph import Graph
from nodeflow.values import Number
from tests.engine.events import SetOut
from tests.engine.graph_parts import build
from tests.engine.parts import Collect
from tests.engine.virtual import Virtual, virtual
from tests.engine.zoo import ZOO


@contextmanager
def running(graph: Graph) -> Iterator[Virtual]:
    Collect.kept.clear()
    with virtual(ZOO, lambda count: 0) as run:
        run.conductor.begin(graph)
        yield run


def frames(run: Virtual, stream: str) -> list[Frame]:
    """The frames of the stream that a source drives, in the order in which they set out."""
    return [event.frame for event in run.log if isinstance(event, SetOut) and stream in event.sources]


def value(frame: Frame, name: str) -> object:
    packets = next(frame.packets[node.place] for node in frame.nodes if node.id == name)
    assert packets is not None
    return packets[0].value if isinstance(packets[0], Number) else packets[0]


def offer(run: Virtual, source: str, times: int = 1) -> None:
    for _ in range(times):
        run.offer(source)
        run.drain()


def two_streams() -> Graph:
    return build(
        {"a": "t.count", "b": "t.count", "x": "t.either", "y": "t.either", "out": "t.collect", "end": "t.collect"},
        "a.number -> x.a",
        "b.number -> y.a",
        "x.number -> out.number",
        "y.number -> end.number",
    )

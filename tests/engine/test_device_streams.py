"""Who works on which stream of a device, with a stand-in for the device: "cpu:0" is one that is not the host."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import numpy as np
import pytest
import torch

from nodeflow.engine import Session, Start
from nodeflow.engine.stage import Stage
from nodeflow.graph import Graph, Node
from nodeflow.node import Context, Registry, node
from nodeflow.values import Image, Number
from tests.engine.parts import REGISTRY, Collect
from tests.engine.session_parts import PATIENCE

DEVICE = "cpu:0"
streams: dict[str, str] = {}
"""The stream that was current in the calls of each node; "" if none was."""
current = threading.local()


def noted(name: str) -> None:
    streams[name] = getattr(current, "stream", "")


def there(tensor: torch.Tensor) -> Image:
    image = Image.from_tensor(tensor)
    image.device, image._placed = DEVICE, {DEVICE: image._placed["cpu"]}
    return image


@node("t.heavy", category="Test")
class Heavy:
    """Works on the device, and says so."""

    def open(self, ctx: Context) -> None:
        ctx.provider("stand-in", DEVICE)

    def run(self, number: Number) -> Image:
        noted("heavy")
        return there(torch.full((3, 2, 2), int(number.value), dtype=torch.uint8))


@node("t.cut", category="Test")
def cut(image: Image) -> list[Image]:
    noted("cut")
    return [image, image]


@node("t.light", category="Test")
def light(images: list[Image]) -> Image:
    noted("light")
    return there(255 - images[0].tensor(DEVICE))


@node("t.mean", category="Test")
def mean(image: Image) -> Number:
    noted("mean")
    return Number(float(image.array.mean()))


@node("t.host", category="Test")
def host(number: Number) -> Image:
    noted("host")
    return Image(np.zeros((2, 2, 3), np.uint8))


ALL = Registry({**REGISTRY.types, **Registry.of(Heavy, cut, light, mean, host).types})


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The streams that were made."""
    names: list[str] = []

    def stream_for(device: str) -> Callable[[], AbstractContextManager[None]]:
        name = f"{device} {len(names)}"
        names.append(name)

        @contextmanager
        def enter() -> Iterator[None]:
            current.stream = name
            yield
            current.stream = ""

        return enter

    monkeypatch.setattr("nodeflow.engine.stage.stream_for", stream_for)
    monkeypatch.setattr(Stage, "any_on_a_gpu", False)
    streams.clear()
    Collect.kept.clear()
    return names


def run(graph: Graph) -> Session:
    with Session(graph, ALL) as session:
        session.send(Start())
        end = session.wait(PATIENCE)
    assert end.state == "finished", end.message
    assert not [name for name, each in end.nodes.items() if each.failed]
    return session


def test_a_light_node_that_is_given_pictures_of_a_device_has_a_stream_there_and_takes_no_turns(made: list[str]) -> None:
    nodes = {"count": "t.count", "heavy": "t.heavy", "cut": "t.cut", "light": "t.light", "mean": "t.mean"}
    graph = Graph({name: Node(kind) for name, kind in {**nodes, "out": "t.collect"}.items()}, ())
    graph = graph.connect(
        *("count.number -> heavy.number", "heavy.image -> cut.image", "cut.images -> light.images"),
        *("light.image -> mean.image", "mean.number -> out.number"),
    )
    session = run(graph)
    assert [kept.value for kept in Collect.kept["out"]] == [255, 254, 253, 252, 251]
    assert len(made) == 4, "a stream for each node, made once"
    assert len({streams[name] for name in ("heavy", "cut", "light", "mean")}) == 4
    stages = {stage.id: stage for stage in session._conductor.revision.stages}
    assert (stages["heavy"].resource, stages["heavy"].device) == (DEVICE, DEVICE)
    assert {(stages[name].resource, stages[name].device) for name in ("cut", "light", "mean")} == {(None, "cpu")}


def test_what_never_meets_a_device_has_no_stream(made: list[str]) -> None:
    nodes = {"count": "t.count", "host": "t.host", "mean": "t.mean", "out": "t.collect"}
    graph = Graph({name: Node(kind) for name, kind in nodes.items()}, ())
    run(graph.connect("count.number -> host.number", "host.image -> mean.image", "mean.number -> out.number"))
    assert (made, streams) == ([], {"host": "", "mean": ""})

"""What runs beside a person: a camera's picture through a filter into a preview, and a graph that does nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from benchmarks.figures import Results
from benchmarks.trivial import Bench, chain
from nodeflow.engine import Glance, Session, Start, Watch
from nodeflow.graph import Graph, Node
from nodeflow.node import Registry, load_registry, node, node_type_of
from nodeflow.values import Image

PREVIEW_SIDE = 480


@node("bench.pictures", category="Benchmark")
def pictures() -> Iterator[Image]:
    """640x480 pictures of noise, as fast as they are taken."""
    noise = np.random.default_rng(0).integers(0, 256, (8, 480, 640, 3), np.uint8)
    while True:
        for picture in noise:
            yield Image(picture.copy())


def camera_loop(results: Results, seconds: float) -> None:
    """`camera_loop_fps`: 640x480 pictures -> blur of 4 px -> preview that is watched, frames a second;
    `camera_loop_core`: how much of one core a frame takes, times 60."""
    standard = load_registry().types
    registry = Registry({"bench.pictures": node_type_of(pictures), **standard})
    types = {"camera": "bench.pictures", "filter": "image.blur", "preview": "io.preview"}
    graph = Graph({name: Node(kind) for name, kind in types.items()}).connect(
        "camera.image -> filter.image", "filter.image -> preview.value"
    )
    with Session(graph, registry, interactive=True) as session:
        session.send(Watch({"preview": Glance("preview", side=PREVIEW_SIDE)}))
        session.send(Start())
        time.sleep(0.2 + seconds / 4)
        before, wall, cpu = session.snapshot().finished, time.perf_counter(), time.process_time()
        time.sleep(0.2 + seconds * 3 / 4)
        frames = session.snapshot().finished - before
        took, used = time.perf_counter() - wall, time.process_time() - cpu
    results.update({"camera_loop_fps": frames / took, "camera_loop_core": used / max(frames, 1) * 60})


def idle(results: Results, seconds: float) -> None:
    """`idle_cpu`: the share of one core that a started session takes, of an empty graph or of one that has run and
    has nothing more to do, whichever is more."""
    shares = {"empty": _share(Graph(), seconds / 2), "still": _share(chain(100, "bench.constant"), seconds / 2)}
    results.update({f"idle.{name}": share for name, share in shares.items()} | {"idle_cpu": max(shares.values())})


def _share(graph: Graph, seconds: float) -> float:
    with Session(graph, Bench().registry, interactive=True) as session:
        session.send(Start())
        time.sleep(0.3)
        wall, cpu = time.perf_counter(), time.process_time()
        time.sleep(max(0.2, seconds))
        return (time.process_time() - cpu) / (time.perf_counter() - wall)

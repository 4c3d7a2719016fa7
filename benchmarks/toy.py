"""The toy of an ordinary pipeline: source -> pre 4 ms -> {pose 20 ms, seg 12 ms} -> overlay 6 ms.

Its calls sleep. That is what a call looks like to the engine that waits for a device, or runs in C on a core of its own
without Python's lock: nothing is measured here but how well the engine overlaps and admits. The slowest stage
allows 50 frames a second; one frame alone takes 30 ms.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median
from typing import NamedTuple

from benchmarks.figures import Results
from nodeflow.engine import Session, Start
from nodeflow.graph import Graph, Node
from nodeflow.node import Registry, node
from nodeflow.values import Number

PRE, POSE, SEG, OVERLAY = 0.004, 0.020, 0.012, 0.006
SLOWEST = POSE
CRITICAL_PATH = PRE + POSE + OVERLAY
CAMERA_RATE = 60
WARM_UP = 16
"""Frames before the engine has seen how long the stages take."""


class Arrival(NamedTuple):
    """A frame at the end of the pipeline: when it was captured and when it got there, in seconds."""

    captured: float
    ended: float


@node("toy.file", category="Benchmark")
def file() -> Iterator[Number]:
    """Frames as fast as they are taken; each carries the time of its making."""
    while True:
        yield Number(time.perf_counter())


@node("toy.camera", category="Benchmark", clock="live")
def camera() -> Iterator[Number]:
    """A frame each 1/60 s, whether or not anyone takes it."""
    due = time.perf_counter()
    while True:
        time.sleep(max(0.0, due - time.perf_counter()))
        yield Number(time.perf_counter())
        due += 1 / CAMERA_RATE


@node("toy.pre", category="Benchmark")
def pre(number: Number) -> Number:
    time.sleep(PRE)
    return number


@node("toy.pose", category="Benchmark")
def pose(number: Number) -> Number:
    time.sleep(POSE)
    return number


@node("toy.seg", category="Benchmark")
def seg(number: Number) -> Number:
    time.sleep(SEG)
    return number


LINKS = (
    "source.number -> pre.number",
    "pre.number -> pose.number",
    "pre.number -> seg.number",
    "pose.number -> overlay.pose",
    "seg.number -> overlay.seg",
)


def toy(results: Results, seconds: float) -> None:
    """`lossless_ratio`: frames a second of a source that waits / 50. `live_*`: the same toy behind a camera of 60 fps,
    one run for both: frames a second / 50, and median latency from capture / 30 ms. `pose_ms`: what 20 ms of sleep
    took when nothing else ran."""
    results.update({"toy.pose_ms": _sleep_ms(), "toy.lossless_ratio": _rate(_run("toy.file", seconds / 2)) * SLOWEST})
    live = _run("toy.camera", seconds / 2)
    latency = median(arrival.ended - arrival.captured for arrival in live)
    results.update(
        {
            "toy.live_throughput_ratio": _rate(live) * SLOWEST,
            "toy.live_latency_ratio": latency / CRITICAL_PATH,
            "toy.live_latency_ms": latency * 1e3,
        }
    )


def _run(source: str, seconds: float) -> list[Arrival]:
    """The frames of a run of about so many seconds, without the first ones."""
    arrivals: list[Arrival] = []

    @node("toy.overlay", category="Benchmark")
    def overlay(pose: Number, seg: Number) -> None:
        if pose.value != seg.value:
            raise AssertionError("two frames were mixed")
        time.sleep(OVERLAY)
        arrivals.append(Arrival(pose.value, time.perf_counter()))

    types = {"source": source, "pre": "toy.pre", "pose": "toy.pose", "seg": "toy.seg", "overlay": "toy.overlay"}
    graph = Graph({name: Node(kind) for name, kind in types.items()}).connect(*LINKS)
    frames = WARM_UP + max(8, int(seconds / SLOWEST))
    with Session(graph, Registry.of(file, camera, pre, pose, seg, overlay), frames=frames) as session:
        session.send(Start())
        session.wait()
    assert len(arrivals) == frames, "a frame was lost, or two were mixed"
    return arrivals[WARM_UP:]


def _rate(arrivals: list[Arrival]) -> float:
    """Frames a second."""
    return (len(arrivals) - 1) / (arrivals[-1].ended - arrivals[0].ended)


def _sleep_ms() -> float:
    began = time.perf_counter()
    for _ in range(5):
        time.sleep(POSE)
    return (time.perf_counter() - began) / 5 * 1e3

"""Clip -> pose -> overlay -> video file: the sample graph against the loop that one would write by hand.

Both make the very same calls into the same code and both are timed whole, from opening the clip to the finished file;
the model's weights are loaded before. They take turns, graph first in one pair and loop first in the next,
and each pair gives one ratio, so a machine that is busy for a while slows both.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.figures import Results, rounds
from nodeflow.engine import Session, Start
from nodeflow.graph import Graph, Node, load
from nodeflow.models import ModelError, library, open_pose
from nodeflow.node import load_registry
from nodeflow.samples import find_graph

CLIP = "one_person"
MODEL = "blazepose-full"
RATE = 60
FEWEST_PAIRS = 3


class Cost(NamedTuple):
    """What one run took, in seconds: by the clock, and of all processors together."""

    wall: float
    cpu: float


def pose_vs_loop(results: Results, seconds: float) -> None:
    """`pose_vs_loop`: time of the loop / time of the graph, median of the pairs; `pose.cpu_ratio`: processor time of
    the graph / of the loop, median; and each one's best frames a second."""
    try:
        clip = library().asset(CLIP)
        kept = open_pose(MODEL)  # sessions are shared by all who hold the model, so neither side loads it
    except ModelError as fault:
        results.skip("pose_vs_loop", str(fault))
        return
    frames = 15 if seconds >= 1 else 3
    pairs: list[tuple[Cost, Cost]] = []
    with tempfile.TemporaryDirectory() as folder:
        loop, graph = partial(_loop, clip, Path(folder), frames), partial(_graph, Path(folder), frames)
        loop()  # imports and first calls are nobody's
        for number in rounds(seconds, FEWEST_PAIRS):
            if number % 2:
                pairs.append((loop(), graph()))
            else:
                second = graph()
                pairs.append((loop(), second))
    kept.close()
    results.update(
        {
            "pose_vs_loop": median(loop.wall / graph.wall for loop, graph in pairs),
            "pose.cpu_ratio": median(graph.cpu / loop.cpu for loop, graph in pairs),
            "pose.graph_fps": frames / min(graph.wall for _, graph in pairs),
            "pose.loop_fps": frames / min(loop.wall for loop, _ in pairs),
            "pose.pairs": len(pairs),
        }
    )


def _now() -> Cost:
    return Cost(time.perf_counter(), time.process_time())


def _since(began: Cost) -> Cost:
    return Cost(*(now - then for now, then in zip(_now(), began, strict=True)))


def _loop(clip: Path, folder: Path, frames: int) -> Cost:
    """What the hand-written loop takes."""
    return by_hand(clip, folder, frames)[0]


def by_hand(clip: Path, folder: Path, frames: int) -> tuple[Cost, float]:
    """The hand-written loop: what it takes, and its frames a second from the first that it reads to the last."""
    from nodes.draw.poses import draw_poses
    from nodes.io.clip import Clip
    from nodes.io.movie import Movie

    began = _now()
    source = Clip(clip)
    pose = open_pose(MODEL)
    movie = Movie(folder / "loop.mp4", source.size, source.rate or RATE, "h264", 20)
    written, first = 0, time.perf_counter()
    for timed in source.play(end=frames / RATE):
        poses = pose(timed.value, score=0.3)
        movie.add(draw_poses(timed.value, poses).array, timed.time)
        written += 1
    rate = written / (time.perf_counter() - first)
    movie.finish()
    pose.close()
    took = _since(began)
    assert written == frames, f"{written} frames of {frames}"
    return took, rate


def _graph(folder: Path, frames: int) -> Cost:
    """What the graph takes."""
    graph = pose_graph(frames / RATE)
    registry = load_registry()
    with Session(graph, registry, folder=folder) as session:
        began = _now()
        session.send(Start())
        end = session.wait()
        took = _since(began)
    assert end.state == "finished", end.message
    assert end.finished == frames, f"{end.finished} frames of {frames}"
    return took


def pose_graph(end: float) -> Graph:
    """The sample graph, with the clip in place of the camera; `end` in seconds."""
    graph = load(find_graph("pose_overlay"))
    video = Node("io.video", params={"file": f"sample:{CLIP}", "end": end, "pace": "as fast as possible"})
    return replace(graph, nodes={**graph.nodes, "camera": video})

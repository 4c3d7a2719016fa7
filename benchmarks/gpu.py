"""What the engine adds to a model on a GPU: `python -m benchmarks.gpu [--json] [--seconds 20]`.

The pose graph (pictures of a clip -> pose -> overlay -> preview) against the bare landmark network, called back to back
with onnxruntime's own options on a tensor that is on the GPU already. They take turns on the same card, and each pair
gives one ratio. The pictures are decoded before, for reading a file is no work of the GPU.

Without a GPU every figure is null, with the reason.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from itertools import count, cycle, islice
from statistics import median
from typing import Any
from unittest import mock

from benchmarks.figures import Results, Target, machine, rounds, show
from nodeflow.engine import Session, Start
from nodeflow.engine.devices import devices
from nodeflow.graph import Graph, Node
from nodeflow.models import ModelError, library
from nodeflow.node import Registry, load_registry, node
from nodeflow.values import Image, copies

DEVICE = "cuda:0"
CLIP = "one_person"
MODEL = "blazepose-full"
FRAMES = 300
FEWEST_PAIRS = 5

FIGURES = ("pose_ratio", "pose_fps", "bare_fps", "uploads_per_frame", "downloads_per_frame")
TARGETS = {
    "gpu.pose_ratio": Target(">=", 0.95),
    "gpu.uploads_per_frame": Target("<=", 1),
    "gpu.downloads_per_frame": Target("<=", 1.01),  # the first frame also looks for somebody
}


class Clip:
    """The pictures that the source below gives, decoded once."""

    pictures: tuple[Any, ...] = ()


@node("bench.pictures", category="Bench")
def pictures(frames: int = FRAMES) -> Iterator[Image]:
    """The clip over and over, each picture new: what is on the GPU of one is of no use to the next."""
    for array in islice(cycle(Clip.pictures), frames):
        yield Image(array)


def gpu(results: Results, seconds: float) -> None:
    """`gpu.pose_ratio`: time of the bare session / time of the graph, a frame each, median of the pairs;
    `gpu.uploads_per_frame` and `gpu.downloads_per_frame`: copies between host and GPU in the graph, of pictures and of
    what the networks say."""
    try:
        missing = _missing()
        if not missing:
            _measure(results, seconds)
    except ModelError as fault:
        missing = str(fault)
    if missing:
        for name in FIGURES:
            results.skip(f"gpu.{name}", missing)


def _missing() -> str:
    """Why there is nothing to measure on; "" where there is."""
    if len(devices()) < 2:
        return "torch sees no CUDA GPU here"
    from onnxruntime import get_available_providers

    if "CUDAExecutionProvider" not in get_available_providers():
        return "this onnxruntime has no CUDA provider; install onnxruntime-gpu"
    return ""


def _measure(results: Results, seconds: float) -> None:
    from nodes.io.clip import Clip as File

    clip = File(library().asset(CLIP))
    Clip.pictures = tuple(timed.value.array for timed in islice(clip.play(end=2.0), 60))
    bare = Bare()
    frames = FRAMES if seconds >= 1 else 20
    bare(20)  # imports and first calls are nobody's
    _graph(20)
    pairs: list[tuple[float, float]] = []
    for number in rounds(seconds, FEWEST_PAIRS):
        if number % 2:
            pairs.append((bare(frames), _graph(frames)))
        else:
            graph = _graph(frames)
            pairs.append((bare(frames), graph))
    uploads, downloads = _copied(frames)
    results.update(
        {
            "gpu.pose_ratio": median(alone / graph for alone, graph in pairs),
            "gpu.pose_fps": frames / min(graph for _, graph in pairs),
            "gpu.bare_fps": frames / min(alone for alone, _ in pairs),
            "gpu.uploads_per_frame": uploads / frames,
            "gpu.downloads_per_frame": downloads / frames,
        }
    )


class Bare:
    """The landmark network alone, as onnxruntime runs it by itself, on data that is on the GPU and stays there."""

    def __init__(self) -> None:
        import numpy as np
        import onnxruntime
        import torch

        onnxruntime.preload_dlls()
        path = library().fetch(MODEL)["landmarks"]
        cuda = ("CUDAExecutionProvider", {"device_id": "0"})
        self._session = onnxruntime.InferenceSession(path, providers=[cuda, "CPUExecutionProvider"])
        self._binding = self._session.io_binding()
        self._data = []
        sides = [
            (self._binding.bind_input, self._session.get_inputs()),
            (self._binding.bind_output, self._session.get_outputs()),
        ]
        for bind, arguments in sides:
            for each in arguments:
                tensor = torch.rand([size if isinstance(size, int) else 1 for size in each.shape], device=DEVICE)
                bind(each.name, "cuda", 0, np.dtype(np.float32), tuple(tensor.shape), tensor.data_ptr())
                self._data.append(tensor)
        torch.cuda.synchronize(DEVICE)

    def __call__(self, frames: int) -> float:
        """Seconds that it takes for so many frames, one after the other."""
        began = time.perf_counter()
        for _ in range(frames):
            self._session.run_with_iobinding(self._binding)
        return time.perf_counter() - began


def _graph(frames: int) -> float:
    """Seconds that the graph takes, from its first frame to the end of its last."""
    registry = Registry({**load_registry().types, **Registry.of(pictures).types})
    with Session(_pose_graph(frames), registry, device=DEVICE) as session:
        session.send(Start())
        end, report = session.wait(), session.report()
    assert (end.state, end.finished) == ("finished", frames), end.message
    return float(report["seconds"])


def _pose_graph(frames: int) -> Graph:
    nodes = {
        "clip": Node("bench.pictures", params={"frames": frames}),
        "pose": Node("people.pose", params={"model": MODEL}),
        "overlay": Node("draw.poses"),
        "preview": Node("io.preview"),
    }
    return Graph(nodes=nodes).connect(
        "clip.image -> pose.image",
        "clip.image -> overlay.image",
        "pose.poses -> overlay.poses",
        "overlay.image -> preview.value",
    )


def _copied(frames: int) -> tuple[int, int]:
    """How many copies to the GPU and back the graph makes on so many frames: of pictures, and of what networks say,
    which come back all at once whether they are recorded or not."""
    from nodeflow.models import onnx_session
    from nodeflow.models.round_trip import Trip
    from nodeflow.values.device import download

    before, plain, recorded = copies(), mock.Mock(side_effect=download), Trip.wait
    trips = count()

    def counted(trip: Trip) -> Any:
        next(trips)
        return recorded(trip)

    with mock.patch.object(onnx_session, "download", plain), mock.patch.object(Trip, "wait", counted):
        _graph(frames)
    after = copies()
    fetched = plain.call_count + next(trips)
    return after.uploads - before.uploads, after.downloads - before.downloads + fetched


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu", description="What the engine adds on a GPU.")
    parser.add_argument("--json", action="store_true", help="print JSON in place of a table")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long to measure, about")
    options = parser.parse_args()
    results = Results()
    gpu(results, options.seconds)
    show(results, TARGETS, {"machine": machine(), "gpus": [each.title for each in devices()[1:]]}, options.json)


if __name__ == "__main__":
    main()

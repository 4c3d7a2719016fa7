"""Our call of each model against its bare runtime: `python -m benchmarks.models [--json] [--seconds 60]`.

A call is everything from the picture (sound, text) to the result: cutting, normalising, the
networks, decoding. What it gave its networks is written down, and the bare sessions are then run on just that, in turns
with whole calls. Where the networks are not all of the model (a voice is made of its spectra, see `plain`), the bare
side does the rest, too, in the plainest way.

    ratio           what a call costs / what its bare networks cost
    prepared_ratio  what a call costs from where its first network has its input, the result included / the same
    plain_ratio     what a call costs / its bare networks and preparing their input as plainly as their authors do
                    (`plain`): for networks of a millisecond, beside which that counts

All are of processor time, since on a shared machine a clock measures the neighbours, and the median of pairs; `ms` is
the shortest call by the clock. Models that are not on this machine are fetched.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from statistics import median
from typing import Any
from unittest import mock

import numpy as np
import onnxruntime

from benchmarks import plain
from benchmarks.figures import Results, Target, machine, rounds, show
from nodeflow.engine.threads import limit_libraries
from nodeflow.models import ModelError, OnnxModel, library, open_task
from nodeflow.models.runtime import BoundRun
from nodeflow.models.sessions import Lease
from nodeflow.models.tasks import TASKS
from nodeflow.values import Audio, Image, Vector

SECONDS = 60.0
FEWEST_PAIRS = 3
WARM_UPS = 2
"""Calls before anything is measured: the first loads and allocates."""

RATIOS = ("ratio", "prepared_ratio", "plain_ratio")
TARGETS = {f"models.{task}.{name}": Target("<=", 1.15) for task in TASKS for name in RATIOS}

Feeds = Mapping[str, Any]
Rest = Callable[[Sequence[Any]], object]
"""What is left to do with what the last network gives."""
_REST: Mapping[str, Rest] = {"speech-from-text": plain.voice}

Prepare = Callable[[], object]
"""Prepares the input of a task's first network in the plainest way, of the picture that `_call` gives."""

Run = tuple[onnxruntime.InferenceSession, Feeds, "Sequence[str] | None"]


def measure(seconds: float = SECONDS) -> tuple[Results, dict[str, object]]:
    """`models.TASK.ratio`, `prepared_ratio`, `plain_ratio` where it is known, and `ms`: of the task's default model."""
    results, before = Results(), machine()
    limit_libraries(1)  # as a session does
    for task in TASKS:
        try:
            call = _call(task)
        except ModelError as fault:
            results.skip(f"models.{task}.ratio", str(fault))
            continue
        for name, figure in _pairs(call, seconds / len(TASKS), _REST.get(task), _PREPARED.get(task)).items():
            results.update({f"models.{task}.{name}": figure})
    return results, {"machine": before, "load_after": machine()["load"]}


def _pairs(
    call: Callable[[], object], seconds: float, rest: Rest | None = None, prepare: Prepare | None = None
) -> dict[str, float]:
    for _ in range(WARM_UPS):
        call()
    runs: list[Run] = []
    with _told(lambda lease, feeds, outputs: runs.append(_run(lease, feeds, outputs))):
        call()
    found: dict[str, list[float]] = {"ratio": [], "prepared_ratio": [], "plain_ratio": []}
    shortest = float("inf")
    for number in rounds(seconds, FEWEST_PAIRS):
        if number % 2:
            preparing, bare = _bare(runs, rest, prepare)
        whole, since_input, clocked = _whole(call)
        if not number % 2:
            preparing, bare = _bare(runs, rest, prepare)
        found["ratio"].append(whole / bare)
        found["prepared_ratio"].append(since_input / bare)
        found["plain_ratio"].append(whole / (preparing + bare))
        shortest = min(shortest, clocked)
    if prepare is None:
        del found["plain_ratio"]
    return {name: median(figures) for name, figures in found.items()} | {"ms": shortest * 1e3}


def _whole(call: Callable[[], object]) -> tuple[float, float, float]:
    """Processor seconds of a call, those of them since its first network had its input, and seconds by the clock."""
    began: list[float] = []
    with _told(lambda *_: began.append(time.process_time())):
        clock, start = time.perf_counter(), time.process_time()
        call()
        end = time.process_time()
        return end - start, end - began[0], time.perf_counter() - clock


def _bare(runs: Sequence[Run], rest: Rest | None, prepare: Prepare | None) -> tuple[float, float]:
    """Processor seconds of preparing an input plainly, and of the bare networks, which get what our call gave them."""
    start = time.process_time()
    if prepare is not None:
        prepare()
    ready = time.process_time()
    for session, feeds, outputs in runs:
        made = session.run(outputs, feeds)
    if rest is not None:
        rest(made)
    return ready - start, time.process_time() - ready


def _run(lease: Lease[Any], feeds: Feeds, outputs: Sequence[str] | None) -> Run:
    return lease.session()._session, {name: array.copy() for name, array in feeds.items()}, outputs


@contextmanager
def _told(tell: Callable[[Lease[Any], Feeds, Sequence[str] | None], object]) -> Iterator[None]:
    """Tell of every run of a network inside, before it begins."""
    run, bound = OnnxModel.run, BoundRun.__call__

    def told_run(self: OnnxModel, feeds: Feeds, outputs: Sequence[str] | None = None) -> list[Any]:
        tell(self._lease, feeds, outputs)
        return run(self, feeds, outputs)

    def told_bound(self: BoundRun) -> list[Any]:
        tell(self._lease, self.feeds, self.outputs)
        return bound(self)

    with mock.patch.object(OnnxModel, "run", told_run), mock.patch.object(BoundRun, "__call__", told_bound):
        yield


@cache
def _picture(sample: str) -> Image:
    from nodes.io.image import read_image

    return read_image(library().asset(sample))


@cache
def _face() -> Image:
    return _picture("astronaut").cropped(165, 65, 120, 120)


_PREPARED: Mapping[str, Prepare] = {
    "faces": lambda: plain.face_input(_picture("astronaut").array),
    "emotion": lambda: plain.expression_input(_face().array),
}


def _telephone(start: float, end: float) -> Audio:
    from nodes.io.track import Track

    track = Track(library().asset("conversation"))
    return Audio(np.concatenate(list(track.blocks(start, end)), axis=1), track.rate)


def _speech(model: Any) -> Callable[[], object]:
    said = _telephone(17.8, 20.1)
    return lambda: model(said)


def _music(model: Any) -> Callable[[], object]:
    from nodes.sound.melody import melody, play

    played = play(melody("C4 E4 G4 C5 - A3+C4+E4 G3+B3+D4 C4", 0.5))
    return lambda: model(played, onset=0.5, sounding=0.3, shortest=0.128)


def _drawn(model: Any) -> Callable[[], object]:
    from nodeflow.models.generate import latent

    point = Vector(latent(1, model.length), model.family)
    return lambda: model(point)


def _kind(model: Any) -> Callable[[], object]:
    from nodeflow.models.generate import latent
    from nodeflow.models.generate.kinds import KindPoint, mix_of

    point = KindPoint(latent(1, model.length, 0.4), mix_of({"tabby": 1.0}), 0.4)
    return lambda: model(point)


_WITHOUT_PICTURES: dict[str, Callable[[Any], Callable[[], object]]] = {
    "voice-activity": _speech,
    "speech-to-text": _speech,
    "sound-events": _speech,
    "pitch": _speech,
    "notes": _music,
    "picture-generator": _drawn,
    "kind-generator": _kind,
    "text-embedding": lambda model: lambda: model("Are we still meeting for lunch tomorrow? I will be a little late."),
    "speech-from-text": lambda model: lambda: model("The quick brown fox jumps over the lazy dog."),
}
"""How a model of a task is called that takes no picture, on what it is meant for."""


def _call(task: str) -> Callable[[], object]:
    """One call of the task's default model on what it is meant for. Raises ModelError."""
    from nodeflow.models.masks import Prompt

    model_id = TASKS[task].default
    if not library().card(model_id).checked and library().status(model_id) != "ready":
        raise ModelError(
            f"{model_id} was not checked here, and is not on this machine: `nodeflow models get {model_id}`"
        )
    if not library().card(model_id).networks:
        raise ModelError(f"{model_id} runs no network: there is nothing to compare a call with")
    model = open_task(task, model_id, device="cpu")
    if task in _WITHOUT_PICTURES:
        return _WITHOUT_PICTURES[task](model)
    astronaut, page = _picture("astronaut"), _picture("page")
    face = _face()
    hole = np.zeros((astronaut.height, astronaut.width), np.float32)
    hole[100:150, 400:460] = 1
    calls: dict[str, Callable[[], object]] = {
        "pose": lambda: model(astronaut, score=0.3),
        "faces": lambda: model(astronaut, score=0.5, most=10),
        "face-mesh": lambda: model(astronaut, most=1),
        "face-description": lambda: model(face),
        "emotion": lambda: model(face),
        "hands": lambda: model(astronaut, most=2),
        "objects": lambda: model(astronaut, score=0.4),
        "classes": lambda: model(astronaut),
        "edges": lambda: model(face, longest=120),
        "depth": lambda: model(astronaut, longest=518),
        "segments": lambda: model(astronaut, longest=520),
        "prompted-mask": lambda: model(astronaut, Prompt(inside=((225.0, 130.0),))),
        "caption": lambda: model(astronaut, most=24),
        "inpaint": lambda: model(astronaut, hole),
        "colour": lambda: model(astronaut, strength=1.0),
        "picture-to-picture": lambda: model(face),
        "deblur": lambda: model(face),
        "denoise": lambda: model(face, noise=15.0),
        "low-light": lambda: model(astronaut),
        "text-to-picture": lambda: model("a lighthouse", seed=1),
        "person-mask": lambda: model(astronaut),
        "text-in-pictures": lambda: model(page, score=0.5),
        "style": lambda: model(astronaut, {19: 1.0}, longest=384),
        "style-from-picture": lambda: model(astronaut, face, strength=1.0),
        "upscale": lambda: model(face),
    }
    if task not in calls:
        raise ModelError(f"nothing is set up here to call a model for {task} with")
    return calls[task]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.models", description="What a model's call costs.")
    parser.add_argument("--json", action="store_true", help="print JSON in place of a table")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long to measure, about")
    options = parser.parse_args()
    results, about = measure(options.seconds)
    show(results, TARGETS, about, options.json)


if __name__ == "__main__":
    main()

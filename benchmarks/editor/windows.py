"""The editor's figures: `python -m benchmarks.editor [--json] [--seconds 60]`.

Windows are opened in processes of their own, on the display that there is or on a virtual one. What each figure means
stands in docs/performance.md. Processor time is that of the thread that draws; where time on the clock is
compared, both sides are open at once and take turns, a few frames each.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from statistics import fmean, median
from types import TracebackType
from typing import Any, Self

from benchmarks.editor.graphs import chains, hogged
from benchmarks.editor.screen import NoScreen, screen
from benchmarks.figures import Results, Target, machine, rounds, show
from benchmarks.pose import CLIP, RATE, pose_graph
from nodeflow.graph import Graph, save
from nodeflow.models import ModelError, library

SECONDS = 60.0
SIZES = (20, 1000)
MOVES = ("pan", "zoom", "drag")
MODELS = ("blazepose-full", "blazepose-heavy", "movenet-multipose")
STARTS = 5
BESIDE, PAIRS = 1.5, 7
"""Seconds of the clip that run beside the window, 90 frames, and how often at least: single runs differ by a tenth."""
TRIES = 3
"""How often a start is measured at most, if the machine's host keeps taking its processors away."""
PACKS = Path(__file__).parent / "packs"
FRAMES = 48
"""Frames of a measured gesture: the wheel goes all the way in and out again."""

TARGETS = {
    "still_ms": Target("<=", 2),
    **{f"{move}_ms": Target("<=", 8) for move in MOVES},
    "vs_builtin.20": Target("<=", 0.5),
    "vs_builtin.1000": Target("<=", 0.7),
    "first_frame_s": Target("<=", 1),
    "worst_frame_ms_loading": Target("<=", 100),
    "worst_frame_ms_hogged": Target("<=", 100),
    "pose_beside_editor": Target(">=", 0.9),
    "pose_beside_editor_vs_loop": Target(">=", 0.9),
}


Environment = Mapping[str, str]


class Desk:
    """A window in a process of its own, which draws when it is asked to."""

    def __init__(self, kind: str, graph: Path, environment: Environment) -> None:
        command = [sys.executable, "-m", "benchmarks.editor.desk", kind, str(graph)]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True)
        self._answer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._process.kill()
        self._process.communicate()

    def frames(self, does: str, view: str, frames: int) -> dict[str, list[float]]:
        """`wall`: each frame's seconds on the clock; `python`: processor time of our part of it."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"does": does, "view": view, "frames": frames}) + "\n")
        self._process.stdin.flush()
        return dict(self._answer())

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the window ended with exit status {self._process.wait()}")
        return json.loads(line)


def measure(
    seconds: float = SECONDS, sizes: tuple[int, ...] = SIZES, models: tuple[str, ...] = MODELS
) -> tuple[Results, dict[str, object]]:
    """Every figure, and what they were measured on."""
    results, before, began = Results(), machine(), time.perf_counter()
    try:
        with screen() as display, tempfile.TemporaryDirectory() as folder:
            environment = {**display, "NODEFLOW_CONFIG": folder, "NODEFLOW_STATE": folder}  # the settings as they come
            repeats = STARTS if seconds >= 10 else 1
            if repeats > 1:
                environment["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "bytecode")  # there from the second start on
                environment.pop("PYTHONDONTWRITEBYTECODE", None)
            starts(results, Path(folder), environment, repeats)
            against_builtin(results, Path(folder), environment, sizes, seconds * 0.4)
            moves(results, Path(folder), environment, sizes[-1], FRAMES if seconds >= 10 else 4)
            loading(results, Path(folder), environment, models)
            beside(results, Path(folder), environment, models[:1], seconds * 0.3)
    except NoScreen as fault:
        for name in TARGETS:
            results.skip(name, str(fault))
    took = round(time.perf_counter() - began, 1)
    return results, {"machine": before, "load_after": machine()["load"], "seconds": took}


def moves(results: Results, folder: Path, environment: Environment, size: int, frames: int) -> None:
    """`still_ms`, `pan_ms`, `zoom_ms`, `drag_ms`: our Python per frame at 1,000 nodes, the mean of a gesture, with all
    of them in sight or at 100 % in their midst, whichever is more; `*_worst_ms`: the worst frame of either.
    `running_ms`: still, while a run says something new of every node in every frame."""
    with Desk("ours", _saved(chains(size), folder), environment) as desk:
        for does in ("still", *MOVES, "running"):
            taken = [desk.frames(does, view, frames)["python"] for view in ("all_in_sight", "near")]
            results.update({f"{does}_ms": max(map(fmean, taken)) * 1e3, f"{does}_worst_ms": max(map(max, taken)) * 1e3})


def against_builtin(
    results: Results, folder: Path, environment: Environment, sizes: tuple[int, ...], seconds: float
) -> None:
    """`vs_builtin.N`: a still frame of N nodes that are all in sight, drawing included / one of DearPyGui's own node
    editor with the same nodes, which shows those that fit at 100 %. `vs_builtin_near.N`: at 100 % here, too."""
    for size in sizes:
        path = _saved(chains(size), folder)
        ratios: dict[str, list[float]] = {"": [], "_near": []}
        with Desk("ours", path, environment) as ours, Desk("builtin", path, environment) as builtin:
            for _ in rounds(seconds / len(sizes)):
                for name, view in (("", "all_in_sight"), ("_near", "near")):
                    mine, theirs = (median(desk.frames("still", view, 4)["wall"]) for desk in (ours, builtin))
                    ratios[name].append(mine / theirs)
        results.update({f"vs_builtin{name}.{size}": median(each) for name, each in ratios.items()})


def starts(results: Results, folder: Path, environment: Environment, repeats: int) -> None:
    """`first_frame_s`: from the start of the program to the end of its first frame, best of several;
    `first_frame_cpu_s`: the processor time that this took."""
    path = _saved(chains(10), folder)
    waited, used = [], []
    for _ in range(repeats):
        began = time.monotonic()
        told = _timed(path, 0, environment)
        waited.append(told["first"] - began)
        used.append(told["cpu"])
    results.update({"first_frame_s": min(waited), "first_frame_cpu_s": min(used)})


def loading(results: Results, folder: Path, environment: Environment, models: tuple[str, ...]) -> None:
    """`worst_frame_ms_loading`: the longest time from one frame to the next while a model is opened and runs on its
    first frames, of several models; `worst_frame_ms_stolen`: the processor time that the host of a virtual machine gave
    to others in that frame, where it tells: a start that it disturbed is measured anew. `worst_frame_ms_hogged`: while
    a node counts in Python and never waits; `worst_frame_ms_starting`: while the program loads its nodes;
    `worst_frame_ms_idle`: after all that, when nothing happens, which is what the machine makes of it. The last two are
    medians of those runs."""
    told = {"": _timed(_saved(hogged(), folder), 5, {**environment, "NODEFLOW_PACKS": str(PACKS)})}
    try:
        for model in models:
            library().fetch(model)
            path = _saved(pose_graph(0.2).set_param("pose", "model", model), folder)
            told[model] = _undisturbed(partial(_timed, path, 5, environment))
            results.update({f"worst_frame_ms.{model}": _worst(told[model], "opening", "running")})
        worst = [_longest(told[model], "opening", "running") for model in models]
        results.update({"worst_frame_ms_loading": max(worst)[0] * 1e3, "worst_frame_ms_stolen": max(worst)[1] * 1e3})
    except ModelError as fault:
        results.skip("worst_frame_ms_loading", str(fault))
    results.update({"worst_frame_ms_hogged": _worst(told[""], "running")})
    for name, states in (("starting", ("starting",)), ("idle", ("finished", "stopped"))):
        results.update({f"worst_frame_ms_{name}": median(_worst(each, *states) for each in told.values())})


def beside(results: Results, folder: Path, environment: Environment, models: tuple[str, ...], seconds: float) -> None:
    """`pose_beside_editor`: frames a second of the pose sample in the editor, which shows its pictures while nobody
    touches it / of the same without a window; median of rounds that take turns, each run in a process of its own.
    `pose_beside_editor_vs_loop`: / of a loop of the same calls, written by hand. `pose_beside_window_fps`: frames a
    second of the window meanwhile, the lowest of those runs: a window that is seldom drawn would leave the run alone,
    too."""
    names = "pose_beside_editor", "pose_beside_editor_vs_loop"
    try:
        for model in models:
            library().fetch(model)
            library().asset(CLIP)
    except ModelError as fault:
        for name in names:
            results.skip(name, str(fault))
        return
    length = BESIDE if seconds >= 1 else 0.1
    path = _saved(pose_graph(length), folder)
    rates: dict[str, list[float]] = {"alone": [], "window": [], "loop": []}
    drawn = []

    def in_window() -> float:
        told = _timed(path, 10**6, environment, "unattended")
        gaps = [gap for gap, state, _ in told["gaps"] if state == "running"]
        drawn.append(len(gaps) / sum(gaps) if gaps else 0.0)
        return float(told["report"]["fps"])

    turns: dict[str, Callable[[], float]] = {
        "alone": lambda: _fps("alone", str(path), environment),
        "window": in_window,
        "loop": lambda: _fps("by_hand", str(round(length * RATE)), environment),
    }
    for number in rounds(seconds, PAIRS if seconds >= 1 else 3):
        for name in list(turns) if number % 2 else reversed(turns):
            rates[name].append(turns[name]())
    ratios = (
        median(window / other for window, other in zip(rates["window"], rates[name], strict=True))
        for name in ("alone", "loop")
    )
    results.update(dict(zip(names, ratios, strict=True)))
    results.update({"pose_beside_editor_fps": max(rates["window"]), "pose_beside_window_fps": min(drawn)})


def _fps(program: str, given: str, environment: Environment) -> float:
    """Frames a second, as a program of this package prints them."""
    command = [sys.executable, "-m", f"benchmarks.editor.{program}", given]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    return float(json.loads(done.stdout)["fps"])


def _worst(told: Mapping[str, Any], *states: str) -> float:
    return _longest(told, *states)[0] * 1e3


def _longest(told: Mapping[str, Any], *states: str) -> tuple[float, float]:
    """The longest time from frame to frame, and the processor time that the machine's host took in it."""
    return max(((gap, stolen) for gap, state, stolen in told["gaps"] if state in states), default=(0.0, 0.0))


def _undisturbed(measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What it measured when the machine's host took less than a quarter of a processor in the longest frame; the last
    of several tries, if it never did."""
    for _ in range(TRIES):
        told = measure()
        gap, stolen = _longest(told, "opening", "running")
        if stolen < gap / 4:
            break
    return told


def _timed(graph: Path, frames: int, environment: Environment, *more: str) -> dict[str, Any]:
    """What `benchmarks.editor.program` tells of a program on `graph`."""
    command = [sys.executable, "-m", "benchmarks.editor.program", str(graph), str(frames), *more]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout))


def _saved(graph: Graph, folder: Path) -> Path:
    path = folder / "graph.json"
    save(graph, path)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.editor", description="What the editor costs.")
    parser.add_argument("--json", action="store_true", help="print JSON in place of a table")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long to measure, about")
    options = parser.parse_args()
    results, about = measure(options.seconds)
    show(results, TARGETS, about, options.json)

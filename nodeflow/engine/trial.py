"""Trying one node of a graph by itself: what goes into it is made first, then it is called again and again.

    made = try_node(graph, "pose", "overlay", registry)        # blocks; the graph is a lowered one
    made.ms, made.provider, made.memory, made.picture

No scheduler, no other node beside it: what is measured is one call of that node, conversions and lists included, on
frames that its source really gives. Run in a process of its own, as this module is when it is run, the memory is that
of the model alone:

    python -m nodeflow.engine.trial < job.json      # lines of JSON: {"tell": [text, fraction]} and one {"made": ...}
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from nodeflow.engine.plan import Plan, PlanNode
from nodeflow.engine.planning import make_plan
from nodeflow.graph import Graph, loads, renames
from nodeflow.models.footprint import grown, resident
from nodeflow.node import Instance, NodeError, Nothing, Registry, Tick, load_registry
from nodeflow.paths import SAMPLE
from nodeflow.whole import write_whole

if TYPE_CHECKING:
    from nodeflow.values import Image

FRAMES: Final = 8
"""How many frames of a source are made, and then given over and over."""
_CALLS: Final = (3, 30)
"""The least and the most calls that are timed."""
_SECONDS: Final = 5.0
"""After so long, the least is enough."""
_SIDE: Final = 640
"""How many pixels the longer side of the picture that is kept has at most."""

Tell = Callable[[str, float | None], None]
Values = dict[int, tuple[Any, ...]]
"""What each node gave, by its place in the plan, for one frame."""


@dataclass(frozen=True, slots=True)
class Made:
    """`ms` is the median of `calls` calls, after one that is not counted. `memory` is by how many bytes the process
    grew from before the node was opened, None where the system does not tell; `load_s` how long opening took."""

    ms: float
    calls: int
    load_s: float
    memory: int | None
    provider: str


class TrialContext:
    """The `Context` of a node that is tried: nobody waits, nothing is written."""

    def __init__(self, tell: Tell, device: str, threads: int) -> None:
        self.device, self.threads = device, threads
        self.interactive = self.stopping = False
        self.said = ""
        self._tell = tell

    def wait(self, _seconds: float) -> bool:
        return False

    def path(self, text: str) -> Path:
        if not text.startswith(SAMPLE):
            raise NodeError(f"{text!r} is no sample.", "Samples are named sample:NAME.")
        from nodeflow.models import library

        return library().asset(text.removeprefix(SAMPLE), self.progress)

    def folder(self, text: str) -> Path:
        return self.path(text)

    def output(self, text: str) -> Path:
        raise NodeError(f"{text!r} is not written here.")

    def progress(self, text: str, fraction: float | None = None) -> None:
        self._tell(text, fraction)

    def note(self, text: str) -> None: ...

    def provider(self, name: str, device: str = "cpu") -> None:  # noqa: ARG002
        self.said = name


class Trial:
    """A graph whose node `node` is tried; `end` is a node behind it that makes a picture of the results, or itself."""

    def __init__(self, graph: Graph, node: str, end: str, registry: Registry, tell: Tell) -> None:
        """Raises NodeError where the graph has something wrong."""
        plan: Plan = make_plan(graph, registry, {node, end})
        if node not in plan.index or end not in plan.index:
            why = next((problem.message for problem in plan.problems), "it is not in the graph")
            raise NodeError(f"{node} cannot be tried: {why}")
        before = graph.upstream({node}) - {node}
        self._node = plan.nodes[plan.index[node]]
        nodes = [each for each in plan.nodes if each.step is None]
        self._before = [each for each in nodes if each.id in before]
        self._behind = [each for each in nodes if each.id not in before and each.id != node]
        self._end = plan.index[end]
        self._tell = tell

    def run(self, device: str = "auto", threads: int = 1) -> tuple[Made, Image | None]:
        """Do it. Raises what a node raises."""
        frames = self._fed(TrialContext(self._tell, device, threads))
        with suppress(ImportError):
            import onnxruntime  # noqa: F401 - is not the model's
        self._tell("Loading the model", None)
        ctx, started, before = TrialContext(self._tell, device, threads), time.perf_counter(), resident()
        instance = Instance(self._node.type)
        instance.open(ctx, self._node.settings.values)
        loaded = time.perf_counter() - started
        try:
            times = self._times(instance, frames)
            memory = grown(before, resident())
            frame = frames[len(frames) // 2]
            frame[self._node.place] = _call(instance, self._node, frame, Tick(0, 0.0))
        finally:
            instance.close()
        return Made(round(median(times), 3), len(times), round(loaded, 3), memory, ctx.said), self._picture(frame)

    def _fed(self, ctx: TrialContext) -> list[Values]:
        """What the nodes before it give, for a few frames."""
        frames: list[Values] = [{}]
        for node in self._before:
            self._tell(f"Making ready what it is given: {node.schema.title}", None)
            instance = Instance(node.type)
            instance.open(ctx, node.settings.values)
            try:
                if node.is_source:
                    given = [outputs for _time, outputs in islice(instance.frames(node.settings.live), FRAMES)]
                    frames = [{**frame, node.place: each} for each, frame in zip(given, _cycled(frames), strict=False)]
                else:
                    for number, frame in enumerate(frames):
                        frame[node.place] = _call(instance, node, frame, Tick(number, number / 30))
            finally:
                instance.close()
        if not frames:
            raise NodeError("The source gave nothing.")
        return frames

    def _times(self, instance: Instance, frames: Sequence[Values]) -> list[float]:
        """Milliseconds of each call but the first."""
        least, most = _CALLS
        times: list[float] = []
        began = time.perf_counter()
        for number, frame in enumerate(islice(_cycled(frames), most + 1)):
            started = time.perf_counter()
            outputs = _call(instance, self._node, frame, Tick(number, number / 30))
            now = time.perf_counter()
            if all(isinstance(each, Nothing) for each in outputs) and outputs:
                raise NodeError(f"It gave nothing: {outputs[0].reason}")
            if number:
                times.append(1000 * (now - started))
            self._tell(f"Calling it, {number} of {most}", number / most)
            if number >= least and now - began > _SECONDS:
                break
        return times

    def _picture(self, frame: Values) -> Image | None:
        from nodeflow.values import Image, Items, Mask
        from nodeflow.values.conversions import CONVERSIONS

        for node in self._behind:
            instance = Instance(node.type)
            instance.open(TrialContext(self._tell, "cpu", 1), node.settings.values)
            try:
                frame[node.place] = _call(instance, node, frame, Tick(0, 0.0))
            finally:
                instance.close()
        for value in frame.get(self._end, ()):
            first = value[0] if isinstance(value, Items) and value else value
            if isinstance(first, Mask):
                first = CONVERSIONS["Mask", "Image"].apply(first)
            if isinstance(first, Image):
                return first
        return None


def _call(instance: Instance, node: PlanNode, frame: Values, tick: Tick) -> tuple[Any, ...]:
    """One call on the values of a frame; where one is missing that it needs, it gives nothing, either."""
    inputs: list[Any] = []
    for wire in node.inputs:
        value = None if wire is None else frame[wire.producer][wire.output]
        if wire is not None and isinstance(value, Nothing):
            if not wire.optional:
                return (value,) * node.outputs
            value = None
        elif wire is not None and wire.convert is not None:
            value = wire.convert(value)
        inputs.append(value)
    call = instance.call_for_each if node.mapped else instance.call
    return call(tuple(inputs), tick, node.settings.live)


def _cycled(frames: Sequence[Values]) -> Iterator[Values]:
    while True:
        yield from frames


def _say(**what: Any) -> None:
    print(json.dumps(what), flush=True)


def main() -> int:
    """The job: `graph` as a graph file's text, `node`, `end`, `device`, `threads`, and `picture`, a path for a PNG."""
    job = json.loads(sys.stdin.read())
    registry = load_registry()
    graph = loads(job["graph"], migrate=renames(registry.catalog))
    trial = Trial(graph, job["node"], job["end"], registry, lambda text, fraction: _say(tell=[text, fraction]))
    try:
        made, picture = trial.run(job["device"], job["threads"])
    except Exception as fault:  # whatever a node raises is said to who asked
        _say(failed=f"{fault}" if str(fault) else type(fault).__name__)
        return 1
    if picture is not None:
        _write_png(picture, Path(job["picture"]))
    _say(made=asdict(made))
    return 0


def _write_png(picture: Image, path: Path) -> None:
    import cv2

    pixels = picture.array
    shrink = min(1.0, _SIDE / max(pixels.shape[:2]))
    size = max(1, round(pixels.shape[1] * shrink)), max(1, round(pixels.shape[0] * shrink))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA) if shrink < 1.0 else pixels
    done, data = cv2.imencode(".png", cv2.cvtColor(small, cv2.COLOR_RGB2BGR))
    if done:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, bytes(data))


if __name__ == "__main__":
    sys.exit(main())

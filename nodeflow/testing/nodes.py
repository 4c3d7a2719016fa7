"""Trying a node out in a test, without an engine.

    assert run_node(blur, image, radius=3).width == image.width

    ctx = NodeContext(tmp_path)
    with open_node(VideoWriter, ctx=ctx, path="clip.mp4") as writer:
        for image in images:
            writer(image)

Parameters are given by name, setup and live alike; those left out have their defaults. What a node does in a session
it does here: it is opened, called and closed through the same `Instance`, on the calling thread.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nodeflow.graph import Node, fault
from nodeflow.node import Instance, NodeError, NodeType, Registry, Stream, Tick, live_arguments, node_type_of
from nodeflow.paths import SAMPLE, PathSort, path_fault, placed


class NodeContext:
    """A `Context` that works on a folder and remembers what it was told.

    `wait` does not sleep: it counts into `waited`. After `stop()`, `stopping` is true.
    """

    def __init__(self, root: Path | None = None, *, device: str = "cpu", interactive: bool = False) -> None:
        self.root = root or Path.cwd()
        self.device = device
        self.threads = 1
        self.interactive = interactive
        self.stopping = False
        self.waited = 0.0
        self.notes: list[str] = []
        self.progressed: list[tuple[str, float | None]] = []
        self.providers: list[str] = []

    def stop(self) -> None:
        self.stopping = True

    def wait(self, seconds: float) -> bool:
        self.waited += max(0.0, seconds)
        return self.stopping

    def path(self, text: str) -> Path:
        return self._there("file", text)

    def folder(self, text: str) -> Path:
        return self._there("folder", text)

    def _there(self, sort: PathSort, text: str) -> Path:
        if not text.strip():
            raise NodeError(f"No {sort} is chosen.", "Choose one.")
        if text.startswith(SAMPLE):
            from nodeflow.models import library

            return library().asset(text.removeprefix(SAMPLE), self.progress)
        place = placed(self.root, text)
        fault = path_fault(sort, place)
        if fault is not None:
            raise NodeError(*fault)
        return place

    def output(self, text: str) -> Path:
        place = placed(self.root, text)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=place.parent):
                return place
        except OSError as fault:
            raise NodeError(f"{place} cannot be written ({fault.strerror}).", "Choose another folder.") from fault

    def progress(self, text: str, fraction: float | None = None) -> None:
        self.progressed.append((text, fraction))

    def note(self, text: str) -> None:
        self.notes.append(text)

    def provider(self, name: str, device: str = "cpu") -> None:  # noqa: ARG002
        self.providers.append(name)


class OpenNode:
    """A node that is open. Calling it runs it on the next frame; frames are numbered from 0."""

    def __init__(self, node_type: NodeType, stream: Stream, instance: Instance, values: dict[str, Any]) -> None:
        self.stream = stream
        self._type = node_type
        self._instance = instance
        self._values = values
        self._frame = 0

    def __call__(self, *inputs: Any, tick: Tick | None = None, **live: Any) -> Any:
        """Run once. Gives the output, a tuple of several, or None for a node without any.

        Inputs stand in the order of the ports; optional ones at the end may be left out. Live parameters given here
        hold for this call and those after it. Without a `tick`, frames come 30 times a second.
        """
        _require_sound(self._type, live, "live")
        self._values |= live
        ports = self._type.schema.inputs
        missing = ports[len(inputs) :]
        if len(inputs) > len(ports) or not all(port.optional for port in missing):
            raise TypeError(f"{self._type.schema.type} takes {[port.name for port in ports]}, not {len(inputs)} inputs")
        tick = tick or Tick(self._frame, self._frame / 30, 30.0)
        self._frame += 1
        outputs = self._instance.call(
            (*inputs, *(None for _ in missing)), tick, live_arguments(self._type, self._values)
        )
        return _plain(outputs)

    def frames(self) -> Iterator[tuple[float | None, Any]]:
        """A source's values one by one, each with its time, where the source gives one."""
        for time, outputs in self._instance.frames(live_arguments(self._type, self._values)):
            yield time, _plain(outputs)

    def seek(self, seconds: float) -> None:
        """Have the next `frames` of a source begin at this time."""
        self._instance.seek(seconds)


@contextmanager
def open_node(code: object, *, ctx: NodeContext | None = None, **params: Any) -> Iterator[OpenNode]:
    """Open a node for the length of a `with` block, and close it. Raises whatever the node raises."""
    ctx = ctx or NodeContext()
    node_type = node_type_of(code)
    _require_sound(node_type, params)
    if node_type.schema.adapts:
        registry = Registry.of(code)
        made = registry.adapted(Node(node_type.schema.type, params=params), "", ctx.path)
        node_type, params = registry.type(made.type), dict(made.params)
    values = {param.name: params.get(param.name, param.default) for param in node_type.schema.params}
    instance = Instance(node_type)
    stream = instance.open(ctx, values)
    try:
        yield OpenNode(node_type, stream, instance, values)
    finally:
        instance.close()


def run_node(
    code: object, *inputs: Any, ctx: NodeContext | None = None, tick: Tick | None = None, **params: Any
) -> Any:
    """Open a node, run it once, close it. A source gives the list of all its values."""
    with open_node(code, ctx=ctx, **params) as opened:
        if node_type_of(code).schema.clock is not None:
            return [value for _, value in opened.frames()]
        return opened(*inputs, tick=tick)


def _require_sound(node_type: NodeType, params: dict[str, Any], group: str | None = None) -> None:
    """Raises TypeError for parameters that a graph could not hold."""
    known = {param.name: param for param in node_type.schema.params if group in (None, param.group)}
    for name in params.keys() & known.keys():
        if wrong := fault(known[name], params[name]):
            raise TypeError(f"{node_type.schema.type}: {name} {wrong}")
    if unknown := params.keys() - known.keys():
        what = f"{group} parameter" if group else "parameter"
        raise TypeError(f"{node_type.schema.type} has no {what} {min(unknown)!r}; it has {sorted(known)}")


def _plain(outputs: tuple[Any, ...]) -> Any:
    return None if not outputs else outputs[0] if len(outputs) == 1 else outputs

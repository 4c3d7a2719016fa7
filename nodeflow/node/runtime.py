"""What a running node meets: its context, the tick of its frame, and the words it answers with.

A node is opened once with its setup parameters and a `Context`, called once a frame, and closed once. What it raises
stays on its frame and its branch: a `NodeError` is shown as it is written, so it says what is wrong and what to do.
Errors of `nodeflow.models` are shown in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from nodeflow.graph.schema import Clock


class NodeError(Exception):
    """Something the person can mend: `message` says what and why, `hint` what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class RetryLater(NodeError):
    """A source cannot give frames now; the engine shows the message and opens it again after `seconds`."""

    def __init__(self, message: str, hint: str = "", seconds: float = 2.0) -> None:
        super().__init__(message, hint)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Nothing:
    """Returned in place of a value: this frame has none, and why. What depends on it is passed over."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """The frame a call belongs to. A node that declares a parameter `tick: Tick` gets it.

    `index` counts the session's frames from 0; `time` is the frame's own time in seconds from the start of its
    source; `rate` is the source's nominal rate in frames a second, or None if it has none.
    """

    index: int
    time: float
    rate: float | None = None


@dataclass(frozen=True, slots=True)
class Stream:
    """What a source may say of itself when it opens.

    `rate` in frames a second; `frames` how many there will be; `clock` as it turned out, where it
    differs from the declaration (a camera played from a file loses nothing). `note` is shown on the node. `start` is
    the time of the first frame, in seconds. A source that begins again and again says how long one `lap` is, in
    seconds: its times go on growing, and a frame's place in the lap is told from them.
    """

    rate: float | None = None
    frames: int | None = None
    clock: Clock | None = None
    note: str = ""
    start: float = 0.0
    lap: float | None = None


@dataclass(frozen=True, slots=True)
class Timed:
    """A source's value with its time in seconds from the start of the source."""

    value: Any
    time: float


class Context(Protocol):
    """What the engine offers a node while it opens and runs."""

    @property
    def device(self) -> str:
        """Where models should run: "cpu", "cuda:0" or "auto"."""

    @property
    def threads(self) -> int:
        """How many threads one call of a model may use; other nodes run beside it."""

    @property
    def interactive(self) -> bool:
        """Whether a person watches live (an editor) rather than waits for results (the command line)."""

    @property
    def stopping(self) -> bool:
        """Whether the session is stopping: a source that waits or loads returns soon when this turns true."""

    def wait(self, seconds: float) -> bool:
        """Sleep, but wake when the session stops. True if it is stopping."""

    def path(self, text: str) -> Path:
        """An existing input file: relative to the graph's folder, or "sample:NAME" (fetched on first use).

        Raises NodeError if there is no such file.
        """

    def folder(self, text: str) -> Path:
        """An existing folder: relative to the graph's folder, or "sample:NAME". Raises NodeError if there is none."""

    def output(self, text: str) -> Path:
        """Where to write: relative to the graph's folder; missing folders are made.

        Raises NodeError if nothing can be written there.
        """

    def progress(self, text: str, fraction: float | None = None) -> None:
        """Show what opening is busy with; `fraction` 0..1 where known."""

    def note(self, text: str) -> None:
        """Show a remark on the node that is not an error."""

    def provider(self, name: str, device: str = "cpu") -> None:
        """Say what a model runs on, as shown on the node and in reports ("CUDA", "CPU"), and on which device: nodes
        on one GPU take turns, each on a stream of its own."""

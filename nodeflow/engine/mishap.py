"""What is kept of a call that failed, so that a person can mend it or report it: plain text, made on failure only.

A call that goes well costs nothing here. A node that fails on every frame is looked at twice a second at most, because
writing down a traceback takes longer than many calls do.
"""

from __future__ import annotations

import logging
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import nodeflow
from nodeflow.models import ModelError
from nodeflow.values import Image, summary

if TYPE_CHECKING:
    from nodeflow.engine.circuit import Call
    from nodeflow.engine.stage import Stage

log = logging.getLogger(__name__)

_AGAIN = 0.5
_DEPTH = 12
_LONGEST = 6000
_LONGEST_INPUT = 100
_OURS = tuple(str(Path(nodeflow.__file__).parent / room) for room in ("engine", "node"))


@dataclass(frozen=True, slots=True)
class Mishap:
    """`frame` is the frame's number, or None where the node did not open; `inputs` are its inputs in few words, such as
    "image: 640x480"; `trace` is the traceback's end, from the node's own code on, or "" where what failed is a model or
    a sample that is not to be had, and nobody's code. `at` is when, in seconds."""

    frame: int | None
    inputs: tuple[str, ...]
    trace: str
    at: float


def remember(stage: Stage, fault: BaseException, call: Call | None = None) -> None:
    """Keep what is worth knowing of a call, or of an opening, that raised `fault`. Never raises."""
    now = time.perf_counter()
    last = stage.mishap
    if last is not None and call is not None and now - last.at < _AGAIN and last.frame is not None:
        return

    def told() -> list[str]:
        if isinstance(fault, ModelError):
            return []
        return traceback.format_exception(type(fault), fault, _inner(fault.__traceback__), -_DEPTH)

    _keep(stage, call, told)


def remember_hang(call: Call, thread: int) -> None:
    """Keep where a call is that was given up, on the thread with this identity, unless it is back by now. Never raises.

    Lines of source are read for that: not under a lock.
    """
    frame = sys._current_frames().get(thread)
    if frame is not None and call.stage.hung:
        _keep(call.stage, call, lambda: ["The call is here:\n", *traceback.format_stack(frame)])


def _keep(stage: Stage, call: Call | None, told: Callable[[], list[str]]) -> None:
    try:
        frame, inputs = (call.frame.tick.index, _summaries(call)) if call else (None, ())
        stage.mishap = Mishap(frame, inputs, _ending("".join(told()).strip()), time.perf_counter())
    except BaseException:
        log.exception("nothing could be kept of how %r failed", stage.id)


def _summaries(call: Call) -> tuple[str, ...]:
    names = [port.name for port in call.node.schema.inputs] + [param.name for param in call.node.driven]
    return tuple(f"{name}: {in_words(value)}" for name, value in zip(names, call.inputs, strict=True))


def in_words(value: Any) -> str:
    """A value in few words, with the device it is on if that is not the host. Never raises."""
    if value is None:
        return "nothing"
    try:
        words = summary(value)
        if isinstance(value, Image) and value.device not in (None, "cpu"):
            words = f"{words} on {value.device}"
    except BaseException:  # a node may put anything on a wire
        return f"a strange {type(value).__name__}"
    return words if len(words) <= _LONGEST_INPUT else words[: _LONGEST_INPUT - 1] + "\u2026"


def _ending(told: str) -> str:
    return told if len(told) <= _LONGEST else "\u2026" + told[-_LONGEST:]


def _inner(trace: TracebackType | None) -> TracebackType | None:
    """The traceback without the engine's own calls on top of it."""
    inner = trace
    while inner is not None and inner.tb_frame.f_code.co_filename.startswith(_OURS):
        inner = inner.tb_next
    return inner or trace

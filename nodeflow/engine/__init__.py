"""Runs graphs: a `Session` takes commands and gives snapshots; see docs/engine.md for what it promises.

Importing this package loads the messages only, so that a window can be drawn first; `Session` loads what runs a graph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nodeflow.engine.look import Glance, Look, Part, Picture, Rows, Series, Shown, Spread, Wave, Words
from nodeflow.engine.messages import (
    Command,
    Edit,
    NodeState,
    NodeStatus,
    Pause,
    Retry,
    RunState,
    Seek,
    Snapshot,
    Start,
    Step,
    Stop,
    Watch,
)

if TYPE_CHECKING:
    from nodeflow.engine.session import Session


def __getattr__(name: str) -> object:
    if name != "Session":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from nodeflow.engine.session import Session

    return Session


__all__ = [
    "Command",
    "Edit",
    "Glance",
    "Look",
    "NodeState",
    "NodeStatus",
    "Part",
    "Pause",
    "Picture",
    "Retry",
    "Rows",
    "RunState",
    "Seek",
    "Series",
    "Session",
    "Shown",
    "Snapshot",
    "Spread",
    "Start",
    "Step",
    "Stop",
    "Watch",
    "Wave",
    "Words",
]

"""Runs graphs: a `Session` takes commands and gives snapshots; see docs/engine.md for what it promises."""

from nodeflow.engine.messages import (
    Command,
    Edit,
    NodeState,
    NodeStatus,
    Pause,
    Preview,
    RunState,
    Seek,
    Snapshot,
    Start,
    Step,
    Stop,
    Watch,
)
from nodeflow.engine.session import Session

__all__ = [
    "Command",
    "Edit",
    "NodeState",
    "NodeStatus",
    "Pause",
    "Preview",
    "RunState",
    "Seek",
    "Session",
    "Snapshot",
    "Start",
    "Step",
    "Stop",
    "Watch",
]

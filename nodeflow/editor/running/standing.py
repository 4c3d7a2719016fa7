"""How a run stands, in the few words of toolbar and status line. Pure.

A rate is only told while frames come: of a run that rests, it would soon be 0.0 and never true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from nodeflow.editor.running.run import Run
from nodeflow.engine.messages import NodeState, NodeStatus, RunState, Snapshot

_STATES: Final[dict[RunState, str]] = {
    "idle": "",
    "opening": "Opening",
    "running": "Running",
    "paused": "Paused",
    "finished": "Finished",
    "stopped": "Stopped",
    "failed": "Failed",
}
_WORDS: Final[dict[NodeState, str]] = {
    "idle": "Idle: nothing asks for it",
    "opening": "Opening",
    "ready": "Ready",
    "running": "Running",
    "cached": "Known already: no call was needed",
    "skipped": "Skipped: nothing came in",
    "failed": "Failed",
    "resting": "Failed again and again",
    "hung": "Hung: a call does not come back",
}
NOTHING_RUNS: Final = "Nothing runs"
_FEWEST: Final = 0.05
"""Frames a second that are told; fewer read as none."""


def state_word(run: Run) -> str:
    """What the run does."""
    if run.stopping:
        return "Stopping"
    stands = run.snapshot.state == "running" and run.snapshot.message
    return NOTHING_RUNS if stands else _STATES[run.snapshot.state]


def pace_words(snapshot: Snapshot) -> str:
    """Frames a second, while they come; "" otherwise."""
    return f"{snapshot.fps:.1f} fps" if snapshot.state == "running" and snapshot.fps >= _FEWEST else ""


def numbers(snapshot: Snapshot) -> str:
    """How the frames fare."""
    if not snapshot.finished:
        return ""
    words = (
        pace_words(snapshot),
        f"{snapshot.latency_ms:.0f} ms" if snapshot.state == "running" else "",
        f"{snapshot.dropped} dropped" if snapshot.dropped else "",
        _frame_words(snapshot),
    )
    return "     ".join(word for word in words if word)


def _frame_words(snapshot: Snapshot) -> str:
    """Which frame is shown: of one clip that can be wound, where in it that is; else how many there were."""
    frame, total = snapshot.finished, snapshot.total
    if total and snapshot.can_seek and snapshot.frame_s and round(snapshot.length_s / snapshot.frame_s) == total:
        frame = min(total, 1 + round((snapshot.time_s - snapshot.start_s) / snapshot.frame_s))
    return f"frame {frame} of {total}" if total and frame <= total else f"frame {frame}"


def stopping_words(run: Run, title_of: Callable[[str], str]) -> str:
    """What a run that is to stop still waits for; "" if it is not to stop."""
    if not run.stopping:
        return ""
    nodes = list(_busy(run.whole, title_of))
    more = f" and {len(nodes) - 1} more" if len(nodes) > 1 else ""
    return f"Stopping: {nodes[0]}{more}" if nodes else "Stopping: files are completed and nodes closed"


def trouble_words(run: Run, title_of: Callable[[str], str]) -> str:
    """Why nothing runs, or why the run failed, on one line; "" if all is well."""
    why = why_words(run.whole, title_of)
    what = "Failed" if run.whole.state == "failed" else NOTHING_RUNS
    return " ".join(f"{what}. {why}".split()) if why else ""


def why_words(snapshot: Snapshot, title_of: Callable[[str], str]) -> str:
    """What a run says of itself, with the node that it speaks of called by its title."""
    node, colon, said = snapshot.message.partition(": ")
    return f"{title_of(node)}: {said}" if colon and node in snapshot.nodes else snapshot.message


def node_words(status: NodeStatus, run: RunState) -> str:
    """How a node does, while the run stands so."""
    return "Opened after others" if status.state == "idle" and run == "opening" else _WORDS[status.state]


def blame(status: NodeStatus, nodes: Mapping[str, NodeStatus], title_of: Callable[[str], str]) -> str:
    """Why a node got nothing, or a source stands: the one before it that failed, or that it waits for by now; "" if
    none is to blame."""
    if not status.cause:
        return ""
    cause = nodes.get(status.cause)
    waits = status.state != "skipped" or (cause is not None and cause.state == "opening")
    return f"Waits for {title_of(status.cause)}" if waits else f"{title_of(status.cause)} failed"


def unseen_words(started: bool, painting: bool, start: Sequence[str], step: Sequence[str]) -> str:
    """Why there is nothing to see of a node, and what shows it: `start` and `step` are the keys of these commands.
    `painting` is one on a picture that has not come yet, for which one frame is enough."""
    if started:
        return "Nothing to see yet"
    keys, verb = (step, "Step") if painting else (start, "Start")
    doing = f"Press {keys[0]}" if keys else verb
    return f"{doing} to see the picture to paint on" if painting else f"{doing} to see what it gives"


def _busy(snapshot: Snapshot, title_of: Callable[[str], str]) -> Iterator[str]:
    """The nodes that a stop waits for, those that have been at it for the longest first."""
    ranked = sorted(snapshot.nodes.items(), key=lambda each: (-each[1].calling_s, each[0]))
    for node, status in ranked:
        if status.state in ("running", "opening", "hung"):
            since = f" for {status.calling_s} s" if status.calling_s else ""
            deed = "is still opening" if status.state == "opening" else f"is in a call{since}"
            yield f"{title_of(node)} {deed}"

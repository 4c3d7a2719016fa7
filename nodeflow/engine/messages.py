"""What goes into a session and what comes out: plain, frozen, serialisable data.

A person's wishes go in as commands; the state of the run comes out as one immutable `Snapshot` whenever a UI frame or
a progress bar asks for it. Nothing else crosses the border, so the engine can live in another process without a
change on either side. Pictures in looks are the one exception to "plain": arrays, to be carried in shared buffers then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from nodeflow.engine.look import Glance, Look
from nodeflow.graph import Graph


@dataclass(frozen=True, slots=True)
class Start:
    """Run, or go on after a pause."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Admit no more frames; those in flight are finished and the last one's values stay."""


@dataclass(frozen=True, slots=True)
class Step:
    """While paused or stopped: admit one frame."""


@dataclass(frozen=True, slots=True)
class Seek:
    """Go on from this time of the sources, in seconds; while paused, one frame from there is shown."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Stop:
    """Admit no more frames, finish those in flight, close every node (writers complete their files)."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Go on with another graph. Frames in flight finish on the old one; untouched nodes keep their state."""

    graph: Graph


@dataclass(frozen=True, slots=True)
class Watch:
    """The values that are to be shown, each under a name of the asker's choice (see look.py): all that are wanted from
    now on.

    A watched node runs even if nothing else asks for it. Nodes inside subgraphs go by their flat ids
    ("soft_face/blur"), here and in snapshots, reports and traces.
    """

    glances: Mapping[str, Glance]


@dataclass(frozen=True, slots=True)
class Retry:
    """Try a node again that failed: at once if it rests, opened anew if it did not open, broke or hangs."""

    node: str


Command = Start | Pause | Step | Seek | Stop | Edit | Watch | Retry

RunState = Literal["idle", "opening", "running", "paused", "finished", "stopped", "failed"]
"""finished: every source ended. failed: the run could not begin, or its sources gave nothing; `message` says why, and
of a run that goes on (running, paused) why nothing runs in it, if so."""

NodeState = Literal["idle", "opening", "ready", "running", "cached", "skipped", "failed", "resting", "hung"]
"""idle: not asked for. opening: loading. ready: between calls. cached: its value was known, no call was needed.
skipped: its last frame lacked an input, or a node before it failed. failed: its last call, or its opening, failed.
resting: it failed again and again, and is tried again after a while. hung: a call is over its time limit."""


class NodeStatus(NamedTuple):
    """One node, as it stands. Times are in milliseconds, smoothed over the last calls: `ms` is what a call takes,
    `waited_ms` how long it was ready before it began. `fraction` is 0..1 while opening, or None. `dropped` counts the
    frames that a live source lost at its gate. `calling_s` is for how many whole seconds the call under way has taken,
    `rests_s` in how many a resting node is tried again.

    Of a failure there are `message` and `hint`, the `inputs` of the failed call in few words ("image: 640x480"), the
    number of its `frame` (None if the node did not open) and the end of its traceback, `trace`. A skipped node names
    the node whose failure it is in `cause`, a source the still node that its frames have to wait for."""

    state: NodeState = "idle"
    message: str = ""
    hint: str = ""
    fraction: float | None = None
    runs: int = 0
    failed: int = 0
    ms: float = 0.0
    waited_ms: float = 0.0
    dropped: int = 0
    calling_s: int = 0
    rests_s: int = 0
    provider: str = ""
    device: str = "cpu"
    summary: str = ""
    cause: str = ""
    frame: int | None = None
    inputs: tuple[str, ...] = ()
    trace: str = ""


_NO_NODES: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """The whole run at one moment.

    Counts are of frames: offered == admitted + dropped + waiting; admitted == finished + in_flight. `total` is how
    many frames the sources will give, or None if they cannot know. Latency is from capture to the last sink, the median
    of the last frames. `cache_host` and `cache_device` are the bytes of kept values in either memory. `looks` are what
    was seen of the values that are watched, by the names that `Watch` gave them. `time_s` is the time of the frame that
    ended last, from the start of its source, or where it is in its lap; `start_s` the time of the first frame,
    `length_s` how long the sources, or their laps, are, and `frame_s` how long a frame is: 0 if they cannot know.
    `can_seek` says whether one of them takes `Seek`.
    """

    state: RunState = "idle"
    message: str = ""
    revision: int = 0
    offered: int = 0
    admitted: int = 0
    finished: int = 0
    dropped: int = 0
    waiting: int = 0
    in_flight: int = 0
    total: int | None = None
    fps: float = 0.0
    latency_ms: float = 0.0
    cache_host: int = 0
    cache_device: int = 0
    time_s: float = 0.0
    start_s: float = 0.0
    length_s: float = 0.0
    frame_s: float = 0.0
    can_seek: bool = False
    nodes: Mapping[str, NodeStatus] = field(default_factory=lambda: _NO_NODES)
    looks: Mapping[str, Look] = field(default_factory=lambda: _NO_NODES)

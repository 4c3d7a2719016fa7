"""What a run says of a node, as its face shows it: a mark, a few words, and what is wrong. Pure; GUI thread only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from nodeflow.editor.canvas.complaint import Way
from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.icons import Icon
from nodeflow.editor.numbers import milliseconds
from nodeflow.editor.palette import Rgba, colors
from nodeflow.engine.look import Look
from nodeflow.engine.messages import NodeState, NodeStatus

BROKEN: Final = ("failed", "resting", "hung")
"""The states of a node that gives nothing by its own fault."""
_LONG_CALL: Final = 2
"""Seconds after which a call that is under way is worth a word."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How a state looks: an icon, so that it is told without colour, and the role of its colour."""

    icon: str
    role: str


MARKS: Final[dict[NodeState, Mark]] = {
    "idle": Mark("", "text_faint"),
    "opening": Mark(Icon.LOADING, "warn"),
    "ready": Mark("", "good"),
    "running": Mark("", "good"),
    "cached": Mark(Icon.KNOWN, "good"),
    "skipped": Mark(Icon.NOTHING, "text_faint"),
    "failed": Mark(Icon.ERROR, "bad"),
    "resting": Mark(Icon.RESTING, "bad"),
    "hung": Mark(Icon.WAITING, "bad"),
}
"""A state without an icon has a dot: what is as it should be needs no look."""
_PROBLEM: Final = Mark(Icon.WARNING, "warn")


def state_color(state: NodeState) -> Rgba:
    """The colour of a node's mark."""
    color: Rgba = getattr(colors, MARKS[state].role)
    return color


@dataclass(frozen=True, slots=True)
class Image:
    """A texture to show in a node, and its size in pixels."""

    texture: int
    width: int
    height: int

    def within(self, room: Rect) -> Rect:
        """The largest rectangle of its shape in the middle of `room`."""
        scale = min(room.width / self.width, room.height / self.height)
        x, y = room.center
        return Rect.of(x - self.width * scale / 2, y - self.height * scale / 2, self.width * scale, self.height * scale)


@dataclass(frozen=True, slots=True)
class Live:
    """What to show. `share` is this node's time against the slowest one's, 0..1; `look` is what it gave, if that is no
    picture.

    `problem` is why the node cannot run, or "". `pointed` names the way out of a failure that the pointer is on.
    """

    status: NodeStatus
    share: float = 0.0
    image: Image | None = None
    look: Look | None = None
    problem: str = ""
    pointed: str = ""
    blame: str = ""
    """What became of the node whose failure left this one without input, or for which this one waits."""
    ways: tuple[Way, ...] = ()
    """The ways out, if it failed."""

    @property
    def broken(self) -> bool:
        return self.status.state in BROKEN

    @property
    def mark(self) -> Mark:
        return _PROBLEM if self.problem else MARKS[self.status.state]

    @property
    def words(self) -> str:
        """What the status line says."""
        status = self.status
        if self.problem:
            return self.problem
        if status.state == "opening":
            percent = f"{status.fraction:.0%}  " if status.fraction is not None else ""  # first: what is long is cut
            return percent + (status.message or "opening")
        if self.broken:
            return f"tried again in {status.rests_s} s" if status.rests_s else status.state
        if self.blame:
            return self.blame
        if status.state == "skipped":
            return status.message or "nothing came in"
        if status.calling_s >= _LONG_CALL:
            return f"at it for {status.calling_s} s"
        lost = f"{status.dropped} dropped" if status.dropped else ""
        return status.message or "  \u00b7  ".join(word for word in (status.summary, lost) if word)

    @property
    def words_color(self) -> Rgba:
        if self.problem:
            return colors.warn
        if self.broken:
            return colors.bad
        if self.status.state in ("idle", "skipped"):
            return colors.text_faint
        remarks = self.status.message or self.status.calling_s >= _LONG_CALL
        return colors.warn if remarks and self.status.state != "opening" else colors.text_dim

    @property
    def cost(self) -> str:
        """What a call takes, and on what, for the end of the status line."""
        return "  ".join(word for word in (self.status.provider, self._time) if word)

    def cost_beside(self, room: float, width: Callable[[str], float]) -> str:
        """As much of the cost as leaves the words their room: at least the time."""
        full = self.cost
        return full if width(self.words) + width(full) <= room else self._time

    @property
    def _time(self) -> str:
        status = self.status
        return milliseconds(status.ms) if status.runs and status.ms >= 0.05 else ""

    @property
    def said(self) -> tuple[object, ...]:
        """Everything that is written or drawn, except the picture: while it is the same, nothing is drawn anew."""
        status = self.status
        fraction = None if status.fraction is None else round(status.fraction, 2)
        complaint = (status.message, status.hint, status.inputs, self.ways, self.pointed) if self.broken else ()
        # A call that is under way comes and goes many times a second, and looks like one that has ended.
        state = "ready" if status.state == "running" else status.state
        return state, self.words, self.cost, self.problem, fraction, round(self.share, 2), complaint

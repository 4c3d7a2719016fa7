"""What a run says of a node, drawn over its face: state, time, summary, message, progress and picture.

GUI thread only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.canvas.layout import CORNER, PAD, PORTS_ZOOM, ROWS_ZOOM, STATUS_TEXT, TEXT, TITLE, Face
from nodeflow.editor.canvas.pen import Faces, Pen
from nodeflow.editor.figures import milliseconds
from nodeflow.editor.palette import CLEAR, Rgba, colors, fade, mix
from nodeflow.engine.messages import NodeState, NodeStatus

_STATE_ROLES: Final[dict[NodeState, str]] = {
    "idle": "text_faint",
    "opening": "warn",
    "ready": "good",
    "running": "good",
    "cached": "good",
    "skipped": "warn",
    "failed": "bad",
    "resting": "bad",
    "hung": "bad",
}
BROKEN: Final = ("failed", "resting", "hung")
"""The states of a node that gives nothing by its own fault."""
_MESSAGE_LINES: Final = 4


def state_color(state: NodeState) -> Rgba:
    """The colour of a node's dot."""
    color: Rgba = getattr(colors, _STATE_ROLES[state])
    return fade(color, 0.7) if state == "skipped" else color


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
    """What to show. `share` is this node's time against the slowest one's, 0..1; `text` is a preview that is text.

    `problem` is why the node cannot run, or "".
    """

    status: NodeStatus
    share: float = 0.0
    image: Image | None = None
    text: str = ""
    problem: str = ""

    @property
    def color(self) -> Rgba:
        return colors.warn if self.problem else state_color(self.status.state)

    @property
    def words(self) -> str:
        """What the status line says."""
        status = self.status
        if self.problem:
            return self.problem
        if status.state == "opening":
            percent = f" {status.fraction:.0%}" if status.fraction is not None else ""
            return (status.message or "opening") + percent
        if status.state in BROKEN:
            return f"{status.state}, tried again in {status.rests_s} s" if status.rests_s else status.state
        if status.state == "skipped":
            return f"{status.cause} failed" if status.cause else status.message or "nothing came in"
        return status.message or status.summary

    @property
    def words_color(self) -> Rgba:
        if self.problem:
            return colors.warn
        if self.status.state in BROKEN:
            return colors.bad
        if self.status.state in ("idle", "skipped"):
            return colors.text_faint
        return colors.warn if self.status.message and self.status.state != "opening" else colors.text_dim


class LiveArt:
    """The live part of one node, under the DearPyGui node `root` of its `NodeArt`."""

    def __init__(self, root: int, face: Face, faces: Faces) -> None:
        self._face = face
        self._faces = faces
        self._alarm = Pen(root, faces, 1.0)
        self._status = Pen(root, faces, 1.0)
        self._picture = Pen(root, faces, 1.0)
        self._said: tuple[object, ...] = ()
        self._seen: tuple[object, ...] = ()

    def draw(self, zoom: float, pixel: float, live: Live | None) -> None:
        self._status.show(zoom >= ROWS_ZOOM)
        self._picture.show(zoom >= PORTS_ZOOM)
        said = () if live is None else _key(live)
        if said != self._said:
            self._said = said
            self._status.clear()
            self._alarm.clear()
            if live is not None:
                self._say(live)
        seen = () if live is None else (live.image, live.text)
        if seen != self._seen:
            self._seen = seen
            self._picture.clear()
            if live is not None and self._face.preview is not None:
                self._look(live, self._face.preview)
        self._alarm.resize(pixel)
        self._status.resize(pixel)
        self._picture.resize(pixel)

    def _look(self, live: Live, room: Rect) -> None:
        if live.image is not None:
            self._picture.rect(room, colors.canvas)
            self._picture.picture(live.image.texture, live.image.within(room))
        elif live.text:
            inner = room.grown(-6.0)
            most = max(1, int(inner.height // (TEXT + 3.0)))
            for place, line in enumerate(self._faces.wrap(live.text, self._faces.text, TEXT, inner.width, most)):
                self._picture.text((inner.left, inner.top + place * (TEXT + 3.0)), line, colors.text, TEXT)

    def _say(self, live: Live) -> None:
        pen, face, status = self._status, self._face, live.status
        if face.status is None:
            pen.circle((face.eye.left - 6.0, TITLE / 2), 3.5, live.color)
        else:
            self._say_row(face.status, live)
        if status.state in BROKEN:
            self._alarm.rect(Rect(0.0, 0.0, face.width, face.height).grown(0.5), CLEAR, colors.bad, CORNER, 1.5)
            if status.message:
                self._complain(status.message)

    def _say_row(self, row: Rect, live: Live) -> None:
        pen, status, faces = self._status, live.status, self._faces
        top = row.center[1] - STATUS_TEXT / 2 - 1.0
        pen.circle((row.left + 3.0, row.center[1] - 1.0), 3.0, live.color)
        time = milliseconds(status.ms) if status.runs and status.ms >= 0.05 else ""
        room = row.width - 14.0
        if time:
            pen.text_right(row.right, top, time, colors.text_dim, STATUS_TEXT)
            room -= faces.width(time, faces.text) * STATUS_TEXT + 8.0
        words = faces.fit(live.words, faces.text, STATUS_TEXT, room)
        pen.text((row.left + 12.0, top), words, live.words_color, STATUS_TEXT)
        line = Rect(0.0, self._face.height - 2.0, self._face.width, self._face.height).grown(-0.5)
        if status.state == "opening" and status.fraction is not None:
            done = Rect(line.left, line.top, line.left + line.width * min(max(status.fraction, 0.0), 1.0), line.bottom)
            pen.rect(line, fade(colors.accent, 0.2))
            pen.rect(done, colors.accent)
        elif live.share > 0.02:
            spent = Rect(line.left + 2.0, line.top, line.left + 2.0 + (line.width - 4.0) * live.share, line.bottom)
            pen.rect(spent, fade(mix(colors.good, colors.warn, live.share), 0.55))

    def _complain(self, message: str) -> None:
        """The message under the node, on a ground of its own."""
        pen, face, faces = self._status, self._face, self._faces
        width = max(face.width, 200.0)
        lines = faces.wrap(message, faces.text, STATUS_TEXT, width - 2 * PAD, _MESSAGE_LINES)
        top = face.height + 6.0
        ground = Rect(0.0, top, width, top + len(lines) * (STATUS_TEXT + 3.0) + 12.0)
        pen.rect(ground, mix(colors.canvas, colors.bad, 0.20), fade(colors.bad, 0.55), rounding=5.0)
        for place, line in enumerate(lines):
            at = (PAD, top + 6.0 + place * (STATUS_TEXT + 3.0))
            pen.text(at, line, mix(colors.text, colors.bad, 0.25), STATUS_TEXT)


def _key(live: Live) -> tuple[object, ...]:
    status = live.status
    fraction = None if status.fraction is None else round(status.fraction, 2)
    return (
        status.state,
        status.message,
        status.summary,
        status.rests_s,
        live.problem,
        fraction,
        milliseconds(status.ms) if status.runs else "",
        round(live.share, 2),
    )

"""What a run says of a node (see live.py), drawn over its face: state, time, words, complaint, progress and picture.

GUI thread only.
"""

from __future__ import annotations

from typing import Final

from nodeflow.editor.canvas.complaint import ICON_ROOM, WAYS, Complaint, Tone, complaint_of
from nodeflow.editor.canvas.drawing.pen import Faces, Pen
from nodeflow.editor.canvas.drawing.value_art import draw_value
from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.canvas.layout import CORNER, PORTS_ZOOM, ROWS_ZOOM, STATUS_TEXT, TITLE, Face
from nodeflow.editor.canvas.live import Live
from nodeflow.editor.canvas.status_line import INDENT, line_of
from nodeflow.editor.palette import CLEAR, Rgba, colors, fade, mix

_ICON: Final = 10.0


class LiveArt:
    """The live part of one node, under the DearPyGui node `over` of its `NodeArt`."""

    def __init__(self, over: int, face: Face, faces: Faces) -> None:
        self._face = face
        self._faces = faces
        self._alarm = Pen(over, faces, 1.0)
        self._status = Pen(over, faces, 1.0)
        self._picture = Pen(over, faces, 1.0)
        self._said: object = ()
        self._seen: tuple[object, ...] = ()

    def draw(self, zoom: float, pixel: float, live: Live | None) -> None:
        written = zoom >= ROWS_ZOOM
        self._status.show(written)
        self._picture.show(zoom >= PORTS_ZOOM)
        said = () if live is None else live.said if written else live.status.state
        if said != self._said:
            self._said = said
            self._status.clear()
            self._alarm.clear()
            if live is not None:
                self._warn(live)
                if written:
                    self._say(live)
        seen = () if live is None else (live.image, live.look)
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
            self._picture.picture(live.image.texture, live.image.within(room))
        elif live.look is not None:
            draw_value(self._picture, room.grown(-6.0), live.look.shows, self._faces)

    def _say(self, live: Live) -> None:
        pen, face = self._status, self._face
        if face.status is None:
            self._mark(live, (face.eye.left - 6.0, TITLE / 2))
        else:
            self._say_row(face.status, live)
        if live.broken:
            self._complain(complaint_of(live.status, face, self._faces, live.ways), live.pointed)
        self._progress(pen, live)

    def _warn(self, live: Live) -> None:
        """A frame round the node, which is seen from afar too."""
        whole = Rect(0.0, 0.0, self._face.width, self._face.height).grown(0.5)
        if live.broken:
            self._alarm.rect(whole, CLEAR, colors.bad, CORNER, 1.5)
        elif live.status.state == "opening":
            self._alarm.rect(whole, CLEAR, fade(colors.warn, 0.7), CORNER)

    def _mark(self, live: Live, at: Point) -> None:
        """The state, its middle at a point."""
        mark, faces = live.mark, self._faces
        color: Rgba = getattr(colors, mark.role)
        if mark.icon:
            left = at[0] - faces.width(mark.icon, faces.icons) * _ICON / 2
            self._status.text((left, at[1] - _ICON / 2), mark.icon, color, _ICON, faces.icons)
        elif live.status.state == "idle":
            self._status.circle(at, 3.0, CLEAR, color, 1.5)
        else:
            self._status.circle(at, 3.0, color)

    def _say_row(self, row: Rect, live: Live) -> None:
        pen, top = self._status, row.center[1] - STATUS_TEXT / 2 - 1.0
        self._mark(live, (row.left + 4.0, row.center[1] - 1.0))
        line = line_of(live, row, self._faces)
        if line.cost:
            pen.text_right(row.right, top, line.cost, colors.text_dim, STATUS_TEXT)
        pen.text((row.left + INDENT, top), line.words, live.words_color, STATUS_TEXT)

    def _progress(self, pen: Pen, live: Live) -> None:
        """The thin bar at the foot of the box: how far it is opened, or its time against the slowest node's."""
        line = Rect(0.0, self._face.height - 2.0, self._face.width, self._face.height).grown(-0.5)
        fraction = live.status.fraction
        if live.status.state == "opening" and fraction is not None:
            done = Rect(line.left, line.top, line.left + line.width * min(max(fraction, 0.0), 1.0), line.bottom)
            pen.rect(line, fade(colors.accent, 0.2))
            pen.rect(done, colors.accent)
        elif live.share > 0.02 and self._face.status is not None:
            spent = Rect(line.left + 2.0, line.top, line.left + 2.0 + (line.width - 4.0) * live.share, line.bottom)
            pen.rect(spent, fade(mix(colors.good, colors.warn, live.share), 0.55))

    def _complain(self, complaint: Complaint, pointed: str) -> None:
        """What went wrong and the ways out, under the node on a ground of their own."""
        pen, faces = self._status, self._faces
        ground = mix(colors.ground, colors.bad, 0.18)
        tones: dict[Tone, Rgba] = {
            "message": mix(colors.text, colors.bad, 0.25),
            "hint": colors.text_dim,
            "input": colors.text_faint,
        }
        pen.rect(complaint.ground, ground, fade(colors.bad, 0.55), rounding=5.0)
        for at, line, tone in complaint.lines:
            pen.text(at, line, tones[tone], STATUS_TEXT)
        for way, rect in complaint.buttons:
            icon, title = WAYS[way]
            color = colors.text if way == pointed else colors.text_dim
            pen.rect(rect, mix(ground, colors.contrast, 0.16 if way == pointed else 0.07), rounding=4.0)
            top = rect.center[1] - STATUS_TEXT / 2 - 1.0
            pen.text((rect.left + 6.0, rect.center[1] - _ICON / 2), icon, color, _ICON, faces.icons)
            pen.text((rect.left + 6.0 + ICON_ROOM, top), title, color, STATUS_TEXT)

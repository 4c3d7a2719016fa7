"""Values as they are seen where there is little room: on a node, beside a wire. Pictures are drawn by whoever has the
texture; everything else is drawn here, into a rectangle, with a pen. GUI thread only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nodeflow.editor.canvas.drawing.pen import Faces, Pen
from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.numbers import number
from nodeflow.editor.palette import Rgba, colors, fade
from nodeflow.editor.tables import columns_of, spots_of
from nodeflow.engine.look import Picture, Rows, Series, Shown, Spread, Wave, Words

_SMALL: Final = 12.0
_LINE: Final = 16.0
_BIG: Final = 22.0
_GAP: Final = 10.0
_SLACK: Final = 1.0
"""What is as wide as its column is not cut for a rounding."""
_MOST_COLUMNS: Final = 6
_STROKE: Final = 1.5
"""How far the strokes of a filled column are apart."""


def draw_value(pen: Pen, room: Rect, shows: Shown, faces: Faces) -> None:
    """Draw what can be seen of a value within `room`, which should be a line high at least."""
    match shows:
        case Series():
            _series(pen, room, shows, faces)
        case Rows():
            _rows(pen, room, shows, faces)
        case Words():
            _words(pen, room, shows.text, faces)
        case Wave():
            draw_wave(pen, room, shows)
        case Spread():
            _spread(pen, room, shows, faces)
        case Picture():
            pass


def _words(pen: Pen, room: Rect, text: str, faces: Faces) -> None:
    most = max(1, int(room.height // _LINE))
    for place, line in enumerate(faces.paragraphs(text, faces.text, 13.0, room.width, most)):
        pen.text((room.left, room.top + place * _LINE), line, colors.text, 13.0)


def _series(pen: Pen, room: Rect, shows: Series, faces: Faces) -> None:
    if not shows.values:
        return
    said = number(shows.values[-1]) + (f" {shows.unit}" if shows.unit else "")
    pen.text((room.left, room.top), faces.fit(said, faces.medium, _BIG, room.width), colors.text, _BIG, faces.medium)
    below = Rect(room.left, room.top + _BIG + 8.0, room.right, room.bottom)
    if below.height > 10.0:
        line = curve_of(shows, below)
        if len(line) > 1:
            pen.line(line, colors.accent, 1.5)


def curve_of(shows: Series, room: Rect) -> list[Point]:
    """The course of a number, from its oldest value at the left to its newest at the right of `room`."""
    finite = [(at, value) for at, value in zip(shows.times, shows.values, strict=True) if abs(value) < float("inf")]
    if not finite:
        return []
    low, high = bounds_of([value for _, value in finite])
    first, last = finite[0][0], finite[-1][0]
    across = room.width / (last - first) if last > first else 0.0
    up = room.height / (high - low)
    return [(room.left + (at - first) * across, room.bottom - (value - low) * up) for at, value in finite]


def bounds_of(values: Sequence[float]) -> tuple[float, float]:
    """The lowest and the highest of some numbers, and some room where they are all the same."""
    low, high = min(values), max(values)
    if high - low > 1e-9 * max(abs(low), abs(high), 1e-9):
        return low, high
    room = abs(low) * 0.1 or 1.0
    return low - room, low + room


def _rows(pen: Pen, room: Rect, shows: Rows, faces: Faces) -> None:
    lines = max(1, int(room.height // _LINE)) - 1
    count = min(lines, len(shows.rows))
    if shows.total > count > 1:
        count -= 1  # how many more there are stands in a line of its own
    columns = columns_of(shows, count=count, most=_MOST_COLUMNS)
    spots = spots_of(columns, room.width, lambda text: faces.width(text, faces.text) * _SMALL, _GAP)
    for column, (left, width) in zip(columns, spots, strict=True):
        for place, text in enumerate((column.title, *column.texts)):
            color = colors.text if place else colors.text_faint
            fitted, y = faces.fit(text, faces.text, _SMALL, width - _GAP + _SLACK), room.top + place * _LINE
            if column.numeric:
                pen.text_right(room.left + left + width - _GAP, y, fitted, color, _SMALL)
            else:
                pen.text((room.left + left, y), fitted, color, _SMALL)
    left_out = shows.total - count
    if left_out > 0 and count:
        note = f"+{left_out}"
        pen.text_right(room.right, room.bottom - _LINE, note, colors.text_faint, _SMALL)


def draw_wave(pen: Pen, room: Rect, shows: Wave) -> None:
    """The channels of a sound, one under the other."""
    if not shows.low:
        return
    height = room.height / len(shows.low)
    for channel, (low, high) in enumerate(zip(shows.low, shows.high, strict=True)):
        lane = Rect.of(room.left, room.top + channel * height, room.width, height)
        middle, up = lane.center[1], lane.height / 2 - 1.0
        pen.line([(lane.left, middle), (lane.right, middle)], fade(colors.text_faint, 0.5), 1.0)
        ends = [
            (middle - up * min(max(bottom, -1.0), 1.0) + 0.5, middle - up * min(max(top, -1.0), 1.0) - 0.5)
            for bottom, top in zip(low, high, strict=True)
        ]
        hatch(pen, lane, ends, colors.accent)


def hatch(pen: Pen, room: Rect, ends: Sequence[tuple[float, float]], color: Rgba, gaps: bool = False) -> None:
    """Fill columns of equal width, each from one height to another, by one line that runs up and down: a rectangle for
    each would cost a frame more than it shows. All its turns are square, as lines with sharp ones come out broken."""
    wide = room.width / len(ends)
    strokes = max(1, round(wide / _STROKE))
    step = wide / strokes
    points: list[Point] = []
    for place, (one, other) in enumerate(ends):
        for stroke in range(strokes):
            x = room.left + place * wide + (stroke + 0.5) * step
            reach = one if len(points) // 2 % 2 or (gaps and strokes > 3 and stroke == strokes - 1) else other
            level = points[-1][1] if points else one
            points += [(x, level), (x, reach)]
    pen.line(points, color, step * 1.1)


def _spread(pen: Pen, room: Rect, shows: Spread, faces: Faces) -> None:
    y = room.top
    for text, color in spread_lines(shows):
        pen.text((room.left, y), faces.fit(text, faces.text, _SMALL, room.width), color, _SMALL)
        y += _LINE
    draw_bars(pen, Rect(room.left, y + 4.0, room.right, room.bottom), shows.first or shows.bins)


def spread_lines(shows: Spread) -> list[tuple[str, Rgba]]:
    """What is told of an array, a line each."""
    shape = " x ".join(map(str, shows.shape)) or "a single number"
    lines = [(f"{shape}   {shows.dtype}", colors.text)]
    if shows.minimum is not None and shows.mean is not None and shows.maximum is not None:
        low, mean, high = number(shows.minimum), number(shows.mean), number(shows.maximum)
        lines.append((f"{low} to {high}, mean {mean}", colors.text_dim))
    if shows.strange:
        lines.append((f"{shows.strange} are no numbers", colors.warn))
    return lines


def draw_bars(pen: Pen, room: Rect, values: Sequence[float]) -> None:
    """Numbers as bars from zero, as many as there is room for."""
    if room.height < 8.0 or not values:
        return
    most = max(1, int(room.width // 2))
    every = -(-len(values) // most)
    seen = [max(values[start : start + every], key=abs) for start in range(0, len(values), every)]
    seen = [value if abs(value) < float("inf") else 0.0 for value in seen]
    low, high = min(0.0, *seen), max(0.0, *seen)
    if high <= low:
        return
    up = room.height / (high - low)
    zero = room.bottom + low * up
    hatch(pen, room, [(zero, zero - value * up) for value in seen], fade(colors.accent, 0.85), gaps=True)

"""A dot in a wire as drawn: the wire goes on through it, with a handle in its middle. GUI thread only."""

from __future__ import annotations

from nodeflow.editor.canvas.drawing.node_art import NodeArt
from nodeflow.editor.canvas.drawing.pen import Pen
from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.canvas.kinds_style import kind_style
from nodeflow.editor.canvas.layout import DOT_HEIGHT, DOT_WIDTH, TEXT
from nodeflow.editor.palette import Rgba, colors, fade, rgba

_RADIUS = 6.0
_MIDDLE = (DOT_WIDTH / 2, DOT_HEIGHT / 2)


class DotArt(NodeArt):
    """Drawn from the face of a dot."""

    def _draw_far(self, pen: Pen) -> int:
        self._draw_through(pen, 2.25)
        return pen.circle(_MIDDLE, _RADIUS, self._color, self._color, 1.0)

    def _draw_near(self, pen: Pen) -> int:
        self._draw_through(pen, 2.25)
        if self.face.title:
            size = TEXT
            width = self._faces.width(self.face.title, self._faces.text) * size
            pen.text((_MIDDLE[0] - width / 2, -size), self.face.title, colors.text_dim, size)
        return pen.circle(_MIDDLE, _RADIUS, self._color, fade(colors.contrast, 0.07), 2.0)

    def _draw_through(self, pen: Pen, width: float) -> None:
        ends = [(0.0, _MIDDLE[1]), (DOT_WIDTH, _MIDDLE[1])]
        pen.line(ends, fade(colors.ground, 0.9), width + 2.5)
        pen.line(ends, self._color, width)

    def _draw_name(self, pen: Pen) -> None:
        """A dot has no name that could be read from afar."""

    def _draw_shadow(self, pen: Pen) -> None:
        """Nor does it lie above anything."""

    def _draw_words(self, pen: Pen) -> None:
        """It has no words of its own."""

    def _draw_ports(self, pen: Pen) -> None:
        lit = self._marks.lit
        for port in self.face.ports:
            if lit is not None and (port.side, port.name) in lit:
                pen.circle(port.at, _RADIUS * 2.0, fade(self._color, 0.3))
        if lit is not None and not any((port.side, port.name) in lit for port in self.face.ports):
            pen.rect(Rect(0.0, 0.0, DOT_WIDTH, DOT_HEIGHT), fade(colors.ground, 0.6))

    @property
    def _color(self) -> Rgba:
        return rgba(kind_style(self.face.ports[0].kind if self.face.ports else "").color)

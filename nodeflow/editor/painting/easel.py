"""The brush in a person's hand, and the drawing that it makes. Pure.

    easel.look(spot)                     # once per frame: what the viewer shows
    easel.size = (512, 512)              # of the picture that is seen there
    easel.press((12.5, 30.0), held)      # in pixels of that picture
    easel.move((40.0, 31.0), held)
    easel.release()                      # one step of undo

`drawing` is the drawing of now, with the stroke under the hand: whoever shows it need not wait for the run. While a
graph runs, a stroke that is not done yet is handed on to it some times a second, as parts of one step.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Hashable
from dataclasses import replace
from itertools import count
from typing import Final, Literal, Protocol

from nodeflow.editor.canvas.gestures import Held
from nodeflow.editor.notices import Notices
from nodeflow.editor.painting.palettes import Palette, palette
from nodeflow.editor.painting.paper import Paper, Size, paper_of
from nodeflow.editor.painting.simplify import Point, simplified
from nodeflow.editor.running.run import Run
from nodeflow.graph import Catalog, Drawing, Endpoint, Graph, Json, Stroke
from nodeflow.graph.drawing import CLEAR, Tool, drawing_fault

Kind = Literal["brush", "eraser", "fill", "rectangle", "line"]
KINDS: Final[tuple[Kind, ...]] = ("brush", "eraser", "fill", "rectangle", "line")

NARROWEST, WIDEST = 1.0, 400.0
_WIDER: Final = 1.25
_EVERY: Final = 0.1
"""Seconds between two parts of a stroke that a run gets to see."""
_LOOSE: Final = 128
"""Points of the way that are looked at again with each new one; those before stay as they were thinned out."""
_TURN: Final = math.pi / 4


class Desk(Protocol):
    """The part of a workspace that is needed: the graph in front, its run, and changing it."""

    notices: Notices

    @property
    def graph(self) -> Graph: ...
    @property
    def catalog(self) -> Catalog: ...
    @property
    def run(self) -> Run: ...
    def title(self, node: str) -> str: ...
    def edit(self, name: str, graph: Graph, merge: Hashable | None = None) -> None: ...
    def undo(self) -> None: ...


class Easel:
    """See the module's head. `width` is the brush's, in pixels of the picture."""

    def __init__(self, desk: Desk, clock: Callable[[], float] = time.monotonic) -> None:
        self._desk, self._clock = desk, clock
        self.kind: Kind = "brush"
        self.color = "#000000"
        self.width = 16.0
        self.paper: Paper | None = None
        self.size: Size | None = None
        self._read: tuple[Json, Size, Drawing] | None = None
        """What was last read from the document."""
        self._way: list[Point] = []
        """Where the stroke under the hand went, in pixels of the picture; empty if there is none."""
        self._firm = 0
        """Up to which of them the way is thinned out."""
        self._straight = False
        self._begun: tuple[str, Drawing] | None = None
        """The node that the stroke is on, and its drawing before."""
        self._now: Drawing | None = None
        self._told: Drawing | None = None
        self._next = 0.0
        self._strokes = count()
        self._stroke = 0

    # ---- what is painted on --------------------------------------------------------------------------------------

    def look(self, spot: Endpoint | None) -> Paper | None:
        """Once per frame: what the viewer shows. Returns what can be painted on there."""
        before, graph = self.paper, self._desk.graph
        self.paper = paper_of(graph, self._desk.catalog, spot)
        if self._begun is not None and (self.paper is None or self.paper.node != self._begun[0]):
            self._drop()
        if self.paper is None:
            self.size = None
            return None
        if self.paper.under is None:
            self.size = self.paper.size
        elif before is None or before.under != self.paper.under:
            self.size = None
        if before is None or before.node != self.paper.node:
            self._go_on(self.paper)
        if self._begun is not None and self._desk.run.started and self._clock() >= self._next:
            self._tell()
        return self.paper

    @property
    def ready(self) -> bool:
        """Whether there is something to paint on."""
        return self.paper is not None and self.size is not None

    @property
    def drawing(self) -> Drawing | None:
        """What is to be seen now; None where nothing can be painted on."""
        return self._now if self._now is not None else self._document()

    @property
    def palette(self) -> Palette:
        made = self._document()
        return palette(made.palette if made is not None else "")

    # ---- the hand ------------------------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether a stroke is under way."""
        return self._begun is not None

    def press(self, at: Point, held: Held) -> None:
        made = self._document()
        if self.paper is None or self.size is None or made is None:
            return
        if not made.strokes:
            made = Drawing(self.size, (), made.palette)
        self._begun, self._stroke, self._told = (self.paper.node, made), next(self._strokes), None
        self._way, self._firm = [at], 0
        self._straight = self.kind in ("line", "rectangle") or (held.shift and self.kind != "fill")
        self._next = self._clock() + _EVERY
        self._draw()
        if self.kind == "fill":
            self.release()

    def move(self, at: Point, held: Held) -> None:
        if self._begun is None or at == self._way[-1]:
            return
        if self._straight:
            regular = held.shift and self.kind in ("line", "rectangle")
            self._way[1:] = [_regular(self._way[0], at, self.kind) if regular else at]
        else:
            self._way.append(at)
        self._draw()

    def release(self) -> None:
        if self._begun is not None:
            self._tell()
            self._drop()

    def cancel(self) -> bool:
        """Take the stroke back that is under way; False if there is none."""
        if self._begun is None:
            return False
        told = self._told is not None
        self._drop()
        if told:
            self._desk.undo()
        return True

    # ---- what else a person asks ---------------------------------------------------------------------------------

    def resize(self, steps: int) -> None:
        """A wider brush, or with less than 0 a narrower one."""
        for _ in range(abs(steps)):
            wider = max(self.width * _WIDER, self.width + 1.0)
            narrower = min(self.width / _WIDER, self.width - 1.0)
            self.width = float(round(min(max(wider if steps > 0 else narrower, NARROWEST), WIDEST)))

    def choose(self, color: str) -> None:
        """Paint with a colour from now on."""
        self.color = color
        if self.kind == "eraser":
            self.kind = "brush"

    def clear(self) -> None:
        """A paper without a stroke."""
        made = self._document()
        if self.paper is not None and made is not None and made.strokes:
            self._set("Clear", replace(made, strokes=()), None)

    def use_palette(self, name: str) -> None:
        """Paint with the colours of another palette; the drawing keeps which."""
        made = self._document()
        if self.paper is not None and made is not None and name != made.palette:
            self._set("Choose the colours of", replace(made, palette=name), None)
            self.color = self.palette.suits(self.color, self.paper.background)

    # ---- inside --------------------------------------------------------------------------------------------------

    def _document(self) -> Drawing | None:
        """The drawing as the document has it."""
        if self.paper is None:
            return None
        value, size = self.paper.value, self.paper.size
        if self._read is None or self._read[0] is not value or self._read[1] != size:
            try:
                made = Drawing.read(value, size)
            except ValueError:
                made = Drawing(size)  # the problems panel says what is wrong with it
            self._read = value, size, made
        return self._read[2]

    def _go_on(self, paper: Paper) -> None:
        """Take up the colour that a drawing was left with, or else one of its palette."""
        made = self._document()
        last = Stroke.parse(made.strokes[-1]) if made is not None and made.strokes else None
        if last is not None and last.color != CLEAR:
            self.color = last.color
        elif self.palette.name:
            self.color = self.palette.suits(self.color, paper.background)

    def _draw(self) -> None:
        """Put the stroke under the hand onto the drawing."""
        if self._begun is not None and self.size is not None:
            made = self._begun[1]
            across, down = made.size[0] / self.size[0], made.size[1] / self.size[1]
            tool: Tool = self.kind if self.kind in ("fill", "rectangle") else "brush"
            way = self._thinned() if tool == "brush" else self._way
            points = [(round(x * across, 1), round(y * down, 1)) for x, y in way]
            if tool == "rectangle" and len(points) < 2:
                points *= 2
            color = CLEAR if self.kind == "eraser" else self.color
            self._now = made.with_stroke(Stroke(tool, color, tuple(points), self.width * math.sqrt(across * down)))

    def _thinned(self) -> list[Point]:
        if len(self._way) - self._firm > _LOOSE:
            self._way[self._firm :] = simplified(self._way[self._firm :])
            self._firm = len(self._way) - 1
        return self._way[: self._firm] + simplified(self._way[self._firm :])

    def _tell(self) -> None:
        """Make what is drawn until now the document."""
        self._next = self._clock() + _EVERY
        if self._now is None or self._now is self._told:
            return
        wrong = drawing_fault(self._now.json())
        if wrong:
            self._desk.notices.say(f"There is no room for this stroke: a drawing {wrong}", "warning")
            self.cancel()
            return
        self._told = self._now
        self._set("Paint on", self._now, ("paint", self._stroke, id(self)))

    def _set(self, what: str, drawing: Drawing, merge: Hashable | None) -> None:
        if self.paper is not None:
            node, graph = self.paper.node, self._desk.graph
            value = drawing.json() if drawing.strokes or drawing.palette else None
            self._desk.edit(f"{what} {self._desk.title(node)}", graph.set_param(node, self.paper.param, value), merge)
            self.paper = replace(self.paper, value=self._desk.graph[node].params[self.paper.param])

    def _drop(self) -> None:
        self._begun, self._now, self._way = None, None, []


def _regular(start: Point, end: Point, kind: Kind) -> Point:
    """The end of a line in one of eight directions, or of a square."""
    across, down = end[0] - start[0], end[1] - start[1]
    if kind == "rectangle":
        side = max(abs(across), abs(down))
        return start[0] + math.copysign(side, across), start[1] + math.copysign(side, down)
    turn = round(math.atan2(down, across) / _TURN) * _TURN
    length = across * math.cos(turn) + down * math.sin(turn)
    return start[0] + length * math.cos(turn), start[1] + length * math.sin(turn)

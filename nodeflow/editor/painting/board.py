"""What is painted, as the viewer shows it: on the paper, or on what the run has under it, without a wait for the run.

    looks = board.looks(easel, snapshot.looks, name("main", spot), ...)     # ours in place of the run's
    watching.want("viewer", board.asked(easel, glances))                    # and what we need of the run for them

The pixels are made as the node makes them, so nothing changes when the run's picture would come. GUI thread only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nodeflow.editor.painting.easel import Easel
from nodeflow.editor.painting.paper import Paper
from nodeflow.engine.look import Glance, Look, Picture
from nodeflow.graph import Drawing

if TYPE_CHECKING:
    from nodeflow.node import Layer
    from nodeflow.values import Image


@dataclass(slots=True)
class _Made:
    """A look of ours and what it was made of."""

    of: tuple[object, ...]
    look: Look


class Board:
    """See the module's head."""

    def __init__(self) -> None:
        self._layer: Layer | None = None
        self._shown: tuple[object, ...] = ()
        self._version = 0
        self._whole: tuple[tuple[object, ...], Image] | None = None
        self._made: dict[str, _Made] = {}
        self._glances: dict[str, Glance] = {}
        self._serial = -1
        self.wrong = ""
        """Why a drawing is not shown."""

    def looks(self, easel: Easel, looks: Mapping[str, Look], names: Iterable[str]) -> Mapping[str, Look]:
        """The looks, those of `names` with the drawing of now in them. The size of the picture is told to the easel."""
        paper, drawing = easel.paper, easel.drawing
        if paper is None or drawing is None:
            self._made.clear()
            self._glances.clear()
            self.wrong = ""
            return looks
        ours = dict(looks)
        for name in names:
            under = ours.pop(name, None)
            if paper.under is None:
                glance = self._glances.get(name)
                if glance is not None:
                    ours[name] = self._on_paper(name, paper, drawing, glance)
            elif under is not None and under.node == paper.under.node:
                seen = under.shows
                if isinstance(seen, Picture) and seen.items is None:
                    easel.size = seen.width, seen.height
                    ours[name] = self._on_picture(name, paper, drawing, under, seen)
        return ours

    def asked(self, easel: Easel, glances: Mapping[str, Glance], names: Iterable[str]) -> Mapping[str, Glance]:
        """What the run is to be asked for, where the viewer would ask for these."""
        paper = easel.paper
        if paper is None:
            return glances
        asked = dict(glances)
        for name in names:
            glance = asked.pop(name, None)
            if glance is None:
                self._glances.pop(name, None)
                continue
            self._glances[name] = glance
            if paper.under is not None:
                asked[name] = replace(glance, node=paper.under.node, output=paper.under.port)
        return asked

    def color(self, x: int, y: int) -> str | None:
        """The colour of the pixel (x, y) as it is painted, "#rrggbb"; None where that cannot be told."""
        if self._layer is None or not (0 <= x < self._layer.width and 0 <= y < self._layer.height):
            return None
        red, green, blue, covered = self._layer.paint[y, x].tolist()
        if not covered and self._whole is not None:
            red, green, blue = self._whole[1].array[y, x].tolist()
        elif not covered:
            return None
        return f"#{red:02x}{green:02x}{blue:02x}"

    def _on_paper(self, name: str, paper: Paper, drawing: Drawing, glance: Glance) -> Look:
        whole = self._painted(paper, drawing)
        of = (whole, glance, paper.node)
        made = self._made.get(name)
        if made is None or made.of != of:
            from nodeflow.engine.shows import picture

            made = self._keep(name, of, paper, picture(whole, glance))
        return made.look

    def _on_picture(self, name: str, paper: Paper, drawing: Drawing, under: Look, seen: Picture) -> Look:
        layer, self._whole = self._drawn(paper, drawing, (seen.width, seen.height)), None
        of = (self._version, under.serial, paper.node, paper.opacity)
        made = self._made.get(name)
        if made is None or made.of != of:
            from nodeflow.node.layer import laid_over, of_part

            height, width = seen.pixels.shape[:2]
            pixels = laid_over(seen.pixels, of_part(layer.paint, seen.part, (width, height)), paper.opacity)
            made = self._keep(name, of, paper, replace(seen, pixels=pixels, pixel=None))
        return made.look

    def _keep(self, name: str, of: tuple[object, ...], paper: Paper, shows: Picture) -> _Made:
        """A look of ours, with a serial number that none of the run's has."""
        self._serial -= 1
        summary = f"{shows.width}x{shows.height}"
        look = Look(self._serial, paper.node, paper.output, 0, 0.0, "Image", summary, "", shows)
        made = self._made[name] = _Made(of, look)
        return made

    def _painted(self, paper: Paper, drawing: Drawing) -> Image:
        """The whole picture of a paper."""
        layer = self._drawn(paper, drawing, paper.size)
        of = (self._version, paper.background, paper.opacity)
        if self._whole is None or self._whole[0] != of:
            import numpy as np

            from nodeflow.values import Color, Image

            try:
                ink = Color.parse(paper.background)
            except ValueError:
                ink = Color.parse("#ffffff")
            ground = np.full((layer.height, layer.width, 3), (ink.red, ink.green, ink.blue), np.uint8)
            self._whole = of, Image(layer.over(ground, paper.opacity))
        return self._whole[1]

    def _drawn(self, paper: Paper, drawing: Drawing, size: tuple[int, int]) -> Layer:
        """The drawing at a size; as much as was there before, where it is too much to draw."""
        from nodeflow.node import Layer

        layer = self._layer
        if layer is None or (layer.width, layer.height, layer.smooth) != (*size, paper.smooth):
            layer = self._layer = Layer(*size, paper.smooth)
            self._shown = ()
        shown = (drawing, paper.node)
        if self._shown != shown:
            self._shown = shown
            self._version += 1
            try:
                layer.show(drawing)
                self.wrong = ""
            except ValueError as error:
                self.wrong = str(error)
        return layer

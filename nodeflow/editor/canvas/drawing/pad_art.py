"""Groups and notes as drawn, behind the wires and nodes. GUI thread only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.drawing.pen import Faces, Pen
from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.canvas.layout import PAD, PORTS_ZOOM, ROWS_ZOOM, TEXT, TITLE, TITLE_TEXT
from nodeflow.editor.canvas.looks import Looks
from nodeflow.editor.canvas.pads import LINE, Pad, PadId, bar_times
from nodeflow.editor.canvas.scene import Scene
from nodeflow.editor.palette import CLEAR, Rgba, colors, fade, mix

_CORNER: Final = 8.0


@dataclass(frozen=True, slots=True)
class PadMarks:
    selected: bool = False
    hovered: bool = False
    """Under the pointer, or what is dragged would lie in it."""


class PadsArt:
    """All pads of a scene. One that only moved gets another transform."""

    def __init__(self, parent: int, faces: Faces) -> None:
        self._root = int(dpg.add_draw_node(parent=parent))
        self._faces = faces
        self._arts: dict[PadId, PadArt] = {}
        self._drawn: tuple[object, ...] = ()

    def clear(self) -> None:
        dpg.delete_item(self._root, children_only=True)
        self._arts.clear()
        self._drawn = ()

    def draw(self, scene: Scene, looks: Looks, pixel: float) -> None:
        drawn = (scene, scene.version, pixel, looks.selection.pads, looks.hover.pad, looks.into)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        pads = scene.pads.all
        order = list(self._arts)
        for id_ in self._arts.keys() - pads.keys():
            self._arts.pop(id_).delete()
        for id_, pad in pads.items():
            art = self._arts.get(id_)
            if art is None or not art.follow(pad):
                if art is not None:
                    art.delete()
                art = self._arts[id_] = PadArt(self._root, pad, self._faces)
            marks = PadMarks(id_ in looks.selection.pads, id_ in (looks.hover.pad, looks.into))
            art.draw(looks.viewport.zoom, pixel, marks)
        if order != list(pads):
            self._arts = {id_: self._arts[id_] for id_ in pads}
            dpg.reorder_items(self._root, 2, [art.root for art in self._arts.values()])


class PadArt:
    """One group or note, drawn from its own corner."""

    def __init__(self, parent: int, pad: Pad, faces: Faces) -> None:
        self.root = int(dpg.add_draw_node(parent=parent))
        self._faces = faces
        self._pad = pad
        self._hue: Rgba = getattr(colors, pad.hue)
        self._ground = Pen(self.root, faces, 1.0)
        self._words = Pen(self.root, faces, 1.0)
        self._level: tuple[float, bool] | None = None
        self._shown: tuple[object, ...] = ()
        self._whole = Rect(0.0, 0.0, pad.bounds.width, pad.bounds.height)
        self._edge = self._draw_ground()
        self._place()

    def delete(self) -> None:
        dpg.delete_item(self.root)

    def follow(self, pad: Pad) -> bool:
        """Take the new place of the same pad; False if it must be drawn anew."""
        old, self._pad = self._pad, pad
        if (pad.words, pad.hue) != (old.words, old.hue):
            return False
        # Not by width and height, which a move may change by the last bit.
        if abs(pad.bounds.width - self._whole.width) > 1e-3 or abs(pad.bounds.height - self._whole.height) > 1e-3:
            return False
        if pad.bounds != old.bounds:
            self._place()
        return True

    def draw(self, zoom: float, pixel: float, marks: PadMarks) -> None:
        shown = (zoom, pixel, marks)
        if shown == self._shown:
            return
        self._shown = shown
        self._ground.resize(pixel)
        level = (bar_times(zoom), zoom >= ROWS_ZOOM)
        if level != self._level:
            self._level = level
            self._words.clear()
            self._words.zoom = pixel
            self._write(zoom)
        else:
            self._words.resize(pixel)
        edge = colors.accent if marks.selected else fade(self._hue, 0.9 if marks.hovered else 0.45)
        thickness = max(1.0, (2.0 if marks.selected or marks.hovered else 1.0) * max(pixel, 0.5))
        dpg.configure_item(self._edge, color=edge, thickness=thickness)

    def _place(self) -> None:
        left, top = self._pad.bounds[:2]
        dpg.apply_transform(self.root, dpg.create_translation_matrix([left, top, 0.0]))

    def _draw_ground(self) -> int:
        """The ground with its grip. Returns its edge."""
        pen, whole = self._ground, self._whole
        if self._pad.id.kind == "group":
            pen.rect(whole, fade(self._hue, 0.07), rounding=_CORNER)
            strip = Rect(0.0, 0.0, whole.width, min(TITLE, whole.height))
            pen.rect(strip, fade(self._hue, 0.20), rounding=_CORNER)
        else:
            pen.rect(whole, fade(mix(colors.raised, self._hue, 0.08), 0.96), rounding=4.0)
            pen.rect(Rect(0.0, 0.0, 4.0, whole.bottom), fade(self._hue, 0.9), rounding=4.0)
        for inset in (3.0, 6.5):
            ends = [(whole.right - inset - 1.5, whole.bottom - 4.0), (whole.right - 4.0, whole.bottom - inset - 1.5)]
            pen.line(ends, fade(colors.contrast, 0.22), 1.0)
        return pen.rect(whole, CLEAR, fade(self._hue, 0.45), rounding=_CORNER if self._pad.id.kind == "group" else 4.0)

    def _write(self, zoom: float) -> None:
        if self._pad.id.kind == "group":
            self._write_title(zoom)
        elif zoom >= PORTS_ZOOM:
            self._write_text(readable=zoom >= ROWS_ZOOM)

    def _write_title(self, zoom: float) -> None:
        pen, faces, times = self._words, self._faces, bar_times(zoom)
        size = TITLE_TEXT * times
        title = faces.fit(self._pad.title, faces.medium, size, self._whole.width - 2 * PAD)
        bar = self._pad.bar(zoom).moved(-self._pad.bounds.left, -self._pad.bounds.top)
        if times > 1.0:
            wide = faces.width(title, faces.medium) * size + 2 * PAD * times
            pen.rect(Rect(bar.left, bar.top, wide, bar.bottom), mix(colors.ground, self._hue, 0.35), rounding=_CORNER)
        pen.text((PAD * times, bar.center[1] - size / 2), title, colors.text, size, faces.medium)

    def _write_text(self, readable: bool) -> None:
        """The text of a note; from further away, a bar for each line of it."""
        pen, whole, faces = self._words, self._whole, self._faces
        most = max(1, int((whole.height - 2 * PAD + LINE - TEXT) // LINE))
        lines = faces.paragraphs(self._pad.words, faces.text, TEXT, whole.width - 2 * PAD - 4.0, most)
        for at, line in enumerate(lines):
            left, top = PAD + 4.0, PAD - 2.0 + at * LINE
            if readable:
                pen.text((left, top), line, colors.text, TEXT)
            elif line:
                wide = faces.width(line, faces.text) * TEXT
                pen.rect(Rect(left, top + 4.0, left + wide, top + 10.0), fade(colors.contrast, 0.16))

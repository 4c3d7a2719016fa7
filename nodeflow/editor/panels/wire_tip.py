"""The value on a wire, beside the pointer that rests on it. GUI thread only.

It is drawn over everything and takes no part in layout or input, so it costs nothing while there is none.
"""

from __future__ import annotations

import time
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.drawing.pen import Pen
from nodeflow.editor.canvas.drawing.value_art import draw_value
from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.canvas.gestures import Idle
from nodeflow.editor.canvas.kinds_style import kind_style
from nodeflow.editor.canvas.live import Image
from nodeflow.editor.canvas.scene import NOTHING
from nodeflow.editor.looking.hover import Rest, Told, told
from nodeflow.editor.looking.textures import Textures, Wanted
from nodeflow.editor.looking.watching import Watching
from nodeflow.editor.palette import colors, fade, rgba
from nodeflow.editor.panels.beside import beside_pointer
from nodeflow.editor.ui import Ui, mouse_at
from nodeflow.editor.workspace import Workspace
from nodeflow.engine.look import Glance, Look, Picture, Words

_PART: Final = "wire"
_WIDTH: Final = 260.0
_SIDE: Final = 240
_HEAD, _LINE, _PAD = 24.0, 18.0, 10.0
_EVERY: Final = 0.1


class WireTip:
    """Beside the pointer; `update` once per frame."""

    def __init__(self, ui: Ui, workspace: Workspace, watching: Watching, textures: Textures) -> None:
        self._ui, self._workspace, self._watching, self._textures = ui, workspace, watching, textures
        self.rest = Rest()
        self.words: Told | None = None
        """What is said now."""
        self._next = 0.0
        self._shown: tuple[object, ...] = ()
        layer = int(dpg.add_viewport_drawlist(front=True))
        world = int(dpg.add_draw_node(parent=layer))
        dpg.apply_transform(world, dpg.create_scale_matrix([ui.scale, ui.scale, 1.0]))
        self._pen = Pen(world, ui.faces, ui.scale)

    def update(self, over_canvas: bool) -> None:
        """`over_canvas`: the pointer is on the canvas and nothing lies over it."""
        canvas = self._workspace.canvas
        looks_around = over_canvas and isinstance(canvas.gesture, Idle)
        if any(dpg.is_mouse_button_down(button) for button in range(3)):
            self.rest.leave()
        self.rest.update(canvas.hover if looks_around else NOTHING, canvas.pointer)
        output = self.rest.on
        if output is None:
            if self._shown:
                self._shown, self.words = (), None
                self._watching.want(_PART, {})
                self._textures.update(_PART, {})
                self._pen.clear()
            return
        name = f"{_PART} {output}"
        self._watching.want(_PART, {name: Glance(output.node, output.port, side=_SIDE)})
        now = time.monotonic()
        if now < self._next and self._shown[:1] == (output,):
            return
        self._next = now + _EVERY
        look = self._workspace.run.snapshot.looks.get(name)
        words = told(canvas.scene, self.rest.hit, look, now)
        image = self._image(name, look)
        shown = (output, words, look and look.serial, image, mouse_at(), colors.version)
        if shown != self._shown:
            self._shown, self.words = shown, words
            self._draw(words, look, image)

    def _image(self, name: str, look: Look | None) -> Image | None:
        wanted = {}
        if look is not None and isinstance(look.shows, Picture):
            wanted[name] = Wanted(look.shows.pixels, look.serial, _SIDE)
        self._textures.update(_PART, wanted)
        texture = self._textures.get(name)
        return Image(texture.item, texture.width, texture.height) if texture else None

    def _draw(self, words: Told, look: Look | None, image: Image | None) -> None:
        pen, ui = self._pen, self._ui
        room = _WIDTH - 2 * _PAD
        facts = ui.faces.wrap(words.facts, ui.faces.text, 12.0, room, 3)
        above = _HEAD + _LINE + len(facts) * 15.0 + _PAD
        inside = self._height(look, image, room)
        box = beside_pointer(ui, _WIDTH, above + (inside + _PAD if inside else 0.0))
        pen.clear()
        pen.rect(box, colors.raised, fade(colors.contrast, 0.15), rounding=6.0)
        left, top = box.left + _PAD, box.top + 8.0
        pen.circle((left + 4.0, top + 7.0), 4.0, rgba(kind_style(words.kind).color))
        pen.text((left + 14.0, top), ui.faces.fit(words.kind, ui.faces.medium, 14.0, room - 14.0), colors.text, 14.0)
        pen.text((left, top + _HEAD - 2.0), ui.faces.fit(words.summary, ui.faces.text, 13.0, room), colors.text, 13.0)
        for place, line in enumerate(facts):
            pen.text((left, top + _HEAD + _LINE + place * 15.0), line, colors.text_faint, 12.0)
        if not inside or look is None:
            return
        within = Rect(left, box.top + above, left + room, box.top + above + inside)
        if image is not None:
            pen.picture(image.texture, image.within(within))
        else:
            draw_value(pen, within, look.shows, ui.faces)

    def _height(self, look: Look | None, image: Image | None, room: float) -> float:
        """How high the value itself is drawn."""
        if look is None:
            return 0.0
        if image is not None:
            return min(room * image.height / image.width, 220.0)
        if isinstance(look.shows, Words):
            return 0.0 if len(look.shows.text) <= len(look.summary) else 80.0
        return 96.0

"""The states of the pointer: each gesture from the press that begins it to the release that ends it.

    Idle -> Pressed -> Panning | BoxSelect | DragNodes | Resizing | Scrubbing | Cutting | Wiring -> Idle
    Idle -> MapPanning -> Idle

There is always exactly one, `Interaction.gesture`; `Pressed` is in press.py, what moves things in moving.py, and
`Wiring` with its kinds in wiring.py. A gesture shows what it would do (a painter reads its attributes) and changes the
document once, on release; only a scrub of a live parameter changes it on the way, as one step of undo. `cancel` leaves
the document as it was before the press.
"""

from __future__ import annotations

import math
from itertools import count
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.canvas.layout import number_of, step_of
from nodeflow.editor.canvas.minimap import Minimap
from nodeflow.editor.canvas.selection import Mode, Selection
from nodeflow.graph import Link, ParamSchema

if TYPE_CHECKING:
    from nodeflow.editor.canvas.interaction import Interaction

_SCRUB_PIXELS = 200.0
"""The least way of the pointer through the range of a bounded number."""
_FINE = 0.1
_SIZE_MAX = 4000.0
_NUMBER_MAX = 1e12
_scrubs = count()


class Held(NamedTuple):
    """The modifier keys that are down. Command on a Mac counts as ctrl."""

    shift: bool = False
    ctrl: bool = False
    alt: bool = False
    space: bool = False

    @property
    def mode(self) -> Mode:
        """What a selecting gesture does."""
        return "take" if self.ctrl else "add" if self.shift else "only"


NO_KEYS = Held()


class Gesture:
    """One state. `start` is where its button went down, in screen pixels."""

    goes_on: ClassVar[bool] = False
    """Whether the view pans along where the pointer comes to the canvas's edge."""

    def __init__(self, canvas: Interaction, start: Point = (0.0, 0.0)) -> None:
        self.canvas = canvas
        self._start = canvas.viewport.to_world(start)

    def move(self) -> None:
        """The pointer, what lies under it or the keys that are held changed."""

    def release(self) -> None:
        """The button went up. The canvas is idle again already."""

    def cancel(self) -> None:
        """The person thought better of it. The canvas is idle again already."""

    @property
    def _way(self) -> Point:
        """How far the pointer is from where it went down, in world units."""
        x, y = self.canvas.world
        return x - self._start[0], y - self._start[1]

    @property
    def snaps(self) -> bool:
        """Whether what is dragged goes in steps of the grid. Ctrl turns it round for as long as it is held."""
        return self.canvas.habits.snap != self.canvas.held.ctrl


class Idle(Gesture):
    """No button is down: the pointer shows what is under it."""

    def move(self) -> None:
        self.canvas.hover = self.canvas.hit()


class Panning(Gesture):
    """The world hangs on the pointer."""

    def move(self) -> None:
        viewport, (x, y) = self.canvas.viewport, self.canvas.pointer
        from_x, from_y = viewport.to_screen(self._start)
        self.canvas.viewport = viewport.panned(x - from_x, y - from_y)


class MapPanning(Gesture):
    """The pointer in the map in the corner: what it points at is in the middle of the canvas. A press in the part that
    is in sight moves that part along."""

    def __init__(self, canvas: Interaction, overlay: Minimap) -> None:
        super().__init__(canvas)
        self.map = overlay
        x, y = canvas.pointer
        view = overlay.view(canvas.viewport)
        to_x, to_y = overlay.to_screen(canvas.viewport.shown(canvas.size).center)
        self._off = (to_x - x, to_y - y) if view.contains((x, y)) else (0.0, 0.0)
        self.move()

    def move(self) -> None:
        x, y = self.canvas.pointer
        self.canvas.viewport = self.map.centred(self.canvas.viewport, (x + self._off[0], y + self._off[1]))


class BoxSelect(Gesture):
    """A rectangle that selects the nodes and notes it touches, and the groups that it holds.

    `band` is in world units.
    """

    goes_on = True

    def __init__(self, canvas: Interaction, start: Point) -> None:
        super().__init__(canvas, start)
        self._before = canvas.selection
        self.band = Rect(*self._start, *self._start)

    def move(self) -> None:
        self.band = Rect.between(self._start, self.canvas.world)
        scene = self.canvas.scene
        caught = Selection(frozenset(scene.boxes_in(self.band)), pads=scene.pads.caught(self.band))
        self.canvas.select(self._before.combined(caught, self.canvas.held.mode))

    def cancel(self) -> None:
        self.canvas.select(self._before)


class Scrubbing(Gesture):
    """A number that follows the pointer sideways; Shift makes it fine.

    A live parameter changes as it goes. One that reopens its node changes once, on release.
    """

    def __init__(self, canvas: Interaction, start: Point, node: str, param: ParamSchema) -> None:
        super().__init__(canvas, start)
        number = number_of(canvas.graph[node].params.get(param.name, param.default))
        self.node, self.param = node, param
        self._x = start[0]
        self._exact = min(max(number or 0.0, -_NUMBER_MAX), _NUMBER_MAX)
        self._before = self._graph = canvas.graph
        self._merge = f"scrub {next(_scrubs)}"

    def move(self) -> None:
        x, speed = self.canvas.pointer[0], _FINE if self.canvas.held.shift else 1.0
        way, self._x = x - self._x, x
        self._exact = self._bounded(self._exact + way * self._per_pixel() * speed)
        step = step_of(self.param) * (speed if self.param.type == "number" else 1.0)
        value = round(self._bounded(round(self._exact / step) * step), 9)
        if way:
            self._set(int(value) if self.param.type == "integer" else value)

    def release(self) -> None:
        self.canvas.edit(self._name, self._graph, self._merge)

    def cancel(self) -> None:
        self.canvas.edit(self._name, self._before, self._merge)

    @property
    def _name(self) -> str:
        return f"Set {self.canvas.names.node(self.node)}.{self.param.name}"

    def _set(self, value: int | float) -> None:
        if self._graph[self.node].params.get(self.param.name, self.param.default) == value:
            return
        self._graph = self._before.set_param(self.node, self.param.name, value)
        if self.param.group == "live":
            self.canvas.edit(self._name, self._graph, self._merge)
        else:
            self.canvas.scene.update(self._graph)

    def _bounded(self, value: float) -> float:
        low, high = self.param.minimum, self.param.maximum
        return min(max(value, -_NUMBER_MAX if low is None else low), _NUMBER_MAX if high is None else high)

    def _per_pixel(self) -> float:
        low, high = self.param.minimum, self.param.maximum
        if low is None or high is None:
            return step_of(self.param) / 2
        width = self.canvas.scene.boxes[self.node].face.width * self.canvas.viewport.zoom
        return (high - low) / max(width, _SCRUB_PIXELS)


class Cutting(Gesture):
    """A stroke that cuts the wires it crosses. `stroke` is in world units; `doomed` are the links cut so far."""

    def __init__(self, canvas: Interaction, start: Point) -> None:
        super().__init__(canvas, start)
        self.stroke = [self._start]
        self.doomed: set[Link] = set()

    def move(self) -> None:
        world = self.canvas.world
        if math.dist(world, self.stroke[-1]) * self.canvas.viewport.zoom < 1.0:
            return
        self.stroke.append(world)
        self.doomed |= self.canvas.scene.wires_under(self.stroke[-2:])

    def release(self) -> None:
        if self.doomed:
            name = self.canvas.names.step("Cut", self.doomed, "wire")
            self.canvas.edit(name, self.canvas.graph.disconnect(*self.doomed))

"""Drive the canvas as a person would, without a window: for tests of the editor and of node packs in it.

    pilot = Pilot(catalog, graph)
    pilot.drag_node("pose", by=(100, 0))
    pilot.wire("camera.image", "pose.image")
    pilot.undo()
    assert pilot.graph is graph

Every deed is made of presses, moves and releases at the pixels where the thing lies, so it goes wrong where a person's
would. Wishes the canvas has of the program (search, menus, refusals) are kept in `wishes`, newest last.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nodeflow.editor.canvas.actions import Made
from nodeflow.editor.canvas.geometry import Point
from nodeflow.editor.canvas.gestures import NO_KEYS, Held
from nodeflow.editor.canvas.interaction import Interaction
from nodeflow.editor.canvas.operations import OPERATIONS
from nodeflow.editor.canvas.pads import PadId
from nodeflow.editor.canvas.press import Button
from nodeflow.editor.canvas.scene import Hit, Onto, Port, Scene
from nodeflow.editor.canvas.steps import Step, told_nobody
from nodeflow.graph import Catalog, Graph, History

Wish = tuple[Any, ...]
"""The name of the action and its arguments: ("open_param", "pose", "score")."""


class Pilot:
    """A person at a canvas with a document of its own, undo included. Points are screen pixels."""

    def __init__(self, catalog: Catalog, graph: Graph | None = None) -> None:
        self.history = History(graph or Graph())
        self.wishes: list[Wish] = []
        self.canvas = Interaction(Scene(catalog), self)
        self.canvas.show(self.history.graph)

    @property
    def graph(self) -> Graph:
        return self.history.graph

    # ---- hands ---------------------------------------------------------------------------------------------------

    def press(self, at: Point, button: Button = "left", held: Held = NO_KEYS) -> None:
        self.canvas.move(*at, held)
        self.canvas.press(*at, button, held)

    def move(self, at: Point, held: Held = NO_KEYS) -> None:
        self.canvas.move(*at, held)

    def release(self, button: Button = "left", held: Held = NO_KEYS) -> None:
        self.canvas.release(*self.canvas.pointer, button, held)

    def click(self, at: Point, button: Button = "left", held: Held = NO_KEYS) -> None:
        self.press(at, button, held)
        self.release(button, held)

    def double_click(self, at: Point) -> None:
        self.click(at)
        self.press(at)
        self.canvas.double_click(*at)
        self.release()

    def drag(self, start: Point, end: Point, button: Button = "left", held: Held = NO_KEYS) -> None:
        """Press, move by way of the middle, and release."""
        self.hold(start, end, button, held)
        self.release(button, held)

    def hold(self, start: Point, end: Point, button: Button = "left", held: Held = NO_KEYS) -> None:
        """A drag that has not been let go yet."""
        self.press(start, button, held)
        self.move(((start[0] + end[0]) / 2, (start[1] + end[1]) / 2), held)
        self.move(end, held)

    def wheel(self, at: Point, turns: float, held: Held = NO_KEYS) -> None:
        self.canvas.wheel(*at, turns, held)

    def key(self, keys: str) -> None:
        """Press keys such as "Ctrl+D". Raises KeyError if the canvas has no use for them."""
        operation = next((operation for operation in OPERATIONS if keys in operation.keys), None)
        if operation is None:
            raise KeyError(f"no operation of the canvas has the keys {keys}")
        operation.run(self.canvas)

    def undo(self) -> None:
        self.canvas.show(self.history.undo())

    def redo(self) -> None:
        self.canvas.show(self.history.redo())

    # ---- places --------------------------------------------------------------------------------------------------

    def at_world(self, world: Point) -> Point:
        return self.canvas.viewport.to_screen(world)

    def at_title(self, node: str) -> Point:
        box = self.canvas.scene.boxes[node]
        return self.at_world((box.at[0] + box.face.width / 2, box.at[1] + box.face.bar.height / 2))

    def at_param(self, name: str) -> Point:
        """The middle of a parameter's row, by "pose.score"."""
        node, _, param = name.partition(".")
        box = self.canvas.scene.boxes[node]
        x, y = next(row.rect.center for row in box.face.params if row.name == param)
        return self.at_world((box.at[0] + x, box.at[1] + y))

    def at_pad(self, pad: PadId) -> Point:
        """The middle of a group's title bar or of a note."""
        there = self.canvas.scene.pads.all[pad]
        return self.at_world(there.bar(self.canvas.viewport.zoom).center)

    def at_grip(self, pad: PadId) -> Point:
        """The corner of a group or note that resizes it."""
        return self.at_world(self.canvas.scene.pads.all[pad].grip.center)

    def at_output(self, name: str) -> Point:
        return self._at_port(name, "out")

    def at_input(self, name: str) -> Point:
        return self._at_port(name, "in")

    # ---- deeds ---------------------------------------------------------------------------------------------------

    def drag_node(self, node: str, by: Point, held: Held = NO_KEYS) -> None:
        """Drag a node by its title; `by` is in pixels."""
        x, y = self.at_title(node)
        self.drag((x, y), (x + by[0], y + by[1]), held=held)

    def wire(self, source: str, target: str) -> None:
        """Draw a wire from "camera.image" to "pose.image"."""
        self.drag(self.at_output(source), self.at_input(target))

    # ---- CanvasActions -------------------------------------------------------------------------------------------

    def edit(self, name: str, graph: Graph, merge: str | None = None) -> None:
        self.history.push(name, graph, merge)
        self.canvas.show(self.history.graph)

    def open_search(self, at: Point, onto: Onto | None) -> None:
        self.wishes.append(("open_search", at, onto))

    def open_menu(self, at: Point, hit: Hit) -> None:
        self.wishes.append(("open_menu", at, hit))

    def open_connect(self, node: str) -> None:
        self.wishes.append(("open_connect", node))

    def open_param(self, node: str, param: str, by_keys: bool = False) -> None:
        self.wishes.append(("type_param" if by_keys else "open_param", node, param))

    def open_rename(self, node: str) -> None:
        self.wishes.append(("open_rename", node))

    def open_words(self, pad: PadId) -> None:
        self.wishes.append(("open_words", pad))

    def enter(self, node: str) -> bool:
        self.wishes.append(("enter", node))
        return False

    def open_viewer(self, node: str) -> None:
        self.wishes.append(("open_viewer", node))

    def refuse(self, message: str, at: Point) -> None:
        self.wishes.append(("refuse", message, at))

    def do_aside(self, title: str, size: int, work: Callable[[Step], Made], then: Callable[[Made], None]) -> None:
        self.wishes.append(("do_aside", title, size))
        then(work(told_nobody))

    def drop_aside(self) -> bool:
        return False

    # ---- inside --------------------------------------------------------------------------------------------------

    def _at_port(self, name: str, side: str) -> Point:
        node, _, port = name.partition(".")
        at = self.canvas.scene.port_at(Port(node, port, "out" if side == "out" else "in"))
        if at is None:
            raise KeyError(f"{node} has no {side}put {port!r} on the canvas")
        return self.at_world(at)

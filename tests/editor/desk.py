"""The editor in a process of its own, with a real window, a real mouse and a real keyboard.

    with Desk(graph_file) as desk:
        desk.drag(desk.port("clip.image"), desk.port("preview.value"))
        desk.wait(lambda look: "clip.image -> preview.value" in look["links"])

What a person would see (`Look`) is asked from the process, once per question, between two of its frames; what a person
does goes through xdotool. Run as a script, this file is that process.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self

PATIENCE = 90.0
"""Seconds that only a test which fails waits for."""

_HEAVY = ("numpy", "torch", "onnxruntime", "onnx", "networkx", "pydantic", "cv2", "av")

Look = dict[str, Any]
Point = tuple[float, float]


class Desk:
    """One running editor."""

    def __init__(
        self,
        graph: Path | None = None,
        *,
        start: bool = False,
        env: dict[str, str] | None = None,
    ) -> None:
        self._graph, self._start = graph, start
        self._config = tempfile.TemporaryDirectory()
        # what a test points at must not be on its way somewhere
        Path(self._config.name, "settings.json").write_text('{"reduced_motion": true}')
        folders = dict.fromkeys(("NODEFLOW_CONFIG", "NODEFLOW_STATE"), self._config.name)
        folders["NODEFLOW_SUBGRAPHS"] = f"{self._config.name}/subgraphs"
        ours = {"NODEFLOW_DIALOGS": "window", "NODEFLOW_SCALE": "1"} | folders
        self._env = os.environ | ours | (env or {})

    def __enter__(self) -> Self:
        job = {
            "graph": self._graph and str(self._graph),
            "start": self._start,
        }
        for key in ("Control_L", "Shift_L", "Alt_L"):  # the window of another test may have closed under them
            self.xdotool("keyup", key)
        self.process = subprocess.Popen(
            [sys.executable, __file__, json.dumps(job)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=self._env,
        )  # fmt: skip
        self.wait(lambda look: look["ready"])
        self.wait(lambda look: look["frames"] > 5)
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()
        self._config.cleanup()

    # ---- seeing --------------------------------------------------------------------------------------------------

    def look(self) -> Look:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("look\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise AssertionError(f"the editor ended with exit status {self.process.wait()}")
        return dict(json.loads(answer))

    def wait(self, good: Callable[[Look], object], seconds: float = PATIENCE) -> Look:
        """Look until `good`, which is a condition on a look; fail with the last look after `seconds`."""
        end = time.monotonic() + seconds
        while True:
            look = self.look()
            if good(look):
                return look
            assert time.monotonic() < end, f"waited {seconds:.0f} s in vain; last seen: {json.dumps(look)[:3000]}"

    def settle(self) -> Look:
        """Look after a few more frames, when what was done has had its effect."""
        frames = self.look()["frames"]
        return self.wait(lambda look: look["frames"] >= frames + 4)

    def steady(self, find: Callable[[Look], Point | None], seconds: float = PATIENCE) -> Point:
        """Where something is, once it is there and stays: what has just opened may yet grow or move."""
        seen: list[Point | None] = [None]

        def stays(look: Look) -> bool:
            seen.append(find(look))
            return seen[-1] is not None and seen[-1] == seen[-2]

        end = time.monotonic() + seconds
        while not stays(self.settle()):
            assert time.monotonic() < end, f"waited {seconds:.0f} s in vain for a place; last seen: {seen[-2:]}"
        at = seen[-1]
        assert at is not None
        return at

    def press(self, button: str) -> None:
        """Click a button of what floats over the window."""
        self.click(self.steady(lambda look: look["buttons"].get(button)))

    def port(self, name: str, side: str = "") -> Point:
        """Where a port is in the window: "clip.image"; `side` is "in" or "out" where the node has both."""
        ports = self.look()["ports"]
        return tuple(ports[f"{side}:{name}" if side else next(key for key in ports if key.endswith(f":{name}"))])

    def title(self, node: str) -> Point:
        """The middle of a node's title bar."""
        return tuple(self.look()["titles"][node])

    def param(self, name: str) -> Point:
        """The middle of a parameter's row on its node: "pose.score"."""
        return tuple(self.look()["params"][name])

    def empty(self) -> Point:
        """A place on the canvas where nothing is."""
        return tuple(self.look()["empty"])

    def shot(self, path: Path) -> None:
        """A picture of the whole screen."""
        subprocess.run(["import", "-window", "root", str(path)], env=self._env, check=True)

    # ---- doing ---------------------------------------------------------------------------------------------------

    def xdotool(self, *words: object) -> None:
        subprocess.run(["xdotool", *map(str, words)], env=self._env, check=True)

    def move(self, at: Point) -> None:
        self.xdotool("mousemove", round(at[0]), round(at[1]))
        self.settle()

    def click(self, at: Point, button: int = 1) -> None:
        self.move(at)
        self.xdotool("click", button)
        self.settle()

    def double_click(self, at: Point) -> None:
        self.move(at)
        self.xdotool("click", "--repeat", 2, "--delay", 80, 1)
        self.settle()

    def drag(self, start: Point, end: Point, button: int = 1) -> None:
        self.move(start)
        self.xdotool("mousedown", button)
        self.settle()
        for share in (0.3, 0.6, 1.0):
            self.move((start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share))
        self.xdotool("mouseup", button)
        self.settle()

    def key(self, keys: str) -> None:
        """One chord, in xdotool's words: "ctrl+z"."""
        self.xdotool("key", keys)
        self.settle()

    def press_close_button(self) -> None:
        """What the X in a window's corner does."""
        from tests.editor.xclose import press_close_button  # as a script, this file is in no package

        press_close_button(self._env["DISPLAY"], self._window())

    def drop(self, *paths: Path, at: Point) -> None:
        """Drop files on the window."""
        from tests.editor.xdrop import drop_files

        self.move(at)
        drop_files(self._env["DISPLAY"], self._window(), [path.as_uri() for path in paths], at)
        self.settle()

    def _window(self) -> int:
        found = subprocess.run(
            ["xdotool", "search", "--pid", str(self.process.pid)], env=self._env, check=True, capture_output=True
        )
        return int(found.stdout.split()[-1])

    def quit(self) -> None:
        """Ask the program to end; there may be nobody to look at afterwards."""
        self.xdotool("key", "ctrl+q")

    def type(self, text: str) -> None:
        self.settle()
        self.xdotool("type", "--delay", 30, text)
        self.settle()


def main(job: dict[str, Any]) -> int:
    """The editor's process."""
    began = time.perf_counter()
    from nodeflow.editor import app as editor
    from nodeflow.editor.screen import find_screen

    questions: queue.SimpleQueue[str] = queue.SimpleQueue()

    class Watched(editor.App):
        frames = 0
        first_frame = 0.0
        first_modules: ClassVar[list[str]] = []

        def frame(self) -> None:
            super().frame()
            self.frames += 1
            if self.frames == 1:
                self.first_frame = time.perf_counter() - began
                self.first_modules = [name for name in _HEAVY if name in sys.modules]
            while not questions.empty():
                questions.get()
                print(json.dumps(look_at(self)), flush=True)

    def listen() -> None:
        for line in sys.stdin:
            questions.put(line)

    preferences = editor.Preferences(editor.config_folder() / "settings.json")
    screen = find_screen(preferences.now.scale / 100)
    assert screen
    app = Watched(screen, "cpu", preferences)
    threading.Thread(target=listen, daemon=True).start()
    return app.main(Path(job["graph"]) if job["graph"] else None, job["start"])


def look_at(app: Any) -> Look:
    """What a person could see in the window now."""
    import dearpygui.dearpygui as dpg

    from nodeflow.editor.canvas.complaint import complaint_of
    from nodeflow.editor.canvas.geometry import Rect
    from nodeflow.graph import dumps

    workspace, window = app.workspace, app.window
    canvas, scale = workspace.canvas, window._ui.scale
    left, top = dpg.get_item_rect_min(window._painter.item)
    width, height = canvas.size

    def on_screen(world: Point) -> Point:
        x, y = canvas.viewport.to_screen(world)
        return left + x * scale, top + y * scale

    def middle(item: int) -> Point:
        (x, y), (wide, high) = dpg.get_item_rect_min(item), dpg.get_item_rect_size(item)
        return x + wide / 2, y + high / 2

    def in_popup(window: int) -> Point:
        """A place in a list that hangs in a floating window."""
        (x, y), (wide, high) = dpg.get_item_pos(window), dpg.get_item_rect_size(window)
        return x + wide / 3, y + high / 2

    def buttons_of(item: int) -> dict[str, Point]:
        """The middle of every button in a window, by what is written on it."""
        found = {}
        for child in dpg.get_item_children(item, 1):
            if dpg.get_item_type(child) == "mvAppItemType::mvButton":
                found[dpg.get_item_label(child)] = middle(child)
            found |= buttons_of(child)
        return found

    start = window._start

    def in_start(spot: Any) -> Point:
        x, y = spot.rect.center
        left, top = dpg.get_item_rect_min(start._page_item)
        return left + x * scale, top + y * scale - (start._cards.scrolled * scale if spot.scrolls else 0.0)

    strip = window._tabs.strip
    strip_left, strip_top = dpg.get_item_rect_min(window._tabs._item)

    def in_strip(at: Point) -> Point:
        return strip_left + at[0] * scale, strip_top + at[1] * scale

    boxes = canvas.scene.boxes.values()
    spots = [(width * (x + 0.5) / 12, height * (y + 0.5) / 12) for y in range(11, -1, -1) for x in range(12)]
    around = (Rect(*canvas.viewport.to_world(spot), *canvas.viewport.to_world(spot)).grown(90.0) for spot in spots)
    spot = next((spot for spot, near in zip(spots, around, strict=True) if not canvas.scene.boxes_in(near)), (0.0, 0.0))
    popup, snapshot = window._popups.now, workspace.run.snapshot
    params = window._inspector.params
    return {
        "ready": workspace.ready,
        "frames": app.frames,
        "first_frame": app.first_frame,
        "first_modules": app.first_modules,
        "graph": dumps(workspace.graph),
        "nodes": {node: dict(each.params) for node, each in workspace.graph.nodes.items()},
        "links": [str(link) for link in workspace.graph.links],
        "dirty": workspace.document.dirty,
        "title": workspace.document.name,
        "path": workspace.document.path and str(workspace.document.path),
        "undo": workspace.document.history.undo_name,
        "selected": sorted(canvas.selection.nodes),
        "scale": scale,
        "zoom": canvas.viewport.zoom,
        "titles": {box.node: on_screen((box.at[0] + box.face.width / 2, box.at[1] + 14.0)) for box in boxes},
        "ports": {
            f"{port.side}:{box.node}.{port.name}": on_screen((box.at[0] + port.at[0], box.at[1] + port.at[1]))
            for box in boxes
            for port in box.face.ports
        },
        "pads": {
            str(id_): on_screen(pad.bar(canvas.viewport.zoom).center) for id_, pad in canvas.scene.pads.all.items()
        },
        "wires": {str(link): on_screen(wire.curve.at(0.5)) for link, wire in canvas.scene.wires.items()},
        "params": {
            f"{box.node}.{row.name}": on_screen(row.rect.moved(*box.at).center)
            for box in boxes
            for row in box.face.params
        },
        "fields": {field.param.name: middle(field.item) for field in params.fields} if params else {},
        "told": {name: dpg.get_value(note) for name, note in params.notes.items() if dpg.is_item_shown(note)}
        if params
        else {},
        "name": middle(window._inspector._name) if window._inspector._node else None,
        "empty": (left + spot[0] * scale, top + spot[1] * scale),
        "notices": [notice.text for notice in workspace.notices.current()],
        "popup": type(popup).__name__ if popup else None,
        "popup_seen": bool(popup and dpg.is_item_visible(popup.window)),
        "rows": [row.title for row in (popup.rows.choices if hasattr(popup, "rows") else ())],
        "marked": popup.rows.now.title if getattr(popup, "rows", None) and popup.rows.now else None,
        "typed": dpg.get_value(popup._field) if getattr(popup, "_field", 0) else None,
        "list": in_popup(popup.window) if popup else None,
        "buttons": buttons_of(popup.window) if popup else {},
        "keys": {name: middle(item) for name, item in getattr(popup, "key_buttons", {}).items()},
        "shortcuts": {command.name: list(command.keys) for command in window.commands},
        "settings": dict(app.workspace.preferences._content),
        "problems": [str(problem) for problem in workspace.problems],
        "state": snapshot.state,
        "finished": snapshot.finished,
        "statuses": {node: [status.state, status.message] for node, status in snapshot.nodes.items()},
        "previews": {name.removeprefix("canvas "): look.serial for name, look in snapshot.looks.items()},
        "viewed": workspace.viewed,
        "viewer": places_in(window._viewer, middle),
        "pixel": window._viewer.read,
        "paint": seen_of_painting(workspace.easel, window._viewer, middle),
        "strip": dpg.get_item_rect_min(window._viewer._strip._item),
        "lens": workspace.sheet.viewing.lens.zoom,
        "pins": [str(pin) for pin in workspace.sheet.viewing.pins],
        "compared": workspace.sheet.viewing.other and str(workspace.sheet.viewing.other),
        **seen_in(window._viewer.look),
        "tip": " ".join(astuple(window._wire_tip.words)) if window._wire_tip.words else "",
        "ways": {
            f"{node}.{way}": on_screen(rect.moved(*canvas.scene.boxes[node].at).center)
            for node in window._living.broken
            for way, rect in complaint_of(snapshot.nodes[node], canvas.scene.boxes[node].face, window._ui.faces).buttons
        },
        "tabs": [
            {"name": sheet.document.name, "dirty": sheet.document.dirty, "state": sheet.run.snapshot.state}
            | {"at": in_strip(tab.center), "cross": in_strip(strip.cross(place).center)}
            for place, (sheet, tab) in enumerate(zip(workspace.sheets, strip.tabs, strict=False))
        ],
        "start": {spot.name: in_start(spot) for spot in start._spots} if start.open else None,
        "level": list(workspace.sheet.levels.path),
        "crumbs": buttons_of(window._breadcrumb.root),
        "bodies": {box.node: on_screen(box.face.status.moved(*box.at).center) for box in boxes if box.face.status},
        "plus": in_strip(strip.plus.center),
        "library": seen_of_library(window.library, middle),
        "side": window._places.side,
        "dock": window.dock.front,
        "dock_tabs": {name: middle(item) for name, item in window.dock._buttons.items()},
        "dock_rows": rows_of(window.dock._tabs.get(window.dock.front), scale),
        "dock_edge": middle(window._places._dock_grip),
        "costs": [cost.node for cost in window.dock._tabs["performance"].costs] if window.dock.open else [],
        "troubles": [trouble.text for trouble in window._troubles.list],
        "log": [f"{line.level} {line.source}: {line.text}" for line in workspace.log.lines()][-40:],
        "textures": len(window._textures),
    }


def seen_of_library(library: Any, middle: Callable[[int], Point]) -> dict[str, Any] | None:
    """What the library panel shows: the models that are listed, or a card and what can be pressed on it."""
    if not library.open:
        return None
    card = library.room.browsing.card
    spots = {} if card else {spot.entry.id: library.list.middle(n) for n, spot in enumerate(library.list.page.spots)}
    buttons = {name: middle(item) for name, item in library.card.buttons.items()} if card else {}
    return {"models": spots, "card": card, "buttons": buttons, "field": middle(library.field)}


def places_in(viewer: Any, middle: Callable[[int], Point]) -> dict[str, Point]:
    """Where the viewer is pressed: its buttons, and what is drawn."""
    head = {name: getattr(viewer._head, name) for name in ("pin", "expand", "port")}
    return {name: middle(item) for name, item in (head | viewer._foot.buttons | {"drawing": viewer._drawing}).items()}


def seen_of_painting(easel: Any, viewer: Any, middle: Callable[[int], Point]) -> dict[str, Any] | None:
    """What can be painted with, and where the picture lies: its corner in the window, and real pixels to one of it."""
    import dearpygui.dearpygui as dpg

    bar, view = viewer.paint_bar, viewer._pictures
    if not easel.ready:
        return None
    left, top = dpg.get_item_rect_min(view._drawing)
    lens = viewer._viewing.lens
    place = lens.place(view.room, easel.size)
    return {
        "tools": {kind: middle(item) for kind, item in bar.tools.items()} | {"clear": middle(bar.clear)},
        "palette": middle(bar.palette),
        "picker": middle(bar.color.item),
        "swatches": {swatch.name: bar.at(swatch.color) for swatch in easel.palette.swatches},
        "kind": easel.kind,
        "color": easel.color,
        "width": easel.width,
        "corner": [left + place.left, top + place.top],
        "scale": lens.scale(view.room, easel.size),
        "strokes": list(easel.drawing.strokes),
    }


def rows_of(tab: Any, scale: float) -> Any:
    """Where the first row of the panel's list is in the window, and how high a row is."""
    import dearpygui.dearpygui as dpg

    if tab is None:
        return None
    left, top = dpg.get_item_rect_min(tab.rows._rows)
    return [left, top, tab.rows.top[1], dpg.get_item_width(tab.rows._rows)]


def seen_in(look: Any) -> dict[str, Any]:
    """What the viewer has of a picture."""
    picture = getattr(look, "shows", None)
    if not hasattr(picture, "pixels"):
        return {"seen": None, "part": None, "exact": False}
    size = [picture.width, picture.height]
    part = None if [*picture.part[2:]] == size else picture.part
    return {"seen": size, "part": part, "exact": picture.exact}


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))

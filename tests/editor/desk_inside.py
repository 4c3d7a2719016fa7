"""The editor's process of a `Desk`, and what a person could see in its window: all that a look tells, place by place.

Places are in the window's pixels.
"""

from __future__ import annotations

import json
import queue
import sys
import threading
from dataclasses import astuple
from pathlib import Path
from typing import Any, ClassVar

import dearpygui.dearpygui as dpg

from nodeflow.editor import app as editor
from nodeflow.editor.canvas.complaint import complaint_of
from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.screen import find_screen
from nodeflow.editor.settings.stored import config_folder
from nodeflow.editor.settings.values import Preferences
from nodeflow.graph import dumps

_HEAVY = ("numpy", "torch", "onnxruntime", "onnx", "networkx", "pydantic", "cv2", "av")

Look = dict[str, Any]
Point = tuple[float, float]


class Watched(editor.App):
    """Answers a question after the frame in which it came."""

    questions: ClassVar[queue.SimpleQueue[str]] = queue.SimpleQueue()
    frames = 0
    first_modules: list[str] = []

    def frame(self) -> None:
        super().frame()
        self.frames += 1
        if self.frames == 1:
            self.first_modules = [name for name in _HEAVY if name in sys.modules]
        while not self.questions.empty():
            self.questions.get()
            print(json.dumps(look_at(self)), flush=True)


def main(job: dict[str, Any]) -> int:
    def listen() -> None:
        for line in sys.stdin:
            Watched.questions.put(line)

    preferences = Preferences(config_folder() / "settings.json")
    screen = find_screen(preferences.now.scale / 100)
    assert screen
    app = Watched(screen, "cpu", preferences)
    threading.Thread(target=listen, daemon=True).start()
    return app.main(Path(job["graph"]) if job["graph"] else None, job["start"])


def look_at(app: Watched) -> Look:
    """What a person could see in the window now."""
    window = app.window
    return {
        "ready": app.workspace.ready,
        "frames": app.frames,
        "first_modules": app.first_modules,
        "scale": window._ui.scale,
        "settings": dict(app.workspace.preferences._content),
        "shortcuts": {command.name: list(command.keys) for command in window.commands},
        "notices": [notice.text for notice in app.workspace.notices.current()],
        "textures": len(window.panels.textures),
        **of_document(app.workspace),
        **on_canvas(app.workspace, window),
        **of_run(app.workspace),
        **in_popup(window._ui.popups.now),
        **in_viewer(app.workspace, window.panels.viewer),
        **in_inspector(window.panels.inspector),
        **in_tabs(app.workspace, window.panels.tabs),
        **in_dock(window.panels.dock),
        "crumbs": buttons_of(window.panels.breadcrumb.root),
        "dock_edge": middle(window._places._dock_grip),
        "library": in_library(window.panels.library),
        "log": [f"{line.level} {line.source}: {line.text}" for line in app.workspace.log.lines()][-40:],
        "side": window._places.side,
        "status_tip": window.panels.status_tip.words,
        "start": in_start(window.panels.start, window._ui.scale),
        "tip": " ".join(astuple(window.panels.wire_tip.words)) if window.panels.wire_tip.words else "",
        "troubles": [trouble.text for trouble in window.panels.troubles.list],
    }


def middle(item: int) -> Point:
    (x, y), (wide, high) = dpg.get_item_rect_min(item), dpg.get_item_rect_size(item)
    return x + wide / 2, y + high / 2


def buttons_of(item: int) -> dict[str, Point]:
    """The middle of every button in a window, by what is written on it."""
    found = {}
    for child in dpg.get_item_children(item, 1):
        if dpg.get_item_type(child) == "mvAppItemType::mvButton":
            found[dpg.get_item_label(child)] = middle(child)
        found |= buttons_of(child)
    return found


def of_document(workspace: Any) -> Look:
    graph, document = workspace.graph, workspace.document
    return {
        "graph": dumps(graph),
        "nodes": {node: dict(each.params) for node, each in graph.nodes.items()},
        "links": [str(link) for link in graph.links],
        "dirty": document.dirty,
        "title": document.name,
        "path": document.path and str(document.path),
        "undo": document.history.undo_name,
        "problems": [str(problem) for problem in workspace.problems],
        "level": list(workspace.sheet.levels.path),
    }


def on_canvas(workspace: Any, window: Any) -> Look:
    canvas, scale = workspace.canvas, window._ui.scale
    scene, viewport = canvas.scene, canvas.viewport
    left, top = dpg.get_item_rect_min(window.panels.painter.item)
    boxes = scene.boxes.values()
    rows = [(f"{box.node}.{row.name}", row.rect.moved(*box.at).center) for box in boxes for row in box.face.params]
    ports = [(f"{port.side}:{box.node}.{port.name}", box.port_at(port.side, port.name)) for box in boxes
             for port in box.face.ports]  # fmt: skip
    statuses = workspace.run.snapshot.nodes
    ways = [
        (f"{node}.{way}", rect.moved(*scene.boxes[node].at).center)
        for node in window._living.broken
        for way, rect in complaint_of(
            statuses[node], scene.boxes[node].face, window._ui.faces, window._ways_out.of(node)
        ).buttons
    ]

    def seen(places: Any) -> dict[str, Point]:
        on_screen = {name: viewport.to_screen(at) for name, at in places}
        return {name: (left + x * scale, top + y * scale) for name, (x, y) in on_screen.items()}

    x, y = empty_spot(canvas)
    return {
        "selected": sorted(canvas.selection.nodes),
        "zoom": viewport.zoom,
        "titles": seen((box.node, (box.at[0] + box.face.width / 2, box.at[1] + 14.0)) for box in boxes),
        "bodies": seen((box.node, box.face.status.moved(*box.at).center) for box in boxes if box.face.status),
        "ports": seen(ports),
        "params": seen(rows),
        "pads": seen((str(id_), pad.bar(viewport.zoom).center) for id_, pad in scene.pads.all.items()),
        "wires": seen((str(link), wire.curve.at(0.5)) for link, wire in scene.wires.items()),
        "ways": seen(ways),
        "empty": (left + x * scale, top + y * scale),
    }


def empty_spot(canvas: Any) -> Point:
    """A place on the canvas where nothing is near, in its own pixels."""
    width, height = canvas.size
    for y in range(11, -1, -1):
        for x in range(12):
            spot = width * (x + 0.5) / 12, height * (y + 0.5) / 12
            world = canvas.viewport.to_world(spot)
            if not canvas.scene.boxes_in(Rect(*world, *world).grown(90.0)):
                return spot
    return 0.0, 0.0


def of_run(workspace: Any) -> Look:
    snapshot = workspace.run.snapshot
    return {
        "state": snapshot.state,
        "finished": snapshot.finished,
        "statuses": {node: [status.state, status.message] for node, status in snapshot.nodes.items()},
        "previews": {name.removeprefix("canvas "): look.serial for name, look in snapshot.looks.items()},
    }


def in_popup(popup: Any) -> Look:
    """What floats over the window; `list` is a place in a list that hangs in it."""
    rows = getattr(popup, "rows", None)
    place = None
    if popup:
        (x, y), (wide, high) = dpg.get_item_pos(popup.window), dpg.get_item_rect_size(popup.window)
        place = x + wide / 3, y + high / 2
    return {
        "popup": type(popup).__name__ if popup else None,
        "popup_seen": bool(popup and dpg.is_item_visible(popup.window)),
        "rows": [row.title for row in rows.choices] if rows else [],
        "marked": rows.now.title if rows and rows.now else None,
        "typed": dpg.get_value(popup._field) if getattr(popup, "_field", 0) else None,
        "list": place,
        "buttons": buttons_of(popup.window) if popup else {},
        "keys": {name: middle(item) for name, item in getattr(popup, "key_buttons", {}).items()},
    }


def in_viewer(workspace: Any, viewer: Any) -> Look:
    viewing = workspace.sheet.viewing
    places = {name: getattr(viewer._head, name) for name in ("pin", "expand", "port")} | viewer._foot.buttons
    picture = getattr(viewer.look, "shows", None)
    if not hasattr(picture, "pixels"):
        picture = None
    size = [picture.width, picture.height] if picture else None
    return {
        "viewed": workspace.viewed,
        "viewer": {name: middle(item) for name, item in (places | {"drawing": viewer._drawing}).items()},
        "pixel": viewer.read,
        "paint": in_painting(workspace.easel, viewer),
        "strip": dpg.get_item_rect_min(viewer._strip._item),
        "transport": in_transport(workspace.run.snapshot, viewer._transport),
        "lens": viewing.lens.zoom,
        "pins": [str(pin) for pin in viewing.pins],
        "compared": viewing.other and str(viewing.other),
        "seen": size,
        "part": picture.part if picture and [*picture.part[2:]] != size else None,
        "exact": bool(picture and picture.exact),
    }


def in_transport(snapshot: Any, transport: Any) -> Look | None:
    """Where the bar of a clip is, and where the clip is."""
    if not transport.height:
        return None
    (left, top), (wide, high) = dpg.get_item_rect_min(transport._bar), dpg.get_item_rect_size(transport._bar)
    if not wide:  # it has yet to be drawn
        return None
    return {"left": left, "right": left + wide, "y": top + high / 2, "at": snapshot.time_s, "long": snapshot.length_s}


def in_painting(easel: Any, viewer: Any) -> Look | None:
    """What can be painted with, and where the picture lies: its corner in the window, and real pixels to one of it."""
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


def in_inspector(inspector: Any) -> Look:
    params = inspector.params
    notes = params.notes.items() if params else ()
    return {
        "name": middle(inspector._name) if inspector._node else None,
        "fields": {field.param.name: middle(field.item) for field in params.fields} if params else {},
        "told": {name: dpg.get_value(note) for name, note in notes if dpg.is_item_shown(note)},
    }


def in_tabs(workspace: Any, tabs: Any) -> Look:
    strip, scale = tabs.strip, tabs._ui.scale
    left, top = dpg.get_item_rect_min(tabs._item)

    def seen(at: Point) -> Point:
        return left + at[0] * scale, top + at[1] * scale

    return {
        "tabs": [
            {"name": sheet.document.name, "dirty": sheet.document.dirty, "state": sheet.run.snapshot.state}
            | {"at": seen(tab.center), "cross": seen(strip.cross(place).center)}
            for place, (sheet, tab) in enumerate(zip(workspace.sheets, strip.tabs, strict=False))
        ],
        "plus": seen(strip.plus.center),
    }


def in_dock(dock: Any) -> Look:
    """`dock_rows` is where the first row of the list in front is, how high a row is, and how wide."""
    front = dock._tabs.get(dock.front)
    rows = front and front.rows
    return {
        "dock": dock.front,
        "dock_tabs": {name: middle(item) for name, item in dock._buttons.items()},
        "dock_rows": rows and [*dpg.get_item_rect_min(rows._rows), rows.top[1], dpg.get_item_width(rows._rows)],
        "costs": [cost.node for cost in dock._tabs["performance"].costs] if dock.open else [],
    }


def in_library(library: Any) -> Look | None:
    """What the library panel shows: the models that are listed, or a card and what can be pressed on it."""
    if not library.open:
        return None
    card = library.room.browsing.card
    spots = {} if card else {spot.entry.id: library.list.middle(n) for n, spot in enumerate(library.list.page.spots)}
    buttons = {name: middle(item) for name, item in library.card.buttons.items()} if card else {}
    return {"models": spots, "card": card, "buttons": buttons, "field": middle(library.field)}


def in_start(start: Any, scale: float) -> dict[str, Point] | None:
    """What can be chosen on the start screen, by name; None while it is not shown."""
    if not start.open:
        return None
    left, top = dpg.get_item_rect_min(start._page_item)
    found = {}
    for spot in start._spots:
        x, y = spot.rect.center
        found[spot.name] = left + x * scale, top + (y - (start._cards.scrolled if spot.scrolls else 0.0)) * scale
    return found


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))

"""Draws the canvas with DearPyGui: what a `Scene` holds, seen and marked as `Looks` says.

    painter = Painter(parent, faces, scale)
    painter.draw(canvas.scene, looks_of(canvas), live)       # once per frame

Nothing is drawn twice: every node and wire has items of its own under one transform, so panning sets one matrix,
moving a node another, and a frame in which nothing changed costs a comparison. What is off screen is hidden; what is
small is drawn by fewer items (`layout.ROWS_ZOOM`, `layout.PORTS_ZOOM`).

What the hand does shows in the same frame. Details wait their turn: a zoom or a run changes a little of everything in
sight, so what there is to bring up to date stands in `behind`, longest waiting first, and each frame does as much of
it as it has time for. So do nodes and wires that have to be drawn anew (`outdated`): a few show at once, a thousand
over some frames. Lengths here are logical pixels, `scale` real ones to each. GUI thread only.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.boxes import Box, Wire
from nodeflow.editor.canvas.drawing.dot_art import DotArt
from nodeflow.editor.canvas.drawing.grid_art import GridArt
from nodeflow.editor.canvas.drawing.live_art import LiveArt
from nodeflow.editor.canvas.drawing.minimap_art import MinimapArt
from nodeflow.editor.canvas.drawing.node_art import Marks, NodeArt
from nodeflow.editor.canvas.drawing.pad_art import PadsArt
from nodeflow.editor.canvas.drawing.pen import Faces, Pen
from nodeflow.editor.canvas.drawing.wire_art import WireArt, WireMarks
from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.canvas.kinds_style import kind_style
from nodeflow.editor.canvas.layout import PORT_RADIUS, STATUS_TEXT, PortFace, Side
from nodeflow.editor.canvas.live import Live
from nodeflow.editor.canvas.looks import Looks
from nodeflow.editor.canvas.scene import Port, Scene
from nodeflow.editor.palette import colors, fade, rgba
from nodeflow.graph import Link

_NO_MARKS: Final = Marks()
_NO_WIRE_MARKS: Final = WireMarks()
_PATIENCE: Final = 0.004
"""Seconds a frame spends on what is behind ..."""
_BUILDING: Final = 0.010
"""... and on what has to be drawn anew, ..."""
_AT_ONCE: Final = 24
"""... of which so much is drawn in any case: what a hand changes."""


class Painter:
    """The canvas in a DearPyGui drawlist of its own. See the module's head."""

    def __init__(self, parent: int | str, faces: Faces, scale: float) -> None:
        self.item = int(dpg.add_drawlist(10, 10, parent=parent))
        self._faces = faces
        self._scale = scale
        self._grid = GridArt(self.item, scale)
        self._world = int(dpg.add_draw_node(parent=self.item))
        self._pads = PadsArt(self._world, faces)
        self._wires_root = int(dpg.add_draw_node(parent=self._world))
        self._boxes_root = int(dpg.add_draw_node(parent=self._world))
        self._hand = Pen(self._world, faces, scale)
        self._map = MinimapArt(self.item, scale)
        self._nodes: dict[str, _NodeView] = {}
        self._wires: dict[Link, WireArt] = {}
        self._shown_nodes: set[str] = set()
        self._shown_wires: set[Link] = set()
        self._drawn: tuple[object, ...] = ()
        self._version = -1
        self._colors = colors.version
        self._looks: Looks | None = None
        self._live: Mapping[str, Live] = {}
        self._behind: dict[str | Link, None] = {}
        self._outdated: dict[str | Link, None] = {}
        """What is in sight and not drawn yet, or looks otherwise now; until it is its turn it stays as it is."""
        self._disordered = False
        """Whether nodes lie over one another in another order than they should."""
        self._marked: dict[str, Marks] = {}
        """Nodes and wires that looked different from the rest in the last frame."""
        self._marked_wires: dict[Link, WireMarks] = {}

    @property
    def shown(self) -> set[str]:
        """The nodes that were on screen in the last frame."""
        return self._shown_nodes

    @property
    def unfinished(self) -> bool:
        """Whether what an edit changed has yet to show it."""
        return bool(self._outdated)

    def draw(self, scene: Scene, looks: Looks, live: Mapping[str, Live]) -> None:
        """Bring the drawing up to date. `live` is taken as unchanged if it is the same object as last time."""
        if self._colors != colors.version:
            self._colors = colors.version
            self.clear()
        place = (scene, scene.version, looks.viewport, looks.size, looks.ghost and looks.ghost.detached)
        moved = place != self._drawn
        zoomed = self._looks is None or self._looks.viewport.zoom != looks.viewport.zoom
        if moved:
            self._look(scene, looks)
            self._drawn = place
        before, self._live = self._live, live  # what is built anew shows it, too: the textures of before may be gone
        if self._outdated or self._disordered:
            self._build(scene, looks.viewport.zoom)
        if zoomed:
            self._fall_behind([*self._shown_nodes, *self._shown_wires])
        if moved or looks != self._looks:
            self._mark(looks)
            self._looks = looks
        self._pads.draw(scene, looks, looks.viewport.zoom * self._scale)
        self._map.draw(scene, looks.map, looks.viewport, looks.selection.nodes)
        if live is not before:
            self._take_news(before, looks.viewport.zoom)
        self._catch_up(looks.viewport.zoom)

    def clear(self) -> None:
        """Forget every node and wire, as when another document is opened or the colours are others."""
        for view in self._nodes.values():
            view.art.delete()
        for wire in self._wires.values():
            wire.delete()
        self._pads.clear()
        self._map.clear()
        self._nodes.clear()
        self._wires.clear()
        self._shown_nodes, self._shown_wires = set(), set()
        self._marked, self._marked_wires = {}, {}
        self._behind.clear()
        self._outdated.clear()
        self._drawn, self._looks, self._version = (), None, -1

    # ---- where things are ----------------------------------------------------------------------------------------

    def _look(self, scene: Scene, looks: Looks) -> None:
        viewport, scale = looks.viewport, self._scale
        width, height = round(looks.size[0] * scale), round(looks.size[1] * scale)
        dpg.configure_item(self.item, width=width, height=height)
        self._grid.draw(viewport, looks.size)
        pan, zoom = viewport.pan, viewport.zoom * scale
        move = dpg.create_translation_matrix([pan[0] * scale, pan[1] * scale, 0.0])
        dpg.apply_transform(self._world, move * dpg.create_scale_matrix([zoom, zoom, 1.0]))
        boxes, wires = scene.visible(viewport.shown(looks.size))
        self._outdated = {}
        self._look_at_nodes(boxes)
        in_hand = frozenset(looks.ghost.detached if looks.ghost else ())
        if scene.version != self._version:
            self._forget(scene)
        self._look_at_wires([wire for wire in wires if wire.link not in in_hand])

    def _forget(self, scene: Scene) -> None:
        """Delete the drawings of what is no longer there."""
        self._version = scene.version
        for link in self._wires.keys() - scene.wires.keys():
            self._wires.pop(link).delete()
        for node in self._nodes.keys() - scene.boxes.keys():
            self._nodes.pop(node).art.delete()

    def _look_at_nodes(self, boxes: list[Box]) -> None:
        for box in boxes:
            view = self._nodes.get(box.node)
            if view is None:
                self._outdated[box.node] = None
            elif view.box is not box:
                view.art.place(box.at)
                if view.art.face is not box.face:
                    self._outdated[box.node] = None
                    continue
                self._disordered |= view.box.z != box.z
                view.box = box
        shown = {box.node for box in boxes} & self._nodes.keys()
        for node in self._shown_nodes ^ shown:
            if node in self._nodes:
                self._nodes[node].art.show(node in shown)
        self._fall_behind(shown - self._shown_nodes)
        self._shown_nodes = shown

    def _look_at_wires(self, wires: list[Wire]) -> None:
        for wire in wires:
            art = self._wires.get(wire.link)
            if art is None or not (art.wire is wire or art.follow(wire)):
                self._outdated[wire.link] = None
        shown = {wire.link for wire in wires} & self._wires.keys()
        for link in self._shown_wires ^ shown:
            if link in self._wires:
                self._wires[link].show(link in shown)
        self._fall_behind(shown - self._shown_wires)
        self._shown_wires = shown

    def _build(self, scene: Scene, zoom: float) -> None:
        """Draw what is not drawn as it should be, as much as there is time for."""
        end = time.perf_counter() + _BUILDING
        for built, thing in enumerate(list(self._outdated)):
            if built >= _AT_ONCE and time.perf_counter() >= end:
                break
            del self._outdated[thing]
            seen = self._build_wire(scene, thing) if isinstance(thing, Link) else self._build_node(scene, thing)
            if seen:
                self._bring_up(thing, zoom)  # it shall not be seen without its details in between
            else:
                self._behind[thing] = None
        if self._disordered and not self._outdated:
            self._disordered = False
            order = sorted(self._nodes.values(), key=lambda view: view.box.z)
            dpg.reorder_items(self._boxes_root, 2, [view.art.root for view in order])

    def _build_node(self, scene: Scene, node: str) -> bool:
        """True if it was drawn before."""
        before = self._nodes.get(node)
        if before is not None:
            before.art.delete()
        view = self._nodes[node] = self._new_view(scene, scene.boxes[node])
        view.art.mark(self._marked.get(node, _NO_MARKS))
        self._shown_nodes.add(node)
        self._disordered = True
        return before is not None

    def _build_wire(self, scene: Scene, link: Link) -> bool:
        """True if it was drawn before."""
        before = self._wires.get(link)
        if before is not None:
            before.delete()
        art = self._wires[link] = WireArt(self._wires_root, scene.wires[link], self._faces)
        art.mark(self._marked_wires.get(link, _NO_WIRE_MARKS))
        self._shown_wires.add(link)
        return before is not None

    def _new_view(self, scene: Scene, box: Box) -> _NodeView:
        graph, node = scene.graph, box.node
        schema = scene.catalog.get(graph.nodes[node].type)
        linked = {f"in.{link.target.port}" for link in graph.links_into(node)}
        make = DotArt if box.face.dot else NodeArt
        art = make(self._boxes_root, box.face, schema.category if schema else "", frozenset(linked), self._faces)
        art.place(box.at)
        return _NodeView(art, LiveArt(art.over, box.face, self._faces), box)

    # ---- what is behind ------------------------------------------------------------------------------------------

    def _fall_behind(self, things: Iterable[str | Link]) -> None:
        self._behind.update(dict.fromkeys(things))

    def _take_news(self, before: Mapping[str, Live], zoom: float) -> None:
        """See what the run has to say of the nodes in sight. A picture shows at once: the one before it is gone."""
        for node in self._shown_nodes:
            old, new = before.get(node), self._live.get(node)
            if old is not new and old != new:
                if (old and old.image) == (new and new.image):
                    self._behind[node] = None
                else:
                    self._bring_up(node, zoom)

    def _catch_up(self, zoom: float) -> None:
        end = time.perf_counter() + _PATIENCE
        while self._behind and time.perf_counter() < end:
            self._bring_up(next(iter(self._behind)), zoom)

    def _bring_up(self, thing: str | Link, zoom: float) -> None:
        """Show a node or wire as it should be seen now; what is out of sight can wait until it is seen."""
        self._behind.pop(thing, None)
        pixel = zoom * self._scale
        if isinstance(thing, Link):
            if thing in self._shown_wires:
                self._wires[thing].zoom_to(zoom, pixel)
        elif thing in self._shown_nodes:
            view = self._nodes[thing]
            view.art.zoom_to(zoom, pixel)
            view.live.draw(zoom, pixel, None if view.art.face.dot else self._live.get(thing))

    # ---- what the hand does --------------------------------------------------------------------------------------

    def _mark(self, looks: Looks) -> None:
        marks = self._node_marks(looks)
        for node in (self._marked.keys() | marks.keys()) & self._shown_nodes:
            self._nodes[node].art.mark(marks.get(node, _NO_MARKS))
        self._marked = marks

        wire_marks = _wire_marks(looks)
        for link in (self._marked_wires.keys() | wire_marks.keys()) & self._shown_wires:
            self._wires[link].mark(wire_marks.get(link, _NO_WIRE_MARKS))
        self._marked_wires = wire_marks
        self._draw_hand(looks, looks.viewport.zoom * self._scale)

    def _node_marks(self, looks: Looks) -> dict[str, Marks]:
        hover, ghost = looks.hover, looks.ghost
        marks = {node: Marks(selected=True) for node in looks.selection.nodes}
        if hover.node is not None:
            marks[hover.node] = Marks(hover.node in looks.selection.nodes, hovered=True, param=hover.param)
        if ghost is not None:
            lit: dict[str, set[tuple[Side, str]]] = {}
            for port in ghost.lit | {ghost.port}:
                lit.setdefault(port.node, set()).add((port.side, port.name))
            for node in self._shown_nodes:
                old = marks.get(node, _NO_MARKS)
                marks[node] = Marks(old.selected, old.hovered, None, frozenset(lit.get(node, ())))
        return marks

    def _draw_hand(self, looks: Looks, pixel: float) -> None:
        hand, ghost = self._hand, looks.ghost
        hand.clear()
        hand.zoom = pixel
        if ghost is not None:
            color = rgba(kind_style(ghost.kind).color)
            for curve in ghost.curves:
                hand.curve(curve, color, 2.5)
            radius, alpha = (2.0, 0.35) if ghost.target else (0.8, 1.0)
            hand.circle(ghost.end, PORT_RADIUS * radius, fade(color, alpha))
        elif looks.hover.port is not None:
            self._halo(looks.hover.port, looks.viewport.shown(looks.size))
        if looks.band is not None:
            hand.rect(looks.band, fade(colors.accent, 0.10), fade(colors.accent, 0.8))
        for start, end in looks.guides:
            hand.line([start, end], fade(colors.accent, 0.8), 1.0)
        if len(looks.stroke) > 1:
            hand.line(list(looks.stroke), colors.bad, 2.0)

    def _halo(self, port: Port, shown: Rect) -> None:
        view = self._nodes.get(port.node)
        face = view and view.art.face.port(port.side, port.name)
        if view and face:
            at = (view.box.at[0] + face.at[0], view.box.at[1] + face.at[1])
            self._hand.circle(at, PORT_RADIUS * 2.0, fade(rgba(kind_style(face.kind).color), 0.3))
            self._label(at, face, shown)

    def _label(self, at: Point, face: PortFace, shown: Rect) -> None:
        """The name and kind of the port under the pointer, beside it, or where there is no room over it."""
        hand, size = self._hand, STATUS_TEXT
        words = f"{face.name} \u00b7 {face.kind}{', optional' if face.optional else ''}"
        width = self._faces.width(words, self._faces.text) * size + 14.0
        left = at[0] + 14.0 if face.side == "out" else at[0] - 14.0 - width
        fits = shown.left <= left and left + width <= shown.right
        top = at[1] - 10.0 if fits else at[1] - 36.0
        ground = Rect.of(max(shown.left, min(left, shown.right - width)), top, width, 20.0)
        hand.rect(ground, colors.raised, fade(rgba(kind_style(face.kind).color), 0.6), rounding=4.0)
        hand.text((ground.left + 7.0, ground.top + 4.0), words, colors.text, size)


def _wire_marks(looks: Looks) -> dict[Link, WireMarks]:
    marks = {link: WireMarks(selected=True) for link in looks.selection.links}
    for link in (looks.hover.link, looks.landing):
        if link is not None:
            marks[link] = WireMarks(link in looks.selection.links, hovered=True)
    return marks | {link: WireMarks(doomed=True) for link in looks.doomed}


@dataclass(slots=True)
class _NodeView:
    art: NodeArt
    live: LiveArt
    box: Box
    """What it was last drawn as."""

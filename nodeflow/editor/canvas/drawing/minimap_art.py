"""The map in the corner as drawn: a plain rectangle for each node, group and note, under one transform.

GUI thread only.
"""

from __future__ import annotations

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.boxes import Box
from nodeflow.editor.canvas.geometry import Rect, Viewport
from nodeflow.editor.canvas.minimap import Minimap
from nodeflow.editor.canvas.pads import Pad
from nodeflow.editor.canvas.scene import Scene
from nodeflow.editor.palette import CLEAR, Rgba, colors, fade, mix, title_color


class MinimapArt:
    """Nodes that did not move since the last frame cost a comparison."""

    def __init__(self, parent: int, scale: float) -> None:
        self._scale = scale
        self._root = int(dpg.add_draw_node(parent=parent, show=False))
        self._ground = int(dpg.add_draw_node(parent=self._root))
        self._groups = int(dpg.add_draw_node(parent=self._root))
        self._world = int(dpg.add_draw_node(parent=self._root))
        self._view = int(dpg.add_draw_node(parent=self._root))
        self._boxes: dict[str, tuple[Box, int]] = {}
        self._pads: list[Pad] = []
        self._drawn: tuple[object, ...] = ()
        self._map: Minimap | None = None
        self._selected: frozenset[str] = frozenset()

    def clear(self) -> None:
        dpg.delete_item(self._world, children_only=True)
        self._boxes.clear()
        self._pads = []
        self._selected = frozenset()
        self._drawn, self._map = (), None

    def draw(self, scene: Scene, overlay: Minimap | None, viewport: Viewport, selected: frozenset[str]) -> None:
        drawn = (scene, scene.version, overlay, viewport, selected)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        dpg.configure_item(self._root, show=overlay is not None)
        if overlay is None:
            return
        if overlay != self._map:
            self._map = overlay
            self._place(overlay)
        self._follow(scene)
        self._mark(scene, selected)
        self._frame(overlay.view(viewport))

    def _place(self, overlay: Minimap) -> None:
        scale, (x, y) = self._scale, overlay.pan
        move = dpg.create_translation_matrix([x * scale, y * scale, 0.0])
        zoom = overlay.zoom * scale
        for root in (self._groups, self._world):
            dpg.apply_transform(root, move * dpg.create_scale_matrix([zoom, zoom, 1.0]))
        dpg.delete_item(self._ground, children_only=True)
        self._rect(self._ground, overlay.frame, fade(colors.ground, 0.92), colors.border, 6.0)

    def _follow(self, scene: Scene) -> None:
        pads = list(scene.pads.all.values())
        if pads != self._pads:
            self._pads = pads
            dpg.delete_item(self._groups, children_only=True)
            for pad in pads:
                (left, top, right, bottom), fill = pad.bounds, fade(getattr(colors, pad.hue), 0.25)
                dpg.draw_rectangle((left, top), (right, bottom), parent=self._groups, color=CLEAR, fill=fill)
        for node in self._boxes.keys() - scene.boxes.keys():
            dpg.delete_item(self._boxes.pop(node)[1])
        for node, box in scene.boxes.items():
            old, item = self._boxes.get(node, (None, 0))
            if old is box:
                continue
            corners = {"pmin": (box.bounds.left, box.bounds.top), "pmax": (box.bounds.right, box.bounds.bottom)}
            if item:
                dpg.configure_item(item, **corners)
            else:
                fill = self._color(scene, node)
                item = dpg.draw_rectangle(**corners, parent=self._world, color=CLEAR, fill=fill)
            self._boxes[node] = box, int(item)

    def _mark(self, scene: Scene, selected: frozenset[str]) -> None:
        for node in (selected ^ self._selected) & self._boxes.keys():
            fill = colors.accent if node in selected else self._color(scene, node)
            dpg.configure_item(self._boxes[node][1], fill=fill)
        self._selected = selected & self._boxes.keys()

    def _frame(self, view: Rect) -> None:
        """What the canvas shows."""
        dpg.delete_item(self._view, children_only=True)
        self._rect(self._view, view, fade(colors.contrast, 0.06), fade(colors.contrast, 0.5), 2.0)

    def _rect(self, parent: int, rect: Rect, fill: Rgba, edge: Rgba, rounding: float) -> None:
        scale = self._scale
        dpg.draw_rectangle(
            (rect.left * scale, rect.top * scale), (rect.right * scale, rect.bottom * scale), parent=parent,
            fill=fill, color=edge, rounding=rounding * scale, thickness=max(1.0, scale),
        )  # fmt: skip

    @staticmethod
    def _color(scene: Scene, node: str) -> Rgba:
        schema = scene.catalog.get(scene.graph.nodes[node].type)
        return mix(title_color(schema.category if schema else ""), colors.contrast, 0.18)

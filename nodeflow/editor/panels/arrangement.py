"""Where the panels are, and the edges between them that can be pulled. GUI thread only."""

from __future__ import annotations

from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.documents.tab_strip import HEIGHT as TABS
from nodeflow.editor.palette import colors
from nodeflow.editor.panels.panels import Panels
from nodeflow.editor.panels.status_bar import HEIGHT as STATUS
from nodeflow.editor.panels.toolbar import HEIGHT as TOOLBAR
from nodeflow.editor.settings.dock_place import LEAST
from nodeflow.editor.settings.side_place import WIDTH, SidePlace
from nodeflow.editor.ui import Ui

_CANVAS: Final = 200.0
"""What the panel under the canvas leaves of its height."""
GRIP: Final = 4.0
"""How wide the edge between two panels is: there only the window itself is under the pointer, and its grips get it."""
TOP: Final = TOOLBAR + 1.0 + TABS
"""Where canvas and side begin."""


class Arrangement:
    """Puts every panel in its place. `side` is the width of what is at the right, 0 while that is folded, and
    `viewer_height` the height of the viewer there, in logical pixels."""

    def __init__(self, ui: Ui, panels: Panels, sides: SidePlace) -> None:
        self._ui, self._panels, self._sides = ui, panels, sides
        self._pulled = False
        self.side = WIDTH
        self.viewer_height = 320.0
        self._library_grip, self._side_grip, self._viewer_grip, self._dock_grip = (self._grip() for _ in range(4))
        self._lines = int(dpg.add_viewport_drawlist(front=False))
        self._placed: tuple[float, ...] = ()

    def place(self, width: float, height: float) -> Rect:
        """Put every panel where it belongs and return the canvas's place, all in logical pixels."""
        panels = self._panels
        library = panels.library.width if panels.library.open and not panels.start.open else 0.0
        edge, self.side = self._sides.shared(width, library)
        top, bottom = TOP, height - STATUS
        self.viewer_height = min(max(self.viewer_height, 120.0), max(120.0, bottom - top - 160.0))
        left = width - self.side
        bottom = max(bottom, top + 50.0)
        way = 0.0 if panels.viewer.expanded else panels.breadcrumb.height
        high = min(panels.dock.height, max(LEAST, bottom - top - _CANVAS))
        below = high + GRIP if panels.dock.open else 0.0
        canvas = Rect(edge, top + way, left - GRIP if self.side else width, max(bottom - below, top + way + 50.0))
        looks = float(panels.viewer.expanded), float(panels.start.open), float(colors.version)
        placed = (width, height, self.side, self.viewer_height, bottom, canvas.top, canvas.bottom, edge, *looks)
        if placed == self._placed:
            return canvas
        self._placed = placed
        viewer = canvas if panels.viewer.expanded else Rect(left, top, width, top + self.viewer_height)
        split = top if panels.viewer.expanded else viewer.bottom + GRIP
        self._put(panels.tabs.root, Rect(0.0, TOOLBAR + 1.0, width, TOP))
        self._put(panels.breadcrumb.root, Rect(edge, top, canvas.right, top + max(way, 1.0)))
        self._put(panels.canvas, canvas)
        self._put(panels.start.root, Rect(0.0, top, width, bottom))
        self._put(panels.viewer.root, viewer)
        self._put(panels.side, Rect(left, split, width, bottom))
        self._put(panels.library.root, Rect(0.0, top, max(edge - GRIP, 1.0), bottom))
        self._put(self._library_grip, Rect(edge - GRIP, top, edge, bottom))
        self._put(self._side_grip, Rect(left - GRIP, top, left, bottom))
        self._put(self._viewer_grip, Rect(left, split - GRIP, width, split))
        dock = Rect(edge, canvas.bottom + GRIP, canvas.right, max(bottom, canvas.bottom + GRIP + 1.0))
        self._put(panels.dock.root, dock)
        self._put(self._dock_grip, Rect(edge, canvas.bottom, canvas.right, dock.top))
        self._show_panels()
        panels.status.place(bottom, width)
        self._draw_lines(canvas, split, width, bottom)
        return canvas

    def _draw_lines(self, canvas: Rect, split: float, width: float, bottom: float) -> None:
        """Part the panels, which all lie on the same ground: in the middle of each grip, under the breadcrumb, and
        above the status."""
        panels = self._panels
        dpg.delete_item(self._lines, children_only=True)
        self._draw_line((0.0, bottom), (width, bottom))
        if panels.start.open:
            return
        if panels.library.open:
            self._draw_line((canvas.left - GRIP / 2, TOP), (canvas.left - GRIP / 2, bottom))
        if panels.dock.open:
            self._draw_line((canvas.left, canvas.bottom + GRIP / 2), (canvas.right, canvas.bottom + GRIP / 2))
        if canvas.top > TOP:
            self._draw_line((canvas.left, canvas.top - 1.0), (canvas.right, canvas.top - 1.0))
        if self.side:
            edge = width - self.side - GRIP / 2
            self._draw_line((edge, TOP), (edge, bottom))
            if not panels.viewer.expanded:
                self._draw_line((edge, split - GRIP / 2), (width, split - GRIP / 2))

    def _draw_line(self, start: Point, end: Point) -> None:
        px = self._ui.px
        dpg.draw_line((px(start[0]), px(start[1])), (px(end[0]), px(end[1])), parent=self._lines, color=colors.border)

    def _show_panels(self) -> None:
        """Show what there is room for: the start screen takes the place of all, the large viewer that of the canvas."""
        panels = self._panels
        start, large = panels.start.open, panels.viewer.expanded
        dpg.configure_item(panels.start.root, show=start)
        dpg.configure_item(panels.canvas, show=not start and not large)
        for item in (panels.dock.root, self._dock_grip):
            dpg.configure_item(item, show=not start and panels.dock.open)
        dpg.configure_item(self._viewer_grip, show=not start and not large and self.side > 0.0)
        for item in (panels.library.root, self._library_grip):
            dpg.configure_item(item, show=not start and panels.library.open)
        dpg.configure_item(panels.viewer.root, show=not start and (large or self.side > 0.0))
        for item in (panels.side, self._side_grip):
            dpg.configure_item(item, show=not start and self.side > 0.0)

    def _put(self, item: int, rect: Rect) -> None:
        px = self._ui.px
        dpg.configure_item(item, pos=(px(rect.left), px(rect.top)), width=px(rect.width), height=px(rect.height))

    def _grip(self) -> int:
        item = int(dpg.add_button(parent=self._panels.root))
        dpg.bind_item_theme(item, self._ui.themes.grip)
        return item

    def pull(self) -> None:
        """Follow the pointer where it pulls an edge."""
        panels = self._panels
        x, y = dpg.get_mouse_pos(local=False)
        pulls = dpg.is_item_active(self._side_grip)
        if pulls:
            self._sides.pull((dpg.get_viewport_client_width() - x) / self._ui.scale)
        elif self._pulled:
            self._sides.keep()
        self._pulled = pulls
        if dpg.is_item_active(self._viewer_grip):
            self.viewer_height = y / self._ui.scale - TOP
        panels.library.pull(x / self._ui.scale if dpg.is_item_active(self._library_grip) else None)
        pulled = dpg.is_item_active(self._dock_grip)
        bottom = dpg.get_viewport_client_height() / self._ui.scale - STATUS
        panels.dock.pull(min(bottom - y / self._ui.scale - GRIP / 2, bottom - TOP - 120.0) if pulled else None)

"""Where the panels are, and the edges between them that can be pulled. GUI thread only."""

from __future__ import annotations

from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.documents.tab_strip import HEIGHT as TABS
from nodeflow.editor.palette import colors
from nodeflow.editor.panels.breadcrumb import Breadcrumb
from nodeflow.editor.panels.dock import Dock
from nodeflow.editor.panels.library import Library
from nodeflow.editor.panels.start_screen import StartScreen
from nodeflow.editor.panels.status_bar import HEIGHT as STATUS
from nodeflow.editor.panels.status_bar import StatusBar
from nodeflow.editor.panels.tabs import Tabs
from nodeflow.editor.panels.toolbar import HEIGHT as TOOLBAR
from nodeflow.editor.panels.viewer import Viewer
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

    def __init__(
        self,
        ui: Ui,
        root: int,
        canvas: int,
        sidebar: int,
        tabs: Tabs,
        breadcrumb: Breadcrumb,
        start: StartScreen,
        viewer: Viewer,
        library: Library,
        dock: Dock,
        status: StatusBar,
        sides: SidePlace,
    ) -> None:
        self._ui, self._root, self._canvas, self._sidebar = ui, root, canvas, sidebar
        self._sides, self._pulled = sides, False
        self._tabs, self._breadcrumb, self._start = tabs, breadcrumb, start
        self._viewer, self._library, self._dock, self._status = viewer, library, dock, status
        self.side = WIDTH
        self.viewer_height = 320.0
        self._library_grip, self._side_grip, self._viewer_grip, self._dock_grip = (self._grip() for _ in range(4))
        self._lines = int(dpg.add_viewport_drawlist(front=False))
        self._placed: tuple[float, ...] = ()

    def place(self, width: float, height: float) -> Rect:
        """Put every panel where it belongs and return the canvas's place, all in logical pixels."""
        library = self._library.width if self._library.open and not self._start.open else 0.0
        edge, self.side = self._sides.shared(width, library)
        top, bottom = TOP, height - STATUS
        self.viewer_height = min(max(self.viewer_height, 120.0), max(120.0, bottom - top - 160.0))
        left = width - self.side
        bottom = max(bottom, top + 50.0)
        way = 0.0 if self._viewer.expanded else self._breadcrumb.height
        high = min(self._dock.height, max(LEAST, bottom - top - _CANVAS))
        below = high + GRIP if self._dock.open else 0.0
        canvas = Rect(edge, top + way, left - GRIP if self.side else width, max(bottom - below, top + way + 50.0))
        looks = float(self._viewer.expanded), float(self._start.open), float(colors.version)
        placed = (width, height, self.side, self.viewer_height, bottom, canvas.top, canvas.bottom, edge, *looks)
        if placed == self._placed:
            return canvas
        self._placed = placed
        viewer = canvas if self._viewer.expanded else Rect(left, top, width, top + self.viewer_height)
        split = top if self._viewer.expanded else viewer.bottom + GRIP
        self._put(self._tabs.root, Rect(0.0, TOOLBAR + 1.0, width, TOP))
        self._put(self._breadcrumb.root, Rect(edge, top, canvas.right, top + max(way, 1.0)))
        self._put(self._canvas, canvas)
        self._put(self._start.root, Rect(0.0, top, width, bottom))
        self._put(self._viewer.root, viewer)
        self._put(self._sidebar, Rect(left, split, width, bottom))
        self._put(self._library.root, Rect(0.0, top, max(edge - GRIP, 1.0), bottom))
        self._put(self._library_grip, Rect(edge - GRIP, top, edge, bottom))
        self._put(self._side_grip, Rect(left - GRIP, top, left, bottom))
        self._put(self._viewer_grip, Rect(left, split - GRIP, width, split))
        dock = Rect(edge, canvas.bottom + GRIP, canvas.right, max(bottom, canvas.bottom + GRIP + 1.0))
        self._put(self._dock.root, dock)
        self._put(self._dock_grip, Rect(edge, canvas.bottom, canvas.right, dock.top))
        self._show_panels()
        self._status.place(bottom, width)
        self._draw_lines(canvas, split, width, bottom)
        return canvas

    def _draw_lines(self, canvas: Rect, split: float, width: float, bottom: float) -> None:
        """Part the panels, which all lie on the same ground: in the middle of each grip, under the breadcrumb, and
        above the status."""
        dpg.delete_item(self._lines, children_only=True)
        self._draw_line((0.0, bottom), (width, bottom))
        if self._start.open:
            return
        if self._library.open:
            self._draw_line((canvas.left - GRIP / 2, TOP), (canvas.left - GRIP / 2, bottom))
        if self._dock.open:
            self._draw_line((canvas.left, canvas.bottom + GRIP / 2), (canvas.right, canvas.bottom + GRIP / 2))
        if canvas.top > TOP:
            self._draw_line((canvas.left, canvas.top - 1.0), (canvas.right, canvas.top - 1.0))
        if self.side:
            edge = width - self.side - GRIP / 2
            self._draw_line((edge, TOP), (edge, bottom))
            if not self._viewer.expanded:
                self._draw_line((edge, split - GRIP / 2), (width, split - GRIP / 2))

    def _draw_line(self, start: Point, end: Point) -> None:
        px = self._ui.px
        dpg.draw_line((px(start[0]), px(start[1])), (px(end[0]), px(end[1])), parent=self._lines, color=colors.border)

    def _show_panels(self) -> None:
        """Show what there is room for: the start screen takes the place of all, the large viewer that of the canvas."""
        start, large = self._start.open, self._viewer.expanded
        dpg.configure_item(self._start.root, show=start)
        dpg.configure_item(self._canvas, show=not start and not large)
        for item in (self._dock.root, self._dock_grip):
            dpg.configure_item(item, show=not start and self._dock.open)
        dpg.configure_item(self._viewer_grip, show=not start and not large and self.side > 0.0)
        for item in (self._library.root, self._library_grip):
            dpg.configure_item(item, show=not start and self._library.open)
        dpg.configure_item(self._viewer.root, show=not start and (large or self.side > 0.0))
        for item in (self._sidebar, self._side_grip):
            dpg.configure_item(item, show=not start and self.side > 0.0)

    def _put(self, item: int, rect: Rect) -> None:
        px = self._ui.px
        dpg.configure_item(item, pos=(px(rect.left), px(rect.top)), width=px(rect.width), height=px(rect.height))

    def _grip(self) -> int:
        item = int(dpg.add_button(parent=self._root))
        dpg.bind_item_theme(item, self._ui.themes.grip)
        return item

    def pull(self) -> None:
        """Follow the pointer where it pulls an edge."""
        x, y = dpg.get_mouse_pos(local=False)
        pulls = dpg.is_item_active(self._side_grip)
        if pulls:
            self._sides.pull((dpg.get_viewport_client_width() - x) / self._ui.scale)
        elif self._pulled:
            self._sides.keep()
        self._pulled = pulls
        if dpg.is_item_active(self._viewer_grip):
            self.viewer_height = y / self._ui.scale - TOP
        self._library.pull(x / self._ui.scale if dpg.is_item_active(self._library_grip) else None)
        pulled = dpg.is_item_active(self._dock_grip)
        bottom = dpg.get_viewport_client_height() / self._ui.scale - STATUS
        self._dock.pull(min(bottom - y / self._ui.scale - GRIP / 2, bottom - TOP - 120.0) if pulled else None)

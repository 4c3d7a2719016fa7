"""The panel under the canvas: tabs, each with a list of its own. GUI thread only.

Whether it is there, with which tab and how high, is remembered. A press in it, or a command that shows a tab, gives it
the keyboard; Escape, or a press elsewhere, gives it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final, Protocol

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.geometry import Point
from nodeflow.editor.icons import Icon
from nodeflow.editor.palette import colors
from nodeflow.editor.settings.dock_place import LEAST, DockPlace
from nodeflow.editor.ui import Ui, inside

HEAD: Final = 34.0
_PAD: Final = 8.0


class Tab(Protocol):
    """What hangs on a tab. `root` fills the panel under its head, `tools` is a row of `tools_width` in the head."""

    title: str
    root: int
    tools: int
    tools_width: float

    @property
    def badge(self) -> str:
        """A number beside the title, or ""."""

    def update(self, width: float, height: float) -> None:
        """Once per frame while it is in front; the size of `root` in logical pixels."""

    def key(self, chord: str) -> bool:
        """A key, while the panel has the keyboard; False if it means nothing here."""


class Dock:
    """A child window of its own; whoever knows the tabs makes them in `root` and hangs them in it."""

    def __init__(self, ui: Ui, place: DockPlace, parent: int) -> None:
        self._ui, self._place = ui, place
        self._tabs: dict[str, Tab] = {}
        self._buttons: dict[str, int] = {}
        self._pulled: float | None = None
        self._drawn: tuple[object, ...] = ()
        self.focused = False
        """Whether keys are for the tab in front."""
        self.root = int(dpg.add_child_window(parent=parent, no_scrollbar=True, no_scroll_with_mouse=True, show=False))
        self._titles = int(
            dpg.add_group(parent=self.root, horizontal=True, horizontal_spacing=ui.px(2), pos=(ui.px(_PAD), ui.px(4)))
        )
        self._close = int(dpg.add_group(parent=self.root))
        with dpg.group(parent=self._close):
            ui.icon_button(Icon.CLOSE, self.hide, "Close", 26)

    def hang(self, tabs: Mapping[str, Tab]) -> None:
        """Put these on tabs, by the names that they are remembered by."""
        self._tabs = dict(tabs)
        dpg.push_container_stack(self._titles)
        for name, tab in self._tabs.items():
            self._buttons[name] = self._ui.button(tab.title, partial(self.show, name), self._ui.themes.entry)
        dpg.pop_container_stack()

    # ---- which is shown ------------------------------------------------------------------------------------------

    @property
    def open(self) -> bool:
        return self._place.open

    @property
    def front(self) -> str:
        """The name of the tab in front, "" while the panel is hidden."""
        if not self.open:
            return ""
        return self._place.tab if self._place.tab in self._tabs else next(iter(self._tabs))

    @property
    def height(self) -> float:
        """In logical pixels, 0 while it is hidden."""
        return (self._pulled or self._place.height) if self.open else 0.0

    def show(self, name: str = "") -> None:
        """Show the panel with a tab, or with the one that was in front last, and give it the keyboard."""
        self._place.change(open=True, tab=name or self._place.tab)
        self.focused = True

    def hide(self) -> None:
        self._place.change(open=False)
        self.focused = False

    def toggle(self, name: str = "") -> None:
        """Hide the panel if it shows this tab (any, without a name), else show that."""
        if self.open and name in ("", self.front):
            self.hide()
        else:
            self.show(name)

    def pull(self, height: float | None) -> None:
        """Make it that high while its edge is dragged; None keeps the height that it has."""
        if height is not None:
            self._pulled = max(LEAST, height)
        elif self._pulled is not None:
            self._place.change(height=self._pulled)
            self._pulled = None

    # ---- once per frame ------------------------------------------------------------------------------------------

    def update(self, width: float, height: float) -> None:
        """The panel's size in logical pixels."""
        if not self.open:
            return
        front = self._tabs[self.front]
        badges = tuple(tab.badge for tab in self._tabs.values())
        drawn = (colors.version, width, height, self.front, badges)
        if drawn != self._drawn:
            self._drawn = drawn
            self._draw(front, width, height)
        front.update(width, height - HEAD)

    def press(self, at: Point) -> None:
        """The mouse was pressed somewhere, in window pixels."""
        self.focused = self.open and inside(self.root, at)

    def key(self, chord: str) -> bool:
        """A key was pressed that no popup wants; False if it is not for the panel."""
        if not (self.open and self.focused):
            return False
        if self._tabs[self.front].key(chord):
            return True
        if chord == "Escape":
            self.focused = False
            return True
        return False

    def _draw(self, front: Tab, width: float, height: float) -> None:
        ui, px = self._ui, self._ui.px
        for name, tab in self._tabs.items():
            label = f"{tab.title}  {tab.badge}" if tab.badge else tab.title
            dpg.configure_item(self._buttons[name], label=label)
            dpg.bind_item_theme(self._buttons[name], ui.themes.chosen if tab is front else ui.themes.entry)
            dpg.configure_item(tab.root, show=tab is front, pos=(0, px(HEAD)), width=px(width))
            dpg.configure_item(tab.root, height=px(height - HEAD))
            dpg.configure_item(tab.tools, show=tab is front, pos=(px(width - 42.0 - tab.tools_width), px(4)))
        dpg.set_item_pos(self._close, [px(width - 36.0), px(4)])

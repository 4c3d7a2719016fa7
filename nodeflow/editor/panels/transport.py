"""Where a clip is, to be dragged elsewhere, and one frame back or on, for sources that can seek. GUI thread only."""

from __future__ import annotations

import time
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.fonts import Icon
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace
from nodeflow.engine.messages import Snapshot

HEIGHT: Final = 32.0
_SETTLES: Final = 0.4
"""Seconds after a drag in which the run may still be on its way."""


class Transport:
    """A row under the viewer; no height where there is nothing to wind."""

    def __init__(self, ui: Ui, workspace: Workspace, parent: int) -> None:
        self._ui, self._workspace = ui, workspace
        self._until = 0.0
        with dpg.group(horizontal=True, horizontal_spacing=ui.px(2), parent=parent, show=False) as self._row:
            ui.icon_button(Icon.BACK, self.back, "One frame back", 26)
            self._play = ui.icon_button(Icon.PLAY, workspace.start_or_pause, "Start or pause", 26)
            ui.icon_button(Icon.STEP, workspace.step, "One frame on", 26)
            self._bar = int(dpg.add_slider_float(format="", callback=self._seek, clamped=True))
            ui.gap(width=3)
            self._said = ui.text("", ui.themes.dim, ui.fonts.small)

    @property
    def height(self) -> float:
        """In logical pixels."""
        snapshot = self._workspace.run.snapshot
        return HEIGHT if snapshot.can_seek and snapshot.length_s > 0 else 0.0

    def place(self, top: float, width: float) -> None:
        shown, px = self.height > 0, self._ui.px
        dpg.configure_item(self._row, pos=(px(8), px(top + 3)), show=shown)
        dpg.configure_item(self._bar, width=px(max(40.0, width - 204.0)))

    def update(self) -> None:
        """Once per frame."""
        if not self.height:
            return
        snapshot = self._workspace.run.snapshot
        now = min(max(snapshot.time_s - snapshot.start_s, 0.0), snapshot.length_s)
        label = Icon.PAUSE if self._workspace.run.active else Icon.PLAY
        if dpg.get_item_label(self._play) != label:
            dpg.configure_item(self._play, label=label)
        if dpg.get_item_configuration(self._bar)["max_value"] != snapshot.length_s:
            dpg.configure_item(self._bar, max_value=snapshot.length_s)
        if time.monotonic() > self._until and not dpg.is_item_active(self._bar):
            dpg.set_value(self._bar, now)
            dpg.set_value(self._said, f"{clock(now)} / {clock(snapshot.length_s)}")

    def back(self) -> None:
        """Show the frame before, and stay there."""
        run, snapshot = self._workspace.run, self._workspace.run.snapshot
        if run.active:
            run.pause()
        run.seek(one_back(snapshot))

    def _seek(self, _sender: int, seconds: float) -> None:
        self._until = time.monotonic() + _SETTLES
        self._workspace.run.seek(self._workspace.run.snapshot.start_s + seconds)
        dpg.set_value(self._said, f"{clock(seconds)} / {clock(self._workspace.run.snapshot.length_s)}")


def one_back(snapshot: Snapshot) -> float:
    """The time of the frame before the one that is shown; before the first of a lap, its last."""
    frame, start = snapshot.frame_s or 1 / 30, snapshot.start_s
    is_first = snapshot.time_s < start + frame / 2
    lap = snapshot.length_s if is_first and snapshot.total is None else 0.0
    return max(start, snapshot.time_s + lap - 1.25 * frame)


def clock(seconds: float) -> str:
    """A time as players tell it: "1:02.5"."""
    minutes, rest = divmod(max(0.0, seconds), 60.0)
    return f"{minutes:.0f}:{rest:04.1f}"

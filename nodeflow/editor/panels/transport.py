"""Where a clip is, to be dragged elsewhere, and one frame back or on, for sources that can seek. GUI thread only."""

from __future__ import annotations

import time
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.icons import Icon
from nodeflow.editor.ui import Ui
from nodeflow.editor.workspace import Workspace
from nodeflow.engine.messages import Snapshot

HEIGHT: Final = 32.0
_PATIENCE: Final = 3.0
"""Seconds that a run gets to come to where it was sent, before the bar tells again where it is."""


class Transport:
    """A row under the viewer; no height where there is nothing to wind."""

    def __init__(self, ui: Ui, workspace: Workspace, parent: int) -> None:
        self._ui, self._workspace = ui, workspace
        self._sent: tuple[float, float, float] | None = None
        """From where to where in the clip, and until when that is waited for."""
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
        if self._sent is not None:
            before, asked, until = self._sent
            if arrived(now, before, asked) or time.monotonic() > until:
                self._sent = None
        if self._sent is None and not dpg.is_item_active(self._bar):
            dpg.set_value(self._bar, now)
            dpg.set_value(self._said, f"{clock(now)} / {clock(snapshot.length_s)}")

    def back(self) -> None:
        """Show the frame before, and stay there."""
        run, snapshot = self._workspace.run, self._workspace.run.snapshot
        self._sent = None
        if run.active:
            run.pause()
        run.seek(one_back(snapshot))

    def _seek(self, _sender: int, seconds: float) -> None:
        snapshot = self._workspace.run.snapshot
        self._sent = snapshot.time_s - snapshot.start_s, seconds, time.monotonic() + _PATIENCE
        self._workspace.run.seek(within(snapshot, seconds))
        dpg.set_value(self._said, f"{clock(seconds)} / {clock(snapshot.length_s)}")


def within(snapshot: Snapshot, seconds: float) -> float:
    """The time of the source for a place on the bar: at its end, that of the last frame."""
    latest = snapshot.length_s - 1.25 * snapshot.frame_s
    return snapshot.start_s + max(0.0, min(seconds, latest))


def arrived(now: float, before: float, asked: float) -> bool:
    """Whether a run that was sent from one time to another has left the first for the second. Frames that were under
    way when it was sent are still near the first."""
    return abs(now - asked) <= abs(now - before)


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

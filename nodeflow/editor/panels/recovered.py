"""What is told when unsaved work of an editor that did not end well is open again. GUI thread only."""

from __future__ import annotations

import time
from collections.abc import Sequence

import dearpygui.dearpygui as dpg

from nodeflow.editor.documents.journal import Recovered
from nodeflow.editor.fonts import Icon
from nodeflow.editor.panels.popup import Popup
from nodeflow.editor.ui import Ui

_WIDTH = 520.0
_LISTED = 8


class RecoveredNote(Popup):
    """The graphs that were recovered: which, as of when, and what has become of their files."""

    def __init__(self, ui: Ui, recovered: Sequence[Recovered]) -> None:
        super().__init__(ui, _WIDTH, holds=True)
        dpg.push_container_stack(self.window)
        ui.text("Unsaved work was recovered", font=ui.fonts.large)
        ui.text("NodeFlow ended before it was saved. It is open again; save it to keep it.", ui.themes.dim, wrap=0)
        ui.gap(6)
        for each in recovered[:_LISTED]:
            with dpg.group(horizontal=True):
                ui.icon(Icon.NEW, ui.themes.faint)
                ui.text(each.document.name)
                ui.text(f"as of {moment(each.at, time.time())}", ui.themes.dim)
            fate, odd = _fate(each)
            ui.text(f"      {fate}", ui.themes.warn if odd else ui.themes.faint, ui.fonts.small, wrap=_WIDTH - 28.0)
        if len(recovered) > _LISTED:
            ui.text(f"and {len(recovered) - _LISTED} more", ui.themes.dim)
        ui.gap(6)
        ui.button("OK", self.close, ui.themes.primary, width=96)
        dpg.pop_container_stack()

    def key(self, chord: str) -> bool:
        if chord == "Enter":
            self.close()
            return True
        return super().key(chord)


def moment(at: float, now: float) -> str:
    """A time as people say it: "14:02:11", "yesterday, 14:02", "3 May, 14:02"."""
    then, today = time.localtime(at), time.localtime(now)
    if then[:3] == today[:3]:
        return time.strftime("%H:%M:%S", then)
    if then[:3] == time.localtime(now - 86400.0)[:3]:
        return f"yesterday, {time.strftime('%H:%M', then)}"
    year = f" {then.tm_year}" if then.tm_year != today.tm_year else ""
    return f"{then.tm_mday} {time.strftime('%B', then)}{year}, {time.strftime('%H:%M', then)}"


def _fate(recovered: Recovered) -> tuple[str, bool]:
    """What has become of the file of a document, and whether that needs a look."""
    path = recovered.document.path
    if path is None:
        return "never saved", False
    try:
        changed = path.stat().st_mtime
    except OSError:
        return f"{path}, which is no longer there", True
    if changed > recovered.at:
        return f"{path}, which was changed since: {moment(changed, time.time())}", True
    return str(path), False

"""What is told when unsaved work of an editor that did not end well is open again. GUI thread only."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.layout import TEXT
from nodeflow.editor.documents.journal import Recovered
from nodeflow.editor.icons import Icon
from nodeflow.editor.panels.decisions import Question
from nodeflow.editor.ui import Ui

_WIDTH = 560.0
_LISTED = 8
_NAME, _ICON = 200.0, 40.0


class RecoveredNote(Question):
    """The graphs that were recovered: which, as of when, and what has become of their files. `discard` gives them up;
    they stay by any other answer."""

    def __init__(self, ui: Ui, recovered: Sequence[Recovered], discard: Callable[[], None]) -> None:
        it = "it is open again" if len(recovered) == 1 else "all is open again"
        super().__init__(ui, "Unsaved work was recovered", f"NodeFlow ended without saving; {it}.", _WIDTH)
        with dpg.group(parent=self.window):
            for each in recovered[:_LISTED]:
                self._tell(each)
            if len(recovered) > _LISTED:
                ui.text(f"and {len(recovered) - _LISTED} more", ui.themes.dim)
        self.answers(("Keep", None), ("Discard", discard))

    def _tell(self, recovered: Recovered) -> None:
        ui, (fate, odd) = self.ui, _fate(recovered)
        name = ui.faces.fit(recovered.document.name, ui.fonts.text, TEXT, _NAME)
        rest = self.inner - ui.faces.width(name, ui.fonts.text) * TEXT - _ICON
        with dpg.group(horizontal=True):
            ui.icon(Icon.NEW, ui.themes.faint)
            ui.text(name)
            words = f"as of {moment(recovered.at, time.time())}  \u00b7  {fate}"
            ui.text(words, ui.themes.warn if odd else ui.themes.dim, ui.fonts.small, wrap=rest)


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

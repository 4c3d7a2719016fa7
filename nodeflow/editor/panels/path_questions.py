"""Asks for a file: by the dialog of the desktop, or within the window where there is none. GUI thread only."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from nodeflow.editor.documents.dialogs import Ask, FileDialog
from nodeflow.editor.panels.decisions import SureQuestion
from nodeflow.editor.panels.path_prompt import PathPrompt
from nodeflow.editor.ui import Ui


class PathQuestions:
    """At most one question at a time; another one meanwhile is not asked."""

    def __init__(self, ui: Ui) -> None:
        self._ui = ui
        self._dialog: tuple[FileDialog, Ask, Callable[[Path], object]] | None = None

    @property
    def asking(self) -> bool:
        """Whether a dialog of the desktop is open."""
        return self._dialog is not None

    def ask(self, ask: Ask, then: Callable[[Path], object]) -> None:
        """Have `then` called with what was chosen; not at all if the person changed their mind."""
        if self._dialog is not None:
            return
        dialog = FileDialog.start(ask)
        if dialog is None:
            self._ui.popups.show_centered(PathPrompt(self._ui, ask, then))
        else:
            self._dialog = (dialog, ask, then)

    def update(self) -> None:
        """Once per frame: hand over what was chosen."""
        if self._dialog is None or not self._dialog[0].done:
            return
        dialog, ask, then = self._dialog
        self._dialog = None
        path, broken = dialog.path, dialog.broken
        dialog.close()
        if broken and path is None:
            self._ui.popups.show_centered(PathPrompt(self._ui, ask, then))
        elif path is not None:
            self._take(ask, path, then)

    def _take(self, ask: Ask, path: Path, then: Callable[[Path], object]) -> None:
        """Hand over what a dialog gave. It asked about a file that is there, but not if that ends as it does not."""
        whole = ask.whole(path)
        if whole != path and whole.exists():
            words = f"Replace {whole.name}?", f"There is a file of this name in {whole.parent}."
            self._ui.popups.show_centered(SureQuestion(self._ui, *words, "Replace", partial(then, whole)))
        else:
            then(whole)

    def close(self) -> None:
        """Take the dialog off the screen."""
        if self._dialog is not None:
            self._dialog[0].close()

"""Questions that are answered by a button: what to do with unsaved work, whether to replace a file. GUI thread only."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import dearpygui.dearpygui as dpg

from nodeflow.editor.canvas.layout import TEXT
from nodeflow.editor.panels.popup import Popup
from nodeflow.editor.ui import Ui

_MOVES: Final = {"Tab": 1, "Right": 1, "Down": 1, "Shift+Tab": -1, "Left": -1, "Up": -1}
_PADS: Final = 28.0
"""What a floating window has at its left and right, together."""


class Question(Popup):
    """A question with a row of answers. Tab and the arrows mark one, Enter gives it, Escape gives none.

    Fill it with `with dpg.group(parent=question.window):`, then call `answers`.
    """

    def __init__(self, ui: Ui, title: str, more: str, width: float = 420.0) -> None:
        super().__init__(ui, width, holds=True)
        self._dos: list[Callable[[], object] | None] = []
        self._buttons: list[int] = []
        self._marked = 0
        self.inner: Final = width - _PADS
        with dpg.group(parent=self.window):
            ui.text(title, font=ui.fonts.large, wrap=self.inner)
            ui.text(more, ui.themes.dim, wrap=self.inner)

    def answers(self, *answers: tuple[str, Callable[[], object] | None]) -> None:
        """Show the answers, the first of them marked: what each button says, and what it does, if anything."""
        with dpg.group(parent=self.window):
            self.ui.gap(6)
            with dpg.group(horizontal=True):
                for says, do in answers:
                    width = max(96.0, self.ui.faces.width(says, self.ui.fonts.text) * TEXT + 30.0)
                    self._buttons.append(self.ui.button(says, partial(self._give, do), width=width))
                    self._dos.append(do)
        self._mark(0)

    def key(self, chord: str) -> bool:
        if chord in _MOVES:
            self._mark(self._marked + _MOVES[chord])
        elif chord in ("Enter", "Space"):
            self.finish()
        else:
            return super().key(chord)
        return True

    def finish(self) -> None:
        self._give(self._dos[self._marked])

    def _mark(self, place: int) -> None:
        self._marked = place % len(self._buttons)
        for number, button in enumerate(self._buttons):
            dpg.bind_item_theme(button, self.ui.themes.primary if number == self._marked else 0)

    def _give(self, do: Callable[[], object] | None) -> None:
        self.close()
        if do is not None:
            do()


class SureQuestion(Question):
    """Whether something that cannot be undone is to be done. `yes` is what its button says."""

    def __init__(self, ui: Ui, question: str, more: str, yes: str, do: Callable[[], object]) -> None:
        super().__init__(ui, question, more)
        self.answers((yes, do), ("Cancel", None))


class UnsavedQuestion(Question):
    """What to do with unsaved work before it is left."""

    def __init__(self, ui: Ui, question: str, more: str, save: Callable[[], None], leave: Callable[[], None]) -> None:
        super().__init__(ui, question, more)
        self.answers(("Save", save), ("Don't save", leave), ("Cancel", None))

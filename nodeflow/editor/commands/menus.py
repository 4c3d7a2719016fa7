"""Where each command stands in the menus on top of the window. Pure.

Every command of the table is in one menu, also one that nobody placed here: by the first word of its name, or in
`Graph`. Commands of one family share a branch, so that a menu stays short.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from nodeflow.editor.commands.rows import Choice
from nodeflow.editor.commands.table import Command, Commands
from nodeflow.editor.documents.files import Files

MENUS: Final = ("File", "Edit", "View", "Graph", "Run", "Help")

_MENU_OF: Final = {
    **dict.fromkeys(
        (
            "canvas.delete",
            "canvas.dissolve",
            "canvas.duplicate",
            "canvas.duplicate_loose",
            "canvas.select_all",
            "canvas.rename",
        ),
        "Edit",
    ),
    **dict.fromkeys(("canvas.frame_all", "canvas.frame_selected", "canvas.actual_size"), "View"),
    **dict.fromkeys(("canvas.zoom_in", "canvas.zoom_out", "canvas.snap", "canvas.minimap", "canvas.wheel"), "View"),
    **dict.fromkeys(("node.sample", "node.retry", "node.report"), "Run"),
    "view.escape": "Edit",
}
_BRANCHES: Final = {
    "view.viewer_": "Viewer",
    "canvas.align": "Align",
    "canvas.distribute": "Align",
    "canvas.color_": "Colour",
    "subgraph.": "Subgraph",
    "paint.": "Paint",
    "canvas.wire_": "Go to",
    "canvas.go_": "Go to",
    "canvas.select_f": "Go to",
    **dict.fromkeys(("canvas.left", "canvas.right", "canvas.up", "canvas.down"), "Move by a step"),
}
_LINE_AFTER: Final = frozenset(
    {
        *("file.import", "file.save_as", "file.previous"),
        *("edit.redo", "edit.paste", "canvas.duplicate_loose", "view.escape"),
        *("view.palette", "view.smaller", "canvas.zoom_out"),
        "canvas.add",
    }
)
"""Commands with a line under them."""

Branches = Mapping[str, tuple[str, Callable[[], list[Choice]]]]
"""More to choose from, by the command that it stands under: a title, and what hangs on it."""


def menu_of(command: Command) -> str:
    first = command.name.partition(".")[0].capitalize()
    return _MENU_OF.get(command.name) or (first if first in MENUS else "Graph")


def branch_of(command: Command) -> str:
    """The branch that a command hangs on, or ""."""
    return next((branch for start, branch in _BRANCHES.items() if command.name.startswith(start)), "")


def as_choice(commands: Commands, command: Command, level: int = 0) -> Choice:
    """A command as a row, grey where it cannot be done now."""
    return Choice(
        command.words,
        partial(commands.run, command.name),
        note=command.keys[0] if command.keys else "",
        icon=command.icon,
        on=command.on is not None and command.on(),
        enabled=command.enabled(),
        level=level,
    )


def recent_rows(files: Files) -> list[Choice]:
    """The files that were opened last; those that are gone are grey, and can be left out."""

    def opening(path: Path) -> Callable[[], None]:
        def open_it() -> None:
            files.open_path(path)

        return open_it

    there = {path: path.is_file() for path in files.recent}
    rows = [
        Choice(path.stem, opening(path), note=path.parent.name, enabled=is_there, level=1)
        for path, is_there in there.items()
    ]
    gone = [path for path, is_there in there.items() if not is_there]

    def forget() -> None:
        for path in gone:
            files.forget(path)

    rows += [Choice("Forget those that are gone", forget, level=1)] if gone else []
    return rows or [Choice("None yet", forget, enabled=False, level=1)]


def _without(branch: str, title: str) -> str:
    """What a row is called under its branch: "Colour: sky" is "Sky" there."""
    first, colon, rest = title.partition(": ")
    return rest.capitalize() if colon and first == branch else title


class MenuBar:
    """The rows of each menu, with the branches that are unfolded."""

    def __init__(self, commands: Commands, branches: Branches | None = None) -> None:
        self._commands, self._branches = commands, branches or {}
        self._unfolded: set[str] = set()

    def rows(self, menu: str) -> list[Choice]:
        rows: list[Choice] = []
        families: dict[str, int] = {}
        for command in self._commands:
            if menu_of(command) != menu:
                continue
            family = branch_of(command)
            if not family:
                rows.append(as_choice(self._commands, command))
                rows += self._branch(*self._branches[command.name]) if command.name in self._branches else []
                rows += [Choice("")] if command.name in _LINE_AFTER else []
            elif family not in families:
                families[family] = len(rows)
                rows += self._branch(family, partial(self._family, family))
        return rows[:-1] if rows and not rows[-1].title else rows

    def _branch(self, title: str, hanging: Callable[[], list[Choice]]) -> list[Choice]:
        unfolded = title in self._unfolded
        branch = Choice(title, partial(self._turn, title), unfolded=unfolded)
        return [branch, *hanging()] if unfolded else [branch]

    def _family(self, family: str) -> list[Choice]:
        hanging = (command for command in self._commands if branch_of(command) == family)
        rows = [as_choice(self._commands, command, 1) for command in hanging]
        return [replace(row, title=_without(family, row.title)) for row in rows]

    def _turn(self, title: str) -> None:
        self._unfolded ^= {title}

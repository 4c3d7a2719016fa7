"""The shortcut sheet, made from the table of commands.

    python -m nodeflow.editor.commands.shortcuts docs/editor.md      # renews the sheet in the page

The sheet stands between the two marks in the page; a test holds that it is the one of today.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from nodeflow.editor.commands.gesture_list import GESTURES
from nodeflow.editor.commands.menus import MENUS, menu_of
from nodeflow.editor.commands.table import Command

_BEGIN: Final = "<!-- keys: made by `python -m nodeflow.editor.commands.shortcuts docs/editor.md` -->\n"
_END: Final = "<!-- end of keys -->\n"


def sheet(commands: Iterable[Command]) -> str:
    """Every command with its usual keys, in the order of the menus, and the gestures, as Markdown tables."""
    table = list(commands)
    lines = ["| Menu | What | Keys |", "|---|---|---|"]
    for menu in MENUS:
        lines += [f"| {menu} | {each.title} | {', '.join(each.keys)} |" for each in table if menu_of(each) == menu]
    lines += [
        "",
        "| With the pointer on the canvas | |",
        "|---|---|",
        *(f"| {how} | {what} |" for how, what in GESTURES),
    ]
    return "\n".join(line.replace("|  |", "| |") for line in lines) + "\n"


def renewed(page: str, keys: str) -> str:
    """The page with another sheet in it. Raises ValueError if the page has no place for one."""
    before, begin, rest = page.partition(_BEGIN)
    _old, end, after = rest.partition(_END)
    if not end:
        raise ValueError(f"the page needs the lines {_BEGIN.strip()!r} and {_END.strip()!r}")
    return f"{before}{begin}{keys}{end}{after}"


def usual_commands() -> list[Command]:
    """The table as it comes, without a window."""
    from nodeflow.editor.commands.actions import all_commands
    from nodeflow.editor.workspace import Workspace

    nobody: Any = _Nobody()
    return list(all_commands(Workspace(nobody, nobody), nobody, nobody))


class _Nobody:
    """Stands where commands expect a window; nobody runs them."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_: None


def main() -> None:
    path = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/editor.md")
    path.write_text(renewed(path.read_text(encoding="utf-8"), sheet(usual_commands())), encoding="utf-8")


if __name__ == "__main__":
    main()

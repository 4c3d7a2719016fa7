"""Paths as they are told to the person. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

_FEW: Final = 2


def told(path: Path) -> str:
    """The whole path; one in the user's own folder begins with ~."""
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except (ValueError, RuntimeError):  # elsewhere, or there is no such folder
        return str(path)


def files_told(paths: Sequence[Path]) -> str:
    """A few files by their paths, many by their number and where they lie."""
    if len(paths) <= _FEW:
        return " and ".join(told(path.absolute()) for path in paths)
    folders = {path.absolute().parent for path in paths}
    return f"{len(paths):,} files in {' and '.join(map(told, sorted(folders)[:_FEW]))}"

"""Paths that a person pastes or drops: reading them from a text, and the nodes that read such files. Pure.

What desktops put on the clipboard counts: plain paths, quoted ones, file:// addresses, one to a line. Which node reads
a file is told by the catalog: a source whose first parameter takes such files.
"""

from __future__ import annotations

import sys
from fnmatch import fnmatch
from pathlib import Path
from urllib.parse import unquote, urlsplit

from nodeflow.graph import Catalog, NodeSchema

_MOST = 64
"""Files taken at once."""
_LONGEST = 4096
"""Characters of a path."""


def paths_in(text: str) -> list[Path]:
    """The files and folders that a text names; empty if it is anything else, or if one of them is not there."""
    lines = [line.strip() for line in text[: _MOST * _LONGEST].splitlines()]
    lines = [line for line in lines if line and line not in ("copy", "cut", "x-special/nautilus-clipboard")]
    if not lines or len(lines) > _MOST:
        return []
    paths = [_path(line) for line in lines]
    return [path for path in paths if path is not None] if all(paths) else []


def reader_of(catalog: Catalog, path: Path) -> tuple[NodeSchema, str] | None:
    """The node type that reads a file or a folder, and the parameter that names it; None if there is none.

    Of several, the one that names the ending earliest in its list: a film is a video first, though it has sound, too.
    """
    wanted = "folder" if path.is_dir() else "file"
    found: list[tuple[int, str, NodeSchema, str]] = []
    for name, schema in catalog.nodes.items():
        first = schema.params[0] if schema.params and not schema.inputs else None
        if first is None or first.type != wanted:
            continue
        patterns = ("*",) if wanted == "folder" else first.patterns
        fits = (place for place, each in enumerate(patterns) if fnmatch(path.name.lower(), each.lower()))
        if (place := next(fits, None)) is not None:
            found.append((place, name, schema, first.name))
    return min(found, key=lambda each: each[:2])[2:] if found else None


def _path(line: str) -> Path | None:
    if len(line) > _LONGEST:
        return None
    try:
        path = _address(line) if line.startswith("file://") else Path(line.strip("\"'")).expanduser()
        return path if path.is_absolute() and path.exists() else None
    except (OSError, RuntimeError, ValueError):
        return None


def _address(line: str) -> Path:
    """The path of a file:// address. Raises ValueError."""
    path = unquote(urlsplit(line).path)
    return Path(path.lstrip("/") if sys.platform == "win32" else path)

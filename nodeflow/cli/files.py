"""Files that a command reads and writes for the person who called it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from nodeflow import samples
from nodeflow.cli.faults import Fault
from nodeflow.whole import write_whole


def existing_graph(text: str, commands: Iterable[str] = ()) -> Path:
    """The graph file that `text` names, or the sample graph. Raises Fault where there is neither, with the name that is
    nearest to it; `commands` are what else may have been meant."""
    path = samples.find_graph(text)
    if path.exists():
        return path
    from difflib import get_close_matches

    near = get_close_matches(text, [*commands, *samples.sample_graphs()], 1)
    way_out = f"Did you mean {near[0]}?" if near else "Name a graph file, or a sample graph such as pose_overlay."
    raise Fault(f"there is no graph {text}. {way_out}")


def require_writable(path: Path) -> None:
    """Raise Fault before the work is done if it is plain that `path` cannot be written after it."""
    folder = path.absolute().parent
    if not folder.is_dir():
        raise Fault(f"{path.name} cannot be written: there is no folder {folder}")
    if path.is_dir():
        raise Fault(f"{path} cannot be written: it is a folder; name a file in it")
    if not os.access(folder, os.W_OK):
        raise Fault(f"{path.name} cannot be written: the folder {folder} is read-only; choose another")


def write(path: Path, text: str) -> None:
    """Write a file that appears whole or not at all. Raises Fault."""
    try:
        write_whole(path, text)
    except OSError as fault:
        raise Fault(f"{path} cannot be written: {fault.strerror}; choose another place") from fault

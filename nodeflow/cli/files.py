"""Files that a command writes for the person who called it."""

from __future__ import annotations

import os
from pathlib import Path

from nodeflow.cli.faults import Fault


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
    part = path.with_name(path.name + ".part")
    try:
        try:
            part.write_text(text, encoding="utf-8")
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as fault:
        raise Fault(f"{path} cannot be written: {fault.strerror}; choose another place") from fault

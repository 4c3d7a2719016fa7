"""The paths that graphs name: where they lead, and whether they are of the sort that a parameter wants.

The one rule for runs and for the editor; it looks at the disk.

    path_fault("file", Path("clips"))     # ("clips is a folder, not a file.", "Choose a file in it.")
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal, NamedTuple

PathSort = Literal["file", "folder", "save"]
SAMPLE: Final = "sample:"
"""What stands before the id of a sample where the path of a file is wanted."""
SORTS: Final[tuple[PathSort, ...]] = ("file", "folder", "save")
"""The types of parameters that are paths: something to read, a folder to read from, a file to write."""


class PathFault(NamedTuple):
    """What is wrong with a path, and what to do about it."""

    message: str
    hint: str


def placed(folder: Path, text: str) -> Path:
    """Where a path that a graph names is: relative to `folder`, or below a home folder with "~"."""
    try:
        return folder / Path(text).expanduser()
    except RuntimeError:  # nobody has such a home
        return folder / text


def path_fault(sort: PathSort, place: Path) -> PathFault | None:
    """Why `place` cannot be what is wanted, or None. What may be made when it is needed is no fault."""
    try:
        is_folder, is_file, exists = place.is_dir(), place.is_file(), place.exists()
    except (OSError, ValueError) as fault:
        return PathFault(
            f"{place} cannot be looked at: {getattr(fault, 'strerror', None) or fault}.", "Choose another."
        )
    match sort:
        case "file" if is_folder:
            return PathFault(f"{place} is a folder, not a file.", "Choose a file in it.")
        case "file" if not exists:
            return PathFault(f"{place} does not exist.", "Choose another file, or put it there.")
        case "file" if not is_file:  # a device or a pipe, which may have no end
            return PathFault(f"{place} is not a file.", "Choose a file.")
        case "folder" if exists and not is_folder:
            return PathFault(f"{place} is a file, not a folder.", "Choose the folder that it is in.")
        case "folder" if not exists:
            return PathFault(f"{place} does not exist.", "Choose another folder, or make it.")
        case "save" if is_folder:
            return PathFault(f"{place} is a folder.", "Name a file in it.")
    return None

"""A file that appears whole or not at all.

    with Draft(path) as draft:               # or: draft = Draft(path); ...; draft.keep()  or  draft.drop()
        draft.place.write_bytes(...)

The work goes into a hidden file beside the target, which takes the target's name at the end. What goes wrong with the
disk becomes a `NodeError` that names the target and the way out.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from types import TracebackType

from nodeflow.node import NodeError


class Draft:
    """The unfinished form of `target`, at `place`. `keep` and `drop` may be called once, either of them."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.place = target.with_name(f".{target.stem}.{os.urandom(4).hex()}{target.suffix}")

    def keep(self) -> None:
        """Give the file its name, in place of whatever had it."""
        try:
            os.replace(self.place, self.target)
        except OSError as fault:
            self.drop()
            raise unwritable(self.target, fault) from fault

    def drop(self) -> None:
        """Leave nothing behind."""
        self.place.unlink(missing_ok=True)

    def __enter__(self) -> Draft:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None) -> None:
        if fault is None:
            self.keep()
            return
        self.drop()
        if isinstance(fault, OSError):
            raise unwritable(self.target, fault) from fault


def unwritable(target: Path, fault: Exception) -> NodeError:
    """Why `target` could not be written, and the way out."""
    number = getattr(fault, "errno", None)
    if number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return NodeError(f"The disk is full: {target} could not be written.", "Free some space, or write elsewhere.")
    if number in (errno.EACCES, errno.EPERM, errno.EROFS):
        return NodeError(f"{target} may not be written.", "Choose a folder that you may write to.")
    reason = str(getattr(fault, "strerror", None) or fault).lower()
    return NodeError(f"{target} could not be written ({reason}).", "Choose another path.")

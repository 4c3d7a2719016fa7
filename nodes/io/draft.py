"""A file that appears whole or not at all.

    with Draft(path) as draft:               # or: draft = Draft(path); ...; draft.keep()  or  draft.drop()
        draft.place.write_bytes(...)

    text = TextDraft(path)                   # for one that is written bit by bit
    with text.writing() as file: file.write(...)
    text.close(keep=True)                    # writing to it then begins another in its place

The work goes into a hidden file beside the target, which takes the target's name at the end. What goes wrong with the
disk becomes a `NodeError` that names the target and the way out.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TextIO

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


class TextDraft:
    """A text file in UTF-8 in the making, its line ends as they are written. After an error nothing more is written."""

    def __init__(self, target: Path) -> None:
        """Raises NodeError where the file cannot be begun."""
        self._target = target
        self._failed: NodeError | None = None
        self._file: TextIO | None = self._begun()

    def _begun(self) -> TextIO:
        self._draft = Draft(self._target)
        try:
            return self._draft.place.open("w", encoding="utf-8", newline="")
        except OSError as fault:
            raise unwritable(self._target, fault) from fault

    @contextmanager
    def writing(self) -> Iterator[TextIO]:
        """The file, to write to. Raises NodeError where the disk fails, or has failed before."""
        if self._failed:
            raise given_up(self._target, self._failed)
        if self._file is None:
            self._file = self._begun()
        try:
            yield self._file
        except OSError as fault:
            self._failed = unwritable(self._target, fault)
            raise self._failed from fault

    def close(self, *, keep: bool) -> None:
        """Give the file its name if there is something to `keep` and all was written; else leave nothing. Does nothing
        unless one is in the making."""
        file, self._file = self._file, None
        if file is None:
            return
        try:
            file.close()  # writes what is still in its buffer
        except OSError as fault:
            self._draft.drop()
            raise unwritable(self._target, fault) from fault
        if keep and not self._failed:
            self._draft.keep()
        else:
            self._draft.drop()


def given_up(target: Path, first: Exception) -> NodeError:
    """What is said of a file after its `first` failure: that failure is what a person has to mend."""
    hint = first.hint if isinstance(first, NodeError) else ""
    return NodeError(f"{target.name} is given up: {first}", f"{hint} Then stop and start again.".strip())


def unwritable(target: Path, fault: Exception) -> NodeError:
    """Why `target` could not be written, and the way out."""
    number = getattr(fault, "errno", None)
    if number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return NodeError(f"The disk is full: {target} could not be written.", "Free some space, or write elsewhere.")
    if number in (errno.EACCES, errno.EPERM, errno.EROFS):
        return NodeError(f"{target} may not be written.", "Choose a folder that you may write to.")
    reason = str(getattr(fault, "strerror", None) or fault).lower()
    return NodeError(f"{target} could not be written ({reason}).", "Choose another path.")

"""A folder of pictures as a source: one picture after the other."""

from __future__ import annotations

import logging
import math
import os
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

from nodeflow.node import Context, NodeError, Params, Stream, Timed, folder, node, number, text, toggle
from nodeflow.values import Image, Text
from nodes.io.image import IMAGE_FILES, read_image

log = logging.getLogger(__name__)

MOST = 1_000_000
"""Files of one folder; more are a mistake, such as choosing the whole disk."""

_SAME_PLACE = 0.001
"""By how little, in pictures, a time may be behind one that is still meant."""
_DIGITS = re.compile(r"(\d+)")


class Item(NamedTuple):
    image: Image
    file: Text


@node(
    "io.folder",
    category="Input",
    title="Picture folder",
    resource="io",
    words="images photos batch directory load many files dataset",
)
class PictureFolder:
    """Give every picture of a folder, in order of their names; 2 comes before 10.

    A file that cannot be read is passed over and named on the node, and at the end of a run. File is the picture's
    path within the folder.
    """

    class Setup(Params):
        folder: str = folder("", doc="The folder; sample:pictures is one to try things on")
        recursive: bool = toggle(True, doc="Look into folders within it, too")
        pattern: str = text("", doc="Only files whose names are like this: IMG_*.jpg. Empty takes every picture")
        most: int = number(0, 0, MOST, doc="Give at most so many; 0 gives all", essential=False)
        rate: float = number(
            1.0, 0.01, 240.0, unit="/s", doc="Pictures a second, in a video that is made of them", essential=False
        )

    def open(self, setup: Setup, ctx: Context) -> Stream:
        self._root, self._ctx = ctx.folder(setup.folder), ctx
        names = find_pictures(self._root, recursive=setup.recursive, pattern=setup.pattern)
        if not names:
            like = f" like {setup.pattern}" if setup.pattern else ""
            raise NodeError(f"{self._root} holds no pictures{like}.", "Choose another folder or pattern.")
        self._names = names[: setup.most] if setup.most else names
        self._rate, self._begin = setup.rate, 0
        self._bad: dict[str, str] = {}
        return Stream(rate=setup.rate, frames=len(self._names))

    def seek(self, seconds: float) -> None:
        self._begin = max(0, math.ceil(seconds * self._rate - _SAME_PLACE))

    def run(self) -> Iterator[Item | Timed]:
        for place, name in enumerate(self._names[self._begin :], self._begin):
            if self._ctx.stopping:
                return
            try:
                image = read_image(self._root / name)
            except NodeError as fault:
                self._pass_over(name, fault)
                continue
            yield Timed(Item(image, Text(name)), place / self._rate)

    def _pass_over(self, name: str, fault: NodeError) -> None:
        if name in self._bad:  # seen before it was sought
            return
        self._bad[name] = f"{name}{fault.message.removeprefix(Path(name).name).rstrip('.')}"
        log.warning("%s", self._bad[name])  # all of them; the note has room for the last ones
        self._ctx.note(_passed_over(list(self._bad.values())))


def find_pictures(root: Path, *, recursive: bool, pattern: str) -> list[str]:
    """Paths of the pictures below `root`, with forward slashes, in natural order. Links to folders are not followed.

    Raises NodeError where there are more than `MOST` files.
    """
    found: list[str] = []
    for place, folders, files in os.walk(root):
        folders[:] = [] if not recursive else [each for each in folders if not each.startswith(".")]
        for name in files:
            fits = any(fnmatch(name.lower(), ending) for ending in IMAGE_FILES)
            if fits and not name.startswith(".") and (not pattern or fnmatch(name, pattern)):
                found.append(Path(place, name).relative_to(root).as_posix())
        if len(found) > MOST:
            raise NodeError(f"{root} holds more than {MOST:,} pictures.", "Choose a folder within it.")
    return sorted(found, key=natural)


def natural(name: str) -> list[tuple[int, int, str]]:
    """A key that sorts numbers in names by their size, and letters regardless of their case."""
    parts = _DIGITS.split(name.lower())
    return [(1, int(part), "") if part.isdecimal() else (0, 0, part) for part in parts if part] + [(2, 0, name)]


def _passed_over(bad: list[str]) -> str:
    shown = "; ".join(bad[-3:])
    return f"{len(bad)} {'file' if len(bad) == 1 else 'files'} passed over: {'... ' if len(bad) > 3 else ''}{shown}"

"""What can be seen of a value that passes: plain, bounded data for whoever draws it.

    Watch({"plot": Glance("face", "score"), "large": Glance("camera", side=1920, part=(0, 0, 640, 480))})
    snapshot.looks["plot"].shows             # Series(times=..., values=...)

A `Glance` says what is looked at and how closely; a `Look` is what was seen, under the same name. Looks are made on a
thread of their own (see looker.py), at most 30 times a second for a node, the newest value always being the last one
shown. Arrays apart, everything here is plain and small: a look holds at most one picture of the size that was asked
for, a few hundred numbers, rows or buckets, and 20,000 letters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Part = tuple[int, int, int, int]
"""Left, top, width and height, in pixels of the full picture."""
Cell = str | float | int | bool | None

MOST_ROWS: Final = 200
MOST_LETTERS: Final = 20_000
MOST_NUMBERS: Final = 600
MOST_BUCKETS: Final = 600
MOST_CHANNELS: Final = 8
MOST_BINS: Final = 64
MOST_ITEMS: Final = 9
"""How many pictures of a list are shown."""
SHEET_SIDE: Final = 2048
"""The longest side of pictures put side by side."""


@dataclass(frozen=True, slots=True)
class Glance:
    """One wish to see a value: an output of `node` by its name, or with "" the first that can be pictured. A sink has
    no outputs: there it is what it was given.

    Of a picture, `part` (all of it, if None) is shown with its longer side at most `side` pixels, and not enlarged;
    `point` is a pixel whose exact value is told, and `counts` asks for a histogram.
    """

    node: str
    output: str = ""
    side: int = 256
    part: Part | None = None
    point: tuple[int, int] | None = None
    counts: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """`pixels` RGB uint8 HxWx3: the `part` of a picture of `width` x `height`, shrunk if need be.

    `weights` float32 are the exact values of a mask's pixels where they are not shrunk and few. `pixel` is what stands
    at the point that was asked for: red, green and blue, or a mask's weight. `counts` int64 4x256 says how many pixels
    have each value of red, green, blue and brightness (of a mask: 1x256, its weight in steps of 1/255). `items` is how
    many pictures a list holds, of which the first are shown side by side; None for one picture.
    """

    pixels: NDArray[np.uint8]
    width: int
    height: int
    part: Part
    weights: NDArray[np.float32] | None = None
    pixel: tuple[float, ...] | None = None
    counts: NDArray[np.int64] | None = None
    items: int | None = None

    @property
    def exact(self) -> bool:
        """Whether each pixel is one of the full picture."""
        return self.items is None and self.pixels.shape[:2] == (self.part[3], self.part[2])


@dataclass(frozen=True, slots=True)
class Series:
    """A number with its last values while it was watched; `times` in seconds, on the clock of `Look.at`."""

    times: tuple[float, ...]
    values: tuple[float, ...]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """The first rows of a table that has `total`."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int


@dataclass(frozen=True, slots=True)
class Words:
    """The beginning of a text that has `total` letters."""

    text: str
    total: int


@dataclass(frozen=True, slots=True)
class Wave:
    """Sound of `seconds`: for each of the first channels the lowest and highest sample, -1..1, in each bucket."""

    low: tuple[tuple[float, ...], ...]
    high: tuple[tuple[float, ...], ...]
    seconds: float
    rate: int
    channels: int


@dataclass(frozen=True, slots=True)
class Spread:
    """An array by its numbers. `strange` counts what is no finite number; the rest is told without those (all None if
    there are none). `bins` is a histogram from `minimum` to `maximum`. `first` are the numbers of a vector."""

    shape: tuple[int, ...]
    axes: tuple[str, ...]
    dtype: str
    minimum: float | None = None
    mean: float | None = None
    maximum: float | None = None
    strange: int = 0
    bins: tuple[int, ...] = ()
    first: tuple[float, ...] = ()


Shown = Picture | Series | Rows | Words | Wave | Spread


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What a glance saw. `serial` grows with every look that is made; `frame` is the number of the value's frame, `at`
    when it came (seconds, `time.monotonic`). `kind` is the value's kind, `summary` says it in few words, `device` is
    where it is. `output` is the port's name."""

    serial: int
    node: str
    output: str
    frame: int
    at: float
    kind: str
    summary: str
    device: str
    shows: Shown


def plain(value: Any) -> Cell:
    """A cell of a table as plain data."""
    return value if value is None or isinstance(value, str | float | int | bool) else str(value)

"""What a graph is made of: nodes, how they lie on the canvas, and what stands beside them there.

All frozen, all checked when they are made: what no file could hold raises ValueError or TypeError at once. `extra`
holds the fields of the file that this version of the program does not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from .frozen import freeze_fields
from .schema import Json

Point = tuple[float, float]

CANVAS = 1e6
"""The canvas ends this far from its origin: there a float32 still tells a tenth of a unit."""

Mode = Literal["on", "muted", "bypassed"]
"""muted: does not run, and whoever needs it gets nothing. bypassed: does not run either; each output gives what the
first input of a kind that connects to it gets, and where there is none the node is as good as muted."""

GROUP_SIZE: Point = (400.0, 300.0)
NOTE_SIZE: Point = (240.0, 120.0)
"""How large these are where nobody said."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node of `type`, saved by `version` of that type. A parameter that is not in `params` has its default."""

    type: str
    version: int = 1
    params: Mapping[str, Json] = field(default_factory=dict)
    extra: Mapping[str, Json] = field(default_factory=dict)
    mode: Mode = "on"

    def __post_init__(self) -> None:
        object.__setattr__(self, "params", freeze_fields(self.params))
        object.__setattr__(self, "extra", freeze_fields(self.extra))


@dataclass(frozen=True, slots=True)
class View:
    """How a node lies on the canvas: `at` is its top left corner, `size` its width and height, in canvas units.

    `size` and `preview` are None where the node decides. `label` stands in place of the title of its type.
    Raises ValueError for a place beyond the canvas or a size that is not positive.
    """

    at: Point = (0.0, 0.0)
    size: Point | None = None
    preview: bool | None = None
    collapsed: bool = False
    label: str | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _require_on_canvas(self.at, self.size)
        object.__setattr__(self, "extra", freeze_fields(self.extra))

    def moved(self, at: Point) -> View:
        """The same at another place, or at the border of the canvas before it."""
        return replace(self, at=_within(at))


@dataclass(frozen=True, slots=True)
class Group:
    """A titled frame on the canvas; it holds the nodes that lie in it. `color` names a colour of the palette.

    Raises ValueError for a place beyond the canvas or a size that is not positive.
    """

    title: str = ""
    at: Point = (0.0, 0.0)
    size: Point = GROUP_SIZE
    color: str | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _require_on_canvas(self.at, self.size)
        object.__setattr__(self, "extra", freeze_fields(self.extra))

    def moved(self, at: Point) -> Group:
        """The same at another place, or at the border of the canvas before it."""
        return replace(self, at=_within(at))


@dataclass(frozen=True, slots=True)
class Note:
    """A text on the canvas. Otherwise as `Group`."""

    text: str = ""
    at: Point = (0.0, 0.0)
    size: Point = NOTE_SIZE
    color: str | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _require_on_canvas(self.at, self.size)
        object.__setattr__(self, "extra", freeze_fields(self.extra))

    def moved(self, at: Point) -> Note:
        """The same at another place, or at the border of the canvas before it."""
        return replace(self, at=_within(at))


def _within(at: Point) -> Point:
    return max(-CANVAS, min(CANVAS, at[0])), max(-CANVAS, min(CANVAS, at[1]))


def _require_on_canvas(at: Point, size: Point | None) -> None:
    if not all(-CANVAS <= along <= CANVAS for along in at):
        raise ValueError(f"{at} is not on the canvas, which ends at {CANVAS:,.0f} on each side")
    if size is not None and not all(0 < length <= CANVAS for length in size):
        raise ValueError(f"{size} is not a size: width and height are above 0, {CANVAS:,.0f} at most")

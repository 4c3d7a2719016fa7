"""The colours that a person paints with, by name: models that make pictures of plans know a thing by its exact colour.

Where a set of colours comes from is told in its `source`. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Swatch:
    """A colour, "#rrggbb", and what it stands for."""

    color: str
    name: str


@dataclass(frozen=True, slots=True)
class Palette:
    """Swatches in the order in which they are shown. `name` is what a drawing keeps."""

    name: str
    title: str
    swatches: tuple[Swatch, ...]
    source: str = ""

    def called(self, color: str) -> str:
        """What a colour stands for here; the colour itself, where that is nothing."""
        return next((swatch.name for swatch in self.swatches if swatch.color == color), color)

    def suits(self, color: str, paper: str) -> str:
        """`color`, or where it stands for nothing here the first that can be seen on the paper."""
        known = [swatch.color for swatch in self.swatches]
        return color if color in known else next((each for each in known if each != paper), color)


def _swatches(*named: tuple[str, str]) -> tuple[Swatch, ...]:
    return tuple(Swatch(color, name) for color, name in named)


FREE: Final = Palette(
    "",
    "Any colour",
    _swatches(
        ("#000000", "black"),
        ("#7f7f7f", "grey"),
        ("#ffffff", "white"),
        ("#7a4a24", "brown"),
        ("#d92b2b", "red"),
        ("#f08c1e", "orange"),
        ("#f5d33b", "yellow"),
        ("#54a83c", "green"),
        ("#2f7d6d", "teal"),
        ("#4aa3df", "sky"),
        ("#2f57c9", "blue"),
        ("#8a4fbf", "violet"),
    ),
)

PALETTES: Final = (
    FREE,
    Palette(
        "greys",
        "Greys, for masks",
        _swatches(
            ("#ffffff", "white: all of it"),
            ("#c0c0c0", "three quarters"),
            ("#808080", "half"),
            ("#404040", "a quarter"),
            ("#000000", "black: nothing"),
        ),
    ),
    Palette(
        "facades",
        "Facades",
        _swatches(
            ("#0d3dfb", "wall"),
            ("#0075ff", "window"),
            ("#68f898", "window sill"),
            ("#1dffdd", "window head"),
            ("#eeed28", "shutter"),
            ("#b8ff38", "balcony"),
            ("#ff9204", "trim"),
            ("#ff4401", "cornice"),
            ("#f60001", "column"),
            ("#00c9ff", "entrance"),
            ("#a50000", "door"),
            ("#0006d9", "background"),
        ),
        "The plans of the CMP Facades dataset, 2013, as pix2pix was trained on them; names and values of Christopher "
        "Hesse's demonstration of pix2pix, 2017",
    ),
    Palette(
        "cityscapes",
        "Cityscapes",
        _swatches(
            ("#804080", "road"),
            ("#f423e8", "pavement"),
            ("#464646", "building"),
            ("#66669c", "wall"),
            ("#be9999", "fence"),
            ("#999999", "pole"),
            ("#faaa1e", "traffic light"),
            ("#dcdc00", "traffic sign"),
            ("#6b8e23", "tree"),
            ("#98fb98", "grass"),
            ("#4682b4", "sky"),
            ("#dc143c", "person"),
            ("#ff0000", "rider"),
            ("#00008e", "car"),
            ("#000046", "lorry"),
            ("#003c64", "bus"),
            ("#005064", "train"),
            ("#0000e6", "motorcycle"),
            ("#770b20", "bicycle"),
            ("#000000", "anything else"),
        ),
        "The labels of the Cityscapes dataset, 2016 (labels.py of its scripts)",
    ),
)
"""Those to choose among; the first is for drawings that name none."""


def palette(name: str) -> Palette:
    """The palette of that name; that of any colour for a name that nobody knows."""
    return next((each for each in PALETTES if each.name == name), FREE)

"""Small values: text, numbers, yes or no, colours."""

from __future__ import annotations

import re
from dataclasses import dataclass

_COLOR = re.compile(r"#([0-9a-fA-F]{6}|[0-9a-fA-F]{8})")


@dataclass(frozen=True, slots=True)
class Text:
    """A text, and the language it is in (a code such as "en"), where somebody knows."""

    value: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A number, and what it counts or measures: "fps", "of 255"."""

    value: float
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Boolean:
    """Yes or no."""

    value: bool


@dataclass(frozen=True, slots=True)
class Color:
    """Red, green, blue and opacity, each 0..255."""

    red: int
    green: int
    blue: int
    alpha: int = 255

    def __post_init__(self) -> None:
        if any(not 0 <= part <= 255 for part in (self.red, self.green, self.blue, self.alpha)):
            raise ValueError("a colour's parts lie between 0 and 255")

    @classmethod
    def parse(cls, text: str) -> Color:
        """Read "#rrggbb" or "#rrggbbaa". Raises ValueError for anything else."""
        if not _COLOR.fullmatch(text):
            raise ValueError(f"a colour is written #rrggbb or #rrggbbaa, not {text!r}")
        return cls(*bytes.fromhex(text[1:]))

    def __str__(self) -> str:
        alpha = "" if self.alpha == 255 else f"{self.alpha:02x}"
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}{alpha}"

"""Texts cut and broken to fit a room, by whoever measures them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

Width = Callable[[str], float]

_DECIMAL: Final = re.compile(r"\d[.,]\d")

_CUT = "\u2026"


def fit(text: str, room: float, width: Width) -> str:
    """`text`, cut with an ellipsis if it is wider than `room`."""
    if width(text) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width(text[:middle].rstrip() + _CUT) <= room:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + _CUT if low else ""


def wrap(text: str, room: float, most: int, width: Width) -> list[str]:
    """`text` in lines of at most `room`; what goes beyond `most` lines ends in an ellipsis. Blanks are one blank."""
    lines: list[str] = []
    line = ""
    words = text.split()
    for place, word in enumerate(words):
        longer = f"{line} {word}".lstrip()
        if line and width(longer) > room:
            if len(lines) == most - 1:
                return [*lines, fit(" ".join([line, *words[place:]]), room, width)]
            lines.append(fit(line, room, width))
            line = word
        else:
            line = longer
    return [*lines, fit(line, room, width)]


def paragraphs(text: str, room: float, most: int, width: Width) -> list[str]:
    """The same for a text with line ends of its own, which stay."""
    lines: list[str] = []
    given = text.splitlines()
    for at, paragraph in enumerate(given):
        left = most - len(lines)
        if left <= 0:
            break
        wrapped = wrap(paragraph, room, left, width)
        if len(wrapped) == left and at < len(given) - 1 and not wrapped[-1].endswith(_CUT):
            wrapped[-1] = fit(wrapped[-1] + " " + _CUT * 2, room, width)
        lines += wrapped
    return lines


def with_whole_numbers(text: str, room: float, width: Width) -> str:
    """A text for Dear ImGui to wrap. That would break 91.8 behind its point, so where there are such numbers, the lines
    end where they are to."""
    if not _DECIMAL.search(text) or all(width(line) <= room for line in text.splitlines()):
        return text
    return "\n".join(paragraphs(text, room, len(text), width))

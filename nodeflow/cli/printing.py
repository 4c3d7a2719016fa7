"""What is printed for people. Texts of graphs, cards and models may be anybody's: none plays tricks on a terminal.

say(f"{path}: {problem}")       # in place of print: a line, in which nothing moves the cursor or hides what stands
warn("no model fits")           # the same beside what was asked for, on the error stream
"""

from __future__ import annotations

import sys


def say(text: str) -> None:
    print(_line(text))


def warn(text: str) -> None:
    print(_line(text), file=sys.stderr, flush=True)


def shown(text: str) -> str:
    """Text with the codes of what cannot be printed in its place."""
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)


def _line(text: str) -> str:
    return shown(" ".join(text.splitlines()))

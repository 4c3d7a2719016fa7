"""How well the letters of what is typed sit in a text. Pure.

    score("pov", "Pose overlay")     # letters in order; None where they are not
    spoken("Image -> Mask")          # "image to mask"

Letters at the start of words and side by side count most, and a shorter text wins a draw, so that the plain thing
stands above the special one.
"""

from __future__ import annotations

WORD_START = 8.0
NEXT_TO_LAST = 9.0
ANYWHERE = 1.0
PER_LETTER = 0.05
"""What a letter counts for at the start of a word, beside the one before, or elsewhere; what each of the text costs."""
_BEFORE = -2
"""A place from which no letter is the next one."""


def score(query: str, text: str) -> float | None:
    """How well the letters of `query` sit, in order, in `text`: larger is better, None is not at all."""
    lower = text.lower()
    letters = iter(lower)
    if not all(letter in letters for letter in query.lower() if not letter.isspace()):
        return None  # most texts, at little cost
    reached = {_BEFORE: 0.0}  # where the last letter so far may be -> the most points until there
    for letter in query.lower():
        if letter.isspace():
            continue
        before, reached = reached, {}
        at = lower.find(letter)
        while at >= 0:
            ways = [
                points + (NEXT_TO_LAST if last == at - 1 else ANYWHERE) for last, points in before.items() if last < at
            ]
            if ways:
                reached[at] = max(ways) + (WORD_START if _begins_word(text, at) else 0.0)
            at = lower.find(letter, at + 1)
        if not reached:
            return None
    return max(reached.values()) - PER_LETTER * len(text) if _BEFORE not in reached else 0.0


def _begins_word(text: str, at: int) -> bool:
    return at == 0 or not text[at - 1].isalnum() or (text[at : at + 1].isupper() and text[at - 1].islower())


def spoken(query: str) -> str:
    """A query in small letters, with "to" for any arrow in it: how "from kind to kind" is asked for."""
    return query.lower().replace("->", " to ").replace("\u2192", " to ")

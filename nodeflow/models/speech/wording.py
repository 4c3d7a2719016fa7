"""A text as it is spoken: sentences, in words and marks only.

sentences("Dr. Smith paid $9.99 at 7:30.")
# ["Doctor Smith paid nine dollars and ninety nine cents at seven thirty."]

Numbers, money, times and common abbreviations become words. What is left over that nobody could say is passed over.
"""

from __future__ import annotations

import re
from re import Match

from nodeflow.models.speech.numbers import cardinal, decimal, digits, ordinal, year

_TITLES = {
    "Mr": "Mister", "Mrs": "Mrs", "Ms": "Miz", "Dr": "Doctor", "Prof": "Professor", "St": "Saint", "Mt": "Mount",
}  # fmt: skip
_SHORT = {
    "e.g.": "for example", "i.e.": "that is", "etc.": "et cetera", "vs.": "versus", "No.": "number", "approx.": "about",
}  # fmt: skip
_SIGNS = {
    "&": " and ",
    "+": " plus ",
    "=": " equals ",
    "@": " at ",
    "%": " percent ",
    "°": " degrees ",
    "#": " number ",
}
_MONEY = {"$": ("dollar", "cent"), "€": ("euro", "cent"), "£": ("pound", "pence")}
_PLAIN = str.maketrans({"’": "'", "‘": "'", "–": "—", "\u00a0": " ", "„": "“", "«": "“", "»": "”"})

_TITLE = re.compile(rf"\b({'|'.join(_TITLES)})\. (?=[A-Z])")
_ABBREVIATION = re.compile(rf"(?<![\w.])({'|'.join(map(re.escape, _SHORT))})")
_PRICE = re.compile(r"([$€£])(\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?:\.(\d\d))?(?![\d.]*\d)")
_TIME = re.compile(r"\b([01]?\d|2[0-3]):([0-5]\d)\b")
_ORDINAL = re.compile(r"\b(\d{1,9})(?:st|nd|rd|th)\b")
_NUMBER = re.compile(r"(?:(?<!\w)-)?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)")
_SENTENCE = re.compile(r"""(?<=[.!?…])["”')\]]*\s+(?=\S)""")
_SPACES = re.compile(r"[ \t]+")

_LONGEST = 15
"""Digits of a number that is said as one; a longer one is said digit by digit."""
_MOST = 20_000
"""Letters that are read; more are a mistake, such as a whole book on a wire."""


def sentences(text: str) -> list[str]:
    """The sentences of a text, in order; a new line ends one."""
    found: list[str] = []
    for line in text[:_MOST].splitlines():
        worded = in_words(line)
        start = 0
        for space in _SENTENCE.finditer(worded):
            if worded[space.end()].islower():
                continue  # "Co. of London": the full stop ended no sentence
            found.append(worded[start : space.start()])
            start = space.end()
        found.append(worded[start:])
    return [sentence.strip() for sentence in found if sentence.strip()]


def in_words(line: str) -> str:
    """A line in which numbers and signs are words."""
    line = line.translate(_PLAIN).replace("...", "…").replace(" - ", " — ").replace("--", "—")
    line = _TITLE.sub(lambda found: _TITLES[found[1]] + " ", line)
    line = _ABBREVIATION.sub(lambda found: _SHORT[found[1]], line)
    line = _PRICE.sub(_price, line)
    line = _TIME.sub(_time, line)
    line = _ORDINAL.sub(lambda found: ordinal(int(found[1])), line)
    line = _NUMBER.sub(lambda found: f" {_number(found[0])} ", line)
    for sign, word in _SIGNS.items():
        line = line.replace(sign, word)
    line = _SPACES.sub(" ", line)
    return re.sub(r" +([,.;:!?…])", r"\1", line).strip()


def _number(text: str) -> str:
    minus, text = ("minus ", text[1:]) if text.startswith("-") else ("", text)
    plain = text.replace(",", "")
    if "." in plain:
        whole, _, rest = plain.partition(".")
        return minus + (digits(whole) + " point " + digits(rest) if len(whole) > _LONGEST else decimal(plain))
    if (len(plain) > 1 and plain[0] == "0") or len(plain) > _LONGEST:
        return minus + digits(plain)
    if len(text) == 4 and not minus and 1100 <= int(plain) < 2100:
        return year(int(plain))
    return minus + cardinal(int(plain))


def _price(found: Match[str]) -> str:
    big, small = _MONEY[found[1]]
    whole, cents = int(found[2].replace(",", "")), int(found[3] or 0)
    parts = [f"{cardinal(whole)} {big}{'' if whole == 1 else 's'}"] if whole or not cents else []
    if cents:
        parts.append(f"{cardinal(cents)} {small}{'' if cents == 1 or small == 'pence' else 's'}")
    return " and ".join(parts)


def _time(found: Match[str]) -> str:
    hour, minute = int(found[1]), int(found[2])
    if minute == 0:
        return f"{cardinal(hour)} o'clock"
    return f"{cardinal(hour)} {'oh ' if minute < 10 else ''}{cardinal(minute)}"

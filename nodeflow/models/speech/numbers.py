"""Numbers as English words.

cardinal(1250)     # "one thousand two hundred fifty"
ordinal(23)        # "twenty third"
year(1984)         # "nineteen eighty four"
decimal("3.14")    # "three point one four"
"""

from __future__ import annotations

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = ("", "thousand", "million", "billion", "trillion")
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip
_MOST_DIGITS = 3 * len(_SCALES)


def cardinal(number: int) -> str:
    """A whole number, 0 or more; beyond trillions its digits."""
    if len(str(number)) > _MOST_DIGITS:
        return digits(str(number))
    groups: list[str] = []
    for scale in _SCALES:
        number, group = divmod(number, 1000)
        if group:
            groups.insert(0, f"{_below_1000(group)} {scale}".strip())
    return " ".join(groups) or "zero"


def ordinal(number: int) -> str:
    """Which one: first, second, ..."""
    before, _, last = cardinal(number).rpartition(" ")
    regular = last[:-1] + "ieth" if last.endswith("y") else last + "th"
    return f"{before} {_ORDINALS.get(last, regular)}".strip()


def year(number: int) -> str:
    """A year of four digits, in two halves where people say it so."""
    high, low = divmod(number, 100)
    if high % 10 == 0 and low < 10:
        return cardinal(number)
    rest = "hundred" if low == 0 else f"oh {_ONES[low]}" if low < 10 else cardinal(low)
    return f"{cardinal(high)} {rest}"


def decimal(text: str) -> str:
    """A number with a point in it."""
    whole, _, rest = text.partition(".")
    return f"{cardinal(int(whole or 0))} point {digits(rest)}"


def digits(text: str) -> str:
    """Digit by digit."""
    return " ".join(_ONES[int(digit)] for digit in text)


def _below_1000(number: int) -> str:
    words = []
    if number >= 100:
        words += [_ONES[number // 100], "hundred"]
        number %= 100
    if number >= 20:
        words.append(_TENS[number // 10])
        number %= 10
        if number:
            words.append(_ONES[number])
    elif number:
        words.append(_ONES[number])
    return " ".join(words)

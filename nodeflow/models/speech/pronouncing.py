"""English words as sounds: phonemes in the alphabet of misaki, which Kokoro and the voices made after it read.

    say = Pronouncer(read_lexicon(gold), read_lexicon(silver), unknown)
    say("Hello there.")             # "həlˈO ðˈɛɹ."

A word is looked up in two dictionaries, the better one first; then without its ending (-s, -ed, -ing), which is said
as the sound before it asks for; capitals nobody could say are spelled; for what is left, `unknown` guesses. Words that
are said in two ways ("read", "live") are said in the commoner one: nothing here knows what a sentence means.

After hexgrad's misaki, whose dictionaries these are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path

from nodeflow.models.assets import asset_json
from nodeflow.models.errors import BadModel

Entry = str | Mapping[str, str | None]
Lexicon = Mapping[str, Entry]
Guess = Callable[[str], str]

_MAIN, _SIDE = "ˈ", "ˌ"
_VOWELS = frozenset("AIOQWYaiuæɑɒɔəɛɜɪʊʌᵻ")
_SOUNDS = _VOWELS | frozenset("bdfhjklmnpstvwzðŋɡɹɾʃʒʤʧθ")
_MARKS = frozenset(";:,.!?—…()“”")
_BREAKS = frozenset(";:,.!?—…")
_TAPPED = frozenset("AIOWYiuæɑəɛɪɹʊʌ")
"""Behind these, an American t between vowels is a tap."""
_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*'?|[;:,.!?—…()“”]|\s+")
_HUMPS = re.compile(r"(?<=[a-zß-ÿ])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_DOUBLED = re.compile(r"([bcdgklmnprstvxz])\1(?:ing|ed)$|ck(?:ing|ed)$")


def read_lexicon(path: Path) -> Lexicon:
    """A dictionary from words to phonemes, or to phonemes by part of speech: packed JSON. Raises BadModel."""
    read = asset_json(path, packed=True)
    if not isinstance(read, dict):
        raise BadModel(f"{path.name} is no dictionary; fetch it again")
    return read


class Pronouncer:
    """Texts in words and marks only, such as `wording.sentences` gives, as phonemes."""

    def __init__(self, gold: Lexicon, silver: Lexicon, unknown: Guess) -> None:
        self._lexicons = (gold, silver)
        self._unknown = unknown

    def __call__(self, text: str) -> str:
        """The phonemes of a sentence; its marks stay, as pauses and tone."""
        tokens = _TOKEN.findall(unicodedata.normalize("NFKC", text).replace("-", " "))
        said: list[str] = []
        ahead: str | None = None  # the sound that comes next, None before a pause
        for token in reversed(tokens):
            if token.isspace():
                said.append(" ")
            elif token in _MARKS:
                said.append(token)
                ahead = None if token in _BREAKS else ahead
            else:
                sounds = self.word(token, ahead)
                said.append(sounds)
                ahead = next((sound for sound in sounds if sound in _SOUNDS), ahead)
        return re.sub(r" +", " ", "".join(reversed(said))).strip()

    def word(self, word: str, ahead: str | None = None) -> str:
        """The phonemes of one word before the sound `ahead`, None before a pause."""
        small = self._small_word(word, ahead)
        if small is not None:
            return small
        sounds = self._known(word, ahead)
        if sounds is None and len(parts := _HUMPS.split(word)) > 1:
            *first, last = (self.word(part) for part in parts)
            sounds = "".join([*(part.replace(_MAIN, _SIDE) for part in first), last])
        if sounds is None and word.isupper() and 1 < len(word) <= 5:
            sounds = self._spelled(word)
        if sounds is None:
            sounds = self._unknown(word)
        return sounds.replace("ɾ", "T").replace("ʔ", "t")

    def _small_word(self, word: str, ahead: str | None) -> str | None:
        """Words whose sound depends on what follows."""
        vowel = ahead in _VOWELS
        known = {
            "a": "ɐ",
            "an": "ɐn",
            "the": "ði" if vowel else "ðə",
            "to": "tˈu" if ahead is None else "tʊ" if vowel else "tə",
            "in": "ˈɪn" if ahead is None else "ɪn",
            "am": "ˈæm" if ahead is None else "ɐm",
        }
        if word == "I":
            return "ˌI"
        return known.get(word.lower()) if word == word.lower() or word.istitle() else None

    def _known(self, word: str, ahead: str | None) -> str | None:
        """From the dictionaries, as it stands or by its stem."""
        stress = None if word == word.lower() else 2.0 if word == word.upper() else 0.5
        for each in dict.fromkeys((word, word.lower(), word.rstrip("'"))):
            found = self._looked_up(each, ahead)
            if found is not None:
                return _stressed(found, stress)
        low = word.lower()
        for ending, stems, spoken in _ENDINGS:
            for stem in stems(low) if low.endswith(ending) else ():
                if found := self._looked_up(stem, "x"):
                    return _stressed(spoken(found), stress)
        return None

    def _looked_up(self, word: str, ahead: str | None) -> str | None:
        for lexicon in self._lexicons:
            entry = lexicon.get(word) or lexicon.get(word.capitalize() if word == word.lower() else word.lower())
            if isinstance(entry, str):
                return entry
            if isinstance(entry, Mapping):
                before_pause = entry.get("None") if ahead is None else None
                return before_pause or entry.get("DEFAULT")
        return None

    def _spelled(self, word: str) -> str | None:
        """Letter by letter, the last one strongest."""
        letters = [self._looked_up(letter, "x") for letter in word]
        if any(letter is None for letter in letters):
            return None
        *first, last = (letter or "" for letter in letters)
        return "".join([*(letter.replace(_MAIN, _SIDE) for letter in first), last])


def _stems_s(word: str) -> list[str]:
    stems = [] if word.endswith("ss") or len(word) < 3 else [word[:-1]]
    if word.endswith("'s") or (len(word) > 4 and word.endswith("es") and not word.endswith("ies")):
        stems.append(word[:-2])
    return stems + ([word[:-3] + "y"] if len(word) > 4 and word.endswith("ies") else [])


def _stems_ed(word: str) -> list[str]:
    stems = [] if word.endswith("dd") or len(word) < 4 else [word[:-1]]
    stems += [word[:-2]] if len(word) > 4 and word.endswith("ed") and not word.endswith("eed") else []
    return stems + ([word[:-3]] if len(word) > 4 and _DOUBLED.search(word) else [])


def _stems_ing(word: str) -> list[str]:
    stems = [word[:-3]] if len(word) > 5 else []
    stems += [word[:-3] + "e"] if len(word) >= 5 else []
    return stems + ([word[:-4]] if len(word) > 5 and _DOUBLED.search(word) else [])


def _with_s(stem: str) -> str:
    if stem[-1] in "ptkfθ":
        return stem + "s"
    return stem + ("ᵻz" if stem[-1] in "szʃʒʧʤ" else "z")


def _with_ed(stem: str) -> str:
    if stem[-1] in "pkfθʃsʧ":
        return stem + "t"
    if stem[-1] == "d":
        return stem + "ᵻd"
    if stem[-1] != "t":
        return stem + "d"
    return stem[:-1] + "ɾᵻd" if len(stem) > 1 and stem[-2] in _TAPPED else stem + "ᵻd"


def _with_ing(stem: str) -> str:
    return stem[:-1] + "ɾɪŋ" if len(stem) > 1 and stem[-1] == "t" and stem[-2] in _TAPPED else stem + "ɪŋ"


_ENDINGS = (("s", _stems_s, _with_s), ("d", _stems_ed, _with_ed), ("ing", _stems_ing, _with_ing))
"""Endings of words, the stems that a word may have without it, and how it is said behind a stem."""


def _stressed(sounds: str, stress: float | None) -> str:
    """A capital lifts a word that has no stress: 0.5 to the weaker mark, 2 to the strong one."""
    if stress is None or _MAIN in sounds:
        return sounds
    if _SIDE in sounds:
        return sounds.replace(_SIDE, _MAIN) if stress >= 1 else sounds
    at = next((place for place, sound in enumerate(sounds) if sound in _VOWELS), None)
    if at is None:
        return sounds
    return sounds[:at] + (_MAIN if stress > 1 else _SIDE) + sounds[at:]

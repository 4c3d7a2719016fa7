"""hibari: a small network that gives, for the sounds of a sentence, the frames of a voice. One instance per thread."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.assets import asset_json
from nodeflow.models.errors import BadModel
from nodeflow.models.opening import Parts
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.speech.pronouncing import Pronouncer, read_lexicon
from nodeflow.models.speech.synthesis import RATE, Frames, synthesize
from nodeflow.models.speech.wording import sentences
from nodeflow.values import Audio

Floats = NDArray[np.float32]

_MOST_SOUNDS = 400
"""Phonemes that the network takes at once."""
_MOST_NUMBERS = 2**31
_CLAUSE = re.compile(r"(?<=[,;:—]) ")
_OUTPUTS = ("lh", "theta", "ln", "lr", "phi", "f0")


def open_speech(parts: Parts) -> Hibari:
    guess = Guesser(parts.networks["unknown"], _read(parts.assets["letters"]))
    say = Pronouncer(read_lexicon(parts.assets["gold"]), read_lexicon(parts.assets["silver"]), guess)
    return Hibari(parts.networks["voice"], read_sounds(parts.assets["sounds"]), say)


class Hibari:
    """A `SpeakModel`."""

    def __init__(self, voice: OnnxModel, numbers: dict[str, int], say: Pronouncer) -> None:
        """`numbers` tells which number the network knows each sound by."""
        self.provider = voice.provider
        self.device = voice.device
        self._voice, self._numbers, self._say = voice, numbers, say

    def __call__(self, text: str, *, speed: float = 1.0) -> Audio:
        """The sound of `text`, mono at 24 kHz. Raises BadModel."""
        parts = [self.sound(part, speed) for part in self.sounds(text)]
        whole = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        return Audio(whole[None], RATE)

    def sounds(self, text: str) -> list[str]:
        """The phonemes of a text, in parts that the network can take at once."""
        found: list[str] = []
        for sentence in sentences(text):
            part = ""
            for clause in _CLAUSE.split(self._say(sentence)):
                if part and len(part) + len(clause) >= _MOST_SOUNDS:
                    found.append(part)
                    part = ""
                part = f"{part} {clause}".strip()
            found.append(part)
        return [part[at : at + _MOST_SOUNDS] for part in found for at in range(0, len(part), _MOST_SOUNDS)]

    def sound(self, phonemes: str, speed: float) -> Floats:
        """The sound of phonemes; those the network does not know are passed over. Raises BadModel."""
        frames = self.frames(phonemes, speed)
        return np.zeros(0, np.float32) if frames is None else synthesize(frames)

    def frames(self, phonemes: str, speed: float) -> Frames | None:
        """What the network makes of phonemes; None where it knows none of them. Raises BadModel."""
        known = [self._numbers[each] for each in phonemes if each in self._numbers]
        if not known:
            return None
        feeds: dict[str, NDArray[np.generic]] = {
            "ids": np.array([[0, *known, 0]], np.int64),
            "speed": np.array([speed], np.float32),
        }
        made = self._voice.run(feeds, _OUTPUTS)
        return Frames(*(np.asarray(each[0], np.float32) for each in made))

    def close(self) -> None:
        """Let the sessions go."""
        del self._voice, self._say


class Guesser:
    """How a word that no dictionary has may be said, letter by letter from a network.

    For each letter the network names up to some sounds; a sound that repeats is one, and 0 tells two apart.
    """

    def __init__(self, network: OnnxModel, letters: dict[str, object]) -> None:
        into, out, most = letters.get("in"), letters.get("out"), letters.get("maxlen")
        if not (_are_texts(into) and _are_texts(out) and isinstance(most, int)):
            raise BadModel("the list of letters has another form than expected; fetch it again")
        self._network, self._most = network, most
        self._letters = {letter: number for number, letter in enumerate(into, 1)}
        self._sounds = ("", *map(str, out))

    def __call__(self, word: str) -> str:
        """Phonemes, or "" for a word without a letter that the network knows. Raises BadModel."""
        known = [self._letters[letter] for letter in word if letter in self._letters][: self._most]
        if not known:
            return ""
        (said,) = self._network.run({"chars": np.array([known], np.int64)})
        numbers = np.asarray(said[0], np.int64)
        starts = np.append(True, numbers[1:] != numbers[:-1])
        return "".join(self._sounds[number] for number in numbers[starts] if 0 < number < len(self._sounds))


def read_sounds(path: Path) -> dict[str, int]:
    """The number by which the network knows each sound. What is no such number is left out. Raises BadModel."""
    return {sound: each for sound, each in _read(path).items() if isinstance(each, int) and 0 <= each < _MOST_NUMBERS}


def _are_texts(said: object) -> TypeGuard[list[str]]:
    return isinstance(said, list) and all(isinstance(each, str) for each in said)


def _read(path: Path) -> dict[str, object]:
    read = asset_json(path)
    if not isinstance(read, dict):
        raise BadModel(f"{path.name} has another form than expected; fetch it again")
    return read

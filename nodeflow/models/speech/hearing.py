"""Whisper, heard half a minute at a time and written down piece by piece, each time the likeliest.

A longer sound is cut where it is quietest near the end of each half minute, so that no word is torn. Where what was
written goes round in circles, or the model does not believe it, it is tried again with a little chance in the choice,
as OpenAI's own program does: its figures are used, and the same sound always gives the same text.

Use one instance per thread.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.assets import asset_json
from nodeflow.models.errors import BadModel
from nodeflow.models.opening import Parts
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.sound.resample import mono
from nodeflow.models.speech import Said
from nodeflow.models.speech.mel import RATE, SECONDS, log_mel
from nodeflow.models.speech.pieces import Pieces
from nodeflow.values import Audio

Floats = NDArray[np.float32]

_MOST_PIECES = 224
_CHANCES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_CIRCLES = 2.4  # a text that packs better than this repeats itself
_DOUBT = -1.0  # mean logarithm of the pieces' likelihood; below, the model does not believe it
_SILENCE = 0.6  # likelihood that nobody speaks, from which on a doubtful text is none
_LOOK_BACK = 8.0  # seconds before the end of half a minute in which a quiet spot is looked for
_QUIET = 0.1  # seconds
_SHORTEST = 0.05  # seconds; in less nobody says anything
_SILENT = 1e-3  # 60 dB below full; where all is quieter, the model would make something up


def open_whisper(parts: Parts) -> Whisper:
    pieces = Pieces.read(parts.assets["pieces"])
    return Whisper(parts.networks["encoder"], parts.networks["decoder"], pieces, parts.assets["config"])


class Written(NamedTuple):
    """Pieces with the mean logarithm of their likelihood, and how likely nobody spoke at all."""

    pieces: list[int]
    belief: float
    silence: float


class Whisper:
    """A `HearModel`."""

    def __init__(self, encoder: OnnxModel, decoder: OnnxModel, pieces: Pieces, config: Path) -> None:
        known = decoder.outputs["logits"][-1] if "logits" in decoder.outputs else 0
        if isinstance(known, int) and known != len(pieces):
            raise BadModel(
                f"the decoder knows {known} pieces of words, and the list has {len(pieces)}; correct the card"
            )
        self.provider = encoder.provider
        self.device = encoder.device
        self._encoder, self._decoder, self._pieces = encoder, decoder, pieces
        self._end = pieces.sign("<|endoftext|>")
        self._start = [pieces.sign("<|startoftranscript|>"), pieces.sign("<|notimestamps|>")]
        self._nobody = pieces.sign("<|nocaptions|>", "<|nospeech|>")
        never, first = _suppressed(config, len(pieces))
        self._never = np.zeros(len(pieces), np.float32)
        self._never[[*never, *range(self._end + 1, len(pieces))]] = -np.inf
        self._never_first = self._never.copy()
        self._never_first[first] = -np.inf

    def __call__(self, audio: Audio, *, stopped: Callable[[], bool] | None = None) -> list[Said]:
        """What was said, in parts of at most half a minute. Raises BadModel."""
        samples = mono(audio, RATE)
        said: list[Said] = []
        at = 0
        while len(samples) - at >= _SHORTEST * RATE and not (stopped and stopped()):
            length = quiet_cut(samples[at:], SECONDS * RATE)
            part = self._part(samples[at : at + length])
            if part is not None:
                said.append(Said(at / RATE, (at + length) / RATE, *part))
            at += length
        return said

    def _part(self, samples: Floats) -> tuple[str, float] | None:
        """The text of half a minute and how likely it is, or None where nobody speaks."""
        if np.abs(samples).max() < _SILENT:
            return None
        heard = self._encoder.run({"mel": log_mel(samples)[None]}, ["keys", "values"])
        written, text = Written([], -np.inf, 1.0), ""
        for chance in _CHANCES:
            written = self.write(heard, chance)
            text = self._pieces.text(written.pieces).strip()
            if written.silence > _SILENCE and written.belief < _DOUBT:
                return None
            if packs(text) <= _CIRCLES and written.belief >= _DOUBT:
                break
        return (text, float(np.exp(written.belief))) if text else None

    def write(self, heard: list[Floats], chance: float) -> Written:
        """Write down what was heard. With a `chance` above 0 pieces that are less likely may be taken, too."""
        random = np.random.default_rng(round(chance * 10))
        layers, heads, part, _ = heard[0].shape
        past: list[Floats] = [np.zeros((layers, heads, 0, part), np.float32)] * 2
        pieces: list[int] = []
        total, silence, given = 0.0, 0.0, self._start
        while len(pieces) < _MOST_PIECES:
            feeds: dict[str, NDArray[np.generic]] = {
                "pieces": np.array(given, np.int64),
                "keys": past[0],
                "values": past[1],
                "heard_keys": heard[0],
                "heard_values": heard[1],
            }
            logits, *past = self._decoder.run(feeds, ["logits", "new_keys", "new_values"])
            if not pieces:
                silence = float(np.exp(_log_likely(logits[0])[self._nobody]))
            row = logits[-1] + (self._never if pieces else self._never_first)
            likely = _log_likely(row)
            piece = int(row.argmax()) if chance == 0 else int((row / chance + random.gumbel(size=len(row))).argmax())
            total += float(likely[piece])
            if piece == self._end:
                break
            pieces.append(piece)
            given = [piece]
        return Written(pieces, total / (len(pieces) + 1), silence)

    def close(self) -> None:
        """Let the sessions go."""
        del self._encoder, self._decoder


def quiet_cut(samples: Floats, most: int) -> int:
    """Where to cut so that at most `most` samples come first: all, or the middle of the quietest spot near the end."""
    if len(samples) <= most:
        return len(samples)
    width = round(_QUIET * RATE)
    first = most - round(_LOOK_BACK * RATE)
    loud = np.convolve(samples[first:most].astype(np.float64) ** 2, np.ones(width), mode="valid")
    return first + int(loud.argmin()) + width // 2


def packs(text: str) -> float:
    """How many times smaller a text can be packed."""
    data = text.encode()
    return len(data) / len(zlib.compress(data))


def _log_likely(logits: Floats) -> Floats:
    top = logits - logits.max()
    return np.asarray(top - np.log(np.exp(top).sum()), np.float32)


def _suppressed(config: Path, count: int) -> tuple[list[int], list[int]]:
    """The pieces that are never written, and those that are not written first. Raises BadModel."""
    read = asset_json(config)
    try:
        lists = [[int(each) for each in read[name]] for name in ("suppress_ids", "suppress_ids_begin")]
    except (ValueError, KeyError, TypeError, OverflowError) as fault:
        raise BadModel(f"{config.name} has another form than expected ({fault}); fetch it again") from fault
    return tuple([each for each in numbers if 0 <= each < count] for numbers in lists)  # type: ignore[return-value]

"""GPT-2's letters for bytes, in which the vocabularies of several models are written.

Each byte is one printable letter: those that print stand for themselves, the others for letters from 256 on (Radford
et al., "Language Models are Unsupervised Multitask Learners", 2019). A space is a byte like any other.
"""

from __future__ import annotations

from typing import Final

_PRINTED: Final = (*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1))
_OTHERS: Final = sorted(set(range(256)) - set(_PRINTED))
BYTES: Final = {chr(byte): byte for byte in _PRINTED} | {chr(256 + place): byte for place, byte in enumerate(_OTHERS)}
"""The byte that each letter stands for."""

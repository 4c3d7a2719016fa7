"""The bare side of a comparison does the same as our own code."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.plain import expression_input, face_input, voice, white
from nodeflow.models.speech.synthesis import Frames, synthesize
from nodeflow.models.squares import Square, TurnedReader


@given(st.integers(3, 40), st.integers(0, 2**31))
@settings(deadline=None, max_examples=25)
def test_the_plain_voice_is_the_quick_one(count: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    spectra = [random.normal(-3, 3, (601, count)).astype(np.float32) for _ in range(5)]
    pitch = random.choice([0.0, 30.0, 90.0, 180.0, 320.0]) * np.ones(count, np.float32)
    quick = synthesize(Frames._make([*spectra, pitch]), white(count).astype(np.complex64))
    plain = voice([each[None] for each in (*spectra, pitch)])
    assert plain.shape == quick.shape == (count * 300,)
    np.testing.assert_allclose(quick, plain, atol=2e-3 * np.abs(plain).max())


@given(st.integers(40, 400), st.integers(40, 400), st.integers(0, 2**31))
@settings(deadline=None, max_examples=25)
def test_the_plain_face_input_is_what_the_network_is_shown(width: int, height: int, seed: int) -> None:
    picture = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    shown, _ = TurnedReader(128, extend=False).read(picture, Square.around(width, height))
    plain = (face_input(picture)[0] + 1) * 127.5
    # OpenCV rounds places to a 32nd of a pixel, each of the two ways at another moment.
    assert np.abs(plain - shown).max() <= 255 / 16 + 1
    assert np.abs(plain - shown).mean() < 1


def test_the_plain_expression_input_is_grey_from_minus_one_to_one() -> None:
    face = np.random.default_rng(1).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    grey = face @ np.array([0.299, 0.587, 0.114])
    np.testing.assert_allclose(expression_input(face)[0, ..., 0], grey / 127.5 - 1, atol=1 / 127.5)

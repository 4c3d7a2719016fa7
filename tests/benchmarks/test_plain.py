"""The bare side of a comparison does the same as our own code."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.plain import voice, white
from nodeflow.models.speech.synthesis import Frames, synthesize


@given(st.integers(3, 40), st.integers(0, 2**31))
@settings(deadline=None, max_examples=25)
def test_the_plain_voice_is_the_quick_one(count: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    spectra = [random.normal(-3, 3, (601, count)).astype(np.float32) for _ in range(5)]
    pitch = random.choice([0.0, 30.0, 90.0, 180.0, 320.0]) * np.ones(count, np.float32)
    quick = synthesize(Frames(*spectra, pitch), white(count).astype(np.complex64))
    plain = voice([each[None] for each in (*spectra, pitch)])
    assert plain.shape == quick.shape == (count * 300,)
    np.testing.assert_allclose(quick, plain, atol=2e-3 * np.abs(plain).max())

"""What is heard: stretches from likelihoods, and the model on real sounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from nodeflow.models import BadModel, Library, open_task
from nodeflow.models.sound import Events
from nodeflow.models.sound.events import bands, patches, read_names
from nodeflow.node import Tick
from nodeflow.testing.nodes import open_node, run_node
from nodeflow.values import Audio
from nodes.io.track import Track
from nodes.sound.events import SoundEvents, stretches

BELLS = [0.05039, 0.0053, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.00001, 0.0, 0.0, 0.00014]
BELLS += [0.42367, 0.9883, 0.93062, 0.99075, 0.99668, 0.99732, 0.99888, 0.99852, 0.99535]
"""How likely a bicycle bell is in the first twelve seconds of the sample street, by TensorFlow on the same files."""


@given(arrays.arrays(np.float32, st.tuples(st.integers(1, 12), st.just(4)), elements=st.floats(0, 1, width=32)))
def test_stretches_are_where_the_model_is_sure(likely: np.ndarray) -> None:
    found = Events(np.arange(len(likely), dtype=np.float32) * np.float32(0.5), 1.0, likely)
    sure = np.zeros(likely.shape, bool)
    for start, end, sound, score in stretches(found, 0.5):
        first, last = round(start * 2), round((end - 1) * 2)
        assert score == likely[first : last + 1, sound].max()
        assert not sure[first : last + 1, sound].any()
        sure[first : last + 1, sound] = True
    np.testing.assert_array_equal(sure, likely >= 0.5)


@given(st.integers(0, 60_000))
def test_all_of_a_sound_is_seen(count: int) -> None:
    seen = patches(np.ones(count, np.float32))
    assert seen.shape[1:] == (96, 64)
    assert (len(seen) - 1) * 7680 < max(1, count - 15_600 + 7680) <= len(seen) * 7680 or len(seen) == 1


def test_each_frequency_counts_in_two_bands_at_most() -> None:
    counts = (bands() > 0).sum(axis=1)
    assert counts.max() == 2
    assert counts[0] == 0
    np.testing.assert_allclose(bands()[(np.arange(257) > 6) & (np.arange(257) < 230)].sum(axis=1), 1, atol=1e-5)


def test_a_list_of_sounds_is_read_with_care(tmp_path: object) -> None:
    from pathlib import Path

    path = Path(str(tmp_path), "names.csv")
    path.write_text("index,mid,display_name\n" + "".join(f'{n},/m/{n},"a, {n}"\n' for n in range(521)))
    assert read_names(path)[3] == "a, 3"
    for wrong in ("index,mid,display_name\n", "a,b\n1,2\n"):
        path.write_text(wrong)
        with pytest.raises(BadModel, match=r"names\.csv"):
            read_names(path)


@pytest.fixture(scope="module")
def street(library: Library) -> Audio:
    track = Track(library.asset("street"))
    return Audio(np.concatenate(list(track.blocks()), axis=1), track.rate)


@pytest.mark.weights
def test_likelihoods_are_those_of_tensorflow(street: Audio) -> None:
    hear = open_task("sound-events", "yamnet")
    found = hear(Audio(street.samples[:, : 12 * 16_000], 16_000))
    np.testing.assert_allclose(found.likely[:, hear.names.index("Bicycle bell")], BELLS, atol=2e-5)


@pytest.mark.weights
def test_bells_silence_noise_and_voices_are_told_apart(street: Audio, library: Library) -> None:
    rows = run_node(SoundEvents, street)[1].rows
    bells = [(start, end) for start, end, label, _ in rows if label == "Bicycle bell"]
    assert any(6.5 < start < 8 and end > 11 for start, end in bells)  # two bells ring from 6.9 and from 25.9 s on
    assert any(24.5 < start < 27.5 for start, _ in bells)
    assert not any(1.5 < start < 6 or 38 < start < 54 for start, _ in bells)
    random = np.random.default_rng(0)
    talk = np.concatenate(list(Track(library.asset("conversation")).blocks()), axis=1)[:, 16_000 * 8 :]
    for samples, says in (
        (np.zeros((1, 32_000)), "Silence"),
        (random.uniform(-1, 1, (1, 48_000)), "White noise"),
        (talk, "Speech"),
    ):
        assert run_node(SoundEvents, Audio(samples.astype(np.float32), 16_000))[0].top(1)[0][0] == says


@pytest.mark.weights
def test_short_pieces_are_heard_with_what_came_before(street: Audio) -> None:
    start = 9 * 16_000
    with open_node(SoundEvents) as listen:
        for number in range(6):
            piece = Audio(street.samples[:, start + number * 4000 : start + (number + 1) * 4000], 16_000)
            classes, events = listen(piece, tick=Tick(number, 9 + number * 0.25, 4.0))
        assert classes.top(1)[0][0] == "Bicycle bell"
        first, last = events.rows[0][:2]
        assert (first, last) == pytest.approx((9.53, 10.49), abs=0.02)
        alone = Audio(street.samples[:, :4000] * 0, 16_000)
        classes, _ = listen(alone, tick=Tick(7, 60.0, 4.0))  # after a gap, what came before is forgotten
        assert classes.top(1)[0][0] == "Silence"

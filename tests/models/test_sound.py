"""What can be heard: resampling, stretches of speech, and the models on real sound."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodeflow.models import Library, open_task
from nodeflow.models.sound.resample import MonoStream, mono
from nodeflow.models.sound.segments import Segment, Segments
from nodeflow.node import Tick
from nodeflow.testing.nodes import open_node, run_node
from nodeflow.values import Audio, Boolean
from nodes.io.track import Track
from nodes.sound.voice import VoiceActivity
from tests.nodes.tracks import tone

REFERENCE = [(6.784, 7.2), (7.648, 17.888), (18.08, 21.568), (21.824, 30.0)]
"""Speech in the sample conversation by silero-vad 6.2.3's own get_speech_timestamps, without padding."""


@settings(max_examples=30)
@given(
    given_=st.sampled_from([8000, 11_025, 22_050, 44_100, 48_000]),
    wanted=st.sampled_from([16_000, 22_050]),
    cuts=st.lists(st.integers(0, 3000), min_size=1, max_size=8).filter(lambda cuts: sum(cuts) >= 200),
)
def test_pieces_resampled_one_by_one_are_the_whole_resampled(given_: int, wanted: int, cuts: list[int]) -> None:
    whole = np.stack([tone(given_, 1.0, 440.0), tone(given_, 1.0, 700.0)])[:, : sum(cuts)]
    stream, at, parts = MonoStream(wanted), 0, []
    for cut in cuts:
        parts.append(stream.push(Audio(whole[:, at : at + cut], given_)))
        at += cut
    made = np.concatenate([*parts, stream.end()])
    np.testing.assert_allclose(made, mono(Audio(whole, given_), wanted), atol=1e-6)
    assert len(made) == pytest.approx(whole.shape[1] * wanted / given_, abs=2)


def test_a_tone_stays_what_it_is_at_another_rate() -> None:
    made = mono(Audio(tone(44_100, 1.0, 440.0)[None], 44_100), 16_000)
    np.testing.assert_allclose(made[200:-200], tone(16_000, 1.0, 440.0)[200 : len(made) - 200], atol=1e-3)


likelihoods = st.lists(st.floats(0, 1), max_size=120)


@given(likelihoods, st.integers(1, 9), st.floats(0.05, 0.9))
def test_stretches_do_not_depend_on_how_the_windows_come(likely: list[float], cut: int, score: float) -> None:
    def found(size: int) -> list[Segment]:
        find = Segments(0.1, 0.2, 0.3, 4.0)
        done = [each for at in range(0, len(likely), size) for each in find.push(likely[at : at + size], score)]
        return done + find.end(len(likely) * 0.1)

    segments = found(1)
    assert segments == found(cut)
    for start, end in segments:
        assert 0.2 < end - start <= 4.0 + 1e-9
        assert likely[round(start * 10)] >= score
    for (_, end), (start, _) in pairwise(segments):
        assert start >= end - 1e-9


def test_a_breath_does_not_end_a_stretch() -> None:
    find = Segments(0.1, 0.2, 0.3, 30.0)
    assert find.push([0.9] * 5 + [0.1] * 2 + [0.9] * 5, 0.5) == []
    assert find.push([0.4] * 9, 0.5) == []  # a little below is not yet silence
    ((start, end),) = find.push([0.1] * 5, 0.5)
    assert (start, end) == pytest.approx((0.0, 2.1))


@pytest.fixture(scope="module")
def conversation(library: Library) -> Audio:
    track = Track(library.asset("conversation"))
    return Audio(np.concatenate(list(track.blocks()), axis=1), track.rate)


@pytest.mark.weights
def test_speech_is_found_where_the_reference_finds_it(conversation: Audio) -> None:
    voice = open_task("voice-activity", "silero-vad")
    likely = voice(conversation, last=True)
    find = Segments(voice.window, 0.25, 0.1, 1e9)
    found = find.push(likely.tolist(), 0.5) + find.end(30.0)
    assert [(round(start, 3), round(end, 3)) for start, end in found] == REFERENCE
    voice.begin()
    half = conversation.samples
    again = [voice(Audio(half[:, at : at + 7001], 16_000), last=at + 7001 > 480_000) for at in range(0, 480_000, 7001)]
    np.testing.assert_allclose(np.concatenate(again), likely, atol=1e-5)


@pytest.mark.weights
def test_silence_noise_and_a_tone_are_no_speech() -> None:
    noise = np.random.default_rng(3).standard_normal(48_000).astype(np.float32) * 0.05
    for sound in (np.zeros(48_000, np.float32), noise, tone(16_000, 3.0, 440.0)):
        heard = run_node(VoiceActivity, Audio(sound[None], 16_000), pieces="are sounds of their own")
        assert heard[0] == Boolean(False)
        assert heard[1].value < 0.5
        assert heard[2].rows == ()
        assert len(heard[3]) == 0


@pytest.mark.weights
def test_utterances_of_a_stream_are_cut_out_whole(conversation: Audio) -> None:
    """Speech begins and ends where people who listened say it does, to 0.2 s."""
    samples = np.concatenate([conversation.samples, np.zeros((1, 16_000), np.float32)], axis=1)
    rows, said = [], []
    with open_node(VoiceActivity, silence=0.25) as voice:
        for number in range(62):
            piece = Audio(samples[:, number * 8000 : (number + 1) * 8000], 16_000)
            heard = voice(piece, tick=Tick(number, number * 0.5, 2.0))
            rows += heard[2].rows
            said += heard[3]
    first, last = rows[0], rows[-1]
    assert first == pytest.approx((6.69, 7.12), abs=0.2)
    assert rows[1][0] == pytest.approx(7.55, abs=0.2)
    assert last[1] == pytest.approx(30.0, abs=0.2)
    for (start, end), audio in zip(rows, said, strict=True):
        assert audio.seconds == pytest.approx(end - start + 0.2, abs=0.11)
        at = round((start - 0.1) * 16_000)
        np.testing.assert_array_equal(audio.samples[0, :1000], samples[0, at : at + 1000])


@pytest.mark.weights
def test_a_gap_in_the_stream_begins_anew() -> None:
    with open_node(VoiceActivity) as voice:
        voice(Audio(np.zeros((1, 8000), np.float32), 16_000), tick=Tick(0, 0.0, 2.0))
        heard = voice(Audio(np.zeros((2, 48_000), np.float32), 48_000), tick=Tick(1, 60.0, 2.0))
    assert heard[2].rows == ()

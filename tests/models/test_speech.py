"""Speech: numbers and signs as words, words as sounds, sounds as a voice; and hearing it again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.models import open_task
from nodeflow.models.speech.numbers import cardinal, decimal, ordinal, year
from nodeflow.models.speech.pronouncing import Pronouncer
from nodeflow.models.speech.synthesis import HOP, RATE, pulses
from nodeflow.models.speech.wording import in_words, sentences
from nodeflow.node import Nothing
from nodeflow.testing.nodes import run_node
from nodeflow.values import Text
from nodes.sound.speaking import Speak

REFERENCE = {
    "Hello there, this is a test of the speech system.": "həlˈO ðˈɛɹ, ðɪs ɪz ɐ tˈɛst ʌv ðə spˈiʧ sˈɪstəm.",
    "What a wonderful day it is to be in the garden!": "wˌʌt ɐ wˈʌndəɹfᵊl dˈA ɪt ɪz tə bi ɪn ðə ɡˈɑɹdən!",
    "NodeFlow runs quickly on every computer.": "nˌOdflˈO ɹˈʌnz kwˈɪkli ˌɔn ˈɛvəɹi kəmpjˈuTəɹ.",
    "Photographs of cats and airplanes were shown.": "fˈOTəɡɹˌæfz ʌv kˈæts ænd ˈɛɹplˌAnz wɜɹ ʃˈOn.",
}
"""Phonemes by hibari-tts 0.2.1."""

REFERENCE_SOUND = (
    -0.00037,
    -0.02683,
    0.10866,
    0.05909,
    -0.12680,
    0.01278,
    -0.03308,
    -0.01449,
    -0.00074,
    -0.00034,
    -0.00004,
    0.00000,
)
"""Samples of "həlˈO ðˈɛɹ." by hibari-tts 0.2.1 with the noise of seed 0."""


# ---- words -----------------------------------------------------------------------------------------------------------


@given(st.integers(0, 10**15 - 1))
def test_numbers_are_said_as_they_are_built(number: int) -> None:
    ones = {cardinal(n): n for n in range(20)} | {cardinal(n): n for n in range(20, 100, 10)}
    scales = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
    total = part = 0
    for word in cardinal(number).split():
        if word in scales:
            total, part = total + part * scales[word], 0
        else:
            part = part * 100 if word == "hundred" else part + ones[word]
    assert total + part == number


def test_numbers_of_other_kinds() -> None:
    assert [ordinal(n) for n in (1, 12, 20, 23, 100)] == [
        "first",
        "twelfth",
        "twentieth",
        "twenty third",
        "one hundredth",
    ]
    assert [year(n) for n in (1984, 1905, 1900, 2000, 2024)] == [
        "nineteen eighty four",
        "nineteen oh five",
        "nineteen hundred",
        "two thousand",
        "twenty twenty four",
    ]
    assert decimal("3.14") == "three point one four"
    assert cardinal(10**15) == "one " + " ".join(["zero"] * 15)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("It costs $9.99 or £1.", "It costs nine dollars and ninety nine cents or one pound."),
        ("At 7:30, 9:05 and 12:00", "At seven thirty, nine oh five and twelve o'clock"),
        (
            "1,250 people in 1984, 50% more",
            "one thousand two hundred fifty people in nineteen eighty four, fifty percent more",
        ),
        ("Dr. Smith, i.e. the 3rd", "Doctor Smith, that is the third"),
        ("-4 and 007", "minus four and zero zero seven"),
    ],
)
def test_signs_become_words(written: str, said: str) -> None:
    assert in_words(written) == said


def test_sentences_end_where_they_end() -> None:
    text = 'Dr. Smith came. He said "Stop!" and left... Was it 3.5? Yes\nNew line'
    assert sentences(text) == [
        "Doctor Smith came.",
        'He said "Stop!" and left…',
        "Was it three point five?",
        "Yes",
        "New line",
    ]


@given(st.text(max_size=200))
def test_any_text_can_be_worded_and_pronounced(text: str) -> None:
    say = Pronouncer({"the": "ði"}, {}, lambda word: "ˈx")
    for sentence in sentences(text):
        assert not any(each.isdigit() and each.isascii() for each in sentence)
        assert "\n" not in say(sentence)


LEXICON = {
    "cat": "kˈæt",
    "wait": "wˈAt",
    "stop": "stˈɑp",
    "bus": "bˈʌs",
    "have": {"DEFAULT": "hæv", "None": "hˈæv"},
    "and": "ænd",
    "apple": "ˈæpᵊl",
    "A": "ˈA",
    "B": "bˈi",
    "C": "sˈi",
}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("cats", "kˈæts"),
        ("buses", "bˈʌsᵻz"),
        ("stopped", "stˈɑpt"),
        ("stopping", "stˈɑpɪŋ"),
        ("waited", "wˈATᵻd"),
        ("the cat", "ðə kˈæt"),
        ("the apple", "ði ˈæpᵊl"),
        ("cats have.", "kˈæts hˈæv."),
        ("have cats", "hæv kˈæts"),
        ("And", "ˌænd"),
        ("ABC", "ˌAbˌisˈi"),
        ("CatStop", "kˌætstˈɑp"),
        ("zorp", "?zorp?"),
    ],
)
def test_words_are_said_by_rule(written: str, said: str) -> None:
    assert Pronouncer(LEXICON, {}, lambda word: f"?{word}?")(written) == said


# ---- the voice -------------------------------------------------------------------------------------------------------


@given(st.floats(60, 400))
def test_pulses_come_at_the_pitch_of_the_voice(pitch: float) -> None:
    train = pulses(np.full(80, pitch, np.float32))
    assert len(train) == 80 * HOP
    peaks = np.flatnonzero((train[1:-1] > train[:-2]) & (train[1:-1] >= train[2:]) & (train[1:-1] > 0.5 * train.max()))
    assert np.diff(peaks).mean() == pytest.approx(RATE / pitch, rel=0.02)
    assert not pulses(np.zeros(5, np.float32)).any()


@pytest.mark.weights
def test_texts_sound_as_the_reference_says_them() -> None:
    speak = open_task("speech-from-text", "hibari-heart")
    for text, sounds in REFERENCE.items():
        assert speak.sounds(text) == [sounds]
    said = speak.sound("həlˈO ðˈɛɹ.", 1.0, np.random.default_rng(0))
    assert len(said) == 33_000
    np.testing.assert_allclose(said[6000:30000:2000], REFERENCE_SOUND, atol=1e-4)


@pytest.mark.weights
def test_reading_aloud_takes_its_time() -> None:
    text = Text("The quick brown fox jumps over the lazy dog.")
    plain, fast = run_node(Speak, text), run_node(Speak, text, speed=1.6)
    assert (plain.rate, plain.samples.shape[0]) == (24_000, 1)
    assert 2 < plain.seconds < 4
    assert fast.seconds == pytest.approx(plain.seconds / 1.6, rel=0.1)
    assert 0.02 < float(np.sqrt((plain.samples**2).mean())) < 0.3
    np.testing.assert_array_equal(plain.samples, run_node(Speak, text).samples)
    assert isinstance(run_node(Speak, Text(" 。 ")), Nothing)

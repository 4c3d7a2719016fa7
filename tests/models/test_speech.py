"""Speech: numbers and signs as words, words as sounds, sounds as a voice; and hearing it again."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from nodeflow.models import BadModel, Library, open_task
from nodeflow.models.speech.hearing import packs, quiet_cut
from nodeflow.models.speech.mel import log_mel
from nodeflow.models.speech.numbers import cardinal, decimal, ordinal, year
from nodeflow.models.speech.pieces import Pieces
from nodeflow.models.speech.pronouncing import Pronouncer
from nodeflow.models.speech.synthesis import BINS, HOP, RATE, Frames, noise, pulses, synthesize
from nodeflow.models.speech.wording import in_words, sentences
from nodeflow.node import Nothing, Tick
from nodeflow.testing.nodes import open_node, run_node
from nodeflow.values import Audio, Items, Table, Text
from nodes.io.track import Track
from nodes.sound.hearing import SpeechToText, Transcript
from nodes.sound.speaking import Speak

REFERENCE = {
    "Hello there, this is a test of the speech system.": "həlˈO ðˈɛɹ, ðɪs ɪz ɐ tˈɛst ʌv ðə spˈiʧ sˈɪstəm.",
    "What a wonderful day it is to be in the garden!": "wˌʌt ɐ wˈʌndəɹfᵊl dˈA ɪt ɪz tə bi ɪn ðə ɡˈɑɹdən!",
    "NodeFlow runs quickly on every computer.": "nˌOdflˈO ɹˈʌnz kwˈɪkli ˌɔn ˈɛvəɹi kəmpjˈuTəɹ.",
    "Photographs of cats and airplanes were shown.": "fˈOTəɡɹˌæfz ʌv kˈæts ænd ˈɛɹplˌAnz wɜɹ ʃˈOn.",
}
"""Phonemes by hibari-tts 0.2.1."""

REFERENCE_SOUND = (
    -0.00088,
    -0.00642,
    0.00520,
    0.01026,
    -0.00006,
    -0.00905,
    -0.00587,
    -0.00339,
    -0.15717,
    -0.00104,
    0.00143,
    0.01559,
)
"""Samples 500, 1500, ... that hibari-tts 0.2.1 makes of `wavy` spectra, with the noise of seed 0."""

REFERENCE_PITCH = (238, 232, 236, 266, 290, 246, 228, 181, 158, 156, 182)
"""Hz, of "həlˈO ðˈɛɹ." by hibari-tts 0.2.1, each 50 ms from 0.35 s."""


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
        ("2-3, .5", "two - three, zero point five"),
        ("9" * 5000, " ".join(["nine"] * 5000)),
        ("$" + "9" * 5000, "$ " + " ".join(["nine"] * 5000)),
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


LEXICON: dict[str, str | dict[str, str | None]] = {
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


def wavy(middle: float, swing: float, per_bin: float, per_frame: float) -> NDArray[np.float32]:
    at = per_bin * np.arange(BINS)[:, None] + per_frame * np.arange(40)
    return np.asarray(middle + swing * np.sin(at), np.float32)


def test_spectra_sound_as_the_reference_has_them() -> None:
    pitch = np.asarray(150 + 130 * np.sin(0.2 * np.arange(40)), np.float32)  # part of it too low for a voice
    parts = wavy(0, 1, 0.02, 0.3), wavy(0, 1, 0.05, 0.2), wavy(-3, 1, 0.01, 0.4), wavy(-2, 1, 0.03, 0.1)
    said = synthesize(Frames(*parts, wavy(0, 3, 0.07, 0.5), pitch), noise(np.random.default_rng(0), 40))
    assert len(said) == 12_000
    np.testing.assert_allclose(said[500::1000], REFERENCE_SOUND, atol=2e-5)


@pytest.mark.weights
def test_texts_are_read_as_the_reference_reads_them() -> None:
    speak = open_task("speech-from-text", "hibari-heart")
    for text, sounds in REFERENCE.items():
        assert speak.sounds(text) == [sounds]
    frames = speak.frames("həlˈO ðˈɛɹ.", 1.0)
    assert len(frames.pitch) == pytest.approx(110, abs=2)
    voiced = np.flatnonzero(frames.pitch > 40)
    assert (voiced[0], voiced[-1]) == pytest.approx((24, 73), abs=2)
    # the network counts in 8 bits, and processors differ in how they add those up
    np.testing.assert_allclose(frames.pitch[28:72:4], REFERENCE_PITCH, rtol=0.02)


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


# ---- hearing ---------------------------------------------------------------------------------------------------------

SAID = """
    hello hello oh hello i didn't know you were there neither did i okay then i thought you know i heard a beep this is
    diane in new jersey and i'm sheila in texas originally from chicago oh i'm originally from chicago also i'm in new
    jersey now though well there isn't that much difference at least you know they all call me a yankee down here so
    what can i say oh i don't hear that in new jersey now
    """
"""What is said in the sample conversation, by the people who published it."""

PIECES = [843, 314, 1101, 49627, 290, 3936, 6198, 422, 4842, 13, 3966, 11, 314, 1101, 6198, 422, 4842, 13]
"""Seconds 14 to 20 of the conversation, written down by CTranslate2 from the same file, in float32, likeliest first."""

MEL = [-0.357, -0.967, -0.5963, -0.967, 0.1606, -0.2433, -0.2967, -0.4216, -0.332, -0.2797]
MEL += [-0.4772, -0.7458, 0.0029, -0.2694, -0.511, -0.65, -0.967, -0.967, -0.967, -0.967]
"""Every 16th band, every 100th frame from 100 on, of the same seconds, by faster-whisper."""


def word_errors(heard: str, said: str) -> float:
    """The share of words that must be changed, added or left out to come from one to the other."""
    one, other = (re.findall(r"[a-z']+", text.lower().replace("’", "'")) for text in (heard, said))
    row = list(range(len(other) + 1))
    for number, word in enumerate(one, 1):
        before, row = row, [number]
        for at, there in enumerate(other, 1):
            row.append(min(before[at] + 1, row[-1] + 1, before[at - 1] + (word != there)))
    return row[-1] / len(other)


def test_pieces_are_bytes() -> None:
    words = Pieces(["Hello", "Ġworld", "Ã", "¶", "Ċ", "<|endoftext|>"])
    assert words.text([0, 1, 4, 2, 3]) == "Hello world\nö"
    assert words.text([2]) == "\ufffd"


def test_a_sign_that_is_not_there_is_said() -> None:
    with pytest.raises(BadModel, match=r"has no <.endoftext"):
        Pieces(["a", "<|other|>"]).sign("<|endoftext|>")
    assert Pieces(["a", "<|new|>"]).sign("<|old|>", "<|new|>") == 1


@settings(max_examples=15)
@given(st.integers(1, 3000), st.floats(0.02, 0.9))
def test_a_long_sound_is_cut_where_it_is_quiet(length: int, where: float) -> None:
    most = 30 * 16_000
    noise = np.random.default_rng(length).standard_normal(most + length * 100).astype(np.float32)
    hush = most - round(7.5 * 16_000 * where)
    noise[hush - 2000 : hush] = 0
    cut = quiet_cut(noise, most)
    assert hush - 2000 <= cut <= min(hush, most)
    assert quiet_cut(noise[:most], most) == most


def test_a_text_that_goes_round_packs_well() -> None:
    assert packs("Thank you. " * 30) > 2.4 > packs("The quick brown fox jumps over the lazy dog.")


@pytest.fixture(scope="module")
def conversation(library: Library) -> Audio:
    track = Track(library.asset("conversation"))
    return Audio(np.concatenate(list(track.blocks()), axis=1), track.rate)


@pytest.mark.weights
def test_sound_is_seen_and_written_as_the_reference_does(conversation: Audio) -> None:
    some = conversation.samples[0, 14 * 16_000 : 20 * 16_000]
    seen = log_mel(some)
    np.testing.assert_allclose(seen[::16, 100:500:100].ravel(), MEL, atol=1e-3)
    hear = open_task("speech-to-text", "whisper-tiny-en")
    written = hear.write(hear._encoder.run({"mel": seen[None]}, ["keys", "values"]), 0.0)
    assert written.pieces == PIECES
    assert written.silence == pytest.approx(0.038067, abs=1e-5)
    assert written.belief == pytest.approx(-0.343, abs=0.003)


@pytest.mark.weights
def test_people_on_the_telephone_are_understood(conversation: Audio) -> None:
    """A telephone, two people, answers that overlap: the smallest model gets a fifth of the words wrong."""
    ((start, end, text, score),) = run_node(SpeechToText, conversation)[1].rows
    assert (start, end) == (0.0, 30.0)
    assert word_errors(text, SAID) < 0.25
    assert score > 0.7


@pytest.mark.weights
@pytest.mark.parametrize(
    "text",
    [
        "The quick brown fox jumps over the lazy dog.",
        "Please wire the output of the model to the input of the viewer.",
        "What a wonderful day it is to be in the garden, said the engineer.",
        "Models can be wrong, and they can be unfair to people.",
    ],
)
def test_what_is_read_aloud_is_read_back(text: str) -> None:
    heard = run_node(SpeechToText, run_node(Speak, Text(text)))[0]
    assert word_errors(heard.value, text) <= 0.1


@pytest.mark.weights
def test_where_nobody_speaks_nothing_is_written() -> None:
    noise = np.random.default_rng(0).standard_normal((1, 80_000)).astype(np.float32) * 0.1
    assert all(isinstance(each, Nothing) for each in run_node(SpeechToText, Audio(noise, 16_000)))
    for quiet in (noise[:, :100], np.zeros((2, 80_000), np.float32)):
        assert all(isinstance(each, Nothing) for each in run_node(SpeechToText, Audio(quiet, 16_000)))


def test_a_transcript_has_times_and_forgets_what_a_jump_undoes() -> None:
    def piece(*rows: tuple[float, float]) -> Table:
        return Table(("start", "end"), rows)

    with open_node(Transcript, lines=2) as write:
        text, rows = write(piece((1.0, 2.0)), Items([Text("one")]), tick=Tick(0, 2.0, 1.0))
        assert (text.value, rows.rows) == ("0:01  one", ((1.0, 2.0, "one"),))
        text, rows = write(
            piece((61.0, 62.0), (63.0, 64.0), (3725.0, 3726.0)),
            Items([Text("two"), Nothing("nobody"), Text("three")]),
            tick=Tick(1, 3700.0, 1.0),
        )
        assert text.value == "1:01  two\n1:02:05  three"
        assert rows.rows == ((61.0, 62.0, "two"), (3725.0, 3726.0, "three"))
        text, _ = write(piece(), Items([]), tick=Tick(2, 100.0, 1.0))
        assert text.value == "1:01  two"

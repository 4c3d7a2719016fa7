"""Notes, pitch and loudness of sound that is computed here; and notes as a MIDI file."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodeflow.models import open_task
from nodeflow.models.sound.notes import found, grown, peaks
from nodeflow.models.sound.pitch import hertz
from nodeflow.node import NodeError, Nothing, Tick
from nodeflow.testing.nodes import NodeContext, open_node, run_node
from nodeflow.values import Audio, Table
from nodes.io.midi_writer import MidiWriter, midi
from nodes.sound.melody import melody, play
from nodes.sound.music import NOTE_COLUMNS, Notes, Pitch, level, loudness, nearest_note, note_name
from nodes.sound.score import Played
from tests.nodes.tracks import tone

MELODY = (
    (0.5, 0.6, 60),
    (1.2, 0.6, 64),
    (1.9, 0.6, 67),
    (2.6, 0.9, 72),
    (4.0, 1.5, 57),
    (4.0, 1.5, 61),
    (4.0, 1.5, 64),
    (6.0, 1.2, 45),
)
"""Start, length and key of plucked notes: an arpeggio, a chord and a low note."""

REFERENCE = [
    (0.4876, 0.9056, 88, 0.3609),
    (0.4992, 1.1262, 60, 0.785),
    (1.1958, 1.6022, 92, 0.3467),
    (1.1958, 1.8344, 64, 0.7874),
    (1.904, 2.5323, 67, 0.7896),
    (1.9389, 2.1027, 95, 0.331),
    (2.5787, 3.5307, 72, 0.775),
    (2.5903, 3.2172, 100, 0.4176),
    (3.9964, 4.3215, 73, 0.3222),
    (3.9964, 5.4825, 57, 0.7228),
    (3.9964, 5.4825, 61, 0.7056),
    (3.9964, 5.5057, 64, 0.7451),
    (4.008, 4.1705, 88, 0.3309),
    (5.9946, 7.2369, 45, 0.7909),
    (6.0062, 6.3893, 73, 0.3336),
]
"""Notes of that melody by basic-pitch 0.4.0's own program: start, end, key, loudness."""


def plucked() -> Audio:
    rate = 22_050
    time = np.arange(8 * rate) / rate
    sound = np.zeros(len(time))
    for start, length, key in MELODY:
        on = (time >= start) & (time < start + length)
        since = time[on] - start
        pitch = 440 * 2 ** ((key - 69) / 12)
        waves = sum(np.sin(2 * np.pi * pitch * part * since) / part for part in range(1, 6))
        edges = np.minimum(1, since / 0.005) * np.minimum(1, (length - since) / 0.02)
        sound[on] += waves * np.exp(-2.5 * since) * edges * 0.2
    return Audio(sound.astype(np.float32)[None], rate)


# ---- notes -----------------------------------------------------------------------------------------------------------


@pytest.mark.weights
def test_notes_are_those_of_the_reference() -> None:
    notes = open_task("notes", "basic-pitch")(plucked())
    assert len(notes) == len(REFERENCE)
    for note, there in zip(notes, REFERENCE, strict=True):
        assert (note.start, note.end, note.key, note.loudness) == pytest.approx(there, abs=2e-4)


@pytest.mark.weights
def test_every_note_that_was_played_is_heard() -> None:
    with open_node(Notes) as listen:
        rows = listen(plucked(), tick=Tick(0, 10.0, None)).rows
    for start, length, key in MELODY:
        heard = [row for row in rows if row[3] == key and abs(row[0] - 10 - start) < 0.05]
        assert heard, f"{note_name(key)} at {start}"
        assert abs(heard[0][1] - heard[0][0] - length) < 0.15
    assert run_node(Notes, Audio(np.zeros((1, 44_100), np.float32), 22_050)).rows == ()


@given(st.integers(0, 2**32 - 1), st.integers(1, 60))
def test_notes_keep_within_the_sound(seed: int, count: int) -> None:
    random = np.random.default_rng(seed)
    keys, beginnings = (random.random((count, 88)).astype(np.float32) ** 2 for _ in range(2))
    for start, end, key, loud in found(keys, beginnings, 0.5, 0.3, 4):
        assert 0 <= start < end < count
        assert end - start > 4
        assert 0 < loud <= 1
        assert 0 <= key < 88


def test_a_beginning_is_a_peak_or_a_growth() -> None:
    rows = np.array([[0, 0], [0.9, 0.2], [0.1, 0.2], [0.1, 0.9]], np.float32)
    assert np.argwhere(peaks(rows)).tolist() == [[1, 0]]
    still, louder = np.zeros((6, 1), np.float32), np.array([[0], [0], [0], [1], [1], [1]], np.float32)
    still[5] = 0.8
    assert grown(louder, still).argmax() in (3, 5)
    assert grown(louder, still)[3, 0] == pytest.approx(0.8)


# ---- pitch -----------------------------------------------------------------------------------------------------------


@pytest.mark.weights
@pytest.mark.parametrize("high", [82.4, 220.0, 440.0, 987.8])
def test_a_tone_is_as_high_as_it_is(high: float) -> None:
    pitch, note, score, curve = run_node(Pitch, Audio(tone(44_100, 0.5, high)[None], 44_100))
    assert pitch.value == pytest.approx(high, rel=0.006)  # a tenth of a semitone
    assert note.value.split()[0] == nearest_note(high).split()[0]
    assert score.value > 0.6
    assert len(curve.rows) == pytest.approx(44, abs=3)


@pytest.mark.weights
def test_the_larger_network_hears_the_same() -> None:
    pitch, *_ = run_node(Pitch, Audio(tone(16_000, 0.1, 440.0)[None], 16_000), model="crepe-full")
    assert pitch.value == pytest.approx(440, rel=0.006)


@pytest.mark.weights
def test_likelihoods_are_those_of_the_reference() -> None:
    """Of a sweep over two octaves, by torchcrepe 0.0.24's own network."""
    time = np.arange(8000) / 16_000
    sweep = np.sin(2 * np.pi * 220 * (2 ** (4 * time) - 1) / (4 * np.log(2))).astype(np.float32)
    _, high, score = open_task("pitch", "crepe-tiny")(Audio(sweep[None], 16_000))
    np.testing.assert_allclose(score[::6], SWEEP_SCORES, atol=1e-4)
    np.testing.assert_allclose(high[3:-3], 220 * 2 ** (4 * (np.arange(len(high)) * 0.01 + 0.032))[3:-3], rtol=0.025)


SWEEP_SCORES = (0.66262, 0.75096, 0.72758, 0.60892, 0.76138, 0.67649, 0.54270, 0.67850)


@pytest.mark.weights
def test_silence_and_noise_have_no_pitch() -> None:
    noise = np.random.default_rng(1).standard_normal((1, 8000)).astype(np.float32) * 0.1
    for sound in (np.zeros((1, 8000), np.float32), noise, noise[:, :500]):
        assert all(isinstance(each, Nothing) for each in run_node(Pitch, Audio(sound, 16_000), score=0.7))


@given(st.floats(0, 359), st.floats(0.1, 1))
def test_a_pitch_between_two_is_found_between_them(place: float, sure: float) -> None:
    likely = sure * np.exp(-((np.arange(360) - place) ** 2)).astype(np.float32)[None]
    cents = 1200 * np.log2(hertz(likely)[0] / 10)
    assert cents == pytest.approx(1997.38 + 20 * place, abs=12 if 4 < place < 355 else 20)


def test_notes_have_names() -> None:
    assert [note_name(key) for key in (21, 60, 69, 70, 108)] == ["A0", "C4", "A4", "A#4", "C8"]
    assert [nearest_note(high) for high in (440.0, 443.0, 261.6, 255.0)] == ["A4", "A4 +12", "C4", "C4 -44"]


def test_loudness_is_below_full() -> None:
    assert run_node(loudness, Audio(np.ones((2, 100), np.float32), 8000)).value == pytest.approx(0)
    assert level(Audio(tone(8000, 1.0, 100.0, loud=0.1)[None], 8000)) == pytest.approx(-23, abs=0.1)
    assert level(Audio(np.zeros((1, 0), np.float32), 8000)) == -120


# ---- MIDI ------------------------------------------------------------------------------------------------------------


def played(data: bytes) -> list[tuple[float, int, int]]:
    """Time in seconds, key and strength of every event; 0 is the end of a note."""
    assert data[:14] == b"MThd" + struct.pack(">IHHH", 6, 0, 1, 480)
    assert data[14:18] == b"MTrk"
    (size,) = struct.unpack(">I", data[18:22])
    track = data[22:]
    assert len(track) == size
    events, now, at = [], 0, 0
    while track[at:] != b"\x00\xff\x2f\x00":
        delta = 0
        while True:
            delta = delta << 7 | track[at] & 0x7F
            at += 1
            if track[at - 1] < 0x80:
                break
        now += delta
        kind = track[at] & 0xF0
        if kind in (0x80, 0x90):
            events.append((now / 960, track[at + 1], track[at + 2] if kind == 0x90 else 0))
        at += 2 if kind == 0xC0 else 3
    return events


notes_ = st.tuples(st.floats(0, 5000), st.floats(0.01, 100), st.integers(0, 127), st.floats(0, 1))


@given(st.lists(notes_, max_size=20))
def test_a_midi_file_says_what_was_played(given_: list[tuple[float, float, int, float]]) -> None:
    notes = [(start, start + length, key, loud) for start, length, key, loud in given_]
    events = played(midi([Played(*note) for note in notes], 0))
    assert [time for time, *_ in events] == sorted(time for time, *_ in events)
    starts = sorted((key, round(time, 2)) for time, key, strength in events if strength)
    wanted = sorted((key, round(round(start * 960) / 960, 2)) for start, _, key, _ in notes)
    assert starts == wanted
    assert len(events) == 2 * len(notes)


def test_the_midi_writer_writes_whole_or_not_at_all(tmp_path: Path) -> None:
    ctx = NodeContext(tmp_path)
    rows = ((0.5, 1.0, "C4", 60, 0.5), (1.0, 1.5, "A4", 69, 1.0))
    run_node(MidiWriter, Table(NOTE_COLUMNS, rows), ctx=ctx, path="a.mid")
    assert played((tmp_path / "a.mid").read_bytes()) == [(0.5, 60, 64), (1.0, 60, 0), (1.0, 69, 127), (1.5, 69, 0)]
    with pytest.raises(NodeError, match="no column key"):
        run_node(MidiWriter, Table(("start", "end"), ()), ctx=ctx, path="b.mid")
    with pytest.raises(NodeError, match="'x' is no number"):
        run_node(MidiWriter, Table(("start", "end", "key"), ((0.0, "x", 60),)), ctx=ctx, path="b.mid")
    for row, says in (((float("nan"), 1.0, 60), "nan is no number"), ((0.0, 1e30, 60), "A note lies at")):
        notes = Table(("start", "end", "key"), (row,))
        with pytest.raises(NodeError, match=says):
            run_node(MidiWriter, notes, ctx=ctx, path="b.mid")
        with pytest.raises(NodeError, match=says):
            run_node(play, notes, ctx=ctx)
    with pytest.raises(NodeError, match="does not end like a MIDI file"):
        run_node(MidiWriter, Table(NOTE_COLUMNS, ()), ctx=ctx, path="b.txt")
    assert [each.name for each in tmp_path.iterdir()] == ["a.mid"]


# ---- melodies --------------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 127), max_size=12), st.floats(0.05, 2))
def test_a_melody_is_what_its_names_say(keys: list[int], beat: float) -> None:
    rows = run_node(melody, notes=" ".join(map(note_name, keys)), beat=beat).rows
    assert [row[3] for row in rows] == keys
    assert [row[0] for row in rows] == pytest.approx([beat * place for place in range(len(keys))], abs=1e-5)


def test_melodies_have_rests_chords_and_octaves_that_hold() -> None:
    rows = run_node(melody, notes="c4 - Eb+G5\nb", beat=1.0).rows
    assert [(row[0], row[2]) for row in rows] == [(0.0, "C4"), (2.0, "D#4"), (2.0, "G5"), (3.0, "B5")]
    for notes, says in (("C4 H4", "'H4' is no note"), ("C-2", "beyond"), ("C44", "'C44'")):
        with pytest.raises(NodeError, match=says):
            run_node(melody, notes=notes)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(0, 3), st.floats(0, 1), st.integers(0, 127)), max_size=5), st.floats(0.1, 1))
def test_what_is_played_is_as_long_and_as_loud_as_it_should_be(
    notes: list[tuple[float, float, int]], loud: float
) -> None:
    rows = tuple((start, start + length, key) for start, length, key in notes)
    audio = run_node(play, Table(("start", "end", "key"), rows), loud=loud)
    first = min((int(start) for start, *_ in rows), default=0)
    assert audio.seconds == pytest.approx(max((end for _, end, _ in rows), default=0) - first, abs=0.05)
    assert np.abs(audio.samples).max(initial=0) <= loud + 1e-6


@pytest.mark.weights
def test_a_melody_that_is_played_is_heard_again() -> None:
    written = run_node(melody, notes="C4 E4 G4 C5 - A3+C4+E4", beat=0.5)
    heard = run_node(Notes, run_node(play, written)).rows
    for start, _, name, *_ in written.rows:
        assert any(row[2] == name and abs(row[0] - start) < 0.06 for row in heard), name

"""Sound files as a source and as an output: every sample once and in its place; what goes wrong leaves nothing."""

from __future__ import annotations

import wave
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodeflow.models import Library
from nodeflow.node import NodeError
from nodeflow.testing.nodes import NodeContext, open_node, run_node
from nodeflow.values import Audio
from nodes.io.recording import Recording
from nodes.io.sound import SoundFile
from nodes.io.sound_writer import SoundWriter
from nodes.io.track import Track
from tests.nodes.clips import write_clip
from tests.nodes.tracks import ramp, tone, write_track

RATE = 16_000
COUNT = 50_000


@pytest.fixture(scope="module")
def wav(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_track(tmp_path_factory.mktemp("sounds") / "ramp.wav", ramp(COUNT))


def scaled(samples: np.ndarray) -> np.ndarray:
    """Between -1 and 1, as sound is on a wire."""
    return samples / np.float32(32768)


def heard(path: Path, **params: Any) -> list[tuple[float | None, Audio]]:
    with open_node(SoundFile, ctx=NodeContext(path.parent), file=str(path), **params) as sound:
        return list(sound.frames())


def joined(pieces: list[tuple[float | None, Audio]]) -> np.ndarray:
    return np.concatenate([audio.samples for _, audio in pieces], axis=1)


@settings(max_examples=30)
@given(chunk=st.floats(0.01, 4), start=st.integers(0, COUNT - 1), length=st.integers(1, COUNT))
def test_pieces_follow_one_another_without_a_gap(wav: Path, chunk: float, start: int, length: int) -> None:
    end = min(COUNT, start + length)
    pieces = list(Track(wav).play(chunk, start / RATE, end / RATE))
    whole = np.concatenate([piece.value.samples for piece in pieces], axis=1)
    np.testing.assert_array_equal(whole * 32768, ramp(COUNT)[:, start:end])
    each = round(chunk * RATE)
    assert all(piece.value.samples.shape[1] == each for piece in pieces[:-1])
    assert 0 < pieces[-1].value.samples.shape[1] <= each
    starts = [start / RATE + n * each / RATE for n in range(len(pieces))]
    assert [piece.time for piece in pieces] == pytest.approx(starts)


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.wav", "pcm_s16le"), ("a.flac", "flac"), ("a.mp3", "libmp3lame"), ("a.ogg", "libopus"), ("a.mp4", "aac")],
)
def test_formats_sound_as_they_were_written(tmp_path: Path, name: str, codec: str) -> None:
    rate = 48_000
    there = tone(rate, 2.0, 440.0)
    path = write_track(tmp_path / name, (there[None] * 32767).astype(np.int16), rate, codec)
    whole = joined(heard(path, chunk=0.0))[0]
    assert len(whole) == pytest.approx(len(there), abs=2500)  # some formats pad the end
    middle = slice(rate // 2, rate)
    assert abs(np.fft.rfft(whole[middle])).argmax() == abs(np.fft.rfft(there[middle])).argmax() == 220
    pieces = heard(path, chunk=0.25, start=1.0, end=1.5)
    assert len(pieces) == 2
    np.testing.assert_allclose(joined(pieces)[0], whole[rate : rate * 3 // 2], atol=1e-4 if "wav" in name else 0.02)


def test_rate_and_channels_are_as_asked(tmp_path: Path) -> None:
    left, right = tone(44_100, 1.0, 300.0), tone(44_100, 1.0, 900.0)
    path = write_track(tmp_path / "a.wav", (np.stack([left, right]) * 32767).astype(np.int16), 44_100)
    ((_, both),) = heard(path, chunk=0.0)
    assert (both.rate, both.samples.shape) == (44_100, (2, 44_100))
    ((_, mono),) = heard(path, chunk=0.0, channels="mono", rate=16_000)
    assert (mono.rate, mono.samples.shape) == (16_000, (1, 16_000))
    wanted = (tone(16_000, 1.0, 300.0) + tone(16_000, 1.0, 900.0)) / 2
    np.testing.assert_allclose(mono.samples[0, 200:-200], wanted[200:-200], atol=2e-3)


def test_it_says_how_long_it_is(wav: Path) -> None:
    with open_node(SoundFile, file=str(wav), chunk=0.5) as sound:
        assert (sound.stream.rate, sound.stream.frames) == (2.0, 7)
        assert len(list(sound.frames())) == 7
    with open_node(SoundFile, file=str(wav), chunk=0.0) as sound:
        assert sound.stream.frames == len(list(sound.frames())) == 1


def test_a_loop_goes_on_without_a_seam(wav: Path) -> None:
    with open_node(SoundFile, file=str(wav), loop=True, chunk=1.0, pace="as fast as possible") as sound:
        pieces = list(islice(sound.frames(), 9))
    times = [0, 1, 2, 3]
    whole = COUNT / RATE
    assert [time for time, _ in pieces] == pytest.approx([*times, *(whole + t for t in times), 2 * whole])
    np.testing.assert_array_equal(joined(pieces[:4]), joined(pieces[4:8]))


def test_silence_may_follow_the_end(wav: Path) -> None:
    with open_node(SoundFile, file=str(wav), chunk=1.0, start=3.0, tail=1.5) as sound:
        whole = joined(pieces := list(sound.frames()))
        assert sound.stream.frames == len(pieces) == 2
    assert whole.shape == (1, COUNT - 48_000 + 24_000)
    assert not whole[:, COUNT - 48_000 :].any()


def test_someone_who_watches_hears_it_in_its_own_time(wav: Path) -> None:
    ctx = NodeContext(wav.parent, interactive=True)
    run_node(SoundFile, ctx=ctx, file=str(wav), chunk=0.5)
    assert ctx.waited > 2


def test_what_is_no_sound_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"RIFF....WAVE" + bytes(50))
    (tmp_path / "list.m3u8").write_text("#EXTM3U\nhttp://example.org/a.ts\n")
    write_clip(tmp_path / "silent.mp4")
    for name, says in (("a.wav", "no sound"), ("list.m3u8", "no sound"), ("silent.mp4", "holds no sound")):
        with pytest.raises(NodeError, match=says):
            Track(tmp_path / name)
    with pytest.raises(NodeError, match="No sound file"):
        run_node(SoundFile)


def test_damage_ends_the_sound_and_is_said(tmp_path: Path) -> None:
    path = write_track(tmp_path / "a.flac", ramp(COUNT), codec="flac")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    pieces = heard(path, chunk=0.1)
    whole = joined(pieces) * 32768
    assert 0 < whole.shape[1] < COUNT
    np.testing.assert_array_equal(whole, ramp(COUNT)[:, : whole.shape[1]])


def test_a_start_behind_the_end_is_said(wav: Path) -> None:
    with pytest.raises(NodeError, match=r"3\.12 s long and has nothing from 9 s on"):
        heard(wav, start=9.0)


@settings(max_examples=25)
@given(
    bits=st.sampled_from(["16", "24"]),
    name=st.sampled_from(["a.wav", "a.flac", "made/A.WAV"]),
    channels=st.integers(1, 2),
    lengths=st.lists(st.integers(0, 9000), min_size=1, max_size=6),
)
def test_what_is_written_comes_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, bits: str, name: str, channels: int, lengths: list[int]
) -> None:
    place = tmp_path_factory.mktemp("out")
    whole = scaled(ramp(max(1, sum(lengths)), channels))
    with open_node(SoundWriter, ctx=NodeContext(place), path=name, bits=bits) as write:
        at = 0
        for length in lengths:
            write(Audio(whole[:, at : at + length], 22_050))
            at += length
    if not at:
        return
    track = Track(place / name)
    assert (track.rate, track.channels) == (22_050, channels)
    np.testing.assert_array_equal(np.concatenate(list(track.blocks()), axis=1), whole)
    assert [each.name for each in (place / name).parent.iterdir()] == [Path(name).name]


def test_other_programs_read_what_is_written(tmp_path: Path) -> None:
    run_node(SoundWriter, Audio(scaled(ramp(5000, 2)), 8000), ctx=NodeContext(tmp_path), path="a.wav")
    with wave.open(str(tmp_path / "a.wav")) as read:
        assert (read.getframerate(), read.getnchannels(), read.getsampwidth(), read.getnframes()) == (8000, 2, 2, 5000)
        there = np.frombuffer(read.readframes(5000), "<i2").reshape(-1, 2).T
    np.testing.assert_array_equal(there, ramp(5000, 2))


def test_what_is_too_loud_is_cut_off_and_said(tmp_path: Path) -> None:
    ctx = NodeContext(tmp_path)
    loud = np.array([[0.5, 1.5, -3.0, np.nan, np.inf, 1.0, -1.0]], np.float32)
    run_node(SoundWriter, Audio(loud, 8000), ctx=ctx, path="a.wav")
    there = np.concatenate(list(Track(tmp_path / "a.wav").blocks()), axis=1)[0] * 32768
    assert there.tolist() == [16384, 32767, -32768, 0, 32767, 32767, -32768]
    assert "2 samples were too loud" in ctx.notes[-1]


def test_sound_that_changes_its_form_leaves_no_file(tmp_path: Path) -> None:
    with open_node(SoundWriter, ctx=NodeContext(tmp_path), path="a.wav") as write:
        write(Audio(np.zeros((1, 100), np.float32), 8000))
        with pytest.raises(NodeError, match="8000 Hz with 1 channel to 16000 Hz with 1 channel"):
            write(Audio(np.zeros((1, 100), np.float32), 16_000))
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(NodeError, match="does not end like a sound file"):
        run_node(SoundWriter, Audio(np.zeros((1, 9), np.float32), 8000), ctx=NodeContext(tmp_path), path="a.xyz")
    with pytest.raises(NodeError, match="cannot be written"):
        Recording(tmp_path / "a.wav", 8000, 9, 16)
    with open_node(SoundWriter, ctx=NodeContext(tmp_path), path="none.wav"):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.weights
def test_the_sample_is_half_a_minute_of_telephone(library: Library) -> None:
    track = Track(library.asset("conversation"))
    assert (track.rate, track.channels, track.seconds) == (16_000, 1, 30.0)

"""Microphone and loudspeaker, on a sound card of our own."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np
import pytest

from nodeflow.node import NodeError, RetryLater
from nodeflow.testing.nodes import NodeContext, open_node, run_node
from nodeflow.values import Audio
from nodes.io import soundcard
from nodes.io.microphone import Microphone
from nodes.io.speaker import Loudspeaker
from tests.nodes.tracks import ramp, write_track


class PortAudioError(Exception):
    pass


class Stream:
    """A stream whose driver is the test: it calls `self.callback` when it wants."""

    opened: ClassVar[list[Stream]] = []

    def __init__(self, **settings: Any) -> None:
        if settings.get("device") == "none":
            raise PortAudioError("No input device matching 'none'\nmore")
        self.settings, self.callback, self.closed = settings, settings["callback"], False
        Stream.opened.append(self)

    def start(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True


DEVICE = {"name": "Table microphone", "default_samplerate": 48000.0, "max_input_channels": 1, "max_output_channels": 0}


@pytest.fixture(autouse=True)
def card(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sound card with one microphone."""
    Stream.opened = []
    fake = SimpleNamespace(
        PortAudioError=PortAudioError,
        InputStream=Stream,
        OutputStream=Stream,
        query_devices=lambda device=None, kind=None: DEVICE if kind else [DEVICE],
    )
    monkeypatch.setitem(sys.modules, "sounddevice", fake)


def test_what_the_microphone_hears_comes_in_order() -> None:
    with open_node(Microphone, chunk=0.1) as microphone:
        (stream,) = Stream.opened
        assert (stream.settings["blocksize"], microphone.stream.note) == (4800, "Table microphone, 48000 Hz")
        for number in range(3):
            stream.callback(np.full((4800, 1), number / 10, np.float32), 4800, None, None)
        timed = list(islice(microphone.frames(), 3))
        pieces = [audio for _, audio in timed]
        assert microphone.stream.clock == "every"
    assert [time for time, _ in timed] == pytest.approx([0.0, 0.1, 0.2])
    assert [round(float(audio.samples[0, 0]), 3) for audio in pieces] == [0.0, 0.1, 0.2]
    assert pieces[0].samples.shape == (1, 4800)
    assert pieces[0].rate == 48_000
    assert stream.closed


def test_who_does_not_listen_for_long_loses_the_oldest() -> None:
    ctx = NodeContext()
    with open_node(Microphone, ctx=ctx, chunk=0.1, late="are left out") as microphone:
        for number in range(100):
            Stream.opened[0].callback(np.full((4800, 1), number / 100, np.float32), 4800, None, None)
        time, first = next(iter(microphone.frames()))
        assert microphone.stream.clock == "live"
    assert float(first.samples[0, 0]) == pytest.approx(0.36)
    assert time == pytest.approx(3.6)
    assert "36 pieces were lost" in ctx.notes[-1]


@pytest.mark.parametrize(("chunk", "gone"), [(0.02, True), (60.0, False)])
def test_a_microphone_is_gone_when_a_piece_is_overdue_and_not_before(
    monkeypatch: pytest.MonkeyPatch, chunk: float, gone: bool
) -> None:
    """A piece of a minute takes a minute; whoever stops meanwhile does not wait for it."""
    monkeypatch.setattr(soundcard, "_PATIENCE", 0.0)
    monkeypatch.setattr(soundcard, "_LOOK", 0.001)
    stops = iter([*[False] * 50, True])
    ear = soundcard.Ear("", 0, 1, chunk)
    if gone:
        with pytest.raises(RetryLater, match="stopped giving sound"):
            list(ear.pieces(lambda: next(stops)))
    else:
        assert list(ear.pieces(lambda: next(stops))) == []


def test_a_microphone_that_is_not_there_is_tried_again_or_replaced(tmp_path: Path) -> None:
    with pytest.raises(RetryLater, match="'none' cannot be used: No input device") as said:
        run_node(Microphone, device="none")
    assert said.value.hint == "Choose one of: Table microphone."
    with pytest.raises(RetryLater, match="There is no loudspeaker"):
        run_node(Loudspeaker, Audio(np.zeros((1, 9), np.float32), 8000), device="none")
    write_track(tmp_path / "a.wav", ramp(16_000))
    with open_node(Microphone, ctx=NodeContext(tmp_path), device="none", stand_in="a.wav") as microphone:
        assert microphone.stream.note == "No microphone found: playing a.wav instead."
        assert len(list(microphone.frames())) == 2


@pytest.mark.parametrize("code", [Microphone, Loudspeaker])
def test_without_the_package_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, code: Any) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    inputs = [Audio(np.zeros((1, 9), np.float32), 8000)] if code is Loudspeaker else []
    with pytest.raises(NodeError, match="sounddevice, which is not installed") as said:
        run_node(code, *inputs)
    assert "nodeflow[sound]" in said.value.hint


class Listening(NodeContext):
    """A context whose waits let the loudspeaker play, 10 ms at a time."""

    heard: list[np.ndarray]

    def wait(self, seconds: float) -> bool:
        if Stream.opened:
            out = np.empty((80, Stream.opened[-1].settings["channels"]), np.float32)
            Stream.opened[-1].callback(out, 80, None, None)
            self.heard.append(out)
        return super().wait(seconds)


def test_what_is_played_is_heard_whole_and_in_order() -> None:
    ctx = Listening()
    ctx.heard = []
    sound = (np.arange(8000) / 8000).astype(np.float32)
    with open_node(Loudspeaker, ctx=ctx) as speaker:
        for at in range(0, 8000, 1000):
            speaker(Audio(sound[None, at : at + 1000], 8000))
    heard = np.concatenate(ctx.heard)[:, 0]
    np.testing.assert_array_equal(heard[: len(sound)], sound)
    assert Stream.opened[0].closed


def test_stopping_does_not_wait_for_the_end() -> None:
    ctx = Listening()
    ctx.heard = []
    with open_node(Loudspeaker, ctx=ctx) as speaker:
        speaker(Audio(np.zeros((2, 800_000), np.float32), 8000))
        ctx.stop()
    assert len(ctx.heard) <= 1
    assert Stream.opened[0].closed

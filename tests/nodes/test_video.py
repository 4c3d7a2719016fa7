"""The video file source: every frame, in order, once; and whatever a stranger's file may hold."""

from __future__ import annotations

import wave
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodeflow.node import NodeError
from nodeflow.testing.nodes import NodeContext, open_node, run_node
from nodes.io.clip import Clip
from nodes.io.playback import Pace
from nodes.io.video import VideoFile
from tests.nodes.clips import number_in, write_clip

COUNT = 40
RATE = 25


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip(tmp_path_factory.mktemp("clips") / "clip.mp4", COUNT, rate=RATE)


@pytest.mark.parametrize(
    ("name", "codec"), [("a.mp4", "libx264"), ("a.mkv", "libx264"), ("a.ts", "libx264"), ("a.avi", "mpeg4")]
)
def test_every_frame_comes_once_in_order_at_its_time(tmp_path: Path, name: str, codec: str) -> None:
    write_clip(tmp_path / name, COUNT, rate=RATE, codec=codec)
    with open_node(VideoFile, ctx=NodeContext(tmp_path), file=name) as video:
        frames = list(video.frames())
    assert [number_in(image) for _, image in frames] == list(range(COUNT))
    assert [time for time, _ in frames] == pytest.approx([n / RATE for n in range(COUNT)], abs=0.001)


def test_it_says_its_rate_and_how_many_frames_there_are(clip: Path) -> None:
    with open_node(VideoFile, file=str(clip)) as video:
        assert (video.stream.rate, video.stream.frames, video.stream.clock) == (RATE, COUNT, "every")
    with open_node(VideoFile, file=str(clip), start=0.4, end=1.2) as video:
        assert video.stream.frames == len(list(video.frames())) == 20
    with open_node(VideoFile, file=str(clip), loop=True) as video:
        assert video.stream.frames is None


def test_ntsc_rate_is_exact(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "ntsc.mp4", 10, rate=Fraction(30_000, 1001))
    assert Clip(path).rate == 30_000 / 1001


def test_a_varying_rate_keeps_its_times(tmp_path: Path) -> None:
    times = [0.0, 0.04, 0.2, 0.21, 0.9]
    path = write_clip(tmp_path / "vfr.mp4", 5, times=times)
    assert [frame.time for frame in Clip(path).play()] == pytest.approx(times, abs=1e-3)


@settings(max_examples=25)
@given(start=st.integers(0, COUNT - 1), length=st.integers(1, COUNT))
def test_start_and_end_cut_exactly(clip: Path, start: int, length: int) -> None:
    end = min(start + length, COUNT)
    numbers = [number_in(frame.value) for frame in Clip(clip).play(start / RATE, end / RATE)]
    assert numbers == list(range(start, end))


@pytest.mark.parametrize("name", ["a.mkv", "a.ts", "a.avi"])
def test_start_is_exact_in_other_containers(tmp_path: Path, name: str) -> None:
    path = write_clip(tmp_path / name, COUNT, rate=RATE, codec="mpeg4" if name == "a.avi" else "libx264")
    for start in range(0, COUNT, 7):
        assert [number_in(frame.value) for frame in Clip(path).play(start / RATE)] == list(range(start, COUNT))


def test_a_loop_goes_on_without_a_seam(clip: Path) -> None:
    with open_node(VideoFile, file=str(clip), loop=True, start=1.4, end=1.52) as video:
        frames = list(islice(video.frames(), 8))
    assert [number_in(image) for _, image in frames] == [35, 36, 37, 35, 36, 37, 35, 36]
    assert np.diff([time for time, _ in frames]) == pytest.approx(1 / RATE)


def test_a_loop_tells_its_lap_and_can_be_sought_in_it(clip: Path) -> None:
    with open_node(VideoFile, file=str(clip), loop=True, start=1.4, end=1.52) as video:
        assert (video.stream.start, video.stream.lap) == pytest.approx((1.4, 0.12))
        video.seek(1.48)
        frames = list(islice(video.frames(), 5))
        assert [number_in(image) for _, image in frames] == [37, 35, 36, 37, 35], "later laps are whole"
        assert np.diff([time for time, _ in frames]) == pytest.approx(1 / RATE)
        assert frames[0][0] is not None
        assert (frames[0][0] - 1.4) % 0.12 == pytest.approx(0.08)
        video.seek(0.0)
        assert number_in(next(video.frames())[1]) == 35, "what was cut away is not shown"
        video.seek(100.0)
        assert number_in(next(video.frames())[1]) == 35, "behind its end it begins again"
    with open_node(VideoFile, file=str(clip)) as video:
        assert video.stream.lap is None
        video.seek(100.0)
        assert list(video.frames()) == [], "it is over"


@pytest.mark.parametrize("turned", [90, 180, -90])
def test_a_turned_clip_stands_upright_as_other_players_show_it(tmp_path: Path, turned: int) -> None:
    path = write_clip(tmp_path / "turned.mp4", 3, turned=turned)
    (image, *_) = run_node(VideoFile, file=str(path))
    player = cv2.VideoCapture(str(path))
    theirs = player.read()[1][..., ::-1]
    player.release()
    assert image.frame.size == Clip(path).size == (theirs.shape[1], theirs.shape[0])
    assert np.abs(image.array.astype(int) - theirs).mean() < 3


def test_stopping_ends_it(clip: Path) -> None:
    ctx = NodeContext()
    with open_node(VideoFile, ctx=ctx, file=str(clip), loop=True) as video:
        frames = video.frames()
        next(frames)
        ctx.stop()
        assert next(frames, None) is None


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({}, "No video file is chosen"),
        ({"file": "nowhere.mp4"}, "nowhere.mp4"),
        ({"file": "clip.mp4", "start": 2.0, "end": 1.0}, "not after the start"),
        ({"file": "clip.mp4", "start": 100.0}, "1.60 s long"),
    ],
)
def test_wrong_parameters_are_said(clip: Path, params: dict[str, Any], said: str) -> None:
    with pytest.raises(NodeError, match=said) as caught:
        run_node(VideoFile, ctx=NodeContext(clip.parent), **params)
    assert caught.value.hint


def test_a_title_in_another_encoding_is_no_obstacle(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mp4", 3, title="Cafe-title")
    data = path.read_bytes()
    assert data.count(b"Cafe-title") == 1
    path.write_bytes(data.replace(b"Cafe-title", b"Caf\xe9-title"))
    assert len(list(Clip(path).play())) == 3


def _silent_sound(path: Path) -> None:
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16_000))


def test_files_that_are_no_video_are_named(tmp_path: Path, clip: Path) -> None:
    whole = clip.read_bytes()
    hostile = {
        "empty.mp4": b"",
        "words.mp4": b"hello, world\n" * 500,
        "cut.mp4": whole[: len(whole) // 2],
        "head.mp4": whole[:40],
        "playlist.mp4": b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
        "list.mp4": f"ffconcat version 1.0\nfile '{clip}'\n".encode(),
    }
    for name, data in hostile.items():
        (tmp_path / name).write_bytes(data)
    _silent_sound(tmp_path / "sound.mp4")
    for name in [*hostile, "sound.mp4"]:
        with pytest.raises(NodeError, match=name) as caught:
            run_node(VideoFile, ctx=NodeContext(tmp_path), file=name)
        assert caught.value.hint, name


def test_a_damaged_clip_gives_what_is_good_and_says_so(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "fast.mp4", 60, options={"movflags": "+faststart"})
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 3 // 4])
    ctx = NodeContext(tmp_path)
    images = run_node(VideoFile, ctx=ctx, file="fast.mp4")
    assert 0 < len(images) < 60
    assert [number_in(image) for image in images] == list(range(len(images)))
    assert "fast.mp4 is damaged" in ctx.notes[0]
    assert f"{len(images)} frames" in ctx.notes[0]


@settings(max_examples=60)
@given(data=st.data())
def test_no_broken_file_crashes_or_hangs(
    clip: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Cut and garbled clips end: with frames, or with an error that names the file."""
    whole = bytearray(clip.read_bytes())
    for _ in range(data.draw(st.integers(0, 4), label="scratches")):
        at = data.draw(st.integers(0, len(whole) - 1))
        scratch = data.draw(st.binary(min_size=1, max_size=64))
        whole[at : at + len(scratch)] = scratch
    broken = tmp_path_factory.getbasetemp() / "broken.mp4"
    broken.write_bytes(whole[: data.draw(st.integers(0, len(whole)), label="length")])
    try:
        frames = len(run_node(VideoFile, file=str(broken)))
    except NodeError as fault:
        said = fault.message
    else:
        said = "broken.mp4" if 0 < frames <= COUNT else f"{frames} frames"
    assert "broken.mp4" in said


class Clock:
    """A clock that moves only when someone waits, or says so."""

    def __init__(self) -> None:
        self.time = 100.0

    def now(self) -> float:
        return self.time

    def wait(self, seconds: float) -> bool:
        self.time += seconds
        return False


def test_real_time_lets_frames_pass_when_they_are_due() -> None:
    clock = Clock()
    pace = Pace(clock.wait, clock.now)
    passed = []
    for frame in range(5):
        pace.wait_until(frame / 10)
        passed.append(clock.time - 100)
        clock.time += 0.03  # work of the consumer
    assert passed == pytest.approx([0.0, 0.1, 0.2, 0.3, 0.4])


def test_after_a_pause_frames_do_not_hurry() -> None:
    clock = Clock()
    pace = Pace(clock.wait, clock.now)
    pace.wait_until(0.0)
    clock.time += 60.0
    pace.wait_until(0.1)
    before = clock.time
    pace.wait_until(0.2)
    assert clock.time - before == pytest.approx(0.1)


def test_it_is_paced_only_where_someone_watches(clip: Path) -> None:
    for interactive, pace, paced in [(True, "auto", True), (False, "auto", False), (False, "real time", True)]:
        ctx = NodeContext(interactive=interactive)
        run_node(VideoFile, ctx=ctx, file=str(clip), pace=pace)
        assert (ctx.waited > 0) is paced

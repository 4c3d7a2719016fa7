"""The video writer: what it writes, other decoders read; what goes wrong leaves nothing behind."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest

from nodeflow.engine import Edit, Session, Start
from nodeflow.graph import Graph, Node, enclose, expanded
from nodeflow.node import NodeError, Registry, Tick, node
from nodeflow.testing.nodes import NodeContext, open_node, run_node
from nodeflow.values import Image
from nodes.io import movie
from nodes.io.clip import Clip
from nodes.io.track import Track
from nodes.io.video_writer import VideoWriter
from tests.engine.session_parts import until
from tests.nodes.clips import SIZE, number_in, numbered
from tests.nodes.tracks import tone, write_track


def write(
    ctx: NodeContext, count: int, *, rate: float | None = 30.0, times: list[float] | None = None, **params: object
) -> None:
    with open_node(VideoWriter, ctx=ctx, **params) as writer:
        for number in range(count):
            time = times[number] if times else number / (rate or 10)
            writer(Image(numbered(number)), tick=Tick(number, time, rate))


def read_by_opencv(path: Path) -> tuple[list[np.ndarray], float]:
    player = cv2.VideoCapture(str(path))
    frames = []
    while (step := player.read())[0]:
        frames.append(step[1][..., ::-1])
    rate = player.get(cv2.CAP_PROP_FPS)
    player.release()
    return frames, rate


@pytest.mark.parametrize("codec", ["h264", "hevc", "mpeg4"])
def test_another_decoder_reads_every_frame_in_its_size_and_rate(tmp_path: Path, codec: str) -> None:
    write(NodeContext(tmp_path), 20, path="made/clip.mp4", codec=codec)
    frames, rate = read_by_opencv(tmp_path / "made/clip.mp4")
    assert [number_in(frame) for frame in frames] == list(range(20))
    assert frames[0].shape == (SIZE[1], SIZE[0], 3)
    assert rate == pytest.approx(30, rel=1e-6)


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mov", "clip.mkv", "CLIP.MP4"])
def test_containers_by_their_ending(tmp_path: Path, name: str) -> None:
    write(NodeContext(tmp_path), 5, path=name)
    assert len(read_by_opencv(tmp_path / name)[0]) == 5
    assert [place.name for place in tmp_path.iterdir()] == [name]


@pytest.mark.skipif(shutil.which("ffprobe") is None, reason="ffprobe is not installed")
def test_what_the_file_says_of_itself(tmp_path: Path) -> None:
    write(NodeContext(tmp_path), 30, path="clip.mp4", rate=29.97)
    command = ["ffprobe", "-v", "error", "-of", "json", "-show_streams", str(tmp_path / "clip.mp4")]
    (stream,) = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["streams"]
    assert (stream["codec_name"], stream["pix_fmt"], stream["nb_frames"]) == ("h264", "yuv420p", "30")
    assert (stream["avg_frame_rate"], stream["r_frame_rate"]) == ("2997/100", "2997/100")
    assert float(stream["duration"]) == pytest.approx(30 / 29.97, abs=1e-3)
    assert (stream["color_space"], stream["color_range"]) == ("smpte170m", "tv")


def test_colours_survive(tmp_path: Path) -> None:
    colors = np.array(
        [[220, 40, 40], [40, 200, 60], [50, 60, 210], [230, 220, 60], [250, 250, 250], [5, 5, 5]], np.uint8
    )
    picture = np.ascontiguousarray(np.broadcast_to(np.repeat(colors, 16, axis=0), (64, 96, 3)))
    run_node(VideoWriter, Image(picture), ctx=NodeContext(tmp_path), path="clip.mp4", crf=1)
    ours = next(Clip(tmp_path / "clip.mp4").play()).value.array
    theirs = read_by_opencv(tmp_path / "clip.mp4")[0][0]
    middles = np.arange(8, 96, 16)
    assert np.abs(ours[32, middles].astype(int) - colors).max() <= 4
    assert np.abs(theirs[32, middles].astype(int) - colors).max() <= 4


@pytest.mark.parametrize("codec", ["h264", "mpeg4"])
def test_a_varying_rate_keeps_its_times_from_zero(tmp_path: Path, codec: str) -> None:
    times = [5.0, 5.04, 5.5, 5.51, 6.25]
    write(NodeContext(tmp_path), 5, path="clip.mp4", times=times, codec=codec)
    read = [frame.time for frame in Clip(tmp_path / "clip.mp4").play()]
    assert read == pytest.approx([time - 5 for time in times], abs=1e-3)


def test_times_that_stand_still_or_go_back_are_moved_on(tmp_path: Path) -> None:
    write(NodeContext(tmp_path), 4, path="clip.mp4", times=[0.0, 0.1, 0.1, 0.05])
    assert [number_in(frame.value) for frame in Clip(tmp_path / "clip.mp4").play()] == [0, 1, 2, 3]


def test_a_rate_of_ones_own_overrules_the_source(tmp_path: Path) -> None:
    write(NodeContext(tmp_path), 10, path="clip.mp4", times=[n * 3.0 for n in range(10)], rate=None)
    assert Clip(tmp_path / "clip.mp4").seconds == pytest.approx(27, abs=0.1)
    with open_node(VideoWriter, ctx=NodeContext(tmp_path), path="even.mp4", rate=50.0) as writer:
        for number in range(10):
            writer(Image(numbered(number)), tick=Tick(number, number * 3.0))
    clip = Clip(tmp_path / "even.mp4")
    assert clip.rate == 50
    assert [frame.time for frame in clip.play()] == pytest.approx([n / 50 for n in range(10)])


@pytest.mark.parametrize("rate", [0.5, 23.976, 60.0, 119.88, 1000.0, 90_000.0])
@pytest.mark.parametrize("codec", ["h264", "mpeg4"])
def test_any_rate_can_be_written(tmp_path: Path, rate: float, codec: str) -> None:
    write(NodeContext(tmp_path), 5, path="clip.mp4", rate=rate, codec=codec)
    assert [number_in(frame) for frame in read_by_opencv(tmp_path / "clip.mp4")[0]] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("size", [(97, 65), (96, 65), (101, 64)])
def test_odd_sizes_are_padded_and_said(tmp_path: Path, size: tuple[int, int]) -> None:
    ctx = NodeContext(tmp_path)
    run_node(VideoWriter, Image(numbered(77, size)), ctx=ctx, path="clip.mp4", crf=5)
    ((frame, *_), _) = read_by_opencv(tmp_path / "clip.mp4")
    width, height = size[0] + size[0] % 2, size[1] + size[1] % 2
    assert frame.shape == (height, width, 3)
    assert number_in(frame) == 77
    assert np.abs(frame[-1].astype(int) - frame[-2]).max() < 12
    assert f"{size[0]}x{size[1]} is written as {width}x{height}" in ctx.notes[0]


def test_a_crop_of_a_larger_picture_is_written(tmp_path: Path) -> None:
    large = Image(np.zeros((200, 300, 3), np.uint8))
    run_node(VideoWriter, large.cropped(10, 10, 96, 64), ctx=NodeContext(tmp_path), path="clip.mp4")
    assert read_by_opencv(tmp_path / "clip.mp4")[0][0].shape == (64, 96, 3)


def test_nothing_written_leaves_nothing(tmp_path: Path) -> None:
    with open_node(VideoWriter, ctx=NodeContext(tmp_path), path="clip.mp4"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_change_of_size_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    with open_node(VideoWriter, ctx=NodeContext(tmp_path), path="clip.mp4") as writer:
        writer(Image(numbered(0)))
        with pytest.raises(NodeError, match="from 96x64 to 96x66"):
            writer(Image(numbered(1, (96, 66))))
        with pytest.raises(NodeError, match=r"given up: .* 96x66"):
            writer(Image(numbered(2)))
    assert list(tmp_path.iterdir()) == []


def test_what_stood_there_stays_until_the_new_file_is_whole(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"older")
    with open_node(VideoWriter, ctx=NodeContext(tmp_path), path="clip.mp4") as writer:
        writer(Image(numbered(0)))
        assert (tmp_path / "clip.mp4").read_bytes() == b"older"
    assert len(read_by_opencv(tmp_path / "clip.mp4")[0]) == 1


def test_where_nothing_can_be_written_it_says_so_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for path, said in [("file/clip.mp4", "file"), ("clip.xyz", "does not end like a video"), ("clip", "End it with")]:
        with pytest.raises(NodeError) as caught, open_node(VideoWriter, ctx=NodeContext(tmp_path), path=path):
            pass
        assert said in f"{caught.value.message} {caught.value.hint}"
        assert caught.value.hint


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file may grow beyond `size` bytes in here, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("room", [0, 2000, 60_000])
def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path, room: int) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (40, 64, 96, 3)).astype(np.uint8)

    def attempt() -> None:
        with open_node(VideoWriter, ctx=NodeContext(tmp_path), path="clip.mp4", crf=0, codec="mpeg4") as writer:
            for picture in noise:
                writer(Image(picture))

    with room_for(room), pytest.raises(NodeError, match=r"disk is full: .*clip\.mp4"):
        attempt()
    assert list(tmp_path.iterdir()) == []


def test_mpeg4_stands_in_where_h264_is_not_built_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(movie._ENCODERS, "h264", "not-built-in")
    ctx = NodeContext(tmp_path)
    write(ctx, 3, path="clip.mp4")
    assert len(read_by_opencv(tmp_path / "clip.mp4")[0]) == 3
    assert "h264 cannot be written here" in ctx.notes[0]


def test_the_sound_of_a_file_lies_beside_the_pictures(tmp_path: Path) -> None:
    """A tone that grows higher every second tells whether what is heard belongs to what is seen."""
    rate = 44_100
    sound = np.concatenate([tone(rate, 1.0, 300.0 * step) for step in (1, 2, 3, 4)])
    write_track(tmp_path / "sound.wav", (sound[None] * 32767).astype(np.int16), rate)
    times = [1.0 + number / 10 for number in range(20)]  # the second and third second of the source
    write(NodeContext(tmp_path), 20, rate=10.0, times=times, path="clip.mp4", sound="sound.wav")
    assert [number_in(frame) for frame in read_by_opencv(tmp_path / "clip.mp4")[0]] == list(range(20))
    heard = np.concatenate(list(Track(tmp_path / "clip.mp4").blocks()), axis=1)[0]
    assert len(heard) == pytest.approx(2 * rate, abs=2100)
    for second, high in ((0, 600), (1, 900)):
        part = heard[second * rate + 8000 : second * rate + 30_000]
        assert np.abs(np.fft.rfft(part)).argmax() * rate / len(part) == pytest.approx(high, abs=3)


def test_sound_that_ends_early_or_cannot_be_used_costs_no_picture(tmp_path: Path) -> None:
    write_track(tmp_path / "short.wav", np.zeros((2, 4000), np.int16), 8000)
    ctx = NodeContext(tmp_path)
    write(ctx, 20, rate=10.0, path="clip.mkv", sound="short.wav")
    assert len(read_by_opencv(tmp_path / "clip.mkv")[0]) == 20
    with open_node(VideoWriter, ctx=ctx, path="other.mp4", sound="short.wav", rate=5.0) as writer:
        for number in range(5):
            writer(Image(numbered(number)))
    assert "without sound" in ctx.notes[-1]
    assert len(read_by_opencv(tmp_path / "other.mp4")[0]) == 5
    (tmp_path / "words.txt").write_text("words")
    with pytest.raises(NodeError, match="holds no sound"):
        write(ctx, 5, path="third.mp4", sound="words.txt")


def test_it_writes_on_when_it_is_put_into_a_subgraph_and_taken_out(tmp_path: Path) -> None:
    halfway, go_on = threading.Event(), threading.Event()

    @node("test.pictures", category="Test")
    def pictures() -> Iterator[Image]:
        """Numbered pictures."""
        for number in range(20):
            if number == 10:
                halfway.set()
                assert go_on.wait(60)
            yield Image(numbered(number))

    def taken_up(session: Session, revision: int) -> bool:
        return session.snapshot().revision == revision

    registry = Registry.of(pictures, VideoWriter)
    graph, source = Graph().add(Node("test.pictures"))
    graph, writer = graph.add(Node("io.video_writer", params={"path": "clip.mp4"}))
    graph = graph.connect(f"{source}.image -> {writer}.image")
    packed, use = enclose(graph, [writer])
    with Session(graph, registry, folder=tmp_path) as session:
        session.send(Start())
        assert halfway.wait(60)
        for revision, drawn in enumerate((packed, expanded(packed, use)[0], packed), 2):
            session.send(Edit(drawn))
            until(partial(taken_up, session, revision))
        go_on.set()
        end = session.wait(60)
        assert (end.state, end.nodes[f"{use}/{writer}"].runs) == ("finished", 20)
    frames, _ = read_by_opencv(tmp_path / "clip.mp4")
    assert [number_in(frame) for frame in frames] == list(range(20))
    assert [place.name for place in tmp_path.iterdir()] == ["clip.mp4"]

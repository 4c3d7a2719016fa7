"""The camera source. A clip opened through OpenCV stands for a camera: it gives pictures, then is pulled out."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from nodeflow.node import NodeError, RetryLater
from nodeflow.testing.nodes import NodeContext, open_node, run_node
from nodes.io import cameras as module
from nodes.io.camera import Camera
from nodes.io.cameras import CameraMissing, cameras
from tests.nodes.clips import SIZE, number_in, write_clip


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip(tmp_path_factory.mktemp("clips") / "clip.mp4", 10)


@pytest.fixture
def no_cameras(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SYSTEM", "Linux")
    monkeypatch.setattr(module, "cameras", lambda: cameras(tmp_path))
    monkeypatch.setattr(module, "_device_file", lambda device: tmp_path / f"video{device}")


def test_pictures_come_live_with_rising_times(clip: Path) -> None:
    with open_node(Camera, device=str(clip)) as camera:
        assert camera.stream.rate == 30
        assert f"{SIZE[0]}x{SIZE[1]} at 30 fps" in camera.stream.note
        frames = list(islice(camera.frames(), 5))
    assert [number_in(image) for _, image in frames] == [1, 2, 3, 4, 5]  # the first one proved that the camera works
    times = [time for time, _ in frames if time is not None]
    assert (times[0], len(times)) == (0.0, 5)
    assert times == sorted(times)


def test_a_camera_that_is_pulled_out_is_tried_again(clip: Path) -> None:
    with open_node(Camera, device=str(clip)) as camera, pytest.raises(RetryLater, match="stopped giving pictures"):
        list(camera.frames())


def test_stopping_ends_it(clip: Path) -> None:
    ctx = NodeContext()
    with open_node(Camera, ctx=ctx, device=str(clip)) as camera:
        frames = camera.frames()
        next(frames)
        ctx.stop()
        assert next(frames, None) is None


@pytest.mark.usefixtures("no_cameras")
def test_a_picture_may_stand_in_for_a_missing_camera(tmp_path: Path) -> None:
    picture = np.zeros((24, 32, 3), np.uint8)
    picture[:, 16:] = (30, 200, 90)
    cv2.imwrite(str(tmp_path / "hands.png"), picture)
    ctx = NodeContext(tmp_path, interactive=True)
    with open_node(Camera, ctx=ctx, device="3", stand_in="hands.png") as camera:
        frames = list(islice(camera.frames(), 3))
        assert "playing hands.png instead" in camera.stream.note
    assert all(np.abs(image.array.astype(int) - picture[..., ::-1]).max() <= 2 for _, image in frames)
    assert np.diff([time for time, _ in frames]).min() > 0, "again and again, as a camera gives pictures"


@pytest.mark.usefixtures("no_cameras")
def test_a_missing_camera_is_said_and_tried_again(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CameraMissing, match="Camera 3 is missing") as caught:
        run_node(Camera, device="3")
    assert caught.value.hint == "Plug one in, or choose a clip as its stand in, in the inspector."
    assert caught.value.seconds > 0
    assert capfd.readouterr().err == ""


@pytest.mark.usefixtures("no_cameras")
def test_other_cameras_are_named(tmp_path: Path) -> None:
    for number, index, name in [(0, 0, "Good Cam"), (1, 1, "Good Cam"), (2, 0, "Other Cam")]:
        place = tmp_path / f"video{number}"
        place.mkdir()
        (place / "name").write_text(f"{name}\n")
        (place / "index").write_text(f"{index}\n")
    assert cameras(tmp_path) == {"0": "Good Cam", "2": "Other Cam"}
    with pytest.raises(RetryLater) as caught:
        run_node(Camera, device="9")
    assert "0 (Good Cam) or 2 (Other Cam)" in caught.value.hint


@pytest.mark.usefixtures("no_cameras")
def test_a_busy_camera_is_told_from_a_missing_one(
    tmp_path: Path, clip: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "video97").touch()  # the device is there, and does not open
    with pytest.raises(RetryLater, match="another program") as caught:
        run_node(Camera, ctx=NodeContext(clip.parent), device="97", stand_in=clip.name)
    assert not isinstance(caught.value, CameraMissing)
    assert "stand in" not in caught.value.hint, "where a camera is busy, none plays"
    assert capfd.readouterr().err == ""


@pytest.mark.usefixtures("no_cameras")
def test_a_clip_stands_in_once_where_the_run_is_to_end(clip: Path) -> None:
    with open_node(Camera, ctx=NodeContext(clip.parent), stand_in=clip.name) as camera:
        assert "No camera found: playing clip.mp4" in camera.stream.note
        assert (camera.stream.clock, camera.stream.rate, camera.stream.frames) == ("every", 30, 10)
        assert [number_in(image) for _, image in camera.frames()] == list(range(10))


@pytest.mark.usefixtures("no_cameras")
def test_a_clip_stands_in_for_ever_and_in_real_time_where_someone_watches(clip: Path) -> None:
    ctx = NodeContext(clip.parent, interactive=True)
    with open_node(Camera, ctx=ctx, stand_in=clip.name) as camera:
        assert camera.stream.frames is None
        assert [number_in(image) for _, image in islice(camera.frames(), 12)] == [*range(10), 0, 1]
    assert ctx.waited > 0


@pytest.mark.usefixtures("no_cameras")
def test_a_missing_stand_in_is_an_error_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(NodeError, match=r"nowhere\.mp4") as caught:
        run_node(Camera, ctx=NodeContext(tmp_path), stand_in="nowhere.mp4")
    assert not isinstance(caught.value, RetryLater)

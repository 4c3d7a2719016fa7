"""Where pictures live, and how often they are copied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch

from nodeflow.values import Image, copies
from nodeflow.values.device import Placed, download, upload

CUDA = "cuda:0"
gpu = [pytest.mark.gpu, pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA GPU")]


def picture(width: int = 64, height: int = 48) -> Image:
    return Image(np.random.default_rng(0).integers(0, 256, (height, width, 3)).astype(np.uint8))


def test_an_image_says_where_it_lives() -> None:
    image = picture()
    assert image.device is None
    image.tensor()
    assert image.device is None
    assert Image.from_tensor(image.tensor()).device == "cpu"


def test_an_upload_is_a_copy() -> None:
    array = np.arange(6, dtype=np.uint8).reshape(2, 3)
    tensor = upload(array, "cpu")
    array[:] = 0
    assert tensor.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_downloads_come_in_order() -> None:
    assert [a.tolist() for a in download(torch.zeros(1), torch.ones(2))] == [[0], [1, 1]]
    assert download() == []


def test_a_placed_tensor_on_the_cpu_is_just_that() -> None:
    tensor = torch.zeros((2, 3))
    assert Placed(tensor).here() is tensor
    assert Placed(tensor).bytes == 24


def test_the_copies_of_all_images_are_counted() -> None:
    before = copies()
    image = Image.from_tensor(picture().tensor())
    for _ in range(3):
        image.array  # noqa: B018
    after = copies()
    assert (after.uploads - before.uploads, after.downloads - before.downloads) == (0, 1)


class TestOnAGpu:
    pytestmark = gpu

    def test_one_upload_serves_all_and_one_download_comes_back(self) -> None:
        image = picture()
        before = copies()
        tensor = image.tensor(CUDA)
        assert image.tensor(CUDA) is tensor
        back = Image.from_tensor(255 - tensor, image.frame)
        np.testing.assert_array_equal(back.array, 255 - image.array)
        assert back.array is back.array
        assert (image.uploads, image.downloads, back.uploads, back.downloads) == (1, 0, 0, 1)
        assert copies() == (before.uploads + 1, before.downloads + 1)

    def test_a_reader_on_another_stream_sees_finished_pixels(self) -> None:
        making, reading = torch.cuda.Stream(CUDA), torch.cuda.Stream(CUDA)
        for round_ in range(20):
            with torch.cuda.stream(making):
                busy = torch.ones((3, 1080, 1920), dtype=torch.float32, device=CUDA)
                for _ in range(50):
                    busy = busy * 1.0
                image = Image.from_tensor((busy * (round_ + 1)).to(torch.uint8))
            with torch.cuda.stream(reading):
                seen = image.tensor(CUDA).float().mean()
            del busy, image  # its memory may be used again at once, but not before it was read
            with torch.cuda.stream(making):
                torch.zeros((3, 1080, 1920), dtype=torch.uint8, device=CUDA)
            reading.synchronize()
            assert seen.item() == pytest.approx(round_ + 1)

    def test_the_host_waits_for_nothing_but_the_download(self) -> None:
        image = picture(640, 480)
        image.resized(10, 10)
        one, other = torch.cuda.Stream(CUDA), torch.cuda.Stream(CUDA)
        torch.cuda.set_sync_debug_mode("error")
        try:
            with torch.cuda.stream(one):
                small = Image.from_tensor(image.tensor(CUDA), image.frame).resized(320, 240)
            with torch.cuda.stream(other):
                turned = small.warped((0.9, -0.1, 3.0, 0.1, 0.9, 4.0), 200, 100).cropped(1, 2, 50, 60)
        finally:
            torch.cuda.set_sync_debug_mode("default")
        host = image.resized(320, 240).warped((0.9, -0.1, 3.0, 0.1, 0.9, 4.0), 200, 100).cropped(1, 2, 50, 60)
        assert np.abs(turned.array.astype(int) - host.array).max() <= 2
        assert (image.uploads, small.downloads, turned.downloads) == (1, 0, 1)


class Stream:
    """Stands in for a CUDA stream: writes down what is queued."""

    def __init__(self, name: str, log: list[str]) -> None:
        self.name, self.log = name, log

    def record_event(self) -> str:
        self.log.append(f"{self.name} marks")
        return f"mark of {self.name}"

    def wait_event(self, event: str) -> None:
        self.log.append(f"{self.name} waits for {event}")


class Tensor:
    """Stands in for a tensor on a GPU."""

    is_cuda, device = True, CUDA

    def __init__(self, log: list[str]) -> None:
        self.log = log

    def record_stream(self, stream: Stream) -> None:
        self.log.append(f"kept for {stream.name}")


def test_a_reader_waits_on_its_stream_and_the_maker_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    log: list[str] = []
    maker, reader = Stream("maker", log), Stream("reader", log)
    current = [maker]
    monkeypatch.setattr(torch.cuda, "current_stream", lambda device: current[0])
    tensor: Any = Tensor(log)
    placed = Placed(tensor)
    assert placed.here() is tensor
    assert log == ["maker marks"]
    current[0] = reader
    assert placed.here() is tensor
    assert log == ["maker marks", "reader waits for mark of maker", "kept for reader"]


def test_what_is_downloaded_is_in_ordinary_memory_and_copied_when_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is page-locked is a stand-in, for there is none without a GPU."""
    staged: list[torch.Tensor] = []
    log: list[str] = []

    class There(torch.Tensor):
        is_cuda = True

    class Current:
        def synchronize(self) -> None:
            log.append("waited")
            for each in staged:
                each += 1  # only now is there what was asked for

    empty = torch.empty

    def lock(shape: Sequence[int], *, dtype: torch.dtype, pin_memory: bool) -> torch.Tensor:
        assert pin_memory
        staged.append(empty(shape, dtype=dtype))
        return staged[-1]

    monkeypatch.setattr(torch, "empty", lock)
    now = Current()
    monkeypatch.setattr(torch.cuda, "current_stream", lambda device: now)
    found = download(torch.zeros(3).as_subclass(There), torch.ones(2), torch.ones(1).as_subclass(There))
    assert [array.tolist() for array in found] == [[1, 1, 1], [1, 1], [2]]
    assert (len(staged), log) == (2, ["waited"])
    for each in staged:
        each += 5
    assert [array.tolist() for array in found] == [[1, 1, 1], [1, 1], [2]], "it is still the page-locked memory"

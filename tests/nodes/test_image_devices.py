"""The image nodes on pictures that live on a device: the same pictures, and none comes to the host on the way.

Torch on the CPU stands in for a device where there is no GPU.
"""

from __future__ import annotations

import numpy as np
import pytest

from nodeflow.testing.nodes import NodeContext, open_node, run_node
from nodeflow.values import Image, copies
from nodes.image.basics import blur, flip, resize
from nodes.image.blend import blend
from nodes.image.shape import crop, rotate
from nodes.image.to_device import ToDevice
from nodes.image.tone import tone

torch = pytest.importorskip("torch")

CUDA = "cuda:0"
on_gpu = [pytest.mark.gpu, pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA GPU")]
each_device = pytest.mark.parametrize("device", ["cpu", pytest.param(CUDA, marks=on_gpu)])


def random(width: int = 60, height: int = 44, seed: int = 0) -> Image:
    return Image(np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.uint8))


def held_to(device: str, tolerance: int, host: Image, there: Image) -> None:
    assert host.device is None
    assert there.device == device
    assert there.downloads == 0
    assert there.frame == host.frame
    assert np.abs(there.array.astype(int) - host.array).max() <= tolerance


@each_device
@pytest.mark.parametrize("direction", ["mirror", "upside down", "both"])
def test_flip(device: str, direction: str) -> None:
    image = random()
    held_to(device, 0, *(run_node(flip, each, direction=direction) for each in (image, image.on(device))))


@each_device
@pytest.mark.parametrize("turn", ["right", "left", "half"])
def test_rotate(device: str, turn: str) -> None:
    image = random()
    held_to(device, 0, *(run_node(rotate, each, turn=turn) for each in (image, image.on(device))))


@each_device
def test_crop(device: str) -> None:
    image = random()
    held_to(device, 0, *(run_node(crop, each, left=10.0, bottom=33.0) for each in (image, image.on(device))))


@each_device
@pytest.mark.parametrize("saturation", [0.0, 1.0, 2.5])
def test_tone(device: str, saturation: float) -> None:
    def toned(image: Image) -> Image:
        return run_node(tone, image, brightness=0.1, contrast=1.4, saturation=saturation)

    image = random()
    held_to(device, 1, toned(image), toned(image.on(device)))


@each_device
@pytest.mark.parametrize("width", [20, 37, 120])
def test_resize(device: str, width: int) -> None:
    image = random()
    held_to(device, 1, *(run_node(resize, each, width=width) for each in (image, image.on(device))))


@each_device
@pytest.mark.parametrize("radius", [0.5, 2.0, 5.0])
def test_blur(device: str, radius: float) -> None:
    image = random()
    held_to(device, 2, *(run_node(blur, each, radius=radius) for each in (image, image.on(device))))


@each_device
@pytest.mark.parametrize("mode", ["mix", "add", "multiply", "screen", "difference"])
@pytest.mark.parametrize("opacity", [0.0, 0.3, 1.0])
def test_blend(device: str, mode: str, opacity: float) -> None:
    image, over = random(), random(seed=1)
    host = run_node(blend, image, over, mode=mode, opacity=opacity)
    held_to(device, 1, host, run_node(blend, image.on(device), over.on(device), mode=mode, opacity=opacity))


@each_device
def test_blend_with_a_picture_from_the_host_of_another_size(device: str) -> None:
    image, over = random(), random(30, 22, 1)
    held_to(device, 1, run_node(blend, image, over), run_node(blend, image.on(device), over))
    assert run_node(blend, image, over.on(device)).device is None


def test_without_a_gpu_a_picture_stays_where_it_is() -> None:
    ctx = NodeContext(device="cpu")
    with open_node(ToDevice, ctx=ctx) as to_device:
        image = random()
        assert to_device(image) is image
    assert ctx.providers == ["cpu"]


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA GPU")
def test_between_two_gpu_nodes_nothing_waits_and_nothing_is_copied() -> None:
    """I20: each node on a stream of its own; the host queues and goes on; one upload and one download a frame."""
    streams = [torch.cuda.Stream(CUDA) for _ in range(4)]

    def graph(image: Image) -> Image:
        with torch.cuda.stream(streams[0]):
            small = run_node(resize, image, width=320)
        with torch.cuda.stream(streams[1]):
            soft = run_node(blur, small, radius=3.0)
        with torch.cuda.stream(streams[2]):
            turned = run_node(flip, small)
        with torch.cuda.stream(streams[3]):
            return run_node(blend, soft, turned, mode="screen")

    frames = [random(640, 480, seed) for seed in range(10)]
    expected = [graph(frame) for frame in frames]
    assert all(each.device is None for each in expected)
    graph(frames[0].on(CUDA)).array  # noqa: B018  (the first time, libraries load)
    before = copies()
    with open_node(ToDevice, ctx=NodeContext(device=CUDA)) as to_device:
        for frame, wanted in zip((Image(each.array) for each in frames), expected, strict=True):
            there = to_device(frame)
            torch.cuda.set_sync_debug_mode("error")
            try:
                made = graph(there)
            finally:
                torch.cuda.set_sync_debug_mode("default")
            assert made.device == CUDA
            assert np.abs(made.array.astype(int) - wanted.array).max() <= 4
    after = copies()
    assert (after.uploads - before.uploads, after.downloads - before.downloads) == (10, 10)

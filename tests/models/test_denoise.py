"""FFDNet: beside torch's layers, from weights to node, in tiles, and what it does to noise that was added."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nodeflow.models import BadModel, open_task
from nodeflow.models.importers import ImportFailed, to_onnx
from nodeflow.testing.nodes import open_node, run_node
from nodeflow.values import Image
from nodes.image.noise import grain, noise_in
from nodes.transform.retouch import Denoise

from .small_nets import OPEN, nothing, picture_net
from .stand_in import StandIn

torch = pytest.importorskip("torch")
nn = torch.nn

PICTURE = Image(np.random.default_rng(0).integers(0, 256, (61, 90, 3)).astype(np.uint8))


def ffdnet(wide: int = 8, layers: int = 4) -> Any:
    """The authors' layers; `PixelUnshuffle` and `PixelShuffle` lie outside of what their file holds."""
    torch.manual_seed(0)
    parts: list[Any] = [nn.Conv2d(13, wide, 3, padding=1), nn.ReLU()]
    for _ in range(layers - 2):
        parts += [nn.Conv2d(wide, wide, 3, padding=1), nn.ReLU()]
    net = nn.Module()
    net.model = nn.Sequential(*parts, nn.Conv2d(wide, 12, 3, padding=1))
    return net


def cleaned(net: Any, image: Image, noise: float) -> np.ndarray:
    levels = torch.from_numpy(image.array.transpose(2, 0, 1)[None].astype(np.float32) / 255)
    high, wide = levels.shape[2:]
    with torch.no_grad():
        small = nn.functional.pixel_unshuffle(nn.ReplicationPad2d((0, wide % 2, 0, high % 2))(levels), 2)
        plane = torch.full_like(small[:, :1], noise / 255)
        made = nn.functional.pixel_shuffle(net.model(torch.cat((small, plane), 1)), 2)
    return np.clip(made[0, :, :high, :wide].numpy().transpose(1, 2, 0), 0, 1) * 255


def saved(weights: dict[str, Any]) -> bytes:
    torch.save(weights, out := io.BytesIO())
    return out.getvalue()


def test_it_gives_what_torch_gives_from_weights_to_node(stand_in: StandIn) -> None:
    """In pictures whose sides are odd, too, and made in tiles: their edges are those of no tile."""
    net = ffdnet()
    stand_in("ffdnet", denoiser=saved(net.state_dict()), pipeline={"tile": 128, "overlap": 32})
    large = Image(np.tile(PICTURE.array, (4, 3, 1))[:199, :251])
    with open_node(Denoise) as denoise:
        for image, noise in ((PICTURE, 20.0), (large, 60.0), (PICTURE, 75.0)):
            made, told = denoise(image, noise=noise)
            np.testing.assert_allclose(made.array, cleaned(net, image, noise), atol=0.6)
            assert (made.frame, told.value) == (image.frame, noise)
        measured = noise_in(PICTURE.array)
        made, told = denoise(PICTURE, noise=0)
        np.testing.assert_allclose(made.array, cleaned(net, PICTURE, min(75.0, measured)), atol=0.6)
        assert told.value == pytest.approx(measured)
        half, _ = denoise(PICTURE, strength=0.5)
        np.testing.assert_allclose(half.array, (made.array.astype(float) + PICTURE.array) / 2, atol=1.1)
        assert denoise(PICTURE, strength=0)[0] is PICTURE


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    good = dict(ffdnet().state_dict())

    def fails(says: str, weights: dict[str, Any]) -> None:
        (tmp_path / "w.pth").write_bytes(saved(weights))
        with pytest.raises(ImportFailed, match=says):
            to_onnx(tmp_path / "w.pth", architecture="ffdnet", dest=tmp_path / "w.onnx")
        assert not (tmp_path / "w.onnx").exists()

    fails("there is no 'model.0.weight'", {})
    fails("1 layers", {name: value for name, value in good.items() if name.startswith("model.0.")})
    fails("more than 40 layers", good | {f"model.{2 * n}.weight": torch.zeros(1) for n in range(4, 90)})
    fails(r"'model.0.weight' has the shape \(8, 5, 3, 3\)", {**good, "model.0.weight": torch.zeros(8, 5, 3, 3)})
    fails("'extra' belongs to no part", {**good, "extra": torch.zeros(2)})


def test_a_network_that_is_not_told_the_noise_is_refused(stand_in: StandIn) -> None:
    stand_in("nafnet-deblur", retouch=picture_net(OPEN, nothing))
    from nodeflow.models.pipelines.whole import Denoise as Settings
    from nodeflow.models.transform.denoise import Denoise as Model

    network = open_task("deblur", "nafnet-deblur")._network
    with pytest.raises(BadModel, match="takes image"):
        Model(network, Settings(kind="denoise"))


@pytest.mark.weights
@pytest.mark.parametrize(("strength", "least"), [(10, 36.0), (25, 30.9), (50, 25.5)])
def test_noise_that_was_added_goes_and_the_picture_stays(strength: int, least: float, photo: Image) -> None:
    """In decibels: the authors' own figure is 31.2 for 68 photographs with noise of 25 levels."""
    noisy = run_node(grain, photo, strength=strength)
    with open_node(Denoise) as denoise:
        told, _ = denoise(noisy, noise=strength)
        measured, _ = denoise(noisy, noise=0)
        untouched, _ = denoise(photo, noise=0)
    assert decibels(noisy, photo) < least - 7
    assert decibels(told, photo) > least
    assert decibels(measured, photo) > least - 0.3
    assert decibels(untouched, photo) > 40, "what has no noise stays as it is"


def decibels(one: Image, other: Image) -> float:
    return float(10 * np.log10(255**2 / np.mean((one.array.astype(float) - other.array) ** 2)))


@pytest.fixture(scope="module")
def photo() -> Image:
    import cv2

    from nodeflow.models import library

    return Image.from_bgr(np.asarray(cv2.imread(str(library().asset("astronaut"))))[:400, :450])

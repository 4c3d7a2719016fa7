"""Networks that are built around authors' own weights of pictures made of pictures: each beside torch's layers, on
weights at random, from the file to the node."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from nodeflow.models import Library, library, open_task
from nodeflow.models.card_files import BUILT_IN
from nodeflow.models.importers import ImportFailed, to_onnx
from nodeflow.models.runtime import OnnxModel
from nodeflow.testing.nodes import open_node, run_node
from nodeflow.values import Image
from nodes.io.image import read_image
from nodes.transform.repaint import Translate
from nodes.transform.retouch import LightUp

from .stand_in import StandIn

pytestmark = pytest.mark.usefixtures("converted_here")

PICTURE = Image(np.random.default_rng(0).integers(0, 256, (300, 400, 3)).astype(np.uint8))


class Level(nn.Module):
    """One level of the authors' U, and in it the next: the same layers in the same places, without dropout."""

    def __init__(self, channels: list[int]) -> None:
        super().__init__()
        outer, inner, *deeper = channels
        self.first, last = outer == 3, not deeper
        given = inner if last else 2 * inner
        down = nn.Conv2d(outer, inner, 4, 2, 1, bias=False)
        up = nn.ConvTranspose2d(given, outer, 4, 2, 1, bias=self.first)
        within = [] if last else [Level(channels[1:])]
        if self.first:
            layers = [down, *within, nn.ReLU(), up, nn.Tanh()]
        else:
            normal = [] if last else [nn.BatchNorm2d(inner)]
            layers = [nn.LeakyReLU(0.2, True), down, *normal, *within, nn.ReLU(True), up, nn.BatchNorm2d(outer)]
        self.model = nn.Sequential(*layers)

    def forward(self, x: Any) -> Any:
        return self.model(x) if self.first else torch.cat([x, self.model(x)], 1)


class Block(nn.Module):
    def __init__(self, channels: int, name: str = "conv_block", normal: Any = nn.InstanceNorm2d) -> None:
        super().__init__()

        def half() -> list[nn.Module]:
            return [nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3), normal(channels)]

        self.name = name
        self.add_module(name, nn.Sequential(*half(), nn.ReLU(True), *half()))

    def forward(self, x: Any) -> Any:
        return x + getattr(self, self.name)(x)


class Wrapped(nn.Module):
    """The authors keep a generator's layers in one part, `model`."""

    def __init__(self, *layers: Any) -> None:
        super().__init__()
        self.model = layers[0] if len(layers) == 1 else nn.Sequential(*layers)

    def forward(self, x: Any) -> Any:
        return self.model(x)


def unet(wide: int = 4) -> Any:
    return shaken(Wrapped(Level([3, *(wide * times for times in (1, 2, 4, 8, 8, 8, 8, 8))])))


def resnet(wide: int = 4, block: str = "conv_block", normal: Any = nn.InstanceNorm2d) -> Any:
    layers = [nn.ReflectionPad2d(3), nn.Conv2d(3, wide, 7), normal(wide), nn.ReLU(True)]
    for times in (1, 2):
        layers += [nn.Conv2d(times * wide, 2 * times * wide, 3, 2, 1), normal(2 * times * wide), nn.ReLU(True)]
    layers += [Block(4 * wide, block, normal) for _ in range(9)]
    for times in (4, 2):
        layers += [
            nn.ConvTranspose2d(times * wide, times * wide // 2, 3, 2, 1, 1),
            normal(times * wide // 2),
            nn.ReLU(True),
        ]
    return shaken(Wrapped(*layers, nn.ReflectionPad2d(3), nn.Conv2d(wide, 3, 7), nn.Tanh()))


def vintage(wide: int = 4) -> Any:
    """As the authors of vintagify wrote it."""
    return resnet(wide, "block", lambda channels: nn.InstanceNorm2d(channels, affine=True))


class Sci(nn.Module):
    """What SCI's file holds: the part that is used, one layer of it under two names, and one that only trained."""

    enhance: Any
    calibrate: Any

    def __init__(self) -> None:
        super().__init__()
        self.enhance, self.calibrate = nn.Module(), nn.Module()
        self.enhance.in_conv = nn.Sequential(nn.Conv2d(3, 3, 3, padding=1), nn.ReLU())
        self.enhance.conv = nn.Sequential(nn.Conv2d(3, 3, 3, padding=1), nn.BatchNorm2d(3), nn.ReLU())
        self.enhance.blocks = nn.ModuleList([self.enhance.conv])
        self.enhance.out_conv = nn.Sequential(nn.Conv2d(3, 3, 3, padding=1), nn.Sigmoid())
        self.calibrate.in_conv = nn.Sequential(nn.Conv2d(3, 16, 3, padding=1), nn.BatchNorm2d(16))

    def forward(self, x: Any) -> Any:
        seen = self.enhance.in_conv(x)
        light = self.enhance.out_conv(seen + self.enhance.conv(seen)) + x
        return torch.clamp(x / torch.clamp(light, 0.0001, 1), 0, 1)


class ZeroDce(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        for number in range(1, 8):
            given, made = {1: 3, 5: 64, 6: 64, 7: 64}.get(number, 32), 24 if number == 7 else 32
            self.add_module(f"e_conv{number}", nn.Conv2d(given, made, 3, padding=1))

    def forward(self, x: Any) -> Any:
        def conv(number: int, *given: torch.Tensor) -> torch.Tensor:
            return getattr(self, f"e_conv{number}")(torch.cat(given, 1))

        one = torch.relu(conv(1, x))
        two = torch.relu(conv(2, one))
        three = torch.relu(conv(3, two))
        five = torch.relu(conv(5, three, torch.relu(conv(4, three))))
        six = torch.relu(conv(6, two, five))
        for curve in torch.split(torch.tanh(conv(7, one, six)), 3, dim=1):
            x = x + curve * (x**2 - x)
        return x


def shaken(net: Any) -> Any:
    """With numbers at random everywhere, also where training begins with zeros and ones."""
    torch.manual_seed(0)
    with torch.no_grad():
        for name, value in net.state_dict().items():
            if value.is_floating_point():
                value.normal_(1 if name.endswith("running_var") else 0, 0.15).abs_()
                if not name.endswith("running_var"):
                    value.mul_(torch.randint(0, 2, value.shape) * 2 - 1)
    return net


def saved(weights: dict[str, Any]) -> bytes:
    torch.save(weights, out := io.BytesIO())
    return out.getvalue()


def made_by(net: Any, image: Image, darkest: int) -> np.ndarray:
    """The network's picture of `image`, as levels of 0 to 255."""
    levels = image.array.transpose(2, 0, 1)[None].astype(np.float32) / 255
    with torch.no_grad():
        made = net(torch.from_numpy(levels * (1 - darkest) + darkest))[0].numpy().transpose(1, 2, 0)
    return np.clip((made - darkest) / (1 - darkest), 0, 1) * 255


TRANSLATORS = {
    "pix2pix-facades": ("pix2pix-map2sat", "pix2pix-sat2map", "pix2pix-day2night"),
    "cyclegan-streets": ("cyclegan-street-plans", "cyclegan-horse2zebra"),
}
LIGHTS = {"sci-difficult": ("sci-medium", "sci-easy"), "zero-dce": ()}
"""Cards that are run here, and those that differ from them in nothing but the file."""


@pytest.mark.parametrize(("card", "network"), [("pix2pix-facades", unet), ("cyclegan-streets", resnet)])
def test_translators_give_what_torch_gives_from_weights_to_node(card: str, network: Any, stand_in: StandIn) -> None:
    net = network().train()  # as the authors run it: normalised by the picture at hand
    wanted = made_by(net, PICTURE.resized(256, 256), -1)
    stand_in(card, painter=saved(net.state_dict()))
    made = run_node(Translate, PICTURE, model=card)
    assert made.frame == PICTURE.frame.resized(256, 256)
    np.testing.assert_allclose(made.array, wanted, atol=0.6)
    assert made.array.std() > 5


@pytest.mark.parametrize(("card", "others"), [*TRANSLATORS.items(), *LIGHTS.items()])
def test_the_other_cards_of_a_network_run_it_in_the_same_way(
    card: str, others: tuple[str, ...], tmp_path: Path
) -> None:
    shelf = Library(cache=tmp_path, folders=(BUILT_IN,))
    run = shelf.card(card)
    (network,) = run.networks.values()
    for other in map(shelf.card, others):
        (same,) = other.networks.values()
        assert (other.task, other.pipeline, same.architecture) == (run.task, run.pipeline, network.architecture)


def test_vintage_gives_what_torch_gives_at_a_size_that_keeps_proportions(stand_in: StandIn) -> None:
    net = vintage()
    large = PICTURE.resized(1000, 752)
    stand_in("cyclegan-vintage", painter=saved(net.state_dict()), pipeline={"longest": 120})
    made = run_node(Translate, large, model="cyclegan-vintage")
    assert made.frame == large.frame.resized(120, 92)
    np.testing.assert_allclose(made.array, made_by(net, large.resized(120, 92), -1), atol=0.6)


@pytest.mark.weights
def test_a_photograph_as_an_old_print() -> None:
    """It gives what its package's layers give; what was there stays, colours fade, and paper has a grain."""
    shelf, net = library(), vintage(64)
    cat = read_image(shelf.asset("cat")).resized(160, 108)
    made = open_task("picture-to-picture", "cyclegan-vintage")(cat)
    net.load_state_dict(torch.load(shelf.cache.path(shelf.card("cyclegan-vintage").files[0]), "cpu", weights_only=True))
    np.testing.assert_allclose(made.array, made_by(net, cat, -1), atol=0.6)
    before, after = cat.array.astype(float), made.array.astype(float)
    assert np.corrcoef(before.mean(axis=2).ravel(), after.mean(axis=2).ravel())[0, 1] > 0.9
    assert 2 < np.abs(after - before).mean() < 60


def test_cyclegan_takes_other_sizes_and_files_of_old_versions_of_torch(tmp_path: Path) -> None:
    """Such files hold means of the training data, which the network never uses."""
    net, path = resnet(), tmp_path / "w.pth"
    old = {f"model.{place}.running_mean": torch.ones(4) for place in (2, 23)}
    path.write_bytes(saved(dict(net.state_dict()) | old))
    network = OnnxModel(to_onnx(path, architecture="cyclegan-resnet-9", dest=tmp_path / "w.onnx"), "cpu")
    levels = np.random.default_rng(1).uniform(-1, 1, (1, 3, 80, 120)).astype(np.float32)
    (made,) = network.run({"image": levels})
    with torch.no_grad():
        np.testing.assert_allclose(made, net(torch.from_numpy(levels)).numpy(), atol=1e-4)


@pytest.mark.parametrize(("card", "network"), [("sci-difficult", Sci), ("zero-dce", ZeroDce)])
def test_lights_give_what_torch_gives_from_weights_to_node(card: str, network: Any, stand_in: StandIn) -> None:
    net = shaken(network()).eval()
    stand_in(card, retouch=saved(net.state_dict()), pipeline={"tile": 128})
    with open_node(LightUp, model=card) as light:
        made, half, none = light(PICTURE), light(PICTURE, strength=0.5), light(PICTURE, strength=0.0)
    assert none is PICTURE
    np.testing.assert_allclose(made.array, made_by(net, PICTURE, 0), atol=0.6)
    np.testing.assert_allclose(half.array, (made.array.astype(float) + PICTURE.array) / 2, atol=0.6)
    assert np.abs(made.array.astype(float) - PICTURE.array).mean() > 5


@pytest.mark.parametrize(
    ("architecture", "network", "name"),
    [
        ("pix2pix-unet-256", unet, "model.model.0.weight"),
        ("cyclegan-resnet-9", resnet, "model.1.weight"),
        ("sci", Sci, "enhance.in_conv.0.weight"),
        ("zero-dce", ZeroDce, "e_conv7.weight"),
    ],
)
def test_weights_of_another_network_are_refused(architecture: str, network: Any, name: str, tmp_path: Path) -> None:
    path, good = tmp_path / "w.pth", dict(network().state_dict())

    def fails(says: str, weights: dict[str, Any]) -> None:
        path.write_bytes(saved(weights))
        with pytest.raises(ImportFailed, match=says):
            to_onnx(path, architecture=architecture, dest=tmp_path / "w.onnx")
        assert not (tmp_path / "w.onnx").exists()

    fails("'extra' belongs to no part", {**good, "extra": torch.zeros(2)})
    fails(f"there is no '{name}'", {key: value for key, value in good.items() if key != name})
    fails(r"has the shape|gives 0|has 0", {**good, name: torch.zeros(0, 3, 3, 3)})


def test_code_in_a_file_of_weights_is_not_run(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> Any:
            return Path.touch, (tmp_path / "ran",)

    path = tmp_path / "w.pth"
    path.write_bytes(saved({"enhance.in_conv.0.weight": Trap()}))
    with pytest.raises(ImportFailed, match="Weights only load failed"):
        to_onnx(path, architecture="sci", dest=tmp_path / "w.onnx")
    assert not (tmp_path / "ran").exists()

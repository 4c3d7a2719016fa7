"""Networks built around torch weights, held to torch itself on random weights, and fed with wrong ones."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

from nodeflow.models.importers import ImportFailed, to_onnx
from nodeflow.models.runtime import OnnxModel

F = torch.nn.functional

STAGES = [(1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192)]
STAGES += [(1, 3, 1, 6, 320)]


class Lite0:
    """EfficientNet-Lite0 in torch, layer by layer. Weights are made at random as they are asked for, or looked up."""

    def __init__(self) -> None:
        self.weights: dict[str, torch.Tensor] = {}
        self.rng = torch.Generator().manual_seed(0)

    def weight(self, name: str, *shape: int) -> torch.Tensor:
        if name not in self.weights:
            near = 1.0 if name.endswith(("running_var", "_bn0.weight", "_bn1.weight", "_bn2.weight")) else 0.0
            fan = int(np.prod(shape[1:])) or 1
            spread = 0.1 if len(shape) == 1 else (2 / fan) ** 0.5
            self.weights[name] = near + spread * torch.randn(shape, generator=self.rng)
            if name.endswith("running_var"):
                self.weights[name] = self.weights[name].abs() + 0.5
        return self.weights[name]

    def conv(
        self,
        x: torch.Tensor,
        name: str,
        norm: str,
        given: int,
        made: int,
        kernel: int = 1,
        stride: int = 1,
        groups: int = 1,
        relu: bool = False,
    ) -> torch.Tensor:
        side = x.shape[-1]
        pad = max((-(-side // stride) - 1) * stride + kernel - side, 0)
        x = F.pad(x, (pad // 2, pad - pad // 2) * 2)
        x = F.conv2d(x, self.weight(f"{name}.weight", made, given, kernel, kernel), stride=stride, groups=groups)
        scale, shift, mean, variance = (
            self.weight(f"{norm}.{part}", made) for part in ("weight", "bias", "running_mean", "running_var")
        )
        x = F.batch_norm(x, mean, variance, scale, shift, eps=1e-3)
        return F.relu6(x) if relu else x

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        x = self.conv(x, "_conv_stem", "_bn0", 3, 32, 3, 2, relu=True)
        channels, number = 32, 0
        for repeats, kernel, stride, expand, made in STAGES:
            for repeat in range(repeats):
                name, before, wide = f"_blocks.{number}", x, channels * expand
                step = stride if repeat == 0 else 1
                if expand != 1:
                    x = self.conv(x, f"{name}._expand_conv", f"{name}._bn0", channels, wide, relu=True)
                x = self.conv(x, f"{name}._depthwise_conv", f"{name}._bn1", 1, wide, kernel, step, wide, relu=True)
                x = self.conv(x, f"{name}._project_conv", f"{name}._bn2", wide, made)
                if step == 1 and channels == made:
                    x = x + before
                channels, number = made, number + 1
        x = self.conv(x, "_conv_head", "_bn1", 320, 1280, relu=True).mean((2, 3))
        return F.linear(x, self.weight("_fc.weight", 1000, 1280), self.weight("_fc.bias", 1000))


@pytest.fixture(scope="module")
def net() -> Lite0:
    made = Lite0()
    with torch.no_grad():
        made(torch.zeros(1, 3, 224, 224))
    return made


def save(path: Path, weights: object) -> Path:
    torch.save(weights, path)
    return path


def test_it_gives_what_torch_gives(net: Lite0, tmp_path: Path) -> None:
    weights = {**net.weights, "_bn0.num_batches_tracked": torch.tensor(7)}
    path = save(tmp_path / "lite0.pth", weights)
    model = OnnxModel(to_onnx(path, architecture="efficientnet-lite0", dest=tmp_path / "lite0.onnx"), "cpu")
    pictures = torch.randn(1, 3, 224, 224, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        wanted = net(pictures).numpy()
    (given,) = model.run({"image": pictures.numpy()})
    np.testing.assert_allclose(given, wanted, atol=2e-4 * np.abs(wanted).max())


def test_a_generator_gives_what_torch_gives(tmp_path: Path) -> None:
    torch.manual_seed(0)
    layers: list[torch.nn.Module] = []
    channels = (100, 512, 256, 128, 64, 3)
    for number, (given, made) in enumerate(pairwise(channels)):
        layers.append(torch.nn.ConvTranspose2d(given, made, 4, 2 if number else 1, 1 if number else 0, bias=False))
        layers += [torch.nn.BatchNorm2d(made), torch.nn.ReLU()] if made > 3 else [torch.nn.Tanh()]
    generator = torch.nn.Module()
    generator.main = torch.nn.Sequential(*layers)
    for layer in layers:
        if isinstance(layer, torch.nn.BatchNorm2d):
            assert layer.running_mean is not None
            assert layer.running_var is not None
            layer.running_mean.normal_(0, 0.1)
            layer.running_var.uniform_(0.5, 2)
            layer.weight.data.uniform_(0.5, 1.5)
            layer.bias.data.normal_(0, 0.1)
    generator.eval()
    path = save(tmp_path / "dcgan.tar", {"netG_state_dict": generator.state_dict()})
    model = OnnxModel(to_onnx(path, architecture="dcgan-64", dest=tmp_path / "dcgan.onnx"), "cpu")
    points = torch.randn(2, 100)
    with torch.no_grad():
        wanted = generator.main(points[:, :, None, None]).numpy()
    (given_,) = model.run({"latent": points.numpy()})
    assert given_.shape == (2, 3, 64, 64)
    np.testing.assert_allclose(given_, wanted, atol=1e-5)


def test_wrong_weights_are_refused_with_what_is_wrong(net: Lite0, tmp_path: Path) -> None:
    def fails(weights: object, match: str) -> None:
        with pytest.raises(ImportFailed, match=match):
            to_onnx(save(tmp_path / "w.pth", weights), architecture="efficientnet-lite0", dest=tmp_path / "w.onnx")
        assert not (tmp_path / "w.onnx").exists()

    fails({}, "no '_conv_stem.weight'")
    fails([1, 2], "no dictionary")
    fails({**net.weights, "_fc.bias": torch.zeros(10)}, r"\(10,\), not \(1000,\)")
    fails({**net.weights, "_extra.weight": torch.zeros(3)}, "_extra.weight")
    fails({"a": "text"}, "'a' is no tensor")


def test_a_file_that_would_run_code_is_refused(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, tuple[Path]]:
            return Path.touch, (Path(tmp_path / "ran"),)

    path = save(tmp_path / "evil.pth", {"a": Evil()})
    with pytest.raises(ImportFailed):
        to_onnx(path, architecture="efficientnet-lite0", dest=tmp_path / "evil.onnx")
    assert not (tmp_path / "ran").exists()


def test_garbage_and_unknown_networks_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.pth"
    path.write_bytes(b"PK" + bytes(200))
    with pytest.raises(ImportFailed, match=r"w\.pth"):
        to_onnx(path, architecture="efficientnet-lite0", dest=tmp_path / "w.onnx")
    with pytest.raises(ImportFailed, match="'resnet' is none of"):
        to_onnx(save(path, {}), architecture="resnet", dest=tmp_path / "w.onnx")

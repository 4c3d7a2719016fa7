"""Holes, colours and pictures of another kind: what networks are shown, and what is left as it was."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.models import BadModel, Library, open_task
from nodeflow.models.importers import ImportFailed, to_onnx
from nodeflow.models.importers.onnx_graph import OnnxGraph
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.transform.inpaint import window
from nodeflow.testing.nodes import open_node, run_node
from nodeflow.values import Image, Mask
from nodes.transform.repaint import Colorize, Inpaint, Translate, grown

from .small_nets import lama, nothing, picture_net
from .stand_in import StandIn

PICTURE = Image(np.random.default_rng(0).integers(0, 256, (300, 400, 3)).astype(np.uint8))


def mask_of(x: int, y: int, wide: int, high: int) -> Mask:
    weight = np.zeros((300, 400), np.float32)
    weight[y : y + high, x : x + wide] = 1
    return Mask(weight, PICTURE.frame)


def test_what_the_mask_holds_is_painted_and_the_rest_stays(stand_in: StandIn) -> None:
    stand_in("lama", painter=lama())
    with open_node(Inpaint, grow=0) as fill:
        made = fill(PICTURE, mask_of(100, 50, 20, 10)).array
        held = np.zeros((300, 400), bool)
        held[50:60, 100:120] = True
        assert (made[held] == (0, 255, 0)).all()
        np.testing.assert_array_equal(made[~held], PICTURE.array[~held])
        wider = fill(PICTURE, mask_of(100, 50, 20, 10), grow=6).array
        assert (wider[47:63, 100:120] == (0, 255, 0)).all()
        assert (wider[50:60, 97:123] == (0, 255, 0)).all()
        np.testing.assert_array_equal(wider[:40], PICTURE.array[:40])
        assert fill(PICTURE, Mask(np.zeros((300, 400), np.float32), PICTURE.frame)) is PICTURE


@given(st.data())
def test_the_part_that_is_shown_holds_the_hole_and_lies_in_the_picture(data: st.DataObject) -> None:
    height, width = data.draw(st.integers(1, 90)), data.draw(st.integers(1, 90))
    hole = np.zeros((height, width), np.float32)
    for _ in range(data.draw(st.integers(0, 3))):
        hole[data.draw(st.integers(0, height - 1)), data.draw(st.integers(0, width - 1))] = 0.3
    least = data.draw(st.integers(1, 60))
    around = window(hole, least)
    if not hole.any():
        assert around is None
        return
    assert around
    left, top, wide, high = around
    assert 0 <= left <= left + wide <= width
    assert 0 <= top <= top + high <= height
    assert hole[top : top + high, left : left + wide].sum() == hole.sum()
    assert wide >= min(width, least)
    assert high >= min(height, least)
    assert wide in (high, width) or high == height


@given(st.integers(0, 12))
def test_a_mask_grows_by_its_reach_and_no_further(reach: int) -> None:
    weight = np.zeros((41, 41), np.float32)
    weight[20, 20] = 0.6
    made = grown(weight, reach)
    far = np.hypot(*np.mgrid[-20:21, -20:21])
    assert made[20, 20] == 1
    assert not made[far >= reach + 1].any()
    assert made[far <= reach].all()
    assert (grown(np.full((3, 3), 0.4, np.float32), reach) == 0).all()


def test_another_network_fills_no_holes(stand_in: StandIn) -> None:
    stand_in("lama", painter=picture_net((1, 3, 64, 64), nothing))
    with pytest.raises(BadModel, match="no input 'mask'"):
        open_task("inpaint", "lama")


def warm(graph: OnnxGraph, x: str) -> str:
    """a = 40 and b = 20 where there is any light."""
    both = graph.add("Concat", nothing(graph, x), nothing(graph, x), axis=1)
    return graph.add("Add", both, np.array([40, 20], np.float32).reshape(1, 2, 1, 1))


def test_colours_change_and_lightness_stays(stand_in: StandIn) -> None:
    import cv2

    stand_in("ddcolor-tiny", painter=picture_net((1, 3, 512, 512), warm, name="input"))
    grey = Image(np.repeat(np.linspace(60, 150, 400).astype(np.uint8)[None, :, None], 300, axis=0).repeat(3, axis=2))
    with open_node(Colorize) as colorize:
        made, plain = colorize(grey), colorize(grey, strength=0.0)
    np.testing.assert_allclose(plain.array, grey.array, atol=1)
    lab = cv2.cvtColor(made.array.astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    before = cv2.cvtColor(grey.array.astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    np.testing.assert_allclose(lab[..., 0], before[..., 0], atol=0.6)
    np.testing.assert_allclose(lab[..., 1].mean(), 40, atol=0.5)
    np.testing.assert_allclose(lab[..., 2].mean(), 20, atol=0.5)
    assert made.frame == grey.frame


def test_the_network_is_shown_grey_whatever_the_colours(stand_in: StandIn) -> None:
    def reddish(graph: OnnxGraph, x: str) -> str:
        """a: how far red is from green, b: how far from blue."""
        weight = np.array([[1, -1, 0], [1, 0, -1]], np.float32).reshape(2, 3, 1, 1) * 100
        return graph.add("Conv", x, weight, kernel_shape=[1, 1])

    stand_in("ddcolor-tiny", painter=picture_net((1, 3, 512, 512), reddish))
    red = Image(np.full((40, 60, 3), (200, 30, 30), np.uint8))
    made = run_node(Colorize, red).array
    assert int(made.max()) - int(made.min()) <= 2


class Unet:
    """The generator in torch, as HugGAN's modeling_pix2pix has it, without dropout; weights at random."""

    def __init__(self, wide: int) -> None:
        rng = torch.Generator().manual_seed(0)
        down, up = [1, 2, 4, 8, 8, 8, 8, 8], [8, 8, 8, 8, 4, 2, 1]
        self.weights: dict[str, torch.Tensor] = {}
        given = 3
        for number, times in enumerate(down, 1):
            self.weights[f"down{number}.model.0.weight"] = 0.1 * torch.randn(times * wide, given, 4, 4, generator=rng)
            given = times * wide
        for number, (times, skip) in enumerate(zip(up, down[-2::-1], strict=True), 1):
            self.weights[f"up{number}.model.0.weight"] = 0.1 * torch.randn(given, times * wide, 4, 4, generator=rng)
            given = (times + skip) * wide
        self.weights["final.2.weight"] = 0.1 * torch.randn(3, given, 4, 4, generator=rng)
        self.weights["final.2.bias"] = 0.1 * torch.randn(3, generator=rng)

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        F = torch.nn.functional
        seen = []
        for number in range(1, 9):
            x = F.conv2d(x, self.weights[f"down{number}.model.0.weight"], stride=2, padding=1)
            x = F.leaky_relu(x if number in (1, 8) else F.instance_norm(x), 0.2)
            seen.append(x)
        seen.pop()
        for number in range(1, 8):
            x = F.conv_transpose2d(x, self.weights[f"up{number}.model.0.weight"], stride=2, padding=1)
            x = torch.cat((F.relu(F.instance_norm(x)), seen.pop()), 1)
        x = F.pad(F.interpolate(x, scale_factor=2), (1, 0, 1, 0))
        return torch.tanh(F.conv2d(x, self.weights["final.2.weight"], self.weights["final.2.bias"], padding=1))


def saved(weights: dict[str, Any]) -> bytes:
    torch.save(weights, out := io.BytesIO())
    return out.getvalue()


@pytest.mark.usefixtures("converted_here")
def test_pix2pix_gives_what_torch_gives_from_weights_to_node(stand_in: StandIn) -> None:
    unet = Unet(4)
    library: Library = stand_in("pix2pix-edges2shoes", painter=saved(unet.weights))
    made = run_node(Translate, PICTURE, model="pix2pix-edges2shoes")
    assert made.frame == PICTURE.frame.resized(256, 256)
    shown = torch.from_numpy(PICTURE.resized(256, 256).array.transpose(2, 0, 1)[None].astype(np.float32) / 127.5 - 1)
    with torch.no_grad():
        wanted = (unet(shown)[0].numpy().transpose(1, 2, 0) + 1) / 2 * 255
    np.testing.assert_allclose(made.array, wanted, atol=0.6)
    assert made.array.std() > 5
    assert OnnxModel(library.fetch("pix2pix-edges2shoes")["painter"], "cpu").outputs == {"made": (1, 3, 256, 256)}


def test_weights_of_another_generator_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.bin"

    def fails(says: str, **changes: object) -> None:
        path.write_bytes(saved({**Unet(2).weights, **changes}))
        with pytest.raises(ImportFailed, match=says):
            to_onnx(path, architecture="pix2pix-256", dest=tmp_path / "w.onnx")

    fails("'extra' belongs to no part", extra=torch.zeros(2))
    fails("not \\(3, 4, 4, 4\\)", **{"final.2.weight": torch.zeros(1, 4, 4, 4)})
    fails("gives 0 channels", **{"down1.model.0.weight": torch.zeros(0, 3, 4, 4)})

"""Models that are not checked here: what their networks are shown, beside the steps of their authors' own code, written
as plainly as can be. Wrong channels, ranges or axes would give pictures that are only a little worse.

The steps are those of the OpenCV Zoo's demonstrations, of the repositories of LaMa, DDColor and Depth Anything V2, of
the demonstration of the X-ray classifier, of the ONNX Model Zoo's page of FCN, and of the configuration of ViT-GPT2's
image processor. LaMa's authors show it red first; the zoo's demonstration of it does not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import cv2
import numpy as np
import onnx
import pytest

from nodeflow.models import open_task
from nodeflow.models.importers.onnx_graph import OnnxGraph
from nodeflow.models.masks import Prompt

from .shown import picture
from .small_nets import OPEN, captions, efficient_sam, lama, nothing, picture_net
from .stand_in import StandIn

Array = np.ndarray
IMAGENET = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])


def planes(rows: Array) -> Array:
    return rows.transpose(2, 0, 1)[None].astype(np.float32)


def dexined(bgr: Array) -> Array:
    return cv2.dnn.blobFromImage(bgr, 1.0, (512, 512), (103.5, 116.2, 123.6), swapRB=False, crop=False)


def nafnet(bgr: Array) -> Array:
    return cv2.dnn.blobFromImage(bgr, 1 / 255, bgr.shape[1::-1], (0, 0, 0), swapRB=True, crop=False)


def pphumanseg(bgr: Array) -> Array:
    return cv2.dnn.blobFromImage((bgr[..., ::-1].astype(np.float32) / 255 - 0.5) / 0.5)


def ddcolor(bgr: Array) -> Array:
    lightness = cv2.cvtColor((bgr / 255).astype(np.float32), cv2.COLOR_BGR2Lab)[..., :1]
    grey = np.concatenate((lightness, np.zeros_like(lightness), np.zeros_like(lightness)), axis=-1)
    return planes(cv2.cvtColor(grey, cv2.COLOR_LAB2RGB))


def imagenet(bgr: Array) -> Array:
    """Depth Anything V2, and FCN."""
    mean, deviation = IMAGENET
    return planes((bgr[..., ::-1] / 255 - mean) / deviation)


def vit(bgr: Array) -> Array:
    return planes((bgr[..., ::-1] / 255 - 0.5) / 0.5)


def xray(bgr: Array) -> Array:
    """The shorter side is as long as the network's already; of the longer one the middle is shown."""
    mean, deviation = IMAGENET
    before = (bgr.shape[1] - 224) // 2
    return planes((bgr[:, before : before + 224, ::-1] / 255 - mean) / deviation)


def red_first(bgr: Array) -> Array:
    return planes(bgr[..., ::-1] / 255)


def two_planes(graph: OnnxGraph, x: str) -> str:
    return graph.add("Concat", nothing(graph, x), nothing(graph, x), axis=1)


def three_numbers(graph: OnnxGraph, x: str) -> str:
    return graph.add("ReduceMean", x, np.array([2, 3], np.int64), keepdims=0)


def itself(graph: OnnxGraph, x: str) -> str:
    return graph.add("Identity", x)


class Case(NamedTuple):
    task: str
    card: str
    size: tuple[int, int]
    authors: Callable[[Array], Array]
    parts: dict[str, Any]
    asked: dict[str, Any] = {}
    pipeline: dict[str, Any] = {}


def scores_of_kinds(graph: OnnxGraph, x: str) -> str:
    return graph.add("Concat", *[nothing(graph, x)] * 21, axis=1)


def square(side: int, answer: Callable[[OnnxGraph, str], str]) -> onnx.ModelProto:
    return picture_net((1, 3, side, side), answer)


CASES = [
    Case("edges", "dexined", (512, 512), dexined, {"edges": square(512, nothing)}, {"longest": 512}),
    Case("deblur", "nafnet-deblur", (96, 64), nafnet, {"retouch": picture_net(OPEN, itself)}),
    Case("person-mask", "pphumanseg", (192, 192), pphumanseg, {"mask": square(192, two_planes)}),
    Case("colour", "ddcolor-tiny", (512, 512), ddcolor, {"painter": square(512, two_planes)}, {"strength": 1}),
    Case(
        "depth", "depth-anything-v2-small", (518, 392), imagenet,
        {"depth": picture_net(OPEN, nothing)}, {"longest": 518},
    ),
    Case(
        "classes", "xray-body-part", (300, 224), xray,
        {"classifier": square(224, three_numbers), "names": b"HAND\nKNEE\nCHEST\n"},
    ),
    Case(
        "segments", "fcn-resnet50", (96, 64), imagenet,
        {"segments": picture_net(OPEN, scores_of_kinds)}, {"longest": 96}, {"output": "out_0"},
    ),
    Case(
        "caption", "vit-gpt2", (224, 224), vit,
        captions(), {"most": 1}, {"start": 0, "end": 0},
    ),
    Case(
        "prompted-mask", "efficientsam", (64, 64), red_first,
        {"masks": efficient_sam()}, {"prompt": Prompt(((3.0, 3.0),))},
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case.card for case in CASES])
def test_networks_are_shown_what_their_authors_show_them(
    case: Case, stand_in: StandIn, shown: list[dict[str, Array]]
) -> None:
    stand_in(case.card, **case.parts, pipeline=case.pipeline)
    image = picture(*case.size)
    open_task(case.task, case.card)(image, **case.asked)
    levels = next(iter(shown[0].values()))
    wanted = case.authors(np.ascontiguousarray(image.array[..., ::-1]))
    np.testing.assert_allclose(levels, wanted, atol=2e-5 * max(1.0, float(np.abs(wanted).max())))


def test_lama_is_shown_red_first_and_whole_numbers_for_the_hole(
    stand_in: StandIn, shown: list[dict[str, Array]]
) -> None:
    stand_in("lama", painter=lama(64))
    image, hole = picture(64, 64), np.zeros((64, 64), np.float32)
    hole[20:40, 10:50] = 0.4
    open_task("inpaint", "lama")(image, hole)
    np.testing.assert_allclose(shown[-1]["image"], red_first(image.array[..., ::-1]), atol=1e-6)
    np.testing.assert_array_equal(shown[-1]["mask"][0, 0], (hole > 0).astype(np.float32))


def test_colours_are_put_back_as_the_authors_do(stand_in: StandIn) -> None:
    """Their own lightness and the network's colours, which come small and are made large."""

    def hues(graph: OnnxGraph, x: str) -> str:
        weight = np.array([[30, -20, 5], [-10, 25, -40]], np.float32).reshape(2, 3, 1, 1)
        return graph.add("Conv", x, weight, kernel_shape=[1, 1])

    stand_in("ddcolor-tiny", painter=picture_net((1, 3, 512, 512), hues))
    image = picture(512, 512)
    made = open_task("colour", "ddcolor-tiny")(image, strength=1.0)
    bgr = np.ascontiguousarray(image.array[..., ::-1])
    grey = ddcolor(bgr)[0]
    colours = np.einsum("ac,cyx->yxa", np.array([[30, -20, 5], [-10, 25, -40]], np.float32), grey)
    lightness = cv2.cvtColor((bgr / 255).astype(np.float32), cv2.COLOR_BGR2Lab)[..., :1]
    wanted = cv2.cvtColor(np.concatenate((lightness, colours), axis=-1).astype(np.float32), cv2.COLOR_LAB2BGR)
    np.testing.assert_allclose(made.array[..., ::-1], np.clip(wanted, 0, 1) * 255, atol=0.6)

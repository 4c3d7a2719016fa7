"""DeepLab's way from its file to the node, by a small TensorFlow Lite file with the same inputs and outputs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import tflite

from nodeflow.testing.nodes import run_node
from nodeflow.values import Image
from nodes.masks.segments import FindSegments, Parts
from tests.models.shown import picture

from .tiny_tflite import Operator, Tensor, build, constant

SIZE, KINDS, CAT, PERSON = 257, 21, 8, 15


def deeplab() -> bytes:
    """1 x 257 x 257 x 21 scores: a cat where there is more red than blue, a person where there is more blue."""
    weight, bias = np.zeros((KINDS, 1, 1, 3), np.float32), np.full(KINDS, -9, np.float32)
    weight[CAT, 0, 0], weight[PERSON, 0, 0], bias[[CAT, PERSON]] = (1, 0, -1), (-1, 0, 1), 0
    image, scores = Tensor("sub_7", (1, SIZE, SIZE, 3)), Tensor("ResizeBilinear_3", (1, SIZE, SIZE, KINDS))
    options = {"StrideH": 1, "StrideW": 1, "DilationHFactor": 1, "DilationWFactor": 1, "Padding": tflite.Padding.VALID}
    conv = Operator(
        "CONV_2D", [image, constant("weight", weight), constant("bias", bias)], [scores], "Conv2DOptions", options
    )
    return build([conv], [image], [scores])


def test_channels_come_last_and_red_first(stand_in: Callable[..., object]) -> None:
    stand_in("deeplab-v3", segments=deeplab())
    picture = np.zeros((60, 100, 3), np.uint8)
    picture[:, :50, 0], picture[:, 50:, 2] = 200, 200
    found = Parts(*run_node(FindSegments, Image(picture), names="cat"))
    assert found.mask.frame.size == (SIZE, SIZE)
    assert (found.mask.weight[:, :120] == 1).all()
    assert (found.mask.weight[:, 136:] == 0).all()
    assert dict(found.shares.top(2)).keys() == {"cat", "person"}
    assert found.mask.frame.to_source[0] < 1


def test_it_is_shown_what_tensorflows_example_shows(
    stand_in: Callable[..., object], shown: list[dict[str, np.ndarray]]
) -> None:
    """Of 257 pixels, so that nothing depends on how pictures are shrunk."""
    stand_in("deeplab-v3", segments=deeplab())
    image = picture(SIZE, SIZE)
    run_node(FindSegments, image, names="cat")
    np.testing.assert_allclose(shown[-1]["sub_7"][0], (image.array - 127.5) / 127.5, atol=1e-5)

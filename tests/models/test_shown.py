"""What networks are really shown of a real picture, read back by their authors' formulas.

Swapped channels or another range make a network a little worse, and tests of what it finds may still pass. So what each
network of a checked model is given is turned back into levels by the plain inverse of what its authors write, and must
be the picture again: whole levels, from dark to light, and as red as it is.

The formulas: MediaPipe's graphs (RGB, 0..1, detectors of faces and poses -1..1); TensorFlow Hub's page of MoveNet (RGB,
0..255); NanoDet's configuration (blue first, less a mean); Savchenko's code for the description of faces (blue first,
less a mean; the library "human" shows it RGB, 0..255, by which one person is less like himself); "human" for emotion
(grey, -1..1); EfficientNet-Lite's preprocessing (RGB, less 127, divided by 128); HED's demonstration (blue first, less
the mean of ImageNet); PP-OCR as RapidOCR runs it (blue first, -1..1); Magenta's styles, the ESRGAN of UpscalerJS and
FFDNet (RGB, 0..1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pytest

from nodeflow.models import Library, open_task
from nodeflow.values import Image
from nodes.io.image import read_image

pytestmark = pytest.mark.weights

Array = np.ndarray
Levels = Callable[[Array], Array]
"""From what a network is given, channels last, to red, green and blue in 0..255."""


def rgb(scale: float, shift: float = 0.0) -> Levels:
    return lambda given: (given - shift) / scale


def nanodet(given: Array) -> Array:
    """Blue first, and its mean and deviation with it."""
    return (given * (57.375, 57.12, 58.395) + (103.53, 116.28, 123.675))[..., ::-1]


def savchenko(given: Array) -> Array:
    return np.add(given, (103.939, 116.779, 123.68))[..., ::-1]


def hed(given: Array) -> Array:
    return np.add(given, (104.00698793, 116.66876762, 122.67891434))[..., ::-1]


def blue_first(given: Array) -> Array:
    return (given + 1)[..., ::-1] * 127.5


UNIT, BOTH, AS_IS = rgb(1 / 255), rgb(1 / 127.5, -1.0), rgb(1.0)


class Case(NamedTuple):
    """`formulas` are those of the card's networks, in the order in which they look for the first time."""

    task: str
    card: str
    formulas: tuple[Levels, ...]
    asked: Mapping[str, Any] = {}
    sample: str = "astronaut"


POSE, MANY = {"score": 0.3}, {"most": 1}
CASES = [
    *(Case("pose", f"blazepose-{size}", (BOTH, UNIT), POSE) for size in ("lite", "full", "heavy")),
    *(Case("pose", f"movenet-{kind}", (AS_IS,), POSE) for kind in ("lightning", "thunder", "multipose")),
    *(Case("faces", f"blazeface-{reach}", (BOTH,), {"score": 0.5, **MANY}) for reach in ("short", "full")),
    Case("face-mesh", "facemesh", (BOTH, UNIT), MANY),
    Case("face-mesh", "facemesh-iris", (BOTH, UNIT, UNIT), MANY),
    *(Case("hands", f"hands-{size}", (UNIT, UNIT), {"most": 2}, "two_hands") for size in ("lite", "full")),
    Case("face-description", "faceres", (savchenko,)),
    Case("emotion", "emotion", (BOTH,)),
    Case("objects", "nanodet", (nanodet,), POSE),
    Case("classes", "efficientnet-lite0", (rgb(1 / 128, -127 / 128),)),
    Case("edges", "hed", (hed,), {"longest": 128}),
    Case("person-mask", "selfie", (UNIT,)),
    Case("person-mask", "selfie-landscape", (UNIT,)),
    Case("text-in-pictures", "ppocr-v4", (blue_first, blue_first), {"score": 0.3}, "sign"),
    Case("style", "multistyle26", (UNIT,), {"blend": {3: 1.0}, "longest": 128}),
    Case("style-from-picture", "arbitrary-style", (UNIT, UNIT), {"strength": 1.0}),
    Case("denoise", "ffdnet", (UNIT,), {"noise": 15.0}),
    *(Case("upscale", f"esrgan-slim-x{times}", (UNIT,)) for times in (2, 4)),
]


def picture(library: Library, sample: str) -> Image:
    if sample != "sign":
        return read_image(library.asset(sample))
    import cv2

    sign = np.full((160, 640, 3), (240, 225, 190), np.uint8)
    cv2.putText(sign, "NodeFlow", (60, 110), cv2.FONT_HERSHEY_SIMPLEX, 2.2, (120, 20, 10), 5, cv2.LINE_AA)
    return Image(sign)


@pytest.mark.parametrize("case", CASES, ids=[case.card for case in CASES])
def test_networks_are_shown_the_picture_as_their_authors_show_it(
    case: Case, library: Library, shown: list[dict[str, Array]]
) -> None:
    image = picture(library, case.sample)
    if case.task in ("upscale", "denoise"):
        image = image.cropped(160, 60, 120, 120)
    given = [image, image] if case.task == "style-from-picture" else [image]
    open_task(case.task, case.card, device="cpu")(*given, **case.asked)
    firsts: dict[tuple[str, tuple[int, ...]], Array] = {}
    for feeds in shown:
        for name, array in feeds.items():
            if array.ndim == 4 and {array.shape[1], array.shape[3]} & {1, 3} and sorted(array.shape)[2] > 3:
                firsts.setdefault((name, array.shape), array[0].astype(np.float64))
    assert len(firsts) >= len(case.formulas)
    for formula, array in zip(case.formulas, firsts.values(), strict=False):
        last = array if array.shape[-1] in (1, 3) else array.transpose(1, 2, 0)
        levels = formula(last[:, np.any(last != 0, axis=(0, 2))])  # lines of text have nothing behind them
        np.testing.assert_allclose(levels, np.round(levels), atol=0.02, err_msg="levels of a picture are whole")
        assert -0.02 <= levels.min() < 60
        assert 180 < levels.max() <= 255.02
        if levels.shape[-1] == 3:
            red, _, blue = levels.mean(axis=(0, 1))
            assert red > blue + 4, "skin, the suit of the astronaut and the paper are more red than blue"

"""The picture of each person."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from nodeflow.node import Nothing, Slider, node
from nodeflow.values import Image, Poses
from nodes.same_source import require_same_source


@node("people.crops", category="Find/People", title="Crop people", words="cut out person regions roi list")
def crops(
    image: Image,
    poses: Poses,
    margin: Annotated[float, Slider(0, 1, doc="Room around the joints, as a share of the person's size")] = 0.2,
) -> list[Image | Nothing]:
    """Cut each person out of a picture, as a list of pictures in the order of the poses."""
    require_same_source(poses.frame, image, "The poses were")
    return [_crop(image, joints, margin) for joints in poses.on(image.frame)]


def _crop(image: Image, joints: np.ndarray, margin: float) -> Image | Nothing:
    low, high = joints.min(axis=0), joints.max(axis=0)
    room = margin * float((high - low).max())
    left, top = np.floor(np.maximum(low - room, 0)).astype(int)
    right, bottom = np.ceil(np.minimum(high + room, image.frame.size)).astype(int)
    if right - left < 1 or bottom - top < 1:
        return Nothing("this person is outside the picture")
    return image.cropped(int(left), int(top), int(right - left), int(bottom - top))

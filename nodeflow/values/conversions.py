"""The one visible list of ways from one kind to another.

A lossless conversion happens on the wire and shows a mark there. A lossy one is listed so that the editor can offer
it as a step of its own; it never happens unasked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from nodeflow.values.detections import Classes, Detections
from nodeflow.values.image import Image
from nodeflow.values.poses import Poses
from nodeflow.values.signals import Mask, Tensor
from nodeflow.values.simple import Boolean, Number, Text


@dataclass(frozen=True, slots=True)
class Rule:
    """From one kind to another: `apply` turns a value of `source` into one of `target`."""

    source: str
    target: str
    lossless: bool
    doc: str
    apply: Callable[[Any], Any]


def _mask_of_image(image: Image) -> Mask:
    luma = image.array @ np.array((0.299, 0.587, 0.114), np.float32) / np.float32(255)
    return Mask(np.asarray(luma, np.float32), image.frame)


def _image_of_mask(mask: Mask) -> Image:
    grey = np.clip(mask.weight * 255 + 0.5, 0, 255).astype(np.uint8)
    return Image(np.repeat(grey[:, :, None], 3, axis=2), mask.frame)


def _boxes_of_poses(poses: Poses) -> Detections:
    if not len(poses):
        return Detections.none(("person",), poses.frame)
    boxes = np.concatenate([poses.xy.min(axis=1), poses.xy.max(axis=1)], axis=1)
    return Detections(boxes, poses.person, np.zeros(len(poses), np.int64), ("person",), poses.frame, poses.track_id)


def _text_of_classes(classes: Classes) -> Text:
    return Text(classes.top(1)[0][0] if classes.names else "")


_RULES = (
    Rule("Number", "Text", True, "The number as text.", lambda v: Text(f"{v.value:g}{' ' + v.unit if v.unit else ''}")),
    Rule("Boolean", "Text", True, "yes or no.", lambda v: Text("yes" if v.value else "no")),
    Rule("Boolean", "Number", True, "1 for yes, 0 for no.", lambda v: Number(float(v.value))),
    Rule("Color", "Text", True, "The colour as #rrggbb.", lambda v: Text(str(v))),
    Rule("Number", "Tensor", True, "A tensor of one number.", lambda v: Tensor(np.asarray(v.value, np.float32), ())),
    Rule("Vector", "Tensor", True, "Its numbers in a row.", lambda v: Tensor(v.values, ("values",))),
    Rule("Number", "Boolean", False, "Yes for all but zero.", lambda v: Boolean(v.value != 0)),
    Rule("Detections", "Number", False, "How many boxes.", lambda v: Number(float(len(v)))),
    Rule("Poses", "Number", False, "How many people.", lambda v: Number(float(len(v)))),
    Rule("Poses", "Detections", False, "A box around each person's joints.", _boxes_of_poses),
    Rule("Classes", "Text", False, "The likeliest name.", _text_of_classes),
    Rule("Image", "Mask", False, "Brightness as weight.", _mask_of_image),
    Rule("Mask", "Image", False, "Weight as grey.", _image_of_mask),
)

CONVERSIONS: Mapping[tuple[str, str], Rule] = MappingProxyType({(rule.source, rule.target): rule for rule in _RULES})


def converter(source: str, target: str) -> Callable[[Any], Any] | None:
    """What a wire from `source` to `target` applies: None where the value passes as it is.

    Raises KeyError where no lossless way leads from one to the other.
    """
    if source == target or "Any" in (source, target):
        return None
    rule = CONVERSIONS[source, target]
    if not rule.lossless:
        raise KeyError((source, target))
    return rule.apply

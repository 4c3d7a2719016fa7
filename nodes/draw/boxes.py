"""Boxes drawn over the picture in which things were found."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np

from nodeflow.node import Slider, Widget, node
from nodeflow.values import Detections, Image
from nodes.draw.pen import RGB, SHADE, Floats, Pixels, fitting_width, fixed, lines, series
from nodes.same_source import require_same_source


@node(
    "draw.boxes",
    category="Draw",
    title="Draw boxes",
    parallel=True,
    words="overlay annotate bounding box rectangle label detections",
)
def draw_boxes(
    image: Image,
    detections: Detections,
    score: Annotated[float, Slider(0, 1, doc="Hide boxes that the model is less sure of")] = 0.0,
    thickness: Annotated[float, Slider(0.2, 4, doc="Of the lines, as a multiple of what suits the picture")] = 1.0,
    labels: Annotated[Literal["name and score", "name", "none"], Widget(doc="What stands on each box")] = "name",
    colors: Annotated[
        Literal["auto", "by name", "by track"], Widget(doc="auto: by track where things are tracked", essential=False)
    ] = "auto",
) -> Image:
    """Draw boxes with their names over a picture.

    The picture may be any crop or size of the one the things were found in: boxes are moved to where they belong.
    """
    require_same_source(detections.frame, image, "The boxes were")
    canvas = image.copy()
    width = thickness * fitting_width(canvas)
    by_track = colors == "by track" or (colors == "auto" and detections.track_id is not None)
    boxes = detections.on(image.frame)
    for index in np.flatnonzero((detections.score >= score) & np.isfinite(boxes).all(axis=1)):
        color = series(_number(detections, int(index), by_track))
        _outline(canvas, boxes[index], color, width)
        if labels != "none":
            _label(canvas, boxes[index], _words(detections, int(index), labels), color, width)
    return image.replaced(canvas)


def _number(detections: Detections, index: int, by_track: bool) -> int:
    if by_track and detections.track_id is not None:
        return int(detections.track_id[index])
    return int(detections.class_id[index])


def _words(detections: Detections, index: int, labels: str) -> str:
    words = detections.label(index)
    if detections.track_id is not None:
        words += f" {detections.track_id[index]}"
    return f"{words} {detections.score[index]:.0%}" if labels == "name and score" else words


def _outline(canvas: Pixels, box: Floats, color: RGB, width: float) -> None:
    left, top, right, bottom = box
    corners = fixed(np.array([[(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]], np.float32))
    lines(canvas, corners, SHADE, width + max(2.0, width / 2))
    lines(canvas, corners, color, width)


def _label(canvas: Pixels, box: Floats, words: str, color: RGB, width: float) -> None:
    """The words on a plate of the box's colour, above its top edge, or inside it where there is no room above."""
    import cv2

    font = cv2.FontFace("sans")
    letter = max(9, round(5 * width))
    height, across = canvas.shape[:2]
    _, top, wide, high = cv2.getTextSize((across, height), words[:80], (0, 0), font, letter, 600)
    pad = max(2, letter // 4)
    left = int(np.clip(box[0], 0, max(0, across - wide - 2 * pad)))
    above = int(box[1]) - high - 2 * pad
    y = int(np.clip(above if above >= 0 else box[1], 0, max(0, height - high - 2 * pad)))
    cv2.rectangle(canvas, (left, y), (left + wide + 2 * pad, y + high + 2 * pad), color, -1)
    cv2.putText(canvas, words[:80], (left + pad, y + pad - top), SHADE, font, letter, 600)

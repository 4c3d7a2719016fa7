"""Words on a picture."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np

from nodeflow.node import Slider, Widget, node
from nodeflow.values import Color, Image, Text
from nodes.draw.pen import SHADE, fitting_width

_MOST_LETTERS = 2000


@node(
    "draw.text",
    category="Draw",
    title="Draw text",
    parallel=True,
    words="overlay caption title write label subtitle annotate",
)
def draw_text(
    image: Image,
    text: Text,
    place: Annotated[
        Literal["top left", "top right", "bottom left", "bottom right"], Widget(doc="The corner it stands in")
    ] = "top left",
    size: Annotated[float, Slider(0.2, 5, doc="As a multiple of what suits the picture")] = 1.0,
    color: Annotated[str, Widget("color", doc="Of the letters")] = "#ffffff",
) -> Image:
    """Write into a corner of a picture. Long lines wrap; a Number can be wired in as it is."""
    import cv2

    words = text.value[:_MOST_LETTERS].strip()
    if not words:
        return image
    ink = Color.parse(color)
    canvas = image.copy()
    font = cv2.FontFace("sans")
    letter = max(8, round(size * 8 * fitting_width(canvas)))
    margin, padding = letter // 2, letter // 3
    inset = margin + padding
    room = (inset, max(inset + letter, image.width - inset))
    _, top, width, height = cv2.getTextSize(
        image.frame.size, words, (inset, 0), font, letter, 500, cv2.PUT_TEXT_WRAP, room
    )
    x = inset if "left" in place else max(inset, image.width - inset - width)
    y = inset if "top" in place else max(inset, image.height - inset - height)
    ground = canvas[max(0, y - padding) : y + height + padding, max(0, x - padding) : x + width + padding]
    cv2.addWeighted(ground, 0.35, np.full_like(ground, SHADE), 0.65, 0, dst=ground)
    rgb = (ink.red, ink.green, ink.blue)
    cv2.putText(canvas, words, (x, y - top), rgb, font, letter, 500, cv2.PUT_TEXT_WRAP, (x, x + room[1] - room[0]))
    return image.replaced(canvas)

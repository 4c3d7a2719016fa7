"""Nodes for the window's tests: a source that never ends, and nodes that do little or break."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Annotated

import numpy as np

from nodeflow.models import ModelError, library
from nodeflow.node import Context, ModelRef, NodeError, Params, RetryLater, Slider, Stream, file, model, node
from nodeflow.values import Image, Number


@node("desk.balls", category="Desk", clock="every")
def balls() -> Iterator[Image]:
    """Pictures that differ from one to the next, fifty a second."""
    for frame in range(1_000_000):
        picture = np.full((90, 160, 3), 20, np.uint8)
        picture[20:70, frame % 110 : frame % 110 + 50] = (240, 160, 60)
        time.sleep(0.02)
        yield Image(picture)


@node("desk.invert", category="Desk")
def invert(image: Image, strength: Annotated[float, Slider(0, 1)] = 1.0) -> Image:
    """Dark becomes bright."""
    mixed = image.array * (1 - strength) + (255 - image.array) * strength
    return image.replaced(mixed.astype(np.uint8))


@node("desk.count", category="Desk")
def count(number: Number) -> Number:
    """Takes numbers, so pictures cannot go in."""
    return number


@node("desk.broken", category="Desk")
def broken(image: Image) -> Image:
    """Never works."""
    raise NodeError("The lamp is broken.", hint="Change the lamp.")


@node("desk.lamp", category="Desk")
class Lamp:
    """Opens when there is a file "bulb" beside the graph."""

    def open(self, ctx: Context) -> None:
        ctx.path("bulb")

    def run(self, image: Image) -> Image:
        return image


@node("desk.model", category="Desk")
class Model:
    """Needs the files of a model, and does nothing with them."""

    class Setup(Params):
        model: ModelRef = model(task="pose", default="desk-model")

    def open(self, setup: Setup, ctx: Context) -> None:
        try:
            library().files(setup.model, ctx.progress, lambda: ctx.stopping)
        except ModelError as fault:
            raise NodeError(str(fault)) from fault

    def run(self, image: Image) -> Image:
        return image


@node("desk.chart", category="Desk")
def chart() -> Image:
    """A picture that is the same every time: bars of colours on a ramp."""
    ramp = np.linspace(0, 255, 320, dtype=np.uint8)
    picture = np.repeat(np.repeat(ramp[None, :, None], 180, 0), 3, 2)
    for place, color in enumerate(((220, 60, 50), (60, 180, 90), (70, 110, 230), (240, 200, 60))):
        picture[30 + 32 * place : 50 + 32 * place, 40 + 30 * place : 200 + 30 * place] = color
    return Image(picture)


@node("desk.eye", category="Desk", clock="live")
class Eye:
    """A camera that is missing, and plays whatever stands in for it without opening that."""

    class Setup(Params):
        stand_in: str = file("", "*.mp4")

    def open(self, setup: Setup, ctx: Context) -> Stream:
        self._ctx = ctx
        if not setup.stand_in:
            raise RetryLater("It is missing.", "Choose a clip as its stand in.")
        return Stream(note="playing")

    def run(self) -> Iterator[Number]:
        while not self._ctx.stopping:
            yield Number(1.0)
            self._ctx.wait(0.05)

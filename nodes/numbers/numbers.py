"""Numbers that decide what others are set to: wired to a parameter, they take its place frame by frame."""

from __future__ import annotations

import math
from typing import Annotated, Any

from nodeflow.node import NodeError, Params, Widget, node, slider
from nodeflow.values import Detections, Items, Number, Poses, Table, summary


@node(
    "numbers.number",
    category="Numbers",
    title="Number",
    parallel=True,
    words="constant value float integer slider parameter",
)
def written(value: Annotated[float, Widget(doc="The number")] = 1.0) -> Number:
    """A number of your own. Wire it to the parameters of several nodes to set them together."""
    return Number(value)


@node(
    "numbers.range",
    category="Numbers",
    title="Map range",
    parallel=True,
    words="scale remap fit math normalise normalize clamp multiply invert",
)
def mapped(
    number: Number,
    low: Annotated[float, Widget(doc="The number that becomes the first one below")] = 0.0,
    high: Annotated[float, Widget(doc="The number that becomes the second one below")] = 1.0,
    to_low: Annotated[float, Widget(doc="What low becomes")] = 0.0,
    to_high: Annotated[float, Widget(doc="What high becomes; it may be the smaller one")] = 100.0,
    beyond: Annotated[bool, Widget(doc="Go on in the same way outside; else it stays between the two")] = False,
) -> Number:
    """Bring a number from one range to another: a loudness of -60 to 0 dB to a blur of 0 to 20 px, say."""
    if low == high:
        raise NodeError("low and high are the same: that is no range.", "Set one of them to another number.")
    along = (number.value - low) / (high - low)
    if not beyond:
        along = min(max(along, 0.0), 1.0)
    return Number(to_low + along * (to_high - to_low))


@node("numbers.count", category="Numbers", title="How many", parallel=True, words="count length number size amount")
def count(value: Any) -> Number:
    """How many there are: boxes, people, rows of a table, items of a list."""
    if isinstance(value, Detections | Poses | Items):
        return Number(float(len(value)))
    if isinstance(value, Table):
        return Number(float(len(value.rows)))
    raise NodeError(
        f"{summary(value)}: there is nothing to count in it.", "Wire boxes, poses, a table or a list to it."
    )


@node("numbers.smooth", category="Numbers", title="Smooth", words="lag ease damp filter average slow steady follow")
class Smooth:
    """Let a number follow another slowly, so that what it sets does not jump.

    After as many frames as `frames` says, two thirds of a step are made (63 %: exponential smoothing).
    """

    class Live(Params):
        frames: float = slider(5.0, 0.0, 100.0, doc="How slowly it follows; with 0 it is the number itself")

    def __init__(self) -> None:
        self._at: float | None = None

    def run(self, number: Number, live: Live) -> Number:
        if not math.isfinite(number.value):
            return number
        before = number.value if self._at is None else self._at
        kept = math.exp(-1 / live.frames) if live.frames > 0 else 0.0
        self._at = number.value + kept * (before - number.value)
        return Number(self._at, number.unit)

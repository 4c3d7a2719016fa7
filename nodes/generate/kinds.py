"""Pictures of kinds of things, and ways from kind to kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nodeflow.models.classes.imagenet import KINDS
from nodeflow.models.generate.kinds import KindPoint, kinds_like, mix_of
from nodeflow.node import (
    Context,
    ModelRef,
    NodeError,
    Params,
    Stream,
    Timed,
    choice,
    lines,
    model,
    node,
    number,
    slider,
    text,
)
from nodeflow.values import Classes, Image, Vector
from nodes.generate.course import Course, frames_of, steps
from nodes.generate.gan import paced, seeds_of

if TYPE_CHECKING:
    from nodeflow.models.generate import KindGeneratorModel

_FAMILY, _LENGTH = "biggan-deep", 128
_NAMES = tuple(sorted(KINDS, key=str.lower))
_MOST_KINDS = 1000
_TRUNCATION = "Lower: each picture looks more like its kind, and all of them more alike"


@node("generate.kind", category="Generate", title="Picture of a kind", time_limit=120)
class OfKind:
    """Draw a kind of thing, or something between two kinds.

    It shows nothing that is: what it draws never was. A Kind walk wired into it leads from kind to kind; with classes
    wired in, it draws what a classifier sees.
    """

    class Setup(Params):
        model: ModelRef = model(task="kind-generator", default="biggan-deep-128", doc="Larger ones take longer")

    class Live(Params):
        kind: str = choice("tabby", *_NAMES, doc="What to draw, where nothing is wired in")
        second: str = choice("airliner", *_NAMES, doc="What it may be between", essential=False)
        blend: float = slider(0.0, 0, 1, doc="0 is the first kind, 1 the second", essential=False)
        seed: int = number(1, 0, 2**31 - 1, doc="Which of the many pictures of a kind; a walk brings its own")
        truncation: float = slider(0.4, 0.02, 1, doc=_TRUNCATION)

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: KindGeneratorModel = open_for(ctx, "kind-generator", setup.model)
        self._drawn: tuple[Vector, Image] | None = None

    def run(self, vector: Vector | None = None, classes: Classes | None = None, *, live: Live) -> Image:
        if vector is None:
            return self._model(self._picked(classes, live))
        if self._drawn is None or self._drawn[0] is not vector:  # a walk that rests gives the same again
            self._drawn = vector, self._model(self._read(vector))
        return self._drawn[1]

    def _read(self, vector: Vector) -> KindPoint:
        hint = "Wire a Kind walk into it, or nothing."
        if vector.family != self._model.family:
            raise NodeError(f"This model takes points of {self._model.family}, not of {vector.family}.", hint)
        try:
            return KindPoint.of(vector, self._model.length)
        except ValueError as fault:
            raise NodeError(f"This is no point of {vector.family}: {fault}.", hint) from fault

    def _picked(self, classes: Classes | None, live: Live) -> KindPoint:
        if classes is None:
            shares = {live.kind: 1 - live.blend}
            shares[live.second] = shares.get(live.second, 0.0) + live.blend
        elif classes.names == KINDS:
            shares = dict(zip(KINDS, classes.score.tolist(), strict=True))
        else:
            raise NodeError(
                f"These are not ImageNet's {len(KINDS)} kinds, which it can draw.",
                "Wire a classifier of ImageNet into it, such as efficientnet-lite0.",
            )
        return point(shares, live.seed, self._model.length, live.truncation)

    def close(self) -> None:
        self._model.close()
        self._drawn = None


class _Stops(Params):
    first: str = choice("airliner", *_NAMES, doc="Where it begins")
    second: str = choice("tabby", *_NAMES, doc="What that turns into")
    more: str = lines("", doc="Where it goes from there: names of kinds, one on each line")
    seeds: str = text("1", doc="Which pictures of the kinds, in turn; with one number, much of the view stays")
    truncation: float = slider(0.4, 0.02, 1, doc=_TRUNCATION)


@node("generate.kind_walk", category="Generate", title="Kind walk", words="interpolate morph animate")
class KindWalk:
    """A way from kind to kind, in small steps: airplanes turn into cats."""

    class Setup(Course, _Stops):
        seconds: float = number(4.0, 0.05, 600, step=0.1, unit="s", doc="From one kind to the next")
        rest: float = number(
            0.5, 0, 600, step=0.1, unit="s", doc="How long it stands still at each kind", essential=False
        )
        ease: str = choice("smooth", "even", "smooth", doc="Smooth leaves a kind slowly and comes slowly to the next")

    def open(self, setup: Setup, ctx: Context) -> Stream:
        self._setup, self._ctx = setup, ctx
        kinds = [setup.first, setup.second, *(line.strip() for line in setup.more.splitlines() if line.strip())]
        seeds = seeds_of(setup.seeds, 1)
        if len(kinds) > _MOST_KINDS:
            raise NodeError(f"A walk has at most {_MOST_KINDS} kinds, not {len(kinds)}.", "Make it shorter.")
        self._points = [
            point({kind: 1.0}, seeds[place % len(seeds)], _LENGTH, setup.truncation) for place, kind in enumerate(kinds)
        ]
        return Stream(rate=setup.rate, frames=frames_of(setup, len(kinds)))

    def run(self) -> Iterator[Vector | Timed]:
        points = self._points
        stops = [stop.vector(_FAMILY) for stop in points]
        for step in paced(self._ctx, steps(self._setup, len(points))):
            still = stops[step.one] if step.way == 0 else None
            moved = points[step.one].towards(points[step.other], step.way)
            yield Timed(still or moved.vector(_FAMILY), step.time)


def point(shares: dict[str, float], seed: int, length: int, truncation: float) -> KindPoint:
    """The point of a seed with shares of kinds. Raises NodeError, with names that may be meant."""
    from nodeflow.models.generate import latent

    try:
        return KindPoint(latent(seed, length, truncation), mix_of(shares), truncation)
    except ValueError as fault:
        near = [other for name in shares for other in kinds_like(name)]
        hint = f"Did you mean {', '.join(near)}?" if near else "The menu of the first kind lists them."
        raise NodeError(f"{str(fault)[:1].upper()}{str(fault)[1:]}.", hint) from fault

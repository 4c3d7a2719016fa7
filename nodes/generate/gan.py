"""Points in the space that a generator draws from, ways between them, and the pictures there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nodeflow.node import Context, ModelRef, NodeError, Params, Stream, Timed, model, node, number, slider, text, toggle
from nodeflow.values import Image, Vector
from nodes.io.playback import Pace

if TYPE_CHECKING:
    from nodeflow.models.generate import GeneratorModel

_MOST_SEEDS = 1000


class _Space(Params):
    family: str = text("dcgan-100", doc="Whose numbers they are; the generator's card says it", essential=False)
    length: int = number(100, 1, 65536, doc="How many numbers; the generator's card says it", essential=False)


@node("generate.point", category="Generate", title="Latent point", pure=True)
class Point:
    """A point in the space that a generator draws from.

    Each seed is another point, the same on every machine.
    """

    class Setup(_Space):
        pass

    class Live(Params):
        seed: int = number(1, 0, 2**31 - 1, doc="The point's number")
        truncation: float = slider(0.8, 0, 1, doc="Nearer to the middle: less variety, fewer failures")

    def open(self, setup: Setup) -> None:
        self._space = setup

    def run(self, live: Live) -> Vector:
        from nodeflow.models.generate import latent

        return Vector(latent(live.seed, self._space.length, live.truncation), self._space.family)


@node("generate.walk", category="Generate", title="Latent walk")
class Walk:
    """A way from point to point, in small steps: one picture turns into the next."""

    class Setup(_Space):
        seeds: str = text("1, 2, 3, 4", doc="The points' numbers, with commas between")
        seconds: float = number(2.0, 0.05, 600, unit="s", doc="From one point to the next")
        rate: float = number(25.0, 1, 120, unit="fps", doc="Steps a second", essential=False)
        truncation: float = slider(0.8, 0, 1, doc="Nearer to the middle: less variety, fewer failures")
        loop: bool = toggle(False, doc="Go back to the first point and begin again, for ever")

    def open(self, setup: Setup, ctx: Context) -> Stream:
        from nodeflow.models.generate import latent

        self._setup, self._ctx = setup, ctx
        self._points = [latent(seed, setup.length, setup.truncation) for seed in seeds_of(setup.seeds)]
        self._steps = max(1, round(setup.seconds * setup.rate))
        legs = len(self._points) - 1
        return Stream(rate=setup.rate, frames=None if setup.loop else legs * self._steps + 1)

    def run(self) -> Iterator[Vector | Timed]:
        from nodeflow.models.generate import between

        pace = Pace(self._ctx.wait) if self._ctx.interactive else None
        points, steps = self._points, self._steps
        frames = None if self._setup.loop else (len(points) - 1) * steps + 1
        index = 0
        while frames is None or index < frames:
            time = index / self._setup.rate
            if self._ctx.stopping or (pace and pace.wait_until(time)):
                return
            leg, step = divmod(index, steps)
            one, other = points[leg % len(points)], points[(leg + 1) % len(points)]
            yield Timed(Vector(between(one, other, step / steps), self._setup.family), time)
            index += 1


def seeds_of(words: str) -> list[int]:
    """The numbers in a text. Raises NodeError for what is none, and for fewer than two."""
    seeds = []
    for word in words.replace(";", ",").split(","):
        if word.strip():
            if not word.strip().isdecimal():
                raise NodeError(f"{word.strip()[:40]!r} is not a whole number.", "Write numbers with commas: 1, 2, 3.")
            seeds.append(int(word.strip()[:20]) % 2**32)
    if not 2 <= len(seeds) <= _MOST_SEEDS:
        raise NodeError(
            f"A walk needs 2 to {_MOST_SEEDS} points, not {len(seeds)}.", "Write numbers with commas: 1, 2."
        )
    return seeds


@node("generate.picture", category="Generate", title="Picture generator")
class Generator:
    """Draw the picture that lies at a point. It shows nobody: what it draws never was."""

    class Setup(Params):
        model: ModelRef = model(task="picture-generator", default="dcgan-faces", doc="Each has points of its own")

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: GeneratorModel = open_for(ctx, "picture-generator", setup.model)

    def run(self, vector: Vector) -> Image:
        try:
            return self._model(vector)
        except ValueError as fault:
            raise NodeError(
                f"{str(fault)[:1].upper()}{str(fault)[1:]}.", "Set family and length of the point."
            ) from fault

    def close(self) -> None:
        self._model.close()

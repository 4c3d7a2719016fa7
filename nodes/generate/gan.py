"""Points in the space that a generator draws from, ways between them, and the pictures there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from nodeflow.node import Context, ModelRef, NodeError, Params, Stream, Timed, model, node, number, slider, text
from nodeflow.values import Image, Vector
from nodes.generate.course import Course, Step, frames_of, steps
from nodes.io.playback import Pace

if TYPE_CHECKING:
    from nodeflow.models.generate import GeneratorModel

_MOST_SEEDS = 1000


class _Space(Params):
    family: str = text("dcgan-100", doc="Whose numbers they are; the generator's card says it", essential=False)
    length: int = number(100, 1, 65536, doc="How many numbers; the generator's card says it", essential=False)


@node("generate.point", category="Generate", title="Latent point", pure=True, words="random seed noise vector")
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


class _Stops(_Space):
    seeds: str = text("1, 2, 3, 4", doc="The points' numbers, with commas between")
    truncation: float = slider(0.8, 0, 1, doc="Nearer to the middle: less variety, fewer failures")


@node("generate.walk", category="Generate", title="Latent walk", words="interpolate random animate vector")
class Walk:
    """A way from point to point, in small steps: one picture turns into the next."""

    class Setup(Course, _Stops):
        pass

    def open(self, setup: Setup, ctx: Context) -> Stream:
        from nodeflow.models.generate import latent

        self._setup, self._ctx = setup, ctx
        self._points = [latent(seed, setup.length, setup.truncation) for seed in seeds_of(setup.seeds)]
        return Stream(rate=setup.rate, frames=frames_of(setup, len(self._points)))

    def run(self) -> Iterator[Vector | Timed]:
        from nodeflow.models.generate import between

        points, family = self._points, self._setup.family
        for step in paced(self._ctx, steps(self._setup, len(points))):
            yield Timed(Vector(between(points[step.one], points[step.other], step.way), family), step.time)


def paced(ctx: Context, walk: Iterable[Step]) -> Iterator[Step]:
    """The steps of a walk, until the session stops; in real time where a person watches."""
    pace = Pace(ctx.wait) if ctx.interactive else None
    for step in walk:
        if ctx.stopping or (pace and pace.wait_until(step.time)):
            return
        yield step


def seeds_of(words: str, least: int = 2) -> list[int]:
    """The numbers in a text. Raises NodeError for what is none, and for fewer than `least`."""
    seeds = []
    for word in words.replace(";", ",").split(","):
        if word.strip():
            if not word.strip().isdecimal():
                raise NodeError(f"{word.strip()[:40]!r} is not a whole number.", "Write numbers with commas: 1, 2, 3.")
            seeds.append(int(word.strip()[:20]) % 2**32)
    if not least <= len(seeds) <= _MOST_SEEDS:
        raise NodeError(
            f"A walk needs {least} to {_MOST_SEEDS} numbers, not {len(seeds)}.", "Write numbers with commas: 1, 2."
        )
    return seeds


@node("generate.picture", category="Generate", title="Picture generator", time_limit=120)
class Generator:
    """Draw the picture that lies at a point. It shows nobody: what it draws never was."""

    class Setup(Params):
        model: ModelRef = model(task="picture-generator", default="dcgan-faces", doc="Each has points of its own")

    def open(self, setup: Setup, ctx: Context) -> None:
        from nodeflow.models import open_for

        self._model: GeneratorModel = open_for(ctx, "picture-generator", setup.model)
        self._drawn: tuple[Vector, Image] | None = None

    def run(self, vector: Vector) -> Image:
        if self._drawn is None or self._drawn[0] is not vector:  # a walk that rests gives the same again
            self._drawn = vector, self._draw(vector)
        return self._drawn[1]

    def _draw(self, vector: Vector) -> Image:
        try:
            return self._model(vector)
        except ValueError as fault:
            raise NodeError(
                f"{str(fault)[:1].upper()}{str(fault)[1:]}.",
                "Set family and length of the point.",
            ) from fault

    def close(self) -> None:
        self._model.close()
        self._drawn = None

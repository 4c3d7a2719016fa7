"""Following things from frame to frame: a detector finds them, a closer look at each says where to look next.

    1. whatever is followed gets its closer look, in the square where it was last
    2. what the look is not sure of any more is dropped, and so is what has run into something surer
    3. while there are fewer than wanted, the detector looks at the whole picture; what it finds that is not
       followed yet gets its closer look in the same frame

After MediaPipe's landmark graphs (hands, faces). A thing keeps its number for as long as it is followed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Generic, Protocol, TypeVar

from nodeflow.models.squares import Square
from nodeflow.values import Image


class Seen(Protocol):
    """What a closer look gives: how sure it is that the thing is there (0..1), and where to look in the next frame."""

    @property
    def presence(self) -> float: ...
    @property
    def next(self) -> Square: ...


Body = TypeVar("Body", bound=Seen)


@dataclass(frozen=True, slots=True)
class Followed(Generic[Body]):
    """One thing of a frame, with the number that it keeps."""

    body: Body
    track_id: int


class Follower(Generic[Body]):
    """Follows up to `most` things of one stream. `detector_runs` counts the looks at the whole picture."""

    def __init__(
        self,
        detect: Callable[[Image, int], list[Square]],
        look: Callable[[Image, Square], Body],
        *,
        presence: float,
        overlap: float = 0.5,
    ) -> None:
        """Things are followed while their look is at least `presence` sure. Two squares that overlap by more than
        `overlap` (intersection over union) are about the same thing."""
        self._detect, self._look = detect, look
        self._presence, self._overlap = presence, overlap
        self._followed: dict[int, Square] = {}
        self._numbers = count(1)
        self._size = (0, 0)
        self.detector_runs = 0

    def __call__(self, image: Image, most: int) -> list[Followed[Body]]:
        """What is in a picture, those followed longest first."""
        if image.frame.size != self._size:
            self.reset()
            self._size = image.frame.size
        seen: list[Followed[Body]] = []
        for number, square in list(self._followed.items())[:most]:
            self._add(seen, image, square, number)
        if len(seen) < most:
            self.detector_runs += 1
            for square in self._detect(image, most):
                if len(seen) < most and not any(self._same(square, each.body.next) for each in seen):
                    self._add(seen, image, square, None)
        self._followed = {each.track_id: each.body.next for each in seen}
        return seen

    def _add(self, seen: list[Followed[Body]], image: Image, square: Square, number: int | None) -> None:
        body = self._look(image, square)
        sure = body.presence >= self._presence and body.next.side >= 1
        if sure and not any(self._same(body.next, each.body.next) for each in seen):
            seen.append(Followed(body, next(self._numbers) if number is None else number))

    def _same(self, one: Square, other: Square) -> bool:
        """Whether two squares, taken as upright, overlap by more than `overlap`."""
        reach = (one.side + other.side) / 2
        wide = min(reach - abs(one.x - other.x), one.side, other.side)
        high = min(reach - abs(one.y - other.y), one.side, other.side)
        shared = max(wide, 0.0) * max(high, 0.0)
        return shared > self._overlap * (one.side**2 + other.side**2 - shared)

    def reset(self) -> None:
        """Forget everything: the next picture is not a sequel of the last."""
        self._followed = {}

"""From a picture on a GPU to a network's answer on the host, queued as one thing.

    trip = Trip.of(stream, outputs, cut, picture, numbers, run)     # None where it cannot be had
    arrays = trip(picture, numbers)         # queued: good once the stream has come so far

`cut(picture, numbers)` makes the network's input out of a picture, in a score of torch's calls. Each of them lets go of
Python's lock and has to get it back from whatever else runs, which among the threads of a graph takes longer than the
GPU needs for the network. So they are recorded together with it (see `replay`). What is left is to copy the picture and
the numbers in, to launch, and to copy all outputs to the host, where they lie in one piece.

A recording is for pictures of one size that are cut in one way. `Trips` decides when to make one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.layout import Shapes
from nodeflow.models.recording import recorded, taking_memory
from nodeflow.models.replay import Replay

if TYPE_CHECKING:
    import torch

    from nodeflow.models.replay import Record, Tensors

    Cut = Callable[[torch.Tensor, Sequence[torch.Tensor | float]], torch.Tensor]
    """Makes a network's input from a picture, uint8 3xHxW, and numbers, which may be tensors of no dimension: it must
    not read them, and no single call of torch in it may take memory for anything but its result. Equal ones make the
    same."""


class Trips:
    """What one caller asks of one session: what it asks twice in a row is recorded.

    Recording takes as long as many runs do, so who asks for something else each time is soon left alone.
    """

    MOST = 4

    def __init__(self) -> None:
        self._asked: tuple[object, ...] = ()
        self._trip: Trip | None = None
        self._tries = 0
        self._is_tried = False

    def of(self, cut: Cut, picture: torch.Tensor, record: Callable[[], Trip | None]) -> Trip | None:
        """The recording for pictures of this size that are cut so, which `record` makes; None where there is none."""
        asked = cut, picture.shape
        if asked != self._asked:
            self._asked, self._trip, self._is_tried = asked, None, False
        elif not self._is_tried and self._tries < self.MOST:
            self._is_tried = True
            self._tries += 1
            self._trip = record()
        return self._trip


class Trip:
    """A recorded round trip. Made by `of`."""

    def __init__(self, replay: Replay, numbers: torch.Tensor, fetched: torch.Tensor, kept: object) -> None:
        self._replay, self._numbers, self._fetched = replay, numbers, fetched
        self._kept = kept
        self._numbers_here: NDArray[np.float32] = numbers.numpy()
        self._arrays = replay.layout.arrays(fetched.numpy())

    @classmethod
    def of(
        cls,
        stream: torch.cuda.Stream,
        outputs: Shapes,
        cut: Cut,
        picture: torch.Tensor,
        numbers: Sequence[float],
        run: Callable[[torch.Tensor, Tensors], object],
        record: Record = recorded,
    ) -> Trip | None:
        """Record the way from such pictures and numbers to `outputs` of these shapes and types. `run` queues a run of
        the network on its input, which writes into the named tensors. The host waits for the GPU. `stream` is the
        current one."""
        import torch

        kept: list[object] = []

        def whole(inputs: Tensors, into: Tensors) -> None:
            with taking_memory():
                feed = cut(inputs["picture"], inputs["numbers"].unbind()).contiguous()
            run(feed, into)

        def keeping(stream: torch.cuda.Stream, queue: Callable[[], object]) -> Callable[[], None] | None:
            with _keeping([]):
                queue()  # torch has as much memory at hand then as it takes to keep all
            stream.synchronize()
            with _keeping(kept):
                return record(stream, queue)

        here = torch.tensor(numbers, dtype=torch.float32, pin_memory=picture.is_cuda)
        feeds = {"picture": picture, "numbers": here.to(picture.device)}
        replay = Replay.of(stream, outputs, feeds, whole, keeping)
        if replay is None:
            return None
        fetched = torch.empty(replay.block.shape, dtype=torch.uint8, pin_memory=picture.is_cuda)
        return cls(replay, here, fetched, kept)

    def __call__(self, picture: torch.Tensor, numbers: Sequence[float]) -> Mapping[str, NDArray[Any]]:
        """Queue it on the current stream. The arrays are good once that has come so far, until the next call."""
        self._numbers_here[:] = numbers
        self._replay.launch({"picture": picture, "numbers": self._numbers})
        self._fetched.copy_(self._replay.block, non_blocking=True)
        return self._arrays


def _keeping(kept: list[object]) -> AbstractContextManager[object]:
    """Whatever torch makes inside is put into a list: a recording writes there each time that it runs, so its memory
    must be given to nobody else. Of what torch makes within one call nothing is seen: that is the cut's to avoid."""
    from torch.overrides import TorchFunctionMode

    class Keeping(TorchFunctionMode):
        def __torch_function__(
            self,
            call: Callable[..., object],
            _: object,
            given: Sequence[Any] = (),
            named: Mapping[str, Any] | None = None,
        ) -> object:
            made = call(*given, **(named or {}))
            kept.append(made)
            return made

    return Keeping()

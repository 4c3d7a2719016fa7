"""From a picture on a GPU to a network's answer on the host, queued as one thing.

    trip = Trip.of(lane, outputs, cut, read, picture, numbers, run)     # None where it cannot be had
    trip.launch(picture, numbers)
    arrays = trip.wait()

`cut(picture, numbers)` makes the network's input out of a picture, `read(outputs)` what is wanted of its outputs, each
in a score of torch's calls, which let go of Python's lock and have to get it back from whatever else runs: that takes
longer than the GPU needs for the network. So they are recorded together with it (see `replay`). What is left is to copy
the picture and the numbers in, to launch, and to copy what was read to the host, where it lies in one piece.

A recording is for pictures of one size that are cut in one way. `Trips` decides when to make one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.layout import Layout, Shapes
from nodeflow.models.recording import taking_memory
from nodeflow.models.replay import Replay

if TYPE_CHECKING:
    import torch

    from nodeflow.models.lane import Lane
    from nodeflow.models.replay import Record, Tensors

    Cut = Callable[[torch.Tensor, Sequence[torch.Tensor | float]], torch.Tensor]
    """Makes a network's input from a picture, uint8 3xHxW, and numbers, which may be tensors of no dimension: it must
    not read them, and no single call of torch in it may take memory for anything but its result. Equal ones make the
    same."""
    Read = Callable[[Sequence[torch.Tensor]], Sequence[torch.Tensor]]
    """Makes what is wanted of a network's outputs, all of fixed shapes, under the same conditions."""


class Reading(Protocol):
    """What is wanted of a network's outputs, in two forms that give the same."""

    def on_host(self, outputs: Sequence[Any]) -> Sequence[Any]:
        """From arrays. Raises BadModel where they are not what the network should give."""
        ...

    def on_device(self, outputs: Sequence[torch.Tensor]) -> Sequence[torch.Tensor]:
        """From tensors, where they are, so that less has to come to the host: a `Read`."""
        ...


class _Whole:
    """The outputs as they are."""

    def on_host(self, outputs: Sequence[Any]) -> Sequence[Any]:
        return outputs

    def on_device(self, outputs: Sequence[torch.Tensor]) -> Sequence[torch.Tensor]:
        return outputs


WHOLE: Reading = _Whole()


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

    def __init__(self, lane: Lane, replay: Replay, numbers: torch.Tensor, fetched: torch.Tensor, kept: object) -> None:
        self._lane, self._end = lane, lane.mark()
        self._replay, self._numbers, self._fetched = replay, numbers, fetched
        self._kept = kept
        self._numbers_here: NDArray[np.float32] = numbers.numpy()
        self._arrays = list(replay.layout.arrays(fetched.numpy()).values())

    @classmethod
    def of(
        cls,
        lane: Lane,
        outputs: Shapes,
        cut: Cut,
        read: Read,
        picture: torch.Tensor,
        numbers: Sequence[float],
        run: Callable[[torch.Tensor, Tensors], object],
    ) -> Trip | None:
        """Record the way from such pictures and numbers to what is read of `outputs` of these shapes and types. `run`
        queues a run of the network on its input, which writes into the named tensors. The host waits for the GPU. The
        lane's stream is the current one."""
        import torch

        layout = Layout(outputs)
        said = layout.tensors(torch.zeros(layout.size, dtype=torch.uint8, device=picture.device))
        kept: list[object] = [said]

        def whole(inputs: Tensors, into: Tensors) -> None:
            with taking_memory():
                feed = cut(inputs["picture"], inputs["numbers"].unbind()).contiguous()
            run(feed, said)
            with taking_memory():
                for made, room in zip(read(list(said.values())), into.values(), strict=True):
                    room.copy_(made)

        here = torch.tensor(numbers, dtype=torch.float32, pin_memory=picture.is_cuda)
        feeds = {"picture": picture, "numbers": here.to(picture.device)}
        wanted = {str(number): _shape(each) for number, each in enumerate(read(list(said.values())))}
        replay = Replay.of(lane, wanted, feeds, whole, _keeping_all(lane, kept))
        if replay is None:
            return None
        fetched = torch.empty(replay.block.shape, dtype=torch.uint8, pin_memory=picture.is_cuda)
        return cls(lane, replay, here, fetched, kept)

    def launch(self, picture: torch.Tensor, numbers: Sequence[float]) -> None:
        """Queue it behind what the current stream holds. The picture must stay until the host has waited."""
        self._numbers_here[:] = numbers
        try:
            with self._lane as lane:
                lane.follow()
                self._replay.launch({"picture": picture, "numbers": self._numbers})
                lane.copy(self._fetched, self._replay.block)
                lane.set(self._end)
        except BaseException:
            self._lane.stream.synchronize()  # what was queued may read the picture
            raise

    def wait(self) -> list[NDArray[Any]]:
        """What was read of the outputs, as arrays that are good until the next launch. The host waits for the GPU."""
        self._end.wait()
        return self._arrays


def _shape(tensor: torch.Tensor) -> tuple[tuple[int, ...], str]:
    return tuple(tensor.shape), str(tensor.dtype).removeprefix("torch.")


def _keeping_all(lane: Lane, kept: list[object]) -> Record:
    """Records, and keeps whatever torch makes meanwhile."""

    def record(queue: Callable[[], object]) -> Callable[[], None] | None:
        with _keeping([]):
            queue()  # torch has as much memory at hand then as it takes to keep all
        lane.stream.synchronize()
        with _keeping(kept):
            return lane.record(queue)

    return record


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

"""A network's runs on a GPU, queued as one thing.

    replay = Replay.of(lane, outputs, feeds, run)       # None where it cannot be had
    replay(feeds, {"boxes": boxes, "scores": scores})   # runs, and writes into these tensors

The network reads tensors that stay where they are and writes others; what it does between is recorded (see
`recording`). Feeds are copied in and results out, on the GPU, which costs little. Not every network can be had so: one
that waits for the GPU, or whose outputs depend on what it sees. So a recording is held to plain runs on two different
inputs before it is used.

All of it is queued on the session's lane, by one caller at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from nodeflow.models.layout import Layout, Shapes

if TYPE_CHECKING:
    import torch

    from nodeflow.models.lane import Lane

    Tensors = Mapping[str, torch.Tensor]
    Run = Callable[[Tensors, Tensors], object]
    """Queues a plain run on the current stream, which reads the first tensors and writes into the others."""
    Record = Callable[[Callable[[], object]], Callable[[], None] | None]

_ALIKE = 1e-3
"""How far two runs may differ, in parts and absolutely: sums may be taken in another order."""


class Replay:
    """A network whose runs are queued as one thing. Made by `of`.

    `block` is all that it writes, uint8, laid out as `layout` says.
    """

    def __init__(
        self, lane: Lane, inputs: Tensors, block: torch.Tensor, layout: Layout, launch: Callable[[], None]
    ) -> None:
        self.block, self.layout = block, layout
        self._lane, self._launch = lane, launch
        self._inputs, self._outputs = inputs, layout.tensors(block)

    @classmethod
    def of(cls, lane: Lane, outputs: Shapes, feeds: Tensors, run: Run, record: Record | None = None) -> Replay | None:
        """Record a network with `outputs` of these shapes and types, on inputs like `feeds`, or have `record` do it.
        The host waits for the GPU. The lane's stream is the current one."""
        import torch

        inputs = {name: feed.clone() for name, feed in feeds.items()}
        where = next(iter(inputs.values())).device
        layout = Layout(outputs)
        block = torch.zeros(layout.size, dtype=torch.uint8, device=where)
        made = layout.tensors(block)
        run(inputs, made)  # takes what memory it needs
        lane.stream.synchronize()
        launch = (record or lane.record)(lambda: run(inputs, made))
        if launch is None:
            with suppress(Exception):  # the error that ended the recording is told to whoever calls CUDA next
                run(inputs, made)
            return None
        replay = cls(lane, inputs, block, layout, launch)
        with suppress(Exception):  # what cannot be launched is as good as what differs
            if replay._agrees(feeds, run) and replay._agrees(_others(feeds), run):
                return replay
        return None

    def fits(self, feeds: Tensors) -> bool:
        """Whether these are of the shapes and types that were recorded."""
        return feeds.keys() == self._inputs.keys() and all(
            (feed.shape, feed.dtype) == (self._inputs[name].shape, self._inputs[name].dtype)
            for name, feed in feeds.items()
        )

    def launch(self, feeds: Tensors) -> None:
        """Run on feeds that fit, which may be in page-locked memory of the host. What it gives stands in `block`."""
        with self._lane as lane:
            for name, feed in feeds.items():
                lane.copy(self._inputs[name], feed)
            self._launch()

    def __call__(self, feeds: Tensors, into: Tensors) -> None:
        """Run on feeds that fit, and write the named outputs `into` tensors of their shapes."""
        self.launch(feeds)
        with self._lane as lane:
            for name, tensor in into.items():
                lane.copy(tensor, self._outputs[name])

    def _agrees(self, feeds: Tensors, run: Run) -> bool:
        import torch

        plain, replayed = ({name: each.clone() for name, each in self._outputs.items()} for _ in range(2))
        run(feeds, plain)
        self.block.zero_()
        self(feeds, replayed)
        return all(
            torch.allclose(replayed[name].double(), each.double(), _ALIKE, _ALIKE, equal_nan=True)
            for name, each in plain.items()
        )


def _others(feeds: Tensors) -> dict[str, torch.Tensor]:
    """Inputs with the same numbers in another order."""
    return {name: feed.flatten().roll(1).reshape(feed.shape) for name, feed in feeds.items()}

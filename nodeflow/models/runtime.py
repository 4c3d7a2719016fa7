"""Running ONNX models.

    model = OnnxModel(path, device="auto", threads=1)
    model.provider                                      # "CPU", "CUDA", "CUDA fp16" ...: what it really got
    boxes, scores = model.run({"input_1": pixels})      # arrays in, arrays out

    look = model.bound({"input_1": pixels})             # for many runs of one caller: the arrays stay where they are
    pixels[...] = ...; boxes, scores = look()           # a few per cent less for small networks

    model.device                                        # "cuda:0": the tensors of the next line live there
    boxes, scores = model.run_tensors({"input_1": tensor})

Devices are "auto" (CUDA where it works, else CPU), "cpu", or "cuda:0", which raises rather than fall back. All who
open a file alike share one session (see `sessions`). Making one takes up to a second; like `run`, which may be called
from several threads at once, it leaves the GIL to others meanwhile (measured with 1.31).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nodeflow.models.onnx_session import OnnxSession
from nodeflow.models.providers import Precision
from nodeflow.models.sessions import Lease, sessions
from nodeflow.values.device import resolved

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray

    from nodeflow.models.round_trip import Cut, Reading

    Array = NDArray[np.generic]


class OnnxModel:
    """An ONNX model that is open, and where it runs.

    `provider` is "CPU", "CUDA" or "TensorRT", with what it is or why it is not what was asked for, as shown to people.
    `device` is where `run_tensors` takes and leaves tensors. `inputs` and `outputs` map names to shapes, in the
    model's order; a dimension that is not fixed is a name or None. `metadata` is what the file says of itself.
    """

    def __init__(
        self,
        path: Path,
        device: str = "auto",
        threads: int = 1,
        precision: Precision = "auto",
        tensorrt: bool = False,
        *,
        name: str = "",
    ) -> None:
        """Open a model, called `name` where people read of it. Raises BadModel, DeviceUnavailable."""
        import onnxruntime  # noqa: F401 - before the memory of a session is measured: this is no model's

        key = (path, device, threads, precision, tensorrt)
        size, changed = _state(path)
        self._lease = sessions.take(
            ("onnx", *key, size, changed), name or path.stem, size, lambda: OnnxSession(*key), resolved(device)
        )
        session = self._lease.session()
        self.path = path
        self.provider, self.device = session.provider, session.device
        self.inputs, self.outputs, self.metadata = session.inputs, session.outputs, session.metadata

    def run(self, feeds: Mapping[str, Array], outputs: Sequence[str] | None = None) -> list[Any]:
        """Arrays of all outputs, or of the named ones, in order. Raises BadModel where the model fails on `feeds`."""
        session, began = self._lease.session(), self._lease.call()
        made = session.run(feeds, outputs)
        self._lease.done(began)
        return made

    def bound(self, feeds: Mapping[str, Array], outputs: Sequence[str] | None = None) -> BoundRun:
        """`run` on these very arrays, again and again: for whoever writes each input into the last one's place."""
        return BoundRun(self._lease, feeds, outputs)

    def round_trip(self, reading: Reading, outputs: Sequence[str] | None = None) -> RoundTrip:
        """For many runs of one caller on pictures that are on `device`: the network has one input."""
        return RoundTrip(self._lease, reading, outputs)

    def run_tensors(
        self, feeds: Mapping[str, torch.Tensor], outputs: Sequence[str] | None = None
    ) -> list[torch.Tensor]:
        """The same on torch tensors of `device`, which are ready on the current stream, as the results are.

        The host does not wait for a GPU: fetch what it wants with `nodeflow.values.device.download`. Raises BadModel.
        """
        session, began = self._lease.session(), self._lease.call()
        made = session.run_tensors(feeds, outputs)
        self._lease.done(began)
        return made


class BoundRun:
    """Runs a model on the host on arrays that stay where they are: `feeds`, contiguous, and what it gives.

    What a call gives is valid until the next. For one thread at a time.
    """

    def __init__(self, lease: Lease[OnnxSession], feeds: Mapping[str, Array], outputs: Sequence[str] | None) -> None:
        self.feeds, self.outputs = feeds, outputs
        self._lease = lease

    def __call__(self) -> list[Any]:
        """Arrays as `OnnxModel.run` gives them. Raises BadModel."""
        session, began = self._lease.session(), self._lease.call()
        made = session.run_bound(self, self.feeds, self.outputs)
        self._lease.done(began)
        return made


class RoundTrip:
    """From a picture on a GPU to what is read of the network's outputs on the host.

    What a call gives is valid until the next. For one thread at a time.
    """

    def __init__(self, lease: Lease[OnnxSession], reading: Reading, outputs: Sequence[str] | None) -> None:
        self._lease, self._reading, self._outputs = lease, reading, outputs

    def __call__(self, cut: Cut, picture: torch.Tensor, numbers: Sequence[float]) -> Sequence[Array]:
        """What is read for the input that `cut(picture, numbers)` makes, as arrays. The picture, uint8 3xHxW, is ready
        on the current stream. The host waits, once. Raises BadModel."""
        session, began = self._lease.session(), self._lease.call()
        made = session.run_trip(self, cut, self._reading, picture, numbers, self._outputs)
        self._lease.done(began)
        return made


def _state(path: Path) -> tuple[int, int]:
    """The size of a file and when it was last changed; of one that is not there, nothing."""
    try:
        now = path.stat()
        return now.st_size, now.st_mtime_ns
    except OSError:
        return 0, 0

"""A session of onnxruntime: one file of a model, open on one device, for all who opened it alike.

On a GPU it queues its work on one stream of its own, whoever calls. `run_tensors` makes that stream wait for the
caller's and the caller's for it, by events; the host waits for neither. From its second run on the work is queued as
one thing, where it can be (see `replay` and `round_trip`).

For `runtime`, which leases sessions and has what callers see.
"""

from __future__ import annotations

import os
import re
import threading
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from nodeflow.models.errors import BadModel, DeviceUnavailable, first_line
from nodeflow.models.lane import Lane
from nodeflow.models.providers import CPU, Candidate, Precision, candidates, described, halved
from nodeflow.models.replay import Replay
from nodeflow.models.round_trip import Trip, Trips
from nodeflow.models.sessions import creating
from nodeflow.values.device import download, new_stream

if TYPE_CHECKING:
    import numpy as np
    import onnxruntime
    import torch
    from numpy.typing import NDArray

    from nodeflow.models.layout import Shapes
    from nodeflow.models.replay import Tensors
    from nodeflow.models.round_trip import Cut, Reading

    Array = NDArray[np.generic]


class OnnxSession:
    """One onnxruntime session, with the attributes of `OnnxModel`."""

    def __init__(self, path: Path, device: str, threads: int, precision: Precision, tensorrt: bool) -> None:
        self.path = path
        tried: list[tuple[Candidate, str]] = []
        with creating:
            for candidate in candidates(device, precision, tensorrt):
                why_not = candidate.missing or self._open(candidate, threads)
                if not why_not:
                    break
                tried.append((candidate, why_not))
            else:
                raise BadModel(
                    f"{path.name} cannot be opened as a model: {tried[-1][1]}. If it is damaged, delete {path} and "
                    "fetch it again, or choose another"
                )
        if device.startswith("cuda") and candidate.provider == CPU:
            raise DeviceUnavailable(f"{path.name} does not run on {device} ({tried[-1][1]}); use 'auto' or 'cpu'")
        wishes = tensorrt or precision == "fp16"
        self.provider = described(candidate, tried, wishes)
        self.device = candidate.device if self._stream is not None else "cpu"
        self._turn: AbstractContextManager[Any] = nullcontext() if self._stream is None else threading.Lock()
        """For calls that queue on the one stream: what a call queues there, and frees, belongs together."""
        self._where = ("cpu", 0) if self.device == "cpu" else ("cuda", int(self.device.removeprefix("cuda:")))
        self.inputs: dict[str, tuple[int | str | None, ...]] = _shapes(self._session.get_inputs())
        self.outputs: dict[str, tuple[int | str | None, ...]] = _shapes(self._session.get_outputs())
        self.metadata: dict[str, str] = dict(self._session.get_modelmeta().custom_metadata_map)
        self._types = {each.name: _DTYPES.get(each.type, each.type) for each in self._session.get_outputs()}
        self._lane: Lane | None = None
        """Where runs are recorded, if they are."""
        if self._stream is not None and self.provider.startswith("CUDA"):
            self._lane = Lane.of(self._stream)
        self._replay: Replay | Literal["later", "due"] | None = None if self._lane is None else "later"
        self._bindings: weakref.WeakKeyDictionary[object, tuple[Any, list[Any]]] = weakref.WeakKeyDictionary()
        self._trips: weakref.WeakKeyDictionary[object, Trips] = weakref.WeakKeyDictionary()

    def _open(self, candidate: Candidate, threads: int) -> str:
        """Open the session as `candidate` has it. Returns why that did not work, or ""."""
        import onnxruntime

        onnxruntime.set_default_logger_severity(4)  # it warns of plugins for CUDA that nobody needs
        self._stream: torch.cuda.Stream | None = None
        if candidate.provider != CPU:
            onnxruntime.preload_dlls()
            self._stream = new_stream(candidate.device)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 4  # errors arrive as exceptions
        # Spinning threads steal the cores that other nodes need: two of them ran half as fast as one that sleeps.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        handle = None if self._stream is None else self._stream.cuda_stream
        try:
            session = onnxruntime.InferenceSession(
                halved(self.path) if candidate.halved else os.fspath(self.path),
                options,
                providers=candidate.providers(handle, self.path.parent / "tensorrt"),
                enable_fallback=0,  # its own way back forgets the options, the stream among them
            )
        except Exception as error:  # onnxruntime's errors share no base class
            return first_line(error, _NOISE)
        if session.get_providers()[0] != candidate.provider:
            return f"onnxruntime could not start {candidate.label}"
        self._session: onnxruntime.InferenceSession = session
        return ""

    def run(self, feeds: Mapping[str, Array], outputs: Sequence[str] | None = None) -> list[Any]:
        try:
            with self._turn:
                return list(self._session.run(outputs, feeds))
        except Exception as error:
            raise BadModel(f"{self.path.name} failed: {first_line(error, _NOISE)}") from error

    def run_bound(self, whose: object, feeds: Mapping[str, Array], outputs: Sequence[str] | None) -> list[Any]:
        """The first run of somebody shows what the outputs are; where they are as the file promises, the next write
        into them."""
        found = self._bindings.get(whose)
        if found is None:
            names = list(outputs or self.outputs)
            made = self.run(feeds, names)
            if all(self.outputs[name] == array.shape for name, array in zip(names, made, strict=True)):
                binding = self._session.io_binding()
                for name, array in feeds.items():
                    binding.bind_input(name, "cpu", 0, array.dtype, array.shape, array.ctypes.data)
                for name, array in zip(names, made, strict=True):
                    binding.bind_output(name, "cpu", 0, array.dtype, array.shape, array.ctypes.data)
                self._bindings[whose] = binding, made
            return made
        binding, made = found
        try:
            self._session.run_with_iobinding(binding)
        except Exception as error:
            raise BadModel(f"{self.path.name} failed: {first_line(error, _NOISE)}") from error
        return made

    def run_tensors(
        self, feeds: Mapping[str, torch.Tensor], outputs: Sequence[str] | None = None
    ) -> list[torch.Tensor]:
        given = {name: tensor.contiguous() for name, tensor in feeds.items()}
        names = list(outputs or self.outputs)
        try:
            for name, tensor in given.items():
                if str(tensor.device) != self.device:
                    raise BadModel(f"{name!r} is on {tensor.device}, the model on {self.device}")
            made = {name: self._room(name) for name in names}
            with self._turn, self._in_order() as callers:
                into = {name: tensor for name, tensor in made.items() if tensor is not None}
                if len(into) == len(made) and (replay := self._replayed(given)) is not None:
                    replay(given, into)
                    return list(into.values())
                values = self._queue(given, made)
                return [
                    _kept(value, callers) if tensor is None else tensor
                    for value, tensor in zip(values, made.values(), strict=True)
                ]
        except Exception as error:
            raise BadModel(f"{self.path.name} failed: {first_line(error, _NOISE)}") from error

    def run_trip(
        self,
        whose: object,
        cut: Cut,
        reading: Reading,
        picture: torch.Tensor,
        numbers: Sequence[float],
        outputs: Sequence[str] | None,
    ) -> Sequence[Array]:
        shapes = self._fixed(outputs or tuple(self.outputs))
        if self._lane is not None and self._replay is not None and shapes is not None:
            trips, lane = self._trips.setdefault(whose, Trips()), self._lane
            try:
                with self._turn:
                    trip = trips.of(cut, picture, lambda: self._recorded(lane, shapes, cut, reading, picture, numbers))
                    if trip is not None:
                        trip.launch(picture, numbers)
                if trip is not None:
                    return trip.wait()
            except Exception as error:
                raise BadModel(f"{self.path.name} failed: {first_line(error, _NOISE)}") from error
        made = self.run_tensors({next(iter(self.inputs)): cut(picture, numbers)}, outputs)
        return reading.on_host(download(*made))

    def _recorded(
        self,
        lane: Lane,
        outputs: Shapes,
        cut: Cut,
        reading: Reading,
        picture: torch.Tensor,
        numbers: Sequence[float],
    ) -> Trip | None:
        (name, *_) = self.inputs

        def run(feed: torch.Tensor, into: Tensors) -> object:
            return self._queue({name: feed}, into)

        # Of memory there may be too little for this, but enough for a plain run.
        with suppress(Exception), self._in_order():
            return Trip.of(lane, outputs, cut, reading.on_device, picture, numbers, run)
        return None

    def _queue(
        self, feeds: Mapping[str, torch.Tensor], into: Mapping[str, torch.Tensor] | Mapping[str, torch.Tensor | None]
    ) -> Sequence[onnxruntime.OrtValue]:
        """Queue a run that writes into these tensors; where there is None, onnxruntime takes memory of its own."""
        import onnxruntime

        binding = self._session.io_binding()
        for name, tensor in feeds.items():
            dtype = str(tensor.dtype).removeprefix("torch.")
            binding.bind_input(name, *self._where, _numpy_type(dtype), tuple(tensor.shape), tensor.data_ptr())
        for name, room in into.items():
            if room is None:
                binding.bind_output(name, *self._where)
            else:
                made = _numpy_type(self._types[name])
                binding.bind_output(name, *self._where, made, self.outputs[name], room.data_ptr())
        options = onnxruntime.RunOptions()
        if self._stream is not None:
            options.add_run_config_entry("disable_synchronize_execution_providers", "1")
        self._session.run_with_iobinding(binding, options)
        values: Sequence[onnxruntime.OrtValue] = binding.get_outputs()
        return values

    def _fixed(self, names: Sequence[str]) -> Shapes | None:
        """Shapes and types of these outputs; None where only the run shows how large one is."""
        shapes = {name: (self.outputs[name], self._types[name]) for name in names}
        if all(isinstance(length, int) for shape, _ in shapes.values() for length in shape):
            return cast("Shapes", shapes)
        return None

    def _room(self, name: str) -> torch.Tensor | None:
        """A tensor for an output, or None where only the run shows how large it is."""
        import torch

        fixed = self._fixed([name])
        if fixed is None:
            return None
        shape, dtype = fixed[name]
        return torch.empty(shape, dtype=getattr(torch, dtype), device=self.device)

    def _replayed(self, feeds: Mapping[str, torch.Tensor]) -> Replay | None:
        """The recording to run in place of the network, if it has one for these feeds. It is made at the second run,
        when the first has found how to calculate."""
        if self._lane is None or self._replay is None:
            return None
        if self._replay == "due":
            shapes = self._fixed(tuple(self.outputs))
            self._replay = Replay.of(self._lane, shapes, feeds, self._queue) if shapes is not None else None
        elif self._replay == "later":
            self._replay = "due"
        return self._replay if isinstance(self._replay, Replay) and self._replay.fits(feeds) else None

    @contextmanager
    def _in_order(self) -> Iterator[torch.cuda.Stream | None]:
        """The session's stream runs what is queued inside after the caller's, and the caller's goes on after that."""
        if self._stream is None:
            yield None
            return
        import torch

        callers = torch.cuda.current_stream(self.device)
        self._stream.wait_stream(callers)
        try:
            with torch.cuda.stream(self._stream):
                yield callers
        finally:  # after a failure too: what was queued may still read the caller's tensors
            callers.wait_stream(self._stream)


_DTYPES = {"tensor(float)": "float32", "tensor(double)": "float64"} | {
    f"tensor({name})": name for name in ("float16", "uint8", "int8", "int16", "int32", "int64", "bool")
}
"""onnxruntime's names of types, as torch and numpy have them."""


def _numpy_type(name: str) -> np.dtype[Any]:
    import numpy as np

    return np.dtype(name)


def _kept(value: onnxruntime.OrtValue, reader: torch.cuda.Stream | None) -> torch.Tensor:
    """A copy in torch's memory, for a reading stream: onnxruntime would give its own to the next run, anybody's."""
    from torch.utils.dlpack import from_dlpack

    tensor = from_dlpack(value).clone()
    if reader is not None:
        tensor.record_stream(reader)
    return tensor


def _shapes(arguments: Sequence[Any]) -> dict[str, tuple[int | str | None, ...]]:
    return {argument.name: tuple(argument.shape) for argument in arguments}


_NOISE = re.compile(
    r"\[ONNXRuntimeError\] : \d+ : \w+ : |Load model from .{0,1000}? failed: ?|Fatal error: "
    r"|[\w/]+\.cc:\d+ (?:.{0,600}?\) (?=[A-Z\[]))?"
)
"""What onnxruntime says for its own authors: codes, files, functions."""

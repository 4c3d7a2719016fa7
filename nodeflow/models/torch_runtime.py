"""Running torch archives: `torch.export` programs and TorchScript.

    model = TorchModel(path, device="auto", threads=1)
    boxes, scores = model.run({"x": pixels})            # arrays in, arrays out, by the names of its signature

The archive is looked at before torch loads it (see `signature.torch_file`), and torch is held to loading weights only
meanwhile. All who open a file alike share what was loaded. On a GPU work is queued on the caller's stream.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nodeflow.models.errors import BadModel, DeviceUnavailable, first_line
from nodeflow.models.sessions import sessions
from nodeflow.models.signature import Signature, read_signature
from nodeflow.values.device import finish, has_driver, resolved

if TYPE_CHECKING:
    import torch

_ONLY = "TORCH_FORCE_WEIGHTS_ONLY_LOAD"


class _Loaded:
    """A program on a device."""

    def __init__(self, path: Path, device: str) -> None:
        self.signature = read_signature(path)
        self.device = device
        self.provider = f"torch {'CPU' if device == 'cpu' else 'CUDA'}"
        try:
            with _weights_only(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self.module = _opened(path, self.signature, device)
            finish(device)  # callers have streams of their own
        except Exception as error:  # torch raises whatever it likes
            raise BadModel(
                f"{path.name} cannot be opened by torch ({first_line(error)}); choose another file"
            ) from error


def _opened(path: Path, signature: Signature, device: str) -> Callable[..., Any]:
    import torch

    if signature.format == "torchscript":
        script: Any = torch.jit.load(os.fspath(path), map_location=device)
        made: Callable[..., Any] = script.eval()
        return made
    program = torch.export.load(os.fspath(path))
    if device != "cpu":
        from torch.export.passes import move_to_device_pass

        program = move_to_device_pass(program, device)
    return program.module(check_guards=False)  # guards are Python code out of the file: they are never made or run


@contextmanager
def _weights_only() -> Iterator[None]:
    """Hold torch to loading weights only, whatever its own code asks for."""
    before = os.environ.get(_ONLY)
    os.environ[_ONLY] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_ONLY]
        else:
            os.environ[_ONLY] = before


class TorchModel:
    """A torch archive that is open, and where it runs: `provider` for people, `device` for `run_tensors`.

    May be called from several threads at once. `threads` is how many cores one call may use on the CPU.
    """

    def __init__(self, path: Path, device: str = "auto", threads: int = 1, *, name: str = "") -> None:
        """Open an archive. Raises BadModel, DeviceUnavailable."""
        where = resolved(device)
        if where.startswith("cuda") and not has_driver():
            raise DeviceUnavailable(
                f"{where} cannot be used: there is no NVIDIA driver; use the device 'auto' or 'cpu'"
            )
        self._path, self._threads = path, threads
        try:
            state = path.stat()
        except OSError as error:
            raise BadModel(f"{path} cannot be read: {error.strerror}; choose another file") from error
        key = ("torch", path, where, state.st_size, state.st_mtime_ns)
        self._lease = sessions.take(key, name or path.stem, state.st_size, lambda: _Loaded(path, where), where)
        session = self._lease.session()
        self.provider, self.device, self.signature = session.provider, session.device, session.signature
        self.inputs = {info.name: info.shape for info in self.signature.inputs}
        self.outputs = {info.name: info.shape for info in self.signature.outputs}
        self.metadata: dict[str, str] = {}

    def run(self, feeds: Mapping[str, Any], outputs: Sequence[str] | None = None) -> list[Any]:
        """Arrays of all outputs, or of the named ones, in order. Raises BadModel where the model fails on `feeds`."""
        import numpy as np
        import torch

        from nodeflow.values.device import download, upload

        if self.device == "cpu":
            given = {name: torch.from_numpy(np.require(array, None, ["C", "W"])) for name, array in feeds.items()}
        else:
            given = {name: upload(array, self.device) for name, array in feeds.items()}
        return list(download(*self.run_tensors(given, outputs)))

    def run_tensors(
        self, feeds: Mapping[str, torch.Tensor], outputs: Sequence[str] | None = None
    ) -> list[torch.Tensor]:
        """The same on tensors of `device`, on the current stream. Raises BadModel."""
        import torch

        loaded, began = self._lease.session(), self._lease.call()
        if self.device == "cpu" and torch.get_num_threads() != self._threads:
            torch.set_num_threads(self._threads)  # torch counts them for each thread that calls
        try:
            with torch.inference_mode():
                made = loaded.module(*(feeds[name] for name in self.inputs))
            by_name = dict(zip(self.outputs, _flat(made), strict=True))
            wanted = [by_name[name].contiguous() for name in outputs or self.outputs]
        except Exception as error:
            raise BadModel(f"{self._path.name} failed: {first_line(error)}") from error
        self._lease.done(began)
        return wanted


def _flat(made: Any) -> list[Any]:
    """The tensors of what a network gave, in the order of its signature."""
    if isinstance(made, Mapping):
        return [tensor for each in made.values() for tensor in _flat(each)]
    return [tensor for each in made for tensor in _flat(each)] if isinstance(made, list | tuple) else [made]

"""A bare network that is open: values in, values out, in the order of its plan's ports.

    model = BareModel(network, plan, names)
    outputs = model([image, tensor], Limits(score=0.3))

Shapes and dtypes are checked before the network runs. For one thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.bare.options import Limits
from nodeflow.models.bare.ports import Plan
from nodeflow.models.errors import BadModel
from nodeflow.models.signature import TensorInfo
from nodeflow.values import Image, Tensor
from nodeflow.values.device import download, upload

if TYPE_CHECKING:
    import torch

    from nodeflow.models.bare.view import View

Array = NDArray[Any]


class Network(Protocol):
    """What runs: `OnnxModel` or a torch one."""

    @property
    def provider(self) -> str: ...
    @property
    def device(self) -> str: ...
    def run(self, feeds: Mapping[str, Any], outputs: Sequence[str] | None = None) -> list[Any]: ...
    def run_tensors(
        self, feeds: Mapping[str, torch.Tensor], outputs: Sequence[str] | None = None
    ) -> list[torch.Tensor]: ...


class BareModel:
    """See the module's head."""

    def __init__(self, network: Network, plan: Plan, names: Sequence[str] = ()) -> None:
        self.provider, self.device = network.provider, network.device
        self._network = network
        self._plan = plan
        self._reader = plan.reader(names)
        self._wanted = [info.name for info in (*plan.read, *plan.rest.values())]

    def __call__(self, values: Sequence[Image | Tensor], limits: Limits) -> list[Any]:
        """The outputs for these inputs, both in the order of the plan's ports. Raises BadModel."""
        plan, view = self._plan, None
        waiting = list(values)
        on_host = self.device == "cpu"
        feeds: dict[str, Any] = {}
        if plan.eye is not None and plan.sees is not None:
            picture = waiting.pop(0)
            if not isinstance(picture, Image):
                raise BadModel(f"{plan.sees} takes a picture")
            if on_host:
                feeds[plan.sees.name], view = plan.eye.see(picture)
            else:
                feeds[plan.sees.name], view = plan.eye.see_on(picture, self.device)
        for info, value in zip(plan.feeds.values(), waiting, strict=True):
            array = fed(info, value)
            feeds[info.name] = array if on_host else upload(array, self.device)
        if on_host:
            made = self._network.run(feeds, self._wanted)
        else:
            made = download(*self._network.run_tensors(feeds, self._wanted))
        return self._read(made, view, limits)

    def _read(self, made: list[Array], view: View | None, limits: Limits) -> list[Any]:
        count = len(self._plan.read)
        said: list[Any] = []
        if self._reader is not None:
            said.append(self._reader(made[:count], view, limits))  # type: ignore[arg-type]
        return said + [Tensor(np.asarray(array), axes_of(np.ndim(array))) for array in made[count:]]

    def close(self) -> None:
        """Let the session go."""
        del self._network


def fed(info: TensorInfo, value: Image | Tensor) -> Array:
    """What an input is given, in its shape and dtype. Raises BadModel where it does not fit."""
    if not isinstance(value, Tensor):
        raise BadModel(f"{info} takes a tensor, and this is {type(value).__name__}")
    array = np.asarray(value.array)
    shape = info.shape
    if shape is not None and not _fits(array.shape, shape):
        fixed = [length for length in shape if isinstance(length, int)]
        # A number, or a row of numbers, may be written with more axes or fewer: those of length 1 say nothing.
        if len(fixed) == len(shape) and int(np.prod(fixed)) == array.size and _long(array.shape) == _long(tuple(fixed)):
            array = array.reshape(fixed)
        else:
            raise BadModel(f"{info} was given a tensor of {_shown(array.shape)}; wire one of the shape that it takes")
    if array.dtype.name != info.dtype:
        whole = array.dtype.kind == "f" and bool((np.floor(array) == array).all())  # numbers on wires are floats
        if not (whole or np.can_cast(array.dtype, info.dtype, "same_kind")):
            raise BadModel(f"{info} was given {array.dtype.name}; wire a tensor of {info.dtype}")
        array = array.astype(info.dtype)
    return np.ascontiguousarray(array).reshape(array.shape)


def axes_of(rank: int) -> tuple[str, ...]:
    """Names for axes of which nobody says more."""
    return tuple(f"axis {number}" for number in range(rank))


def _fits(shape: Sequence[int], wanted: Sequence[object]) -> bool:
    return len(shape) == len(wanted) and all(
        not isinstance(want, int) or have == want for have, want in zip(shape, wanted, strict=True)
    )


def _long(shape: Sequence[int]) -> list[int]:
    return [length for length in shape if length != 1]


def _shown(shape: Sequence[int]) -> str:
    return "x".join(map(str, shape)) or "one number"

"""An ONNX graph under construction: operators go in one at a time, a checked model comes out.

A `Value` is what an operator takes and gives while importing: the name of something computed at run time, or an array
known already. Arrays become constants where an operator needs them, equal ones once, so handlers pass numbers and
arrays freely:

    graph = OnnxGraph("net")
    x = graph.input("image", np.float32, (1, 8, 8, 3))
    y = graph.add("Clip", x, np.float32(0), np.float32(6))
    graph.output("clipped", y)
    model = graph.finish()

Not thread-safe; one graph belongs to one import.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import DTypeLike, NDArray
from onnx import helper, numpy_helper

from .errors import Unsupported

Array = NDArray[Any]
Value = str | Array | np.generic

OPSET = 18
IR_VERSION = 8
MAX_ELEMENTS = 2**27  # of one tensor: 512 MiB of float32, far above any model we know
MAX_CONSTANT_BYTES = 2**30  # of all constants; protobuf itself ends at 2 GiB


class OnnxGraph:
    """Collects nodes and constants under unique names."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[bytes, onnx.TensorProto] = {}
        self._constant_bytes = 0
        self._held_bytes = 0
        self._inputs: list[onnx.ValueInfoProto] = []
        self._outputs: list[onnx.ValueInfoProto] = []
        self._declared: dict[str, onnx.ValueInfoProto] = {}
        self._names: set[str] = set()

    def input(self, name: str, dtype: DTypeLike, shape: Sequence[int | str]) -> str:
        """Declare a graph input; a string in `shape` names a dynamic dimension."""
        checked_size([size for size in shape if not isinstance(size, str)])
        self._claim(name)
        self._inputs.append(helper.make_tensor_value_info(name, _onnx_type(dtype), shape))
        return name

    def output(self, name: str, value: Value, dtype: DTypeLike | None = None, shape: Sequence[int] = ()) -> None:
        """Give `value` out as `name`. `finish` checks the dtype and shape, or infers them where no dtype is given."""
        self._claim(name)
        self._nodes.append(helper.make_node("Identity", [self.name_of(value)], [name]))
        self._outputs.append(
            onnx.ValueInfoProto(name=name)
            if dtype is None
            else helper.make_tensor_value_info(name, _onnx_type(dtype), shape)
        )

    def declare(self, value: Value, dtype: DTypeLike, shape: Sequence[int]) -> None:
        """Say what `value` is by the source file; `finish` checks it. The first word counts."""
        if isinstance(value, str):
            self._declared.setdefault(value, helper.make_tensor_value_info(value, _onnx_type(dtype), shape))

    def add(self, op: str, *inputs: Value, **attributes: Any) -> str:
        """Append an operator with one output and return the output's name. "" leaves an optional input out."""
        return self.add_many(op, *inputs, outputs=1, **attributes)[0]

    def add_many(self, op: str, *inputs: Value, outputs: int, **attributes: Any) -> list[str]:
        """Append an operator with several outputs and return their names."""
        made = [self._fresh(op) for _ in range(outputs)]
        self._nodes.append(helper.make_node(op, [self.name_of(value) for value in inputs], made, **attributes))
        return made

    def name_of(self, value: Value) -> str:
        """The name under which operators find `value`; an array becomes a constant of the graph."""
        return value if isinstance(value, str) else self._constant(np.asarray(value))

    def hold(self, value: Value) -> Value:
        """`value`, counted if it is an array: what an import keeps in memory is bounded, as its constants are."""
        self._held_bytes += 0 if isinstance(value, str) else value.nbytes
        if self._held_bytes > MAX_CONSTANT_BYTES:
            raise Unsupported(f"its constants take more than {MAX_CONSTANT_BYTES >> 20} MiB")
        return value

    def cast(self, value: Value, dtype: DTypeLike) -> Value:
        """`value` as `dtype`: at once if it is known, else by a Cast."""
        if isinstance(value, str):
            return self.add("Cast", value, to=_onnx_type(dtype))
        return np.asarray(value).astype(dtype)

    def finish(self) -> onnx.ModelProto:
        """The model, checked: well formed, shapes consistent with those declared, no tensor of absurd size.

        Raises Unsupported where it is not.
        """
        graph = helper.make_graph(
            self._nodes,
            self._name,
            self._inputs,
            self._outputs,
            initializer=list(self._constants.values()),
            value_info=list(self._declared.values()),
        )
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION, producer_name="nodeflow"
        )
        try:
            inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
            for info in [*inferred.graph.value_info, *inferred.graph.output]:
                checked_size(dim.dim_value for dim in info.type.tensor_type.shape.dim if dim.HasField("dim_value"))
            del model.graph.output[:]
            model.graph.output.extend(inferred.graph.output)
            onnx.checker.check_model(model)
        except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
            raise Unsupported(f"the operators do not fit together: {_first_lines(str(error))}") from error
        return model

    def _constant(self, array: Array) -> str:
        # Not np.ascontiguousarray: it turns scalars into one-element vectors.
        data = array.tobytes()
        digest = hashlib.blake2b(f"{array.dtype.str}{array.shape}".encode())
        digest.update(data)
        key = digest.digest()
        if key not in self._constants:
            self._constant_bytes += len(data)
            if self._constant_bytes > MAX_CONSTANT_BYTES:
                raise Unsupported(f"its constants take more than {MAX_CONSTANT_BYTES >> 20} MiB")
            self._constants[key] = numpy_helper.from_array(array, self._fresh("constant"))
        return self._constants[key].name

    def _fresh(self, stem: str) -> str:
        name = f"{stem}_{len(self._names)}"
        while name in self._names:
            name += "_"
        self._names.add(name)
        return name

    def _claim(self, name: str) -> None:
        if not name or name in self._names:
            raise ValueError(f"the name {name!r} of an input or output is empty or used twice")
        self._names.add(name)


def int64(*numbers: int) -> Array:
    """A vector of sizes, axes or pads, as ONNX operators take them."""
    return np.array(numbers, np.int64)


def checked_size(shape: Iterable[int]) -> int:
    """The number of elements of `shape`. Raises ValueError where a size is negative or all exceed MAX_ELEMENTS."""
    count = 1
    for size in shape:
        if size < 0:
            raise ValueError(f"a tensor has a negative size, {size}")
        count *= int(size)
        if count > MAX_ELEMENTS:
            raise ValueError(f"a tensor has more than {MAX_ELEMENTS} elements")
    return count


def _onnx_type(dtype: DTypeLike) -> int:
    return int(helper.np_dtype_to_tensor_dtype(np.dtype(dtype)))


def _first_lines(text: str, limit: int = 300) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else text[:limit] + "..."

"""Each TensorFlow.js operator, on models written here, against numpy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from nodeflow.models.importers import to_onnx

from .accuracy import session
from .tiny_tfjs import node, placeholder, write

FLOAT, INT, BOOL = np.dtype("float32"), np.dtype("int32"), np.dtype("bool")

Run = Callable[..., Any]
Formula = Callable[..., Any]


def noise(*shape: int) -> np.ndarray:
    return np.random.RandomState(3).uniform(-2, 2, shape).astype(np.float32)


def ints(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int32)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs one operator; inputs that are tuples ("constant", array) are weights, the others are fed."""

    def run_one(op: str, *inputs: Any, outputs: int = 1, **attributes: Any) -> Any:
        constants = {f"c{i}": x[1] for i, x in enumerate(inputs) if isinstance(x, tuple)}
        fed = {f"x{i}": x for i, x in enumerate(inputs) if not isinstance(x, tuple)}
        placeholders = [placeholder(name, x.shape, str(x.dtype)) for name, x in fed.items()]
        names = [f"c{i}" if isinstance(x, tuple) else f"x{i}" for i, x in enumerate(inputs)]
        given = ["y", *(f"y:{i}" for i in range(1, outputs))]
        model = write(tmp_path, [*placeholders, node("y", op, names, **attributes)], constants, given)
        results = session(to_onnx(model, dest=tmp_path / "y.onnx")).run(None, fed)
        return results[0] if outputs == 1 else results

    return run_one


def const(value: Any, dtype: Any = None) -> tuple[str, np.ndarray]:
    return "constant", np.asarray(value, dtype)


UNARY: dict[str, Formula] = {
    "Abs": np.abs,
    "Ceil": np.ceil,
    "Cos": np.cos,
    "Elu": lambda x: np.where(x > 0, x, np.expm1(x)),
    "Exp": np.exp,
    "Floor": np.floor,
    "Identity": lambda x: x,
    "LeakyRelu": lambda x: np.where(x > 0, x, 0.2 * x),
    "Neg": np.negative,
    "Reciprocal": lambda x: 1 / x,
    "Relu": lambda x: np.maximum(x, 0),
    "Relu6": lambda x: np.clip(x, 0, 6),
    "Sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "Sin": np.sin,
    "Softmax": lambda x: np.exp(x) / np.exp(x).sum(-1, keepdims=True),
    "Square": np.square,
    "Tanh": np.tanh,
}
POSITIVE: dict[str, Formula] = {"Log": np.log, "Rsqrt": lambda x: 1 / np.sqrt(x), "Sqrt": np.sqrt}
BINARY: dict[str, Formula] = {
    "Add": np.add,
    "AddN": np.add,
    "AddV2": np.add,
    "BiasAdd": np.add,
    "Equal": np.equal,
    "Greater": np.greater,
    "GreaterEqual": np.greater_equal,
    "Less": np.less,
    "LessEqual": np.less_equal,
    "Maximum": np.maximum,
    "Minimum": np.minimum,
    "Mul": np.multiply,
    "Prelu": lambda x, slope: np.where(x < 0, slope * x, x),
    "RealDiv": np.divide,
    "SquaredDifference": lambda a, b: (a - b) ** 2,
    "Sub": np.subtract,
}


@pytest.mark.parametrize("op", UNARY)
def test_unary(run: Run, op: str) -> None:
    x = noise(3, 4) * 4
    assert_allclose(run(op, x), UNARY[op](x), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("op", POSITIVE)
def test_unary_of_positive_numbers(run: Run, op: str) -> None:
    x = np.abs(noise(3, 4)) + 0.1
    assert_allclose(run(op, x), POSITIVE[op](x), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("op", BINARY)
def test_binary(run: Run, op: str) -> None:
    a, b = noise(3, 4), np.array([1, -2, 0.5, 2], np.float32)
    a[0] = b
    assert_allclose(run(op, a, b), BINARY[op](a, b), rtol=1e-6)


def test_logic_and_selection(run: Run) -> None:
    a, b = np.array([True, True, False, False]), np.array([True, False, True, False])
    assert_array_equal(run("LogicalAnd", a, b), a & b)
    assert_array_equal(run("LogicalOr", a, b), a | b)
    assert_array_equal(run("LogicalNot", a), ~a)
    x, y = noise(2, 4), np.zeros((2, 4), np.float32)
    assert_array_equal(run("SelectV2", a, x, y), np.where(a, x, y))
    assert_array_equal(run("Select", x > 0, x, y), np.where(x > 0, x, y))


@pytest.mark.parametrize("dtype", [INT, FLOAT])
def test_division_rounds_down_also_below_zero(run: Run, dtype: Any) -> None:
    a, b = np.array([7, -7, 7, -7, 6], dtype), np.array([2, 2, -2, -2, 3], dtype)
    assert_array_equal(run("FloorDiv", a, b, T=dtype), a // b)
    assert_array_equal(run("FloorMod", a, b, T=dtype), a % b)


@pytest.mark.parametrize(
    ("op", "expected"), [("Max", np.max), ("Mean", np.mean), ("Min", np.min), ("Prod", np.prod), ("Sum", np.sum)]
)
@pytest.mark.parametrize("keep", [True, False])
def test_reductions(run: Run, op: str, expected: Formula, keep: bool) -> None:
    x = noise(2, 3, 4)
    assert_allclose(run(op, x, const([0, -1], INT), keep_dims=keep), expected(x, axis=(0, 2), keepdims=keep), rtol=1e-5)


@pytest.mark.parametrize(("across", "down"), [(False, False), (True, False), (False, True)])
def test_matrix_product_with_fused_bias_and_activation(run: Run, across: bool, down: bool) -> None:
    a, b, bias = noise(2, 3), noise(3, 4), noise(4)
    y = run(
        "_FusedMatMul",
        a.T.copy() if across else a,
        b.T.copy() if down else b,
        const(bias),
        transpose_a=across,
        transpose_b=down,
        fused_ops=["BiasAdd", "Relu6"],
    )
    assert_allclose(y, np.clip(a @ b + bias, 0, 6), rtol=1e-5, atol=1e-6)


def test_cast_to_int_cuts_and_largest_comes_first(run: Run) -> None:
    x = np.array([[0.6, -1.7, 3.9, 2.2]], np.float32)
    y = run("Cast", x, SrcT=FLOAT, DstT=INT)
    assert y.dtype == np.int32
    assert_array_equal(y, [[0, -1, 3, 2]])
    where = run("ArgMax", x, const(-1, INT))
    assert where.dtype == np.int32
    assert_array_equal(where, [2])
    largest, places = run("TopKV2", x, const(2, INT), outputs=2, sorted=True)
    assert_array_equal(largest, np.array([[3.9, 2.2]], np.float32))
    assert_array_equal(places, [[2, 3]])


def test_shapes_are_int32(run: Run) -> None:
    x = noise(2, 3, 4)
    for op, expected in [("Shape", [2, 3, 4]), ("Size", 24)]:
        y = run(op, x)
        assert y.dtype == np.int32
        assert_array_equal(y, expected)


def test_filling_and_counting(run: Run) -> None:
    assert_array_equal(run("Fill", ints(2, 3), const(1.5, FLOAT)), np.full((2, 3), 1.5))
    assert_array_equal(run("Range", np.array(1, np.int32), const(7, INT), const(2, INT)), [1, 3, 5])
    assert_array_equal(run("Tile", noise(1, 2), const([2, 3], INT)), np.tile(noise(1, 2), (2, 3)))


def test_rearranging(run: Run) -> None:
    x = noise(2, 1, 6)
    assert_array_equal(run("Reshape", x, const([3, -1], INT)), x.reshape(3, -1))
    assert_array_equal(run("ExpandDims", x, const(-1, INT)), x[..., np.newaxis])
    assert_array_equal(run("Squeeze", x, squeeze_dims=[1]), x[:, 0])
    assert_array_equal(run("Squeeze", x), x[:, 0])
    assert_array_equal(run("Transpose", x, const([2, 0, 1], INT)), x.transpose(2, 0, 1))


def test_joining_and_cutting(run: Run) -> None:
    a, b = noise(2, 3), noise(2, 3) + 1
    assert_array_equal(run("Pack", a, b, N=2, axis=1), np.stack([a, b], 1))
    assert_array_equal(run("ConcatV2", a, b, const(1, INT), N=2), np.concatenate([a, b], 1))
    for given, expected in zip(run("Unpack", a, num=3, axis=1, outputs=3), a.T, strict=True):
        assert_array_equal(given, expected)
    for given, expected in zip(run("Split", const(1, INT), a, num_split=3, outputs=3), np.split(a, 3, 1), strict=True):
        assert_array_equal(given, expected)
    first, second = run("SplitV", a, const([1, 2], INT), const(1, INT), outputs=2)
    assert_array_equal(first, a[:, :1])
    assert_array_equal(second, a[:, 1:])


def test_packing_scalars(run: Run) -> None:
    assert_array_equal(run("Pack", np.array(3, np.int32), const(4, INT), N=2, axis=0), [3, 4])


def test_gathering(run: Run) -> None:
    x = noise(3, 4)
    assert_array_equal(run("GatherV2", x, ints(2, 0), const(1, INT)), x[:, [2, 0]])
    assert_array_equal(run("GatherNd", x, np.array([[2, 1], [0, 3]], np.int32)), x[[2, 0], [1, 3]])


@pytest.mark.parametrize(
    ("begin", "end", "strides", "masks", "index"),
    [
        ([0, 1], [2, 5], [1, 2], {}, np.s_[0:2, 1:5:2]),
        ([2, 0], [0, 0], [-1, -1], {"begin_mask": 2, "end_mask": 3}, np.s_[2::-1, ::-1]),
        ([-1], [0], [1], {"shrink_axis_mask": 1}, np.s_[-1]),
        ([0, 0, 1], [0, 0, 3], [1, 1, 1], {"new_axis_mask": 1, "end_mask": 2}, np.s_[np.newaxis, :, 1:3]),
        (
            [1, 0, 0],
            [2, 0, 0],
            [1, 1, 1],
            {"shrink_axis_mask": 1, "new_axis_mask": 2, "end_mask": 4},
            np.s_[1, np.newaxis],
        ),
    ],
)
def test_strided_slice(
    run: Run, begin: list[int], end: list[int], strides: list[int], masks: dict[str, int], index: Any
) -> None:
    x = noise(3, 6)
    bounds = [const(bound, INT) for bound in (begin, end, strides)]
    assert_array_equal(run("StridedSlice", x, *bounds, **masks), x[index])


def test_slice_and_padding(run: Run) -> None:
    x = noise(3, 6)
    assert_array_equal(run("Slice", x, const([1, 2], INT), const([-1, 3], INT)), x[1:, 2:5])
    paddings = [[1, 0], [0, 2]]
    assert_array_equal(run("Pad", x, const(paddings, INT)), np.pad(x, paddings))
    assert_array_equal(run("PadV2", x, const(paddings, INT), const(9, FLOAT)), np.pad(x, paddings, constant_values=9))


def test_sparse_constants_are_known_at_import(tmp_path: Path) -> None:
    nodes = [
        placeholder("x", (2, 2)),
        node("times", "SparseToDense", ["at", "size", "value", "default"]),
        node("y", "Tile", ["x", "times"]),
    ]
    weights = {"at": [[1]], "size": [2], "value": 3, "default": 1}
    model = write(tmp_path, nodes, {name: np.array(value, np.int32) for name, value in weights.items()}, ["y"])
    (y,) = session(to_onnx(model, dest=tmp_path / "y.onnx")).run(None, {"x": noise(2, 2)})
    assert_array_equal(y, np.tile(noise(2, 2), (1, 3)))


# Images


def convolved(x: np.ndarray, weights: np.ndarray, stride: int, before: int, after: int) -> np.ndarray:
    """An NHWC convolution with HWIO weights, by definition."""
    x = np.pad(x, [(0, 0), (before, after), (before, after), (0, 0)])
    kernel = weights.shape[0]
    size = (x.shape[1] - kernel) // stride + 1
    y = np.zeros((1, size, size, weights.shape[3]), np.float32)
    for row, column in np.ndindex(size, size):
        window = x[0, row * stride :, column * stride :][:kernel, :kernel]
        y[0, row, column] = np.einsum("hwi,hwio->o", window, weights)
    return y


@pytest.mark.parametrize(
    ("padding", "stride", "before", "after"),
    [("VALID", 1, 0, 0), ("SAME", 1, 1, 1), ("SAME", 2, 0, 1), ("EXPLICIT", 2, 1, 0)],
)
def test_convolution(run: Run, padding: str, stride: int, before: int, after: int) -> None:
    x, weights, bias = noise(1, 6, 6, 2), noise(3, 3, 2, 4), noise(4)
    window: dict[str, Any] = {"strides": [1, stride, stride, 1], "padding": padding}
    if padding == "EXPLICIT":
        window["explicit_paddings"] = [0, 0, before, after, before, after, 0, 0]
    expected = convolved(x, weights, stride, before, after)
    assert_allclose(run("Conv2D", x, const(weights), **window), expected, rtol=1e-5, atol=1e-5)
    y = run("_FusedConv2D", x, const(weights), const(bias), fused_ops=["BiasAdd", "Relu"], **window)
    assert_allclose(y, np.maximum(expected + bias, 0), rtol=1e-5, atol=1e-5)
    slope = noise(4)
    y = run("_FusedConv2D", x, const(weights), const(bias), const(slope), fused_ops=["BiasAdd", "Prelu"], **window)
    assert_allclose(y, np.where(expected + bias < 0, slope, 1) * (expected + bias), rtol=1e-5, atol=1e-5)


def test_depthwise_convolution_with_multiplier(run: Run) -> None:
    x, weights = noise(1, 5, 5, 2), noise(3, 3, 2, 2)  # output channel 2 i + m comes from input channel i
    full = np.zeros((3, 3, 2, 4), np.float32)
    for channel in range(4):
        full[:, :, channel // 2, channel] = weights[:, :, channel // 2, channel % 2]
    y = run("DepthwiseConv2dNative", x, const(weights), strides=[1, 1, 1, 1], padding="SAME")
    assert_allclose(y, convolved(x, full, 1, 1, 1), rtol=1e-5, atol=1e-5)


def test_transposed_convolution_doubles(run: Run) -> None:
    x, weights = noise(1, 2, 2, 3), noise(2, 2, 4, 3)  # HWOI
    y = run("Conv2DBackpropInput", const([1, 4, 4, 4], INT), const(weights), x, strides=[1, 2, 2, 1], padding="SAME")
    expected = np.einsum("nrci,hwoi->nrhcwo", x, weights).reshape(1, 4, 4, 4)
    assert_allclose(y, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("op", "reduce"), [("MaxPool", np.nanmax), ("AvgPool", np.nanmean)])
def test_pooling_ignores_padding(run: Run, op: str, reduce: Formula) -> None:
    x = noise(1, 3, 3, 2)
    padded = np.pad(x, [(0, 0), (0, 1), (0, 1), (0, 0)], constant_values=np.nan)
    y = run(op, x, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding="SAME")
    assert_allclose(y, reduce(padded.reshape(1, 2, 2, 2, 2, 2), axis=(2, 4)), rtol=1e-6)


def test_resize_to_a_size_known_only_at_run_time(run: Run) -> None:
    x = noise(1, 2, 2, 1)
    size = ints(4, 4)
    for given in (size, const(size)):
        y = run("ResizeNearestNeighbor", x, given)
        assert_array_equal(y, x.repeat(2, 1).repeat(2, 2))
    row = run("ResizeBilinear", x, const([2, 3], INT), align_corners=True)[0, 0, :, 0]
    assert_allclose(row, [x[0, 0, 0, 0], x[0, 0, :, 0].mean(), x[0, 0, 1, 0]], rtol=1e-6)


def test_depth_to_space(run: Run) -> None:
    x = noise(1, 2, 3, 8)
    expected = x.reshape(1, 2, 3, 2, 2, 2).transpose(0, 1, 3, 2, 4, 5).reshape(1, 4, 6, 2)
    assert_array_equal(run("DepthToSpace", x, block_size=2), expected)

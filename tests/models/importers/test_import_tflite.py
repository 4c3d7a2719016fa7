"""Each TensorFlow Lite operator, on files built here, against numpy or torch."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tflite
from numpy.testing import assert_allclose, assert_array_equal

from nodeflow.models.importers import ImportFailed, import_tflite, to_onnx

from .accuracy import session
from .tiny_tflite import Compressed, Operator, Sparsity, Tensor, build, constant

RELU6 = tflite.ActivationFunctionType.RELU6
SAME, VALID = tflite.Padding.SAME, tflite.Padding.VALID

Run = Callable[..., Any]
Formula = Callable[..., Any]


def noise(*shape: int) -> np.ndarray:
    return np.random.RandomState(3).uniform(-2, 2, shape).astype(np.float32)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs one operator on `x` and gives its first output."""

    def run_one(
        name: str,
        x: np.ndarray,
        shape: tuple[int, ...],
        *others: Tensor | None,
        kind: str = "",
        custom: bytes = b"",
        x_at: int = 0,
        **options: Any,
    ) -> np.ndarray:
        taken, given = Tensor("x", x.shape), Tensor("y", shape)
        operands = [*others[:x_at], taken, *others[x_at:]]
        path = tmp_path / "tiny.tflite"
        path.write_bytes(build([Operator(name, operands, [given], kind, options, custom)], [taken], [given]))
        return session(to_onnx(path, dest=tmp_path / "tiny.onnx")).run(["y"], {"x": x})[0]

    return run_one


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ABS", np.abs),
        ("EXP", np.exp),
        ("LOGISTIC", lambda x: 1 / (1 + np.exp(-x))),
        ("NEG", np.negative),
        ("RELU", lambda x: np.maximum(x, 0)),
        ("RELU6", lambda x: np.clip(x, 0, 6)),
        ("TANH", np.tanh),
        ("HARD_SWISH", lambda x: x * np.clip(x + 3, 0, 6) / 6),
    ],
)
def test_unary(run: Run, name: str, expected: Formula) -> None:
    x = noise(2, 5) * 4
    assert_allclose(run(name, x, (2, 5)), expected(x), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("ADD", "AddOptions", np.add),
        ("SUB", "SubOptions", np.subtract),
        ("MUL", "MulOptions", np.multiply),
        ("DIV", "DivOptions", np.divide),
    ],
)
def test_binary_with_fused_activation(run: Run, name: str, kind: str, expected: Formula) -> None:
    x, c = noise(2, 4) * 3, np.array([1, -2, 3, 0.5], np.float32)
    y = run(name, x, (2, 4), constant("c", c), kind=kind, FusedActivationFunction=RELU6)
    assert_allclose(y, np.clip(expected(x, c), 0, 6), rtol=1e-6)


@pytest.mark.parametrize(
    ("name", "expected"), [("MEAN", np.mean), ("SUM", np.sum), ("REDUCE_MAX", np.max), ("REDUCE_MIN", np.min)]
)
@pytest.mark.parametrize("keep", [True, False])
def test_reductions(run: Run, name: str, expected: Formula, keep: bool) -> None:
    x = noise(1, 3, 4, 2)
    shape = (1, 1, 1, 2) if keep else (1, 2)
    y = run(name, x, shape, constant("axes", [1, 2], "int32"), kind="ReducerOptions", KeepDims=keep)
    assert_allclose(y, expected(x, axis=(1, 2), keepdims=keep), rtol=1e-5)


def convolved(x: np.ndarray, weights: np.ndarray, stride: int, dilation: int, before: int, total: int) -> np.ndarray:
    """One NHWC convolution with OHWI weights, by definition."""
    x = np.pad(x, [(0, 0), (before, total - before), (before, total - before), (0, 0)])
    reach = (weights.shape[1] - 1) * dilation + 1
    size = (x.shape[1] - reach) // stride + 1
    y = np.zeros((1, size, size, weights.shape[0]), np.float32)
    for row, column in np.ndindex(size, size):
        window = x[0, row * stride :, column * stride :][:reach:dilation, :reach:dilation]
        y[0, row, column] = np.einsum("hwi,ohwi->o", window, weights)
    return y


@pytest.mark.parametrize(
    ("padding", "stride", "dilation", "before", "total"),
    [(VALID, 1, 1, 0, 0), (VALID, 2, 1, 0, 0), (SAME, 1, 1, 1, 2), (SAME, 2, 1, 0, 1), (SAME, 1, 2, 2, 4)],
)
def test_convolution(run: Run, padding: int, stride: int, dilation: int, before: int, total: int) -> None:
    x, weights, bias = noise(1, 6, 6, 2), noise(4, 3, 3, 2), noise(4)
    expected = convolved(x, weights, stride, dilation, before, total) + bias
    options = {"Padding": padding, "StrideH": stride, "StrideW": stride}
    dilations = {"DilationHFactor": dilation, "DilationWFactor": dilation}
    operands = constant("w", weights), constant("b", bias)
    y = run("CONV_2D", x, expected.shape, *operands, kind="Conv2DOptions", **options, **dilations)
    assert_allclose(y, expected, rtol=1e-5, atol=1e-5)


def test_depthwise_convolution_with_multiplier(run: Run) -> None:
    x, weights = noise(1, 5, 5, 2), noise(1, 3, 3, 4)  # output channel 2 i + m comes from input channel i
    full = np.zeros((4, 3, 3, 2), np.float32)
    for channel in range(4):
        full[channel, :, :, channel // 2] = weights[0, :, :, channel]
    options = {"Padding": SAME, "StrideH": 1, "StrideW": 1, "DepthMultiplier": 2}
    y = run("DEPTHWISE_CONV_2D", x, (1, 5, 5, 4), constant("w", weights), kind="DepthwiseConv2DOptions", **options)
    assert_allclose(y, convolved(x, full, 1, 1, 1, 2), rtol=1e-5, atol=1e-5)


def spread(x: np.ndarray, weights: np.ndarray, stride: int, size: int) -> np.ndarray:
    """A SAME transposed convolution with OHWI weights, by definition: each pixel paints a scaled kernel."""
    kernel, steps = weights.shape[1], x.shape[1]
    canvas = np.zeros((1, max(size, (steps - 1) * stride + kernel) + kernel, size + 2 * kernel, weights.shape[0]))
    for row, column in np.ndindex(steps, steps):
        painted = np.einsum("i,ohwi->hwo", x[0, row, column], weights)
        canvas[0, row * stride : row * stride + kernel, column * stride : column * stride + kernel] += painted
    start = max((steps - 1) * stride + kernel - size, 0) // 2
    return canvas[:, start : start + size, start : start + size]


@pytest.mark.parametrize(("kernel", "stride", "size"), [(2, 2, 6), (3, 2, 6), (3, 2, 5), (1, 2, 6)])
def test_transposed_convolution(run: Run, kernel: int, stride: int, size: int) -> None:
    x, weights, bias = noise(1, 3, 3, 2), noise(4, kernel, kernel, 2), noise(4)
    expected = spread(x, weights, stride, size)
    sizes = constant("sizes", [1, size, size, 4], "int32")
    options = {"Padding": SAME, "StrideH": stride, "StrideW": stride}
    builtin = run(
        "TRANSPOSE_CONV",
        x,
        expected.shape,
        sizes,
        constant("w", weights),
        x_at=2,
        kind="TransposeConvOptions",
        **options,
    )
    assert_allclose(builtin, expected, rtol=1e-5, atol=1e-5)
    mediapipe = run(
        "Convolution2DTransposeBias",
        x,
        expected.shape,
        constant("w", weights),
        constant("b", bias),
        custom=struct.pack("<3i", 1, stride, stride),
    )
    assert_allclose(mediapipe, expected + bias, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("name", "reduce"), [("MAX_POOL_2D", np.nanmax), ("AVERAGE_POOL_2D", np.nanmean)])
def test_pooling_ignores_padding(run: Run, name: str, reduce: Formula) -> None:
    x = noise(1, 3, 3, 2)
    padded = np.pad(x, [(0, 0), (0, 1), (0, 1), (0, 0)], constant_values=np.nan)
    windows = padded.reshape(1, 2, 2, 2, 2, 2)
    options = {"Padding": SAME, "StrideH": 2, "StrideW": 2, "FilterHeight": 2, "FilterWidth": 2}
    y = run(name, x, (1, 2, 2, 2), kind="Pool2DOptions", **options)
    assert_allclose(y, reduce(windows, axis=(2, 4)), rtol=1e-6)


@pytest.mark.parametrize(
    ("options", "source"),
    [
        ({}, lambda i: i * 0.5),
        ({"HalfPixelCenters": True}, lambda i: (i + 0.5) * 0.5 - 0.5),
        ({"AlignCorners": True}, lambda i: i * 2 / 5),
    ],
)
def test_resize(run: Run, options: dict[str, Any], source: Formula) -> None:
    x = noise(1, 3, 3, 1)
    at = np.clip(source(np.arange(6)), 0, 2)
    rows = np.stack([np.interp(at, range(3), x[0, row, :, 0]) for row in range(3)])
    expected = np.stack([np.interp(at, range(3), rows[:, column]) for column in range(6)], axis=1)
    y = run("RESIZE_BILINEAR", x, (1, 6, 6, 1), constant("s", [6, 6], "int32"), kind="ResizeBilinearOptions", **options)
    assert_allclose(y[0, :, :, 0], expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("options", "source"),
    [
        ({}, lambda i: np.floor(i * 3 / 7)),
        ({"HalfPixelCenters": True}, lambda i: np.floor((i + 0.5) * 3 / 7)),
        ({"AlignCorners": True}, lambda i: np.floor(i * 2 / 6 + 0.5)),
    ],
)
def test_nearest_resize(run: Run, options: dict[str, Any], source: Formula) -> None:
    x = noise(1, 3, 3, 1)
    at = np.clip(source(np.arange(7)), 0, 2).astype(int)
    sizes = constant("s", [7, 7], "int32")
    y = run("RESIZE_NEAREST_NEIGHBOR", x, (1, 7, 7, 1), sizes, kind="ResizeNearestNeighborOptions", **options)
    assert_array_equal(y[0, :, :, 0], x[0, :, :, 0][np.ix_(at, at)])


def test_depth_to_space(run: Run) -> None:
    x = noise(1, 2, 3, 8)
    expected = x.reshape(1, 2, 3, 2, 2, 2).transpose(0, 1, 3, 2, 4, 5).reshape(1, 4, 6, 2)
    assert_array_equal(run("DEPTH_TO_SPACE", x, (1, 4, 6, 2), kind="DepthToSpaceOptions", BlockSize=2), expected)


def test_prelu_per_channel(run: Run) -> None:
    x, slope = noise(1, 2, 2, 3), np.array([0.1, 0.5, 2], np.float32).reshape(1, 1, 3)
    assert_allclose(run("PRELU", x, x.shape, constant("a", slope)), np.where(x < 0, x * slope, x), rtol=1e-6)


def test_softmax(run: Run) -> None:
    x = noise(2, 5)
    expected = np.exp(x) / np.exp(x).sum(-1, keepdims=True)
    assert_allclose(run("SOFTMAX", x, (2, 5), kind="SoftmaxOptions", Beta=1.0), expected, rtol=1e-5)


@pytest.mark.parametrize("bias", [None, [1, -1, 0.5, 0]])
def test_fully_connected_flattens_its_input(run: Run, bias: list[float] | None) -> None:
    x, weights = noise(1, 2, 3), noise(4, 6)
    added = None if bias is None else constant("b", bias)
    y = run("FULLY_CONNECTED", x, (1, 4), constant("w", weights), added, kind="FullyConnectedOptions")
    assert_allclose(y, x.reshape(1, 6) @ weights.T + (0 if bias is None else bias), rtol=1e-5, atol=1e-6)


def test_pad(run: Run) -> None:
    x = noise(1, 2, 2, 1)
    y = run("PAD", x, (1, 5, 3, 1), constant("p", [[0, 0], [1, 2], [0, 1], [0, 0]], "int32"))
    assert_array_equal(y, np.pad(x, [(0, 0), (1, 2), (0, 1), (0, 0)]))


def test_reshape_and_transpose(run: Run) -> None:
    x = noise(2, 6)
    assert_array_equal(run("RESHAPE", x, (3, 4), constant("s", [3, 4], "int32")), x.reshape(3, 4))
    assert_array_equal(run("TRANSPOSE", x, (6, 2), constant("p", [1, 0], "int32")), x.T)


def test_concatenation(run: Run) -> None:
    x, c = noise(1, 2), noise(1, 3)
    y = run("CONCATENATION", x, (1, 5), constant("c", c), kind="ConcatenationOptions", Axis=-1)
    assert_array_equal(y, np.concatenate([x, c], -1))


@pytest.mark.parametrize(
    ("begin", "end", "strides", "masks", "index"),
    [
        ([0, 1], [2, 5], [1, 2], {}, np.s_[0:2, 1:5:2]),
        ([0, 1], [0, 0], [1, 2], {"BeginMask": 1, "EndMask": 3}, np.s_[:, 1::2]),
        ([1, 5], [2, 0], [1, -2], {}, np.s_[1:2, 5:0:-2]),
        ([0, -1], [3, 0], [1, 1], {"ShrinkAxisMask": 2}, np.s_[0:3, -1]),
        ([0, 0], [0, 0], [1, 1], {"NewAxisMask": 1, "EndMask": 2}, np.s_[np.newaxis, :]),
        ([0, 0, 2], [0, 0, 3], [1, 1, 1], {"NewAxisMask": 1, "ShrinkAxisMask": 2}, np.s_[np.newaxis, 0, 2:3]),
    ],
)
def test_strided_slice(
    run: Run, begin: list[int], end: list[int], strides: list[int], masks: dict[str, int], index: Any
) -> None:
    x = noise(3, 6)
    expected = x[index]
    bounds = [constant(name, value, "int32") for name, value in [("b", begin), ("e", end), ("s", strides)]]
    y = run("STRIDED_SLICE", x, expected.shape, *bounds, kind="StridedSliceOptions", **masks)
    assert_array_equal(y, expected)


def plus_dequantized(weights: Tensor) -> list[Operator]:
    """y = x + float(weights)"""
    wide = Tensor("wide", weights.shape)
    return [
        Operator("DEQUANTIZE", [weights], [wide]),
        Operator("ADD", [Tensor("x", weights.shape), wide], [Tensor("y", weights.shape)], "AddOptions"),
    ]


def run_on_zeros(tmp_path: Path, operators: list[Operator]) -> np.ndarray:
    x, y = operators[-1].inputs[0], operators[-1].outputs[0]
    assert x is not None
    path = tmp_path / "tiny.tflite"
    path.write_bytes(build(operators, [x], [y]))
    model = to_onnx(path, dest=tmp_path / "tiny.onnx")
    return session(model).run(None, {"x": np.zeros(x.shape, np.float32)})[0]


def test_half_precision_weights(tmp_path: Path) -> None:
    weights = noise(2, 3).astype(np.float16)
    assert_array_equal(run_on_zeros(tmp_path, plus_dequantized(constant("w", weights, "float16"))), weights)


def test_integer_weights_with_a_scale_per_channel(tmp_path: Path) -> None:
    stored = np.array([[-3, 4], [100, -128]], np.int8)
    weights = Tensor("w", (2, 2), stored, "int8", scale=[0.5, 2], zero_point=[1, 0], axis=1)
    assert_array_equal(run_on_zeros(tmp_path, plus_dequantized(weights)), (stored - [1.0, 0]) * [0.5, 2])


SPARSE = np.array([[1, 2, 0, 0], [0, 0, 0, 0], [0, 0, 3, 4], [0, 0, 5, 6]], np.float32)


@pytest.mark.parametrize(
    ("sparsity", "values"),
    [
        (Sparsity([0, 1], [], [4, Compressed([0, 2, 2, 4, 6], [0, 1, 2, 3, 2, 3])]), [1, 2, 3, 4, 5, 6]),
        (Sparsity([1, 0], [], [4, Compressed([0, 1, 2, 4, 6], [0, 0, 2, 3, 2, 3])]), [1, 2, 3, 5, 4, 6]),
        (Sparsity([0, 1, 2, 3], [0, 1], [2, Compressed([0, 1, 2], [0, 1]), 2, 2]), [1, 2, 0, 0, 3, 4, 5, 6]),
        (
            Sparsity([0, 1, 2], [1], [Compressed([0, 3], [0, 2, 3]), Compressed([0, 1, 2, 3], [0, 1, 1]), 2]),
            range(1, 7),
        ),
        (Sparsity([0, 1], [], [4, 4]), SPARSE.reshape(-1)),
    ],
    ids=["rows", "columns", "blocks of 2x2", "two compressed levels", "dense"],
)
def test_sparse_weights(tmp_path: Path, sparsity: Sparsity, values: Any) -> None:
    weights = Tensor("w", (4, 4), np.array(values, np.float32), sparsity=sparsity)
    dense = Tensor("dense", (4, 4))
    x, y = Tensor("x", (4, 4)), Tensor("y", (4, 4))
    operators = [Operator("DENSIFY", [weights], [dense]), Operator("ADD", [x, dense], [y], "AddOptions")]
    assert_array_equal(run_on_zeros(tmp_path, operators), SPARSE)


def test_names_shapes_and_types_are_kept(tmp_path: Path) -> None:
    image, half, whole = Tensor("image:0", (1, 4)), Tensor("left/half", (1, 4)), Tensor("whole", (1, 4))
    operators = [Operator("RELU", [image], [half]), Operator("TANH", [half], [whole])]
    path = tmp_path / "tiny.tflite"
    path.write_bytes(build(operators, [image], [whole, half]))
    running = session(to_onnx(path, dest=tmp_path / "tiny.onnx"))
    assert [(i.name, i.shape, i.type) for i in running.get_inputs()] == [("image:0", [1, 4], "tensor(float)")]
    assert [(o.name, o.shape) for o in running.get_outputs()] == [("whole", [1, 4]), ("left/half", [1, 4])]


@pytest.mark.parametrize(
    ("operators", "says"),
    [
        ([Operator("LSTM", [], []), Operator("Mystery", [], [])], "does not know LSTM, Mystery"),
        (
            [Operator("RELU", [Tensor("nowhere", (1, 4))], [Tensor("y", (1, 4))])],
            "operator 0, RELU.*made by no operator",
        ),
        ([Operator("RESHAPE", [Tensor("x", (1, 4))], [Tensor("y", (1, 5))])], "operator 0, RESHAPE.*makes"),
        ([Operator("ADD", [Tensor("x", (1, 4))] * 2, [Tensor("y", (1, 4))])], "operator 0, ADD.*no AddOptions"),
        ([Operator("RELU", [Tensor("x", (1, 4), dtype="int8", scale=[1], zero_point=[0])], [])], "quantised"),
        ([Operator("RELU", [constant("x", [1.0])], [Tensor("y", (2**20, 2**20))])], "more than"),
    ],
)
def test_what_cannot_be_imported_says_where_and_why(tmp_path: Path, operators: list[Operator], says: str) -> None:
    outputs = [t for o in operators for t in o.outputs]
    inputs = [t for o in operators for t in o.inputs if t is not None and t.name == "x" and t.data is None]
    path = tmp_path / "tiny.tflite"
    path.write_bytes(build(operators, inputs[:1], outputs))
    with pytest.raises(ImportFailed, match=rf"(?s)tiny\.tflite: .*{says}"):
        import_tflite(path)

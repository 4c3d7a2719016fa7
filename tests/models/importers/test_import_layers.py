"""Keras layers models, written here, against numpy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from nodeflow.models.importers import ImportFailed, import_tfjs, to_onnx

from .accuracy import session
from .tiny_tfjs import layer, write_layers

INPUT = layer("x", "InputLayer", batch_input_shape=[None, None, None, 2])


def noise(*shape: int) -> np.ndarray:
    return np.random.RandomState(3).uniform(-2, 2, shape).astype(np.float32)


def run(folder: Path, layers: list[dict[str, Any]], x: np.ndarray, **weights: np.ndarray) -> np.ndarray:
    """The output of the last layer."""
    named = {name.replace("__", "/"): array for name, array in weights.items()}
    model = write_layers(folder, [INPUT, *layers], named, [layers[-1]["name"]])
    return session(to_onnx(model, dest=folder / "y.onnx")).run(None, {"x": x})[0]


def test_convolution_with_bias_and_activation(tmp_path: Path) -> None:
    x, kernel, bias = noise(1, 3, 4, 2), noise(3, 3, 2, 5), noise(5)
    config = {"strides": [1, 1], "dilation_rate": [1, 1], "padding": "same", "use_bias": True, "activation": "relu"}
    y = run(tmp_path, [layer("c", "Conv2D", ["x"], **config)], x, c__kernel=kernel, c__bias=bias)
    padded = np.pad(x, [(0, 0), (1, 1), (1, 1), (0, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))
    assert_allclose(y, np.maximum(np.einsum("nrcihw,hwio->nrco", windows, kernel) + bias, 0), rtol=1e-5, atol=1e-5)


def test_branches_join(tmp_path: Path) -> None:
    x = noise(1, 2, 2, 2)
    layers = [
        layer("a", "Activation", ["x"], activation="tanh"),
        layer("b", "Add", ["x", "a", "a"]),
        layer("y", "Concatenate", ["b", "x"], axis=-1),
    ]
    assert_allclose(run(tmp_path, layers, x), np.concatenate([x + 2 * np.tanh(x), x], -1), rtol=1e-5)


def test_enlarging(tmp_path: Path) -> None:
    x = noise(1, 2, 3, 2)
    nearest = run(tmp_path, [layer("y", "UpSampling2D", ["x"], size=[2, 3], interpolation="nearest")], x)
    assert_array_equal(nearest, x.repeat(2, 1).repeat(3, 2))
    smooth = run(tmp_path, [layer("y", "UpSampling2D", ["x"], size=[1, 2], interpolation="bilinear")], x)
    at = np.clip((np.arange(6) + 0.5) / 2 - 0.5, 0, 2)
    assert_allclose(smooth[0, 0, :, 0], np.interp(at, range(3), x[0, 0, :, 0]), rtol=1e-5)


@pytest.mark.parametrize(
    ("layers", "says"),
    [
        ([layer("a", "Mystery", ["x"]), layer("y", "Enigma", ["a"])], "does not know Enigma, Mystery"),
        ([layer("y", "Activation", ["x"], activation="swirl")], "layer 'y', Activation: activation swirl"),
        ([layer("y", "Add", ["gone"])], "'gone' is missing"),
        ([layer("y", "Add", ["y"])], "cycle"),
        ([layer("y", "UpSampling2D", ["x"], size=[0, 2], interpolation="nearest")], "layer 'y', UpSampling2D"),
        ([layer("y", "Add", ["x"]) | {"inbound_nodes": [[["x", 0, 0]], [["x", 0, 0]]]}], "used several times"),
    ],
)
def test_what_cannot_be_imported_says_where_and_why(tmp_path: Path, layers: list[dict[str, Any]], says: str) -> None:
    with pytest.raises(ImportFailed, match=says):
        import_tfjs(write_layers(tmp_path, [INPUT, *layers], {}, ["y"]))

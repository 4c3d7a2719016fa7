"""A TensorFlow.js model's files, bounded: `model.json`, and the weights in the binary shards beside it.

Weights lie one after the other, as the manifest in `model.json` lists them. They may be stored as float16, or as
8- or 16-bit integers with scale and offset.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.importers.errors import Unsupported
from nodeflow.models.importers.files import read_whole
from nodeflow.models.importers.onnx_graph import Array, checked_size

MAX_JSON_BYTES = 2**26
MAX_WEIGHT_BYTES = 2**29

_STORED = {"float32": np.float32, "int32": np.int32, "bool": np.bool_}
_QUANTIZED = {"float16": np.float16, "uint8": np.uint8, "uint16": np.uint16}


def read_document(path: Path) -> dict[str, Any]:
    """The content of `model.json`. Raises OSError, Unsupported, or any of the errors of reading garbage."""
    document = json.loads(read_whole(path, MAX_JSON_BYTES))
    if not isinstance(document, dict):
        raise ValueError("it is not a JSON object")
    return document


def read_weights(manifest: list[Mapping[str, Any]], folder: Path) -> dict[str, Array]:
    """The weights of a manifest by name, from the shards that lie in `folder`. Raises as `read_document` does."""
    weights: dict[str, Array] = {}
    room = MAX_WEIGHT_BYTES
    for group in manifest:
        content = bytearray()
        for name in group["paths"]:
            shard = read_whole(folder / _beside(name), room)
            content += shard
            room -= len(shard)
        weights.update(_split(bytes(content), group["weights"]))
    return weights


def _beside(name: str) -> PurePosixPath:
    """The shard's path, refused where it could lead out of the model's folder."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        raise ValueError(f"the weights file {name!r} lies outside the model's folder")
    return path


def _split(content: bytes, entries: list[Mapping[str, Any]]) -> dict[str, Array]:
    """The weights that `entries` say to lie in `content`, all of it."""
    weights = {}
    start = 0
    for entry in entries:
        quantization = entry.get("quantization")
        kinds, kind = (_QUANTIZED, quantization["dtype"]) if quantization else (_STORED, entry["dtype"])
        if kind not in kinds or entry["dtype"] not in _STORED:
            raise Unsupported(f"weight {entry['name']!r} has element type {kind}")
        shape = tuple(int(size) for size in entry["shape"])
        stored: Array = np.frombuffer(content, kinds[kind], checked_size(shape), start).reshape(shape)
        start += stored.nbytes
        weights[entry["name"]] = _restored(stored, quantization, _STORED[entry["dtype"]]) if quantization else stored
    if start != len(content):
        raise ValueError(f"the weights take {start} bytes and their files have {len(content)}")
    return weights


def _restored(stored: Array, quantization: Mapping[str, Any], dtype: type[np.generic]) -> Array:
    real: NDArray[np.float32] = stored.astype(np.float32)
    if quantization["dtype"] != "float16":
        real = real * np.float32(quantization["scale"]) + np.float32(quantization["min"])
    return (np.round(real) if np.issubdtype(dtype, np.integer) else real).astype(dtype)

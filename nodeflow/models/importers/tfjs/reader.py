"""A TensorFlow.js graph model as plain, bounded data.

`model.json` holds TensorFlow's GraphDef as JSON (bytes in base64, 64-bit integers as strings) and a manifest of
weights, which lie one after the other in binary shards beside it. Weights may be stored as float16 or as 8- or 16-bit
integers with scale and offset.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nodeflow.models.importers.errors import Unsupported
from nodeflow.models.importers.onnx_graph import Array, checked_size

MAX_JSON_BYTES = 2**26
MAX_WEIGHT_BYTES = 2**30

_STORED = {"float32": np.float32, "int32": np.int32, "bool": np.bool_}
_QUANTIZED = {"float16": np.float16, "uint8": np.uint8, "uint16": np.uint16}

# As in TensorFlow.js, which has no 64-bit types. Types are written by name, or by number in older files.
_DTYPES: dict[Any, type[np.generic]] = {
    "DT_FLOAT": np.float32,
    "DT_INT32": np.int32,
    "DT_INT64": np.int32,
    "DT_BOOL": np.bool_,
    1: np.float32,
    3: np.int32,
    9: np.int32,
    10: np.bool_,
}


class Attributes:
    """A node's attributes by kind. A missing one is its default; another kind raises ValueError or LookupError."""

    def __init__(self, stored: Mapping[str, Any]) -> None:
        self._stored = stored

    def text(self, key: str, default: str = "") -> str:
        return _text(self._stored[key]["s"]) if key in self._stored else default

    def integer(self, key: str, default: int = 0) -> int:
        return int(self._stored[key]["i"]) if key in self._stored else default

    def number(self, key: str, default: float) -> float:
        return float(self._stored[key]["f"]) if key in self._stored else default

    def flag(self, key: str) -> bool:
        return bool(self._stored[key].get("b", False)) if key in self._stored else False

    def integers(self, key: str) -> list[int]:
        return [int(number) for number in self._entries(key, "i")]

    def texts(self, key: str) -> list[str]:
        return [_text(text) for text in self._entries(key, "s")]

    def dtype(self, key: str) -> np.dtype[Any]:
        kind = self._stored[key]["type"]
        if kind not in _DTYPES:
            raise Unsupported(f"element type {kind}")
        return np.dtype(_DTYPES[kind])

    def shape(self, key: str) -> list[int] | None:
        """The sizes, -1 where one is dynamic; None where not even their number is known."""
        stored = self._stored.get(key, {}).get("shape", {"unknownRank": True})
        return None if stored.get("unknownRank") else [int(dim.get("size", -1)) for dim in stored.get("dim", [])]

    def _entries(self, key: str, kind: str) -> list[Any]:
        return list(self._stored.get(key, {}).get("list", {}).get(kind, []))


@dataclass(frozen=True)
class Reference:
    """An output of a node."""

    node: str
    output: int

    @classmethod
    def parse(cls, text: str) -> Reference:
        """From "node" or "node:output"."""
        node, _, output = text.partition(":")
        return cls(node, int(output or 0))


@dataclass(frozen=True)
class Node:
    """One operation and where its inputs come from."""

    name: str
    op: str
    inputs: tuple[Reference, ...]
    attributes: Attributes


@dataclass(frozen=True)
class TfjsModel:
    """Nodes and weights by name, and what the model gives."""

    nodes: dict[str, Node]
    weights: dict[str, Array]
    outputs: tuple[Reference, ...]


def read(path: Path) -> TfjsModel:
    """Read `path` and its shards. Raises OSError, Unsupported, or any of the errors of reading garbage."""
    if path.stat().st_size > MAX_JSON_BYTES:
        raise Unsupported(f"the file is larger than {MAX_JSON_BYTES >> 20} MiB")
    document = json.loads(path.read_bytes())
    topology = document["modelTopology"]
    if "node" not in topology:
        raise Unsupported("it is a Keras layers model, not a graph model")
    nodes = {node.name: node for node in map(_node, topology["node"])}
    return TfjsModel(nodes, _weights(document["weightsManifest"], path.parent), _outputs(document, nodes))


def _node(stored: Mapping[str, Any]) -> Node:
    data_inputs = [text for text in stored.get("input", []) if not text.startswith("^")]  # ^ marks mere order
    return Node(
        str(stored["name"]),
        str(stored["op"]),
        tuple(Reference.parse(text) for text in data_inputs),
        Attributes(stored.get("attr", {})),
    )


def _outputs(document: Mapping[str, Any], nodes: Mapping[str, Node]) -> tuple[Reference, ...]:
    """Those of the signature, in its order; without one, the nodes that nothing reads."""
    signature = document.get("signature") or (document.get("userDefinedMetadata") or {}).get("signature") or {}
    named = [Reference.parse(output["name"]) for output in signature.get("outputs", {}).values()]
    read_by_some = {reference.node for node in nodes.values() for reference in node.inputs}
    return tuple(named or (Reference(name, 0) for name in nodes if name not in read_by_some))


def _weights(manifest: list[Mapping[str, Any]], folder: Path) -> dict[str, Array]:
    weights: dict[str, Array] = {}
    room = MAX_WEIGHT_BYTES
    for group in manifest:
        content = bytearray()
        for name in group["paths"]:
            shard = folder / _beside(name)
            if shard.stat().st_size > room:
                raise Unsupported(f"the weights are larger than {MAX_WEIGHT_BYTES >> 20} MiB")
            content += shard.read_bytes()
            room -= shard.stat().st_size
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


def _text(encoded: str) -> str:
    return base64.b64decode(encoded).decode()

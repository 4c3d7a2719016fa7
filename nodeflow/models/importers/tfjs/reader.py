"""A TensorFlow.js graph model as plain data: TensorFlow's GraphDef, written as JSON, and its weights.

Bytes are in base64 and 64-bit integers are strings.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nodeflow.models.importers.errors import Unsupported
from nodeflow.models.importers.onnx_graph import Array

from .document import read_weights

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


def read(document: Mapping[str, Any], folder: Path) -> TfjsModel:
    """The graph model of `document`, whose shards lie in `folder`. Raises as `read_document` does."""
    nodes = {node.name: node for node in map(_node, document["modelTopology"]["node"])}
    return TfjsModel(nodes, read_weights(document["weightsManifest"], folder), _outputs(document, nodes))


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


def _text(encoded: str) -> str:
    return base64.b64decode(encoded).decode()

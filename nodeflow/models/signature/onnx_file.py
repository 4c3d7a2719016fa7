"""The signature of an .onnx file.

The numbers of fields are those of onnx.proto3 (IR version 3 and later). Weights are passed over. Those that lie in
other files are looked for, because a model may only name files beside it: a path that leads elsewhere would make
onnxruntime read anything that the person may read.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath

from nodeflow.models.errors import BadModel
from nodeflow.models.signature.info import LONGEST_NAME, MOST_AXES, MOST_TENSORS, Dimension, Signature, TensorInfo
from nodeflow.models.signature.protobuf import Malformed, Reader, Span

_GRAPH, _FUNCTIONS = 7, 25
_NODE, _INITIALIZER, _INPUT, _OUTPUT, _SPARSE = 1, 5, 11, 12, 15
_ATTRIBUTE = 5
_TENSOR, _SUBGRAPH, _TENSORS, _SUBGRAPHS, _SPARSE_ONE, _SPARSE_MANY = 5, 6, 10, 11, 22, 23
_TENSOR_NAME, _EXTERNAL = 8, 13

_DTYPES = {
    1: "float32", 2: "uint8", 3: "int8", 4: "uint16", 5: "int16", 6: "int32", 7: "int64", 8: "str", 9: "bool",
    10: "float16", 11: "float64", 12: "uint32", 13: "uint64", 16: "bfloat16",
}  # fmt: skip
_KINDS = {1: "tensor", 4: "sequence", 5: "map", 8: "sparse tensor", 9: "optional"}
_DEEPEST = 32
_MOST_FILES = 1000


@dataclass(slots=True)
class _Found:
    """What a walk through a graph gathers."""

    inputs: list[Span] = field(default_factory=list)
    outputs: list[Span] = field(default_factory=list)
    weights: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)


def onnx_signature(path: Path) -> Signature:
    """Raises BadModel, which says what is wrong and what to do."""
    try:
        with Reader(path) as reader:
            return _read(reader, path)
    except OSError as error:
        raise BadModel(f"{path} cannot be read: {error.strerror or error}; choose another file") from error
    except Malformed as error:
        raise BadModel(f"{path.name} is no ONNX model: {error}; choose another file, or fetch it again") from error


def _read(reader: Reader, path: Path) -> Signature:
    found = _Found()
    graphs = 0
    for part in reader.fields(reader.whole):
        if part.number == _GRAPH:
            graphs += 1
            _gather(reader, part.span, found, outermost=True)
        elif part.number == _FUNCTIONS:
            for inner in reader.fields(part.span):
                if inner.number == 7:  # the nodes of a function
                    _look_at_node(reader, inner.span, found, 0)
    if graphs != 1:
        raise Malformed("there is no graph in it" if not graphs else "there is more than one graph in it")
    beside = tuple(_beside(path, place) for place in sorted(found.places))
    inputs = [info for span in found.inputs if (info := _info(reader, span)).name not in found.weights]
    outputs = [_info(reader, span) for span in found.outputs]
    strange = next((info for info in inputs if info.dtype in _KINDS.values()), None)
    if strange is not None:
        raise BadModel(
            f"{path.name} takes {strange.name!r}, a {strange.dtype}: only models that take tensors can be used; "
            "choose another file"
        )
    tensors = tuple(info for info in outputs if info.dtype not in _KINDS.values())
    left_out = tuple(info.name for info in outputs if info.dtype in _KINDS.values())
    for what, infos in (("takes", inputs), ("gives", tensors)):
        if len(infos) > MOST_TENSORS:
            raise BadModel(
                f"{path.name} {what} {len(infos)} tensors, and {MOST_TENSORS} are the most that can be used; "
                "choose another file"
            )
    if not tensors:
        raise BadModel(f"{path.name} gives no tensor, so there is nothing to get from it; choose another file")
    return Signature("onnx", tuple(inputs), tensors, beside, left_out)


def _gather(reader: Reader, graph: Span, found: _Found, *, outermost: bool, depth: int = 0) -> None:
    if depth > _DEEPEST:
        raise Malformed(f"graphs stand more than {_DEEPEST} deep in one another")
    for part in reader.fields(graph):
        if part.number == _NODE:
            _look_at_node(reader, part.span, found, depth)
        elif part.number == _INITIALIZER:
            _look_at_weights(reader, part.span, found, named=outermost)
        elif part.number == _SPARSE:
            for inner in reader.fields(part.span):
                if inner.number in (1, 2):
                    _look_at_weights(reader, inner.span, found, named=outermost and inner.number == 1)
        elif outermost and part.number in (_INPUT, _OUTPUT):
            spans = found.inputs if part.number == _INPUT else found.outputs
            spans.append(part.span)


def _look_at_node(reader: Reader, node: Span, found: _Found, depth: int) -> None:
    """Weights may also stand in the attributes of a node, and graphs, which have weights of their own."""
    for part in reader.fields(node):
        if part.number != _ATTRIBUTE:
            continue
        for inner in reader.fields(part.span):
            if inner.number in (_TENSOR, _TENSORS):
                _look_at_weights(reader, inner.span, found, named=False)
            elif inner.number in (_SUBGRAPH, _SUBGRAPHS):
                _gather(reader, inner.span, found, outermost=False, depth=depth + 1)
            elif inner.number in (_SPARSE_ONE, _SPARSE_MANY):
                for each in reader.fields(inner.span):
                    if each.number in (1, 2):
                        _look_at_weights(reader, each.span, found, named=False)


def _look_at_weights(reader: Reader, tensor: Span, found: _Found, *, named: bool) -> None:
    for part in reader.fields(tensor):
        if part.number == _TENSOR_NAME and named:
            found.weights.add(reader.text(part.span, 1000))
        elif part.number == _EXTERNAL:
            key, value = _entry(reader, part.span)
            if key == "location":
                found.places.add(value)
                if len(found.places) > _MOST_FILES:
                    raise Malformed(f"its weights lie in more than {_MOST_FILES} files")


def _entry(reader: Reader, span: Span) -> tuple[str, str]:
    texts = {part.number: reader.text(part.span, 1000) for part in reader.fields(span)}
    return texts.get(1, ""), texts.get(2, "")


def _beside(path: Path, place: str) -> Path:
    """The file of weights that a model names by `place`. Raises BadModel unless it lies in the model's folder."""
    parts = PureWindowsPath(place).parts  # knows both slashes
    odd = not parts or ".." in parts or PureWindowsPath(place).anchor or place.startswith("/") or "\0" in place
    there = path.parent / place
    if odd or not there.resolve().is_relative_to(path.parent.resolve()):
        raise BadModel(
            f"{path.name} wants to read its weights from {place[:100]!r}, which is not in its own folder; refused. "
            "Save the model anew with its weights beside it"
        )
    if not there.is_file():
        raise BadModel(f"{path.name} keeps its weights in {place!r}, which is not there: put it into {path.parent}")
    return there


def _info(reader: Reader, span: Span) -> TensorInfo:
    name, dtype, shape = "", "?", None
    for part in reader.fields(span):
        if part.number == 1:
            name = reader.text(part.span, LONGEST_NAME)
        elif part.number == 2:
            dtype, shape = _type(reader, part.span)
    if not name:
        raise Malformed("an input or output has no name")
    return TensorInfo(name, dtype, shape)


def _type(reader: Reader, span: Span) -> tuple[str, tuple[Dimension, ...] | None]:
    for part in reader.fields(span):
        if part.number == 1:
            dtype, shape = "?", None
            for inner in reader.fields(part.span):
                if inner.number == 1:
                    dtype = _DTYPES.get(inner.integer, "unknown")
                elif inner.number == 2:
                    shape = tuple(_dimensions(reader, inner.span))
            return dtype, shape
        if part.number in _KINDS:
            return _KINDS[part.number], None
    return "?", None


def _dimensions(reader: Reader, span: Span) -> Iterator[Dimension]:
    count = 0
    for part in reader.fields(span):
        if part.number != 1:
            continue
        count += 1
        if count > MOST_AXES:
            raise Malformed(f"a shape has more than {MOST_AXES} axes")
        length: Dimension = None
        for inner in reader.fields(part.span):
            if inner.number == 1:
                # An open length is sometimes written as 0 or -1.
                length = inner.integer if 0 < inner.integer <= sys.maxsize else None
            elif inner.number == 2:
                length = reader.text(inner.span, LONGEST_NAME) or None
        yield length

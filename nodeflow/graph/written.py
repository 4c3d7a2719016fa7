"""Types with their ports written out, for nodes whose ports depend on what they are set to.

    models.onnx(image: Image, scale: Tensor? -> classes: Classes, features: Tensor)

Such a node says in the document itself which ports it has. So opening a graph reads no other file and runs no code, and
links stay where they are when the file that the ports came from is gone. A "?" marks an input that may stay unwired.
What stands before the bracket is a type of the catalog that `adapts`. It may be anybody's: it is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

LONGEST = 4096
"""Characters of such a type."""
MOST_PORTS = 64
"""Ports of each side."""

_ARROW = "->"
_KIND = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}(\[\])?")
_LONGEST_NAME = 64


class WrittenPort(NamedTuple):
    """One port: its name, its kind, and whether it may stay unwired."""

    name: str
    kind: str
    optional: bool = False

    def __str__(self) -> str:
        return f"{self.name}: {self.kind}{'?' * self.optional}"


class Written(NamedTuple):
    """A type taken apart."""

    base: str
    inputs: tuple[WrittenPort, ...]
    outputs: tuple[WrittenPort, ...]

    def __str__(self) -> str:
        return f"{self.base}({', '.join(map(str, self.inputs))} {_ARROW} {', '.join(map(str, self.outputs))})"


def base_type(node_type: str) -> str:
    """The type without its ports: "models.onnx"."""
    return node_type.partition("(")[0]


def read_type(node_type: str) -> Written | None:
    """The parts of a type with ports; None if it is none, or more than may be."""
    base, bracket, rest = node_type.partition("(")
    if not bracket or not rest.endswith(")") or len(node_type) > LONGEST:
        return None
    into, arrow, out = rest[:-1].partition(_ARROW)
    inputs, outputs = _ports(into), _ports(out)
    if not arrow or inputs is None or outputs is None or any(port.optional for port in outputs):
        return None
    return Written(base, inputs, outputs)


def _ports(text: str) -> tuple[WrittenPort, ...] | None:
    if not text.strip():
        return ()
    ports = tuple(map(_port, text.split(",")))
    return ports if all(ports) and fitting(ports) else None  # type: ignore[return-value]


def _port(text: str) -> WrittenPort | None:
    name, _, kind = (part.strip() for part in text.partition(":"))
    optional = kind.endswith("?")
    kind = kind.removesuffix("?")
    return WrittenPort(name, kind, optional) if name.isidentifier() and _KIND.fullmatch(kind) else None


def fitting(ports: Iterable[WrittenPort | None]) -> bool:
    """Whether these may be the ports of one side: not too many, each with a name of its own."""
    names = [port.name for port in ports if port is not None]
    return len(set(names)) == len(names) <= MOST_PORTS and all(len(name) <= _LONGEST_NAME for name in names)

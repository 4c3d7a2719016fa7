"""Nodes whose ports depend on what they are set to: any model file has inputs and outputs of its own.

    @node("models.onnx", category="Models", adapts=True)
    class Onnx:
        class Setup(Params): path: str = file("", "*.onnx")

        @staticmethod
        def adapt(setup: Setup, changed: str, place: Callable[[str], Path]) -> Adapted:
            signature = read_signature(place(setup.path))
            return Adapted(Ports({"image": "Image"}, {"classes": "Classes"}))

        def open(self, setup: Setup, ctx: Context, ports: Ports) -> None: ...
        def run(self, *inputs: Any) -> Any: ...       # in the order of the ports; one output, or a tuple of several

`adapt` is called when a person changes the setup, on a thread of its own, never when a graph is opened: the ports are
part of the document. What is opened may have changed meanwhile, so `open` is told the ports that the node has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from nodeflow.graph import Json, NodeSchema, Written, WrittenPort, read_type


@dataclass(frozen=True, slots=True)
class Ports:
    """The kinds of inputs and outputs by name, in order. A "?" at the end of a kind marks an optional input."""

    inputs: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, schema: NodeSchema) -> Self:
        """The ports of a schema."""
        inputs = {port.name: port.kind + "?" * port.optional for port in schema.inputs}
        return cls(inputs, {port.name: port.kind for port in schema.outputs})

    def type(self, base: str) -> str:
        """The type of a node with these ports. Raises ValueError for ports that a node cannot have."""
        inputs = tuple(
            WrittenPort(name, kind.removesuffix("?"), kind.endswith("?")) for name, kind in self.inputs.items()
        )
        outputs = tuple(WrittenPort(name, kind) for name, kind in self.outputs.items())
        written = Written(base, inputs, outputs)
        if read_type(str(written)) != written:
            raise ValueError(f"a node cannot have these {len(inputs)} inputs and {len(outputs)} outputs")
        return str(written)


@dataclass(frozen=True, slots=True)
class Adapted:
    """What follows from a setup: the ports, and parameters that are set with it."""

    ports: Ports
    params: Mapping[str, Json] = field(default_factory=dict)

"""What a node type looks like from outside: plain data, no code.

A `NodeSchema` is everything the checks, the file format, the canvas and the inspector need to know of a node type:
its ports, its parameters and a few traits. `nodeflow.node` makes schemas from Python signatures; this module only
says what they are, so that a graph can be checked without importing a single node.

A `Catalog` is what a check is made against: the known types, and which kinds turn into which on a wire.
Everything here is frozen and may be shared between threads.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from .written import read_type

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
"""What a parameter holds in a graph file. In a graph, lists are tuples and objects cannot be changed."""

ANY = "Any"
"""The kind that meets every other."""

LIST = "[]"
"""What the kind of a list ends with: "Image[]" is a list of images."""

ParamType = Literal[
    "number", "integer", "toggle", "text", "lines", "choice", "file", "folder", "save", "color", "model", "drawing"
]

SOCKETS: Mapping[ParamType, str] = {
    "number": "Number",
    "integer": "Number",
    "toggle": "Boolean",
    "text": "Text",
    "lines": "Text",
    "choice": "Text",
    "color": "Color",
}
"""The kind of wire that may decide a live parameter, by the parameter's type."""

Group = Literal["setup", "live"]
Clock = Literal["live", "every"]


@dataclass(frozen=True, slots=True)
class PortSchema:
    """One input or output. An optional input may stay unwired; the node then gets None.

    `title` is what people read in place of the name; "" where that is the name itself.
    """

    name: str
    kind: str
    optional: bool = False
    doc: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class ParamSchema:
    """One parameter: its type, default and how to edit it.

    `group` says what a change costs: "live" applies to the next frame, "setup" reopens the node.
    `minimum`, `maximum` and `step` are in `unit`. `choices` are the values of a "choice", in menu order.
    `task` narrows a "model" to one task. `patterns` are the file name endings of a "file" or "save" ("*.mp4").
    What a "drawing" holds is told in drawing.py.
    """

    name: str
    type: ParamType
    default: Json
    group: Group = "live"
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    unit: str = ""
    choices: tuple[str, ...] = ()
    task: str = ""
    patterns: tuple[str, ...] = ()
    doc: str = ""
    essential: bool = True


@dataclass(frozen=True)
class NodeSchema:
    """One node type.

    `clock` is set on sources only: "live" (newest frame wins, others are dropped and counted) or "every" (waits,
    loses nothing). `sink` nodes are why a graph runs. `pure` nodes give the same output for the same input and
    parameters; `parallel` ones may be called for several frames at once; `batch` ones take a whole list in one call;
    `process` ones run in a process of their own. `resource` names what a call occupies ("cpu", "io", "cuda:0"); a call
    longer than `time_limit` seconds counts as hung.

    A node that `holds` gives its newest value to whoever asks, so that its output joins any clock. `feedback` names
    the input whose value of one frame is the node's output of the next: loops may go through it. `selects` names the
    choice parameter that tells which input is used; what only the others need is not computed. `chooser` names an input
    for a number that tells it in place of the parameter, frame by frame: 0 for the first of its choices. (Any other
    live parameter is a `socket` by itself.) A node that `passes` is a bend in a wire: one input and one output of any
    kind, and it never runs. The ports of one that `adapts` depend on what it is set to; they stand in its type (see
    `written`), and a type of that name alone has none yet. `words` are others that people look for it by.
    """

    type: str
    title: str
    category: str
    doc: str = ""
    version: int = 1
    inputs: tuple[PortSchema, ...] = ()
    outputs: tuple[PortSchema, ...] = ()
    params: tuple[ParamSchema, ...] = ()
    clock: Clock | None = None
    sink: bool = False
    pure: bool = False
    parallel: bool = False
    batch: bool = False
    process: bool = False
    resource: str = "cpu"
    time_limit: float = 30.0
    replaces: tuple[str, ...] = ()
    pack: str = ""
    holds: bool = False
    feedback: str = ""
    selects: str = ""
    chooser: str = ""
    passes: bool = False
    adapts: bool = False
    words: str = ""

    def input(self, name: str) -> PortSchema | None:
        """The input of this name, or the socket."""
        return self._inputs.get(name) or self._sockets.get(name)

    def socket(self, name: str) -> PortSchema | None:
        """The live parameter of this name as an input: what is wired to it decides in its place, frame by frame, and
        where that is nothing, the parameter does. None where no wire can: it is not live, of a type that no wire
        carries, what the node chooses by, or an input of that name is in front of it."""
        return self._sockets.get(name)

    def output(self, name: str) -> PortSchema | None:
        return self._outputs.get(name)

    def param(self, name: str) -> ParamSchema | None:
        return self._params.get(name)

    @cached_property
    def _inputs(self) -> Mapping[str, PortSchema]:
        return {port.name: port for port in reversed(self.inputs)}

    @cached_property
    def _sockets(self) -> Mapping[str, PortSchema]:
        if self.holds or self.feedback:
            return {}
        return {
            param.name: PortSchema(param.name, SOCKETS[param.type], optional=True, doc=param.doc)
            for param in self.params
            if param.group == "live" and param.type in SOCKETS and param.name not in (self.selects, *self._inputs)
        }

    @cached_property
    def _outputs(self) -> Mapping[str, PortSchema]:
        return {port.name: port for port in reversed(self.outputs)}

    @cached_property
    def _params(self) -> Mapping[str, ParamSchema]:
        return {param.name: param for param in reversed(self.params)}

    def from_wire(self, wired: Collection[str]) -> set[str]:
        """The parameters in whose place a wire decides, given which inputs are wired."""
        decided = {name for name in wired if self.socket(name)}
        return decided | {self.selects} if self.chooser and self.chooser in wired else decided


INPUT, OUTPUT = "graph.input", "graph.output"
"""The types of the nodes that are a subgraph's ports: what comes in, and what goes out. They belong to the document, no
pack brings them, and they never run."""

PORT_NODES: Mapping[str, NodeSchema] = {
    INPUT: NodeSchema(
        INPUT, "Input", "Subgraphs", "A port of this subgraph: what comes in.", outputs=(PortSchema("value", ANY),)
    ),
    OUTPUT: NodeSchema(
        OUTPUT,
        "Output",
        "Subgraphs",
        "A port of this subgraph: what goes out.",
        inputs=(PortSchema("value", ANY, optional=True),),
    ),
}


_MOST_WRITTEN = 1000
"""Types with ports that a catalog keeps."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """A way from one kind to another. A lossless one happens on the wire; a lossy one needs a node."""

    source: str
    target: str
    lossless: bool
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Catalog:
    """The known node types and kind conversions, by type and by (source kind, target kind)."""

    nodes: Mapping[str, NodeSchema] = field(default_factory=dict)
    conversions: Mapping[tuple[str, str], Conversion] = field(default_factory=dict)
    _written: dict[str, NodeSchema | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    def get(self, node_type: str) -> NodeSchema | None:
        """What a type of this name looks like, also one with its ports written out; None where nobody knows it."""
        return (
            self.nodes.get(node_type) or PORT_NODES.get(node_type) or ("(" in node_type and self._of(node_type)) or None
        )

    def _of(self, node_type: str) -> NodeSchema | None:
        """The schema of a type with its ports written out."""
        if node_type not in self._written:
            if len(self._written) >= _MOST_WRITTEN:
                self._written.clear()
            self._written[node_type] = self._read(node_type)
        return self._written[node_type]

    def _read(self, node_type: str) -> NodeSchema | None:
        written = read_type(node_type)
        schema = self.nodes.get(written.base) if written else None
        if written is None or schema is None or not schema.adapts:
            return None
        inputs = tuple(PortSchema(*port) for port in written.inputs)
        return replace(
            schema, type=node_type, inputs=inputs, outputs=tuple(PortSchema(*port) for port in written.outputs)
        )

    def handed_on(self, schema: NodeSchema, output: str, wired: Collection[str]) -> str | None:
        """The input that a bypassed node of this type hands on to `output`: the first of the `wired` ones whose kind
        connects, the same kind before another."""
        port = schema.output(output)
        fitting = [
            each for each in schema.inputs if port and each.name in wired and self.connects(each.kind, port.kind)
        ]
        first = min(fitting, key=lambda each: port is None or each.kind != port.kind, default=None)
        return first.name if first else None

    def connects(self, source: str, target: str) -> bool:
        """Whether an output of kind `source` may be wired to an input of kind `target`.

        A list ("Image[]") goes wherever its items go: a node that takes one item is called for each.
        """
        source, target = source.removesuffix(LIST), target.removesuffix(LIST)
        if source == target or ANY in (source, target):
            return True
        conversion = self.conversions.get((source, target))
        return conversion is not None and conversion.lossless

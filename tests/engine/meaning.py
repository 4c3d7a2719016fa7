"""What a call of each node of the zoo gives, and what a node remembers from call to call.

Values are plain: numbers, tuples for lists, `NOTHING`, or `Wrong` with the node that failed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from nodeflow.engine.packets import NOT_CHOSEN, Failed
from nodeflow.graph import Node, NodeSchema
from nodeflow.node import Nothing, Tick
from nodeflow.values import Boolean, Items, Number

NOTHING = "nothing"
NEEDLESS = "needless"
"""What a node gives that nobody needed."""
DONE = ("done",)
"""What a sink gives that was called."""

Outputs = tuple[Any, ...]


class Wrong(NamedTuple):
    """The value could not be made, because this node failed."""

    node: str


def is_hung(packet: Any, node: str) -> bool:
    """Whether this is what a node gives whose call is not back in time."""
    return isinstance(packet, Failed) and packet.node == node and packet.message.startswith("hung: ")


class Broken(Exception):
    """A node fails."""


def plain(packet: Any) -> Any:
    """A packet of the engine, in the oracle's words."""
    match packet:
        case Nothing():
            return NEEDLESS if packet is NOT_CHOSEN else NOTHING
        case Failed(node=node):
            return Wrong(node)
        case Number() | Boolean():
            return float(packet.value)
        case Items():
            return tuple(map(plain, packet))
    raise AssertionError(f"what is {packet!r}?")


@dataclass
class Past:
    """What a previous frame remembers: the frame that it was given last, the value then, and the value before."""

    tick: Tick | None = None
    value: Any = None
    before: Any = None

    def recall(self, tick: Tick) -> Any:
        return self.before if self.tick is tick else self.value

    def store(self, tick: Tick, value: Any) -> None:
        before = self.recall(tick)
        empty = value is None or value == NOTHING or isinstance(value, Wrong)
        self.tick, self.value, self.before = tick, before if empty else value, before


@dataclass
class Life:
    """A node from its opening until its setup changes or nobody wants it any more, and what it remembers."""

    setup: Any
    opens: bool
    keeps: tuple[str, bool] | None
    """What a node that holds or recalls remembers: the kind, and whether it may be a list."""
    refused: Any = None
    again: bool = False
    """Whether another shall take its place, though nothing has changed."""
    seen: float = 0.0
    held: tuple[Any, float] | None = None
    past: Past = field(default_factory=Past)
    strikes: int = 0
    rests_until: float = 0.0
    driven: Any = None
    """What a wire decides one of its parameters to be, on the frame of now."""
    done: int | None = None
    """For a still sink: the content that it has done its work with."""


def picked(use: str, choice: Any) -> str:
    """What a switch set to `use` makes of a choice: the name of an input, or "" if there is none for it."""
    if choice in (None, NOTHING):
        return use
    return "" if isinstance(choice, tuple) else {0: "a", 1: "b"}.get(round(choice), "")


def for_each(node: Node, schema: NodeSchema, life: Life, inputs: list[Any]) -> Any:
    """One call, or one for each item of the lists; a row with a hole in it gives a hole, and lists are joined."""
    lengths = {len(value) for value in inputs if isinstance(value, tuple)}
    if not lengths:
        return one(node, life, inputs)
    if len(lengths) > 1:
        raise Broken
    optional = [port.optional for port in schema.inputs]
    made = []
    for at in range(lengths.pop()):
        row = [value[at] if isinstance(value, tuple) else value for value in inputs]
        row = [None if value == NOTHING and may else value for value, may in zip(row, optional, strict=True)]
        made.append(NOTHING if NOTHING in row else one(node, life, row))
    if node.type == "t.spread":
        return tuple(item for each in made if each != NOTHING for item in each)
    return tuple(made)


def one(node: Node, life: Life, row: list[Any]) -> Any:
    """What a node for single numbers gives."""
    if any(isinstance(value, tuple) for value in row):
        raise Broken  # a list in a list
    x, y = (*row, None)[:2]
    match node.type:
        case "t.double":
            return x * 2
        case "t.square" | "t.squares":
            return x**2 % 1000
        case "t.add":
            return x + y + node.params.get("plus", 0.0)
        case "t.either":
            return (x or 0.0) + (y or 0.0)
        case "t.odd_only":
            return x if x % 2 else NOTHING
        case "t.bit":
            if x % 7 == 6:
                raise Broken
            return 2.0 if x % 7 == 5 else float(x // 2 % 2)
        case "t.is_odd":
            return float(x % 2 == 1) if x % 5 else NOTHING
        case "t.fail_on":
            if x % node.params.get("every", 3) == 0:
                raise Broken
            return x
        case "t.sum":
            life.seen += x * node.params.get("factor", 1.0)
            return life.seen
        case "t.spread":
            items: Any = node.params.get("items", 3)
            return tuple(x + i for i in range(items))
        case "t.stall":
            return x + life.setup
        case "t.shift":
            return (x + life.setup) * node.params.get("factor", 1)
        case "t.level":
            life.seen += 1
            return x + life.setup + life.seen / 8
        case "t.collect":
            return None
    raise AssertionError(node.type)

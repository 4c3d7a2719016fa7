"""What a call gets: its inputs from its frame, converted on the wire, or why it cannot be made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from nodeflow.engine.packets import MISSING, Failed, Missing

if TYPE_CHECKING:
    from nodeflow.engine.packets import Frame
    from nodeflow.engine.plan import Wire

    Take = Callable[[Frame, Sequence[Wire | None]], tuple[Any, ...] | Missing]


def values_on(frame: Frame, wires: Sequence[Wire | None]) -> tuple[Any, ...] | Missing:
    """What these wires bring on this frame, None where there is no wire; or why the node cannot run.

    An input that may stay empty is None where there is nothing; a failure is never taken for "nothing". A value that
    cannot be converted is its producer's failure.
    """
    values: list[Any] = []
    for wire in wires:
        if wire is None:
            values.append(None)
            continue
        packets = frame.packets[wire.producer]
        assert packets is not None, "a node was called before its inputs were there"
        value = packets[wire.output]
        if isinstance(value, MISSING):
            if not wire.optional or isinstance(value, Failed):
                return value
            value = None
        elif wire.convert is not None:
            try:
                value = wire.convert(value)
            except Exception as fault:  # a node may have put nonsense into a value
                return Failed.from_exception(frame.nodes[wire.producer].id, fault)
        values.append(value)
    return tuple(values)


def way_to_take(wires: Sequence[Wire | None]) -> Take:
    """How a node with these wires gets its inputs: nearly all have one, which brings just what is there."""
    one = wires[0] if len(wires) == 1 else None
    return _value_on if one is not None and one.convert is None and not one.optional else values_on


def _value_on(frame: Frame, wires: Sequence[Wire | None]) -> tuple[Any, ...] | Missing:
    wire = wires[0]
    assert wire is not None
    packets = frame.packets[wire.producer]
    assert packets is not None, "a node was called before its input was there"
    value = packets[wire.output]
    return value if isinstance(value, MISSING) else (value,)


class Recall(NamedTuple):
    """The inputs of a node with feedback: one of them is what the last frame left."""

    node: int
    port: int

    def values_on(self, frame: Frame, wires: Sequence[Wire | None]) -> tuple[Any, ...] | Missing:
        values = values_on(frame, wires)
        if not isinstance(values, tuple):
            return values
        recalled = frame.stages[self.node].memory.recall(frame.tick)
        return *values[: self.port], recalled, *values[self.port + 1 :]

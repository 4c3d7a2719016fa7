"""A node that is there: the one form in which the engine meets every node, function or class.

    live = live_arguments(node_type, values)       # the live parameters, ready to be passed
    instance = Instance(node_type)
    instance.open(ctx, values)                     # once; returns what a source says of itself
    outputs = instance.call(inputs, tick, live)    # once a frame, inputs in port order -> outputs in port order
    instance.close()                               # once

The live parameters come with each call, so that every frame is made with the values of its own revision of the graph.
An instance is used by one thread at a time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from nodeflow.graph.schema import ANY, LIST
from nodeflow.node.define import NodeType
from nodeflow.node.ports import Ports
from nodeflow.node.runtime import Context, NodeError, Nothing, Stream, Tick, Timed
from nodeflow.values import KINDS, Items

Inputs = tuple[Any, ...]
Outputs = tuple[Any, ...]
Live = Mapping[str, Any]

_NO_VALUE = Nothing("no value")


def live_arguments(node_type: NodeType, values: Mapping[str, Any]) -> Live:
    """The keyword arguments that carry the live parameters into a call, from checked values by name."""
    if node_type.is_class:
        return {"live": node_type.live.of(values)} if node_type.live else {}
    return {param.name: values.get(param.name, param.default) for param in node_type.schema.params}


class WrongValue(NodeError):
    """A node gave something other than its signature promises."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "This is a mistake in the node's code.")


class Instance:
    """One node of a running graph."""

    __slots__ = ("_code", "_only", "_opened", "_promised", "_run", "_run_batch", "_wants_tick", "type")

    def __init__(self, node_type: NodeType) -> None:
        """Runs no code of the node's: a class is made when it is opened."""
        self.type = node_type
        self._code: Any = None
        self._run: Callable[..., Any] = node_type.code
        self._promised = tuple(
            (KINDS.get(port.kind.removesuffix(LIST), object), port.kind.endswith(LIST))
            for port in node_type.schema.outputs
        )
        self._run_batch: Callable[..., Any] | None = None
        plain = len(self._promised) == 1 and not self._promised[0][1]
        self._only = self._promised[0][0] if plain else None
        """The kind of the one output, if that is no list: nearly every call ends with a check for just this."""
        self._wants_tick = node_type.wants_tick
        self._opened = False

    def open(self, ctx: Context, values: Mapping[str, Any]) -> Stream:
        """Load what the node needs. If this raises, the node is not open and needs no closing."""
        if self._code is None and isinstance(self.type.code, type):
            self._code = self.type.code()
            self._run, self._run_batch = self._code.run, getattr(self._code, "run_batch", None)
        given: dict[str, Any] = {}
        if "ctx" in self.type.open_wants:
            given["ctx"] = ctx
        if "setup" in self.type.open_wants:
            given["setup"] = self.type.setup.of(values) if self.type.setup else None
        if "ports" in self.type.open_wants:
            given["ports"] = Ports.of(self.type.schema)
        said = self._code.open(**given) if hasattr(self._code, "open") else None
        self._opened = True
        return said if isinstance(said, Stream) else Stream()

    def call(self, inputs: Inputs, tick: Tick, live: Live) -> Outputs:
        """Run once. Outputs stand in port order; a port without a value holds a `Nothing`.

        Raises whatever the node raises, and `WrongValue` if it breaks its word.
        """
        value = self._run(*inputs, tick=tick, **live) if self._wants_tick else self._run(*inputs, **live)
        if type(value) is self._only:
            return (value,)
        return self._outputs(value)

    def call_for_each(self, inputs: Inputs, tick: Tick, live: Live) -> Outputs:
        """Run once for each item of the lists among `inputs`; what is no list is given to each. Lists of outputs.

        Order and places are kept: an item that is missing stays missing, but where the input may stay empty it is None.
        Where each call gives a list, they are joined into one. A node with `run_batch` gets all items in one call.
        Raises NodeError for lists of different lengths.
        """
        lists = {
            place: tuple(None if port.optional and isinstance(item, Nothing) else item for item in value)
            for place, (value, port) in enumerate(zip(inputs, self.type.schema.inputs, strict=True))
            if isinstance(value, Items) and port.kind != ANY and not port.kind.endswith(LIST)
        }
        if not lists:
            return self.call(inputs, tick, live)
        lengths = {len(items) for items in lists.values()}
        if len(lengths) > 1:
            raise NodeError(f"its lists have different lengths ({', '.join(map(str, sorted(lengths)))})")
        rows = [
            tuple(lists[place][at] if place in lists else value for place, value in enumerate(inputs))
            for at in range(lengths.pop())
        ]
        whole_rows = [row for row in rows if not any(isinstance(value, Nothing) for value in row)]
        made = iter(self._batch(whole_rows, live) if self._run_batch else self._each(whole_rows, tick, live))
        gap = (_NO_VALUE,) * len(self._promised)
        outputs = [gap if any(isinstance(value, Nothing) for value in row) else next(made) for row in rows]
        columns = zip(*outputs, strict=True) if outputs else ((),) * len(gap)
        return tuple(
            Items(item for row in column if isinstance(row, Items) for item in row) if is_list else Items(column)
            for column, (_, is_list) in zip(columns, self._promised, strict=True)
        )

    def call_once(self, inputs: Inputs, tick: Tick, live: Live) -> Outputs:
        """Run as `call_for_each`, and have the node complete what it made: this is all that comes to it, unless
        somebody edits what is above it."""
        outputs = self.call_for_each(inputs, tick, live)
        if hasattr(self._code, "complete"):
            self._code.complete()
        return outputs

    def _each(self, rows: list[Inputs], tick: Tick, live: Live) -> list[Outputs]:
        return [self.call(row, tick, live) for row in rows]

    def _batch(self, rows: list[Inputs], live: Live) -> list[Outputs]:
        made = self._run_batch(*map(list, zip(*rows, strict=True)), **live) if rows and self._run_batch else []
        if len(made) != len(rows):
            raise WrongValue(f"its run_batch was given {len(rows)} items and gave {len(made)}")
        return [self._outputs(value) for value in made]

    def frames(self, live: Live) -> Iterator[tuple[float | None, Outputs]]:
        """A source's values one by one, each with its time in seconds where the source gives one."""
        for said in self._run(**live):
            if isinstance(said, Timed):
                yield _time(said.time), self._outputs(said.value)
            else:
                yield None, self._outputs(said)

    @property
    def can_seek(self) -> bool:
        """Whether this is a source that can be told where to go on."""
        return self._opened and hasattr(self._code, "seek")

    def seek(self, seconds: float) -> None:
        """Let the next `frames` begin at this time of the source. Call only if `can_seek`."""
        self._code.seek(seconds)

    def close(self) -> None:
        """Let go of everything; does nothing unless the node is open."""
        if self._opened:
            self._opened = False
            if hasattr(self._code, "close"):
                self._code.close()

    def _outputs(self, value: Any) -> Outputs:
        promised = self._promised
        if len(promised) == 1:
            kind, is_list = promised[0]
            if not is_list and value is not None and isinstance(value, kind):
                return (value,)
            return (self._checked(value, 0),)
        if not promised:
            return ()
        if value is None or isinstance(value, Nothing):
            return (value or _NO_VALUE,) * len(promised)
        if not isinstance(value, tuple) or len(value) != len(promised):
            gave = len(value) if isinstance(value, tuple) else _name(value)
            raise WrongValue(f"it promised {len(promised)} values and gave {gave}")
        return tuple(self._checked(part, place) for place, part in enumerate(value))

    def _checked(self, value: Any, place: int) -> Any:
        """One output's value if it is what was promised; a list becomes `Items`."""
        kind, is_list = self._promised[place]
        if value is None:
            return _NO_VALUE
        if isinstance(value, Nothing) or (not is_list and isinstance(value, kind)):
            return value
        port = self.type.schema.outputs[place]
        if is_list and isinstance(value, list | tuple):
            wrong = next((item for item in value if not isinstance(item, (kind, Nothing))), None)
            if wrong is None:
                return Items(value)
            raise WrongValue(f"its output {port.name!r} promised a list of {kind.__name__} with {_name(wrong)} in it")
        raise WrongValue(f"its output {port.name!r} promised {port.kind} and gave {_name(value)}")


def _time(said: Any) -> float:
    """A frame's own time, which may go back (a source that begins again) but must be one."""
    if not isinstance(said, int | float) or not math.isfinite(said):
        raise WrongValue(f"it gave {said if isinstance(said, float) else _name(said)} as the time of a frame")
    return float(said)


def _name(value: object) -> str:
    return type(value).__name__

"""A node that is there: the one form in which the engine meets every node, function or class.

    instance = Instance(node_type, values)         # checked parameter values by name
    instance.open(ctx)                             # once; returns what a source says of itself
    outputs = instance.call(inputs, tick)          # once a frame, inputs in port order -> outputs in port order
    instance.close()                               # once

`set_live` swaps the live parameters between two calls; it may come from any thread (one assignment). Everything else
is called by one thread at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from nodeflow.node.define import NodeType
from nodeflow.node.runtime import Context, Inputs, Nothing, Outputs, Stream, Tick, Timed


class Instance:
    """One node of a running graph."""

    __slots__ = ("_call", "_code", "_live", "_opened", "type")

    def __init__(self, node_type: NodeType, values: Mapping[str, Any]) -> None:
        self.type = node_type
        self._code: Any = node_type.code() if node_type.is_class else None
        self._opened = False
        self.set_live(values)
        self._call = self._bind()

    def set_live(self, values: Mapping[str, Any]) -> None:
        """Use these live parameter values from the next call on."""
        if self.type.is_class:
            self._live = {"live": self.type.live.of(values)} if self.type.live else {}
        else:
            self._live = {param.name: values[param.name] for param in self.type.schema.params if param.name in values}

    def open(self, ctx: Context, values: Mapping[str, Any]) -> Stream:
        """Load what the node needs. Whatever it raises means that it is not open."""
        wants = self.type.open_wants
        given: dict[str, Any] = {}
        if "ctx" in wants:
            given["ctx"] = ctx
        if "setup" in wants:
            given["setup"] = self.type.setup.of(values) if self.type.setup else None
        said = self._code.open(**given) if hasattr(self._code, "open") else None
        self._opened = True
        return said if isinstance(said, Stream) else Stream()

    def call(self, inputs: Inputs, tick: Tick) -> Outputs:
        """Run once. Outputs stand in port order; a port without a value holds a `Nothing`."""
        return self._call(inputs, tick)

    def frames(self, tick: Tick) -> Iterator[tuple[float | None, Outputs]]:
        """A source's values one by one, each with its time in seconds where the source gives one."""
        for said in self._raw((), tick):
            time, value = (said.time, said.value) if isinstance(said, Timed) else (None, said)
            yield time, self._tuple(value)

    def close(self) -> None:
        """Let go of everything. Called once for every successful open; harmless otherwise."""
        if self._opened:
            self._opened = False
            if hasattr(self._code, "close"):
                self._code.close()

    def _raw(self, inputs: Inputs, tick: Tick) -> Any:
        target = self._code.run if self.type.is_class else self.type.code
        if self.type.wants_tick:
            return target(*inputs, tick=tick, **self._live)
        return target(*inputs, **self._live)

    def _tuple(self, value: Any) -> Outputs:
        count = len(self.type.schema.outputs)
        if count == 0:
            return ()
        if count == 1:
            return (Nothing("no value") if value is None else value,)
        if isinstance(value, Nothing) or value is None:
            return (value or Nothing("no value"),) * count
        return tuple(Nothing("no value") if part is None else part for part in value)

    def _bind(self) -> Callable[[Inputs, Tick], Outputs]:
        """The cheapest way to call this node, chosen once."""
        return lambda inputs, tick: self._tuple(self._raw(inputs, tick))

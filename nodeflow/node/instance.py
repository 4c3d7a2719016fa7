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

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from nodeflow.node.define import NodeType
from nodeflow.node.runtime import Context, NodeError, Nothing, Stream, Tick, Timed
from nodeflow.values import KINDS

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

    __slots__ = ("_code", "_opened", "_promised", "_run", "type")

    def __init__(self, node_type: NodeType) -> None:
        self.type = node_type
        self._code: Any = node_type.code() if isinstance(node_type.code, type) else None
        self._run: Callable[..., Any] = self._code.run if self._code is not None else node_type.code
        self._promised = tuple(KINDS.get(port.kind, object) for port in node_type.schema.outputs)
        self._opened = False

    def open(self, ctx: Context, values: Mapping[str, Any]) -> Stream:
        """Load what the node needs. If this raises, the node is not open and needs no closing."""
        given: dict[str, Any] = {}
        if "ctx" in self.type.open_wants:
            given["ctx"] = ctx
        if "setup" in self.type.open_wants:
            given["setup"] = self.type.setup.of(values) if self.type.setup else None
        said = self._code.open(**given) if hasattr(self._code, "open") else None
        self._opened = True
        return said if isinstance(said, Stream) else Stream()

    def call(self, inputs: Inputs, tick: Tick, live: Live) -> Outputs:
        """Run once. Outputs stand in port order; a port without a value holds a `Nothing`.

        Raises whatever the node raises, and `WrongValue` if it breaks its word.
        """
        if self.type.wants_tick:
            return self._outputs(self._run(*inputs, tick=tick, **live))
        return self._outputs(self._run(*inputs, **live))

    def frames(self, live: Live) -> Iterator[tuple[float | None, Outputs]]:
        """A source's values one by one, each with its time in seconds where the source gives one."""
        for said in self._run(**live):
            if isinstance(said, Timed):
                yield said.time, self._outputs(said.value)
            else:
                yield None, self._outputs(said)

    def close(self) -> None:
        """Let go of everything; does nothing unless the node is open."""
        if self._opened:
            self._opened = False
            if hasattr(self._code, "close"):
                self._code.close()

    def _outputs(self, value: Any) -> Outputs:
        promised = self._promised
        if len(promised) == 1:
            if value is None:
                return (_NO_VALUE,)
            if not isinstance(value, (promised[0], Nothing)):
                raise WrongValue(f"it promised {promised[0].__name__} and gave {type(value).__name__}")
            return (value,)
        if not promised:
            return ()
        parts = (value or _NO_VALUE,) * len(promised) if value is None or isinstance(value, Nothing) else tuple(value)
        if len(parts) != len(promised):
            raise WrongValue(f"it promised {len(promised)} values and gave {len(parts)}")
        return tuple(
            self._outputs_part(part, kind, port.name)
            for part, kind, port in zip(parts, promised, self.type.schema.outputs, strict=True)
        )

    @staticmethod
    def _outputs_part(part: Any, kind: type, port: str) -> Any:
        if part is None:
            return _NO_VALUE
        if not isinstance(part, (kind, Nothing)):
            raise WrongValue(f"its output {port!r} promised {kind.__name__} and gave {type(part).__name__}")
        return part

"""An instance in a process, open, with short ways to call it."""

from __future__ import annotations

from typing import Any

from nodeflow.engine.process import ProcessInstance
from nodeflow.node import Tick, live_arguments, node_type_of
from nodeflow.testing.nodes import NodeContext
from nodeflow.values import Text


class Desk:
    """An open instance and its context. `now` is its clock, in seconds."""

    def __init__(self, code: object, ctx: NodeContext, **values: Any) -> None:
        self.ctx = ctx
        self.now = 0.0
        self.instance = ProcessInstance(node_type_of(code), clock=lambda: self.now)
        self.stream = self.instance.open(ctx, values)

    @property
    def pid(self) -> int:
        """The process that the node runs in now."""
        assert self.instance.pid is not None
        return self.instance.pid

    def call(self, *inputs: Any, time: float = 0.0, **live: Any) -> tuple[Any, ...]:
        return self.instance.call(inputs, Tick(0, time), live_arguments(self.instance.type, live))

    def __call__(self, *inputs: Any, **live: Any) -> Any:
        return self.call(*inputs, **live)[0]

    def do(self, what: str, **live: Any) -> Any:
        return self(Text(what), **live)

"""A call on a GPU: on the node's own stream, and once more if there was no memory for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from nodeflow.engine.cache import size_of
from nodeflow.engine.devices import empty_cache, is_out_of_memory, memory_error
from nodeflow.engine.packets import Packets

if TYPE_CHECKING:
    from nodeflow.engine.stage import Stage


def call_on_gpu(stage: Stage, call: Callable[[], Packets], others: Iterable[Stage]) -> Packets:
    """Make a call of `stage`. Raises NodeError, naming which of the `others` hold most, if memory does not suffice even
    after all that is free was given back; else whatever the node raises."""
    try:
        with stage.stream():
            return call()
    except Exception as fault:
        if not is_out_of_memory(fault):
            raise
    empty_cache(stage.device)
    try:
        with stage.stream():
            return call()
    except Exception as fault:
        if not is_out_of_memory(fault):
            raise
        raise memory_error(stage.device, [(each.id, size_of(each.given).device) for each in others]) from fault

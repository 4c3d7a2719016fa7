"""Pictures brought to a GPU ahead: by who makes them, while who wants them there is busy with the one before.

A node on a GPU that is given a picture of the host's brings it there itself, at the start of its call. Where that was
seen once, the node that makes these pictures brings the next ones there as soon as they are made: the thread that reads
a clip copies while the model runs. It is learned anew with each revision of the graph.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from nodeflow.values import Image

if TYPE_CHECKING:
    from nodeflow.engine.circuit import Call
    from nodeflow.engine.stage import Stage

NOWHERE: Mapping[int, str] = MappingProxyType({})


def learn(call: Call) -> None:
    """Note whose pictures a call on a GPU has brought there."""
    for wire, value in zip(call.node.inputs, call.inputs, strict=False):
        if wire is not None and wire.convert is None and _is_of_host(value) and value.uploads:
            maker, device = call.frame.stages[wire.producer], call.stage.device
            if maker.ahead.get(wire.output) != device:
                maker.ahead = {**maker.ahead, wire.output: device}


def bring(stage: Stage, made: tuple[Any, ...]) -> None:
    """Bring the pictures that a node has just made to where they are wanted."""
    try:
        for output, device in stage.ahead.items():
            if _is_of_host(picture := made[output]):
                stage.works_on(device)
                with stage.stream():
                    picture.tensor(device)
    except Exception:  # who wants it there meets the same, on a node of that GPU, where it can be told
        stage.ahead = NOWHERE


def _is_of_host(value: Any) -> bool:
    return isinstance(value, Image) and value.device is None

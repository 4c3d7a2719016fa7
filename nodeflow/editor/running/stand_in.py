"""The sample that may play in place of a camera or microphone that is not there. Pure.

    found = stand_in(node, schema, status.hint, samples)    # None where none is asked for, or none fits
    sheet.set_param(node, found.param, found.ref)

A live source that could do with one says so: the hint of its failure names the parameter ("... as its stand in").
"""

from __future__ import annotations

from dataclasses import dataclass

from nodeflow.editor.running.samples import Samples
from nodeflow.graph import Node, NodeSchema


@dataclass(frozen=True, slots=True)
class StandIn:
    """`ref` is what a graph calls the sample, `param` what is to name it."""

    param: str
    ref: str


def stand_in(node: Node, schema: NodeSchema | None, hint: str, samples: Samples) -> StandIn | None:
    """The first sample that fits the file parameter which the hint names, if that is empty."""
    if schema is None or schema.clock != "live":
        return None
    for param in schema.params:
        empty = param.type == "file" and not node.params.get(param.name, param.default)
        if empty and param.name.replace("_", " ") in hint and (fitting := samples.fitting(param)):
            return StandIn(param.name, fitting[0].ref)
    return None

"""Live parameters in whose place wires decide, frame by frame.

    inputs, live = driven_arguments(params, inputs, live)

A wire brings a value of a kind (`nodeflow.graph.schema.SOCKETS`); the node gets what it would have got if a person had
set that, and so never sees a value that nobody could set: numbers are brought within the parameter's bounds, and what
cannot be is an error that names the parameter.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nodeflow.graph import ParamSchema, fault
from nodeflow.node.choice import chosen
from nodeflow.node.runtime import NodeError
from nodeflow.values import CONVERSIONS, Boolean, Color, Items, Number, Text, summary

_KINDS: Mapping[str, type] = {"number": Number, "integer": Number, "toggle": Boolean, "color": Color}
"""What the wire to a parameter of each type brings; to the others a text."""


def driven_arguments(
    params: Sequence[ParamSchema], inputs: tuple[Any, ...], live: Mapping[str, Any]
) -> tuple[tuple[Any, ...], Mapping[str, Any]]:
    """The inputs of a call, and its live parameters as the last of `inputs`, one for each of `params`, have them.

    Where such an input is None, the parameter stays as it is set. Raises NodeError for a value that cannot be set.
    """
    own = len(inputs) - len(params)
    values = {
        param.name: _set_to(param, value)
        for param, value in zip(params, inputs[own:], strict=True)
        if value is not None
    }
    if "live" in live:  # of a class node, see `live_arguments`
        return inputs[:own], {"live": replace(live["live"], **values)}
    return inputs[:own], {**live, **values}


def _set_to(param: ParamSchema, value: Any) -> Any:
    wanted = _KINDS.get(param.type, Text)
    if isinstance(value, Items):
        raise NodeError(f"{param.name} is given a list, and takes one {wanted.__name__}.", "Wire one value to it.")
    way = CONVERSIONS.get((type(value).__name__, wanted.__name__))
    if way is not None and way.lossless:  # it came over a wire that carries any kind
        value = way.apply(value)
    if not isinstance(value, wanted):
        raise NodeError(f"{param.name} is given {summary(value)}, which is no {wanted.__name__}.")
    said = _plain(param, value)
    wrong = fault(param, said)
    if wrong:
        raise NodeError(f"{param.name} {wrong}.", "That is what is wired to it.")
    return said


def _plain(param: ParamSchema, value: Any) -> Any:
    match param.type:
        case "number" | "integer":
            return _within(param, value.value)
        case "toggle":
            return value.value
        case "color":
            return str(value)
        case "choice":
            return _choice(param, value.value)
        case _:
            return value.value


def _within(param: ParamSchema, number: float) -> float:
    """The nearest number that the parameter may be. Raises NodeError where there is none."""
    low = -math.inf if param.minimum is None else param.minimum
    high = math.inf if param.maximum is None else param.maximum
    try:
        inside = float(min(max(number, low), high))
    except (OverflowError, TypeError):
        inside = math.nan
    if not math.isfinite(inside):
        raise NodeError(f"{param.name} is given {summary(Number(number))}, which is no number that it may be.")
    return round(inside) if param.type == "integer" else inside


def _choice(param: ParamSchema, text: Any) -> Any:
    """A choice by its name, or by its place, from 0 on: so a Number may choose, too."""
    if text in param.choices or not isinstance(text, str):
        return text
    try:
        return chosen(Number(float(text)), param.choices)
    except ValueError:
        return text

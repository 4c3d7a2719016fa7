"""The choice that a number stands for, for nodes whose choice may come over a wire."""

from __future__ import annotations

import math
from collections.abc import Sequence

from nodeflow.node.runtime import NodeError
from nodeflow.values import Number, summary


def chosen(number: Number, choices: Sequence[str]) -> str:
    """The first of the `choices` for 0, the next for 1, and so on; the number is rounded.

    Raises NodeError if there is none.
    """
    try:
        place = round(number.value) if math.isfinite(number.value) else -1
    except (AttributeError, TypeError, OverflowError) as fault:
        raise NodeError(f"the choice is {summary(number)}, which is no number") from fault
    if 0 <= place < len(choices):
        return choices[place]
    names = ", ".join(f"{at} for {name}" for at, name in enumerate(choices))
    raise NodeError(f"the choice is {number.value:g}, and there is nothing to choose for that", f"Give {names}.")

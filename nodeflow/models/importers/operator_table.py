"""A table of operator translations, filled by decorated functions: one function per operator, found by its name.

operator = OperatorTable[Handler]()

@operator("RELU")
def relu(graph, op): ...
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

H = TypeVar("H")


class OperatorTable(dict[str, H]):
    """Handlers by operator name. Calling it with names makes a decorator that registers a function under them."""

    def __call__(self, *names: str) -> Callable[[H], H]:
        def register(handler: H) -> H:
            for name in names:
                if name in self:
                    raise ValueError(f"operator {name} has two handlers")
                self[name] = handler
            return handler

        return register

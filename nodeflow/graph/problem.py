"""What can be wrong with a graph, in a form that the command line prints and the canvas shows on the node."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Code = Literal[
    "cycle",
    "kind-mismatch",
    "missing-input",
    "unknown-type",
    "newer-version",
    "unknown-port",
    "two-links",
    "dangling-link",
    "unknown-param",
    "bad-param",
    "bad-path",
    "same-file",
    "two-clocks",
    "no-sink",
    "nothing-comes",
    "lost-param",
    "endless",
]
Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: `message` says what and why, `hint` what to do about it.

    `node` is the node that cannot work because of it ("" for the graph as a whole): for a link, the one that it leads
    to. `port` names its port or parameter, or is "". `related` holds other nodes concerned, such as the whole of a
    loop, in order. A node with an error cannot run; one with a warning can. Nodes inside subgraphs have flat ids.
    """

    code: Code
    message: str
    node: str = ""
    port: str = ""
    hint: str = ""
    severity: Severity = "error"
    related: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = ".".join(part for part in (self.node, self.port) if part)
        return " ".join(part for part in (f"{where}:" if where else "", self.message, self.hint) if part)


def clip(text: str, length: int = 60) -> str:
    """`text` short enough for a message, whoever wrote it."""
    return text if len(text) <= length else f"{text[: length - 3]}..."


def there_is(names: Iterable[str]) -> str:
    """What there is in place of what was asked for."""
    listed = clip(", ".join(names), 200)
    return f"There is {listed}." if listed else "There is none at all."

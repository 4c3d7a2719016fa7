"""A value read from a file, together with where it stands there, so that every complaint can say so.

    Field(document, "pose.json").fields()["version"].version()

Each reading method returns the value as the type it promises or raises a `GraphFileError`.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from .frozen import freeze
from .schema import Json

_CALLED = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}


class GraphFileError(ValueError):
    """A graph file that cannot be read or written: which one, where in it, why, and what to do about it.

    `node` and `field` are "" where the trouble is with the file as a whole; `subgraph` is "" outside of subgraphs.
    """

    def __init__(
        self, file: str, cause: str, hint: str = "", node: str = "", field: str = "", subgraph: str = ""
    ) -> None:
        where = [file, f'subgraph "{subgraph}"' if subgraph else "", f'node "{node}"' if node else "", field]
        super().__init__(f"{': '.join(part for part in where if part)}: {cause}.{' ' if hint else ''}{hint}")
        self.file, self.cause, self.hint = file, cause, hint
        self.node, self.field, self.subgraph = node, field, subgraph

    def __reduce__(self) -> tuple[type[GraphFileError], tuple[str, ...]]:
        return GraphFileError, (self.file, self.cause, self.hint, self.node, self.field, self.subgraph)


@dataclass(frozen=True, slots=True)
class Field:
    """`value`, found in `file` in the fields of `node` (or outside the nodes: "") at `path`, such as "params.score"."""

    value: object
    file: str
    node: str = ""
    path: str = ""
    subgraph: str = ""

    def error(self, cause: str, hint: str = "") -> GraphFileError:
        return GraphFileError(self.file, cause, hint, self.node, self.path, self.subgraph)

    def of(self, node: str, path: str) -> Field:
        """The same value, told as what it is to one node."""
        return replace(self, node=node, path=path)

    def within(self, subgraph: str) -> Field:
        """The same value, told as what a subgraph is."""
        return replace(self, subgraph=subgraph, node="", path="")

    def fields(self, at_most: int | None = None) -> dict[str, Field]:
        if not isinstance(self.value, dict):
            raise self._not("an object")
        self._bounded(len(self.value), at_most)
        start = f"{self.path}." if self.path else ""
        return {name: self._inner(value, start + name) for name, value in self.value.items()}

    def items(self, at_most: int | None = None) -> list[Field]:
        if not isinstance(self.value, list):
            raise self._not("a list")
        self._bounded(len(self.value), at_most)
        return [self._inner(value, f"{self.path}[{at}]") for at, value in enumerate(self.value)]

    def text(self) -> str:
        if not isinstance(self.value, str):
            raise self._not("a text")
        return self.value

    def name(self) -> str:
        if not isinstance(self.value, str) or not self.value.strip():
            raise self._not("a name")
        return self.value

    def version(self) -> int:
        if isinstance(self.value, bool) or not isinstance(self.value, int) or not 1 <= self.value < 2**31:
            raise self._not("a whole number above 0")
        return self.value

    def one_of(self, *texts: str) -> str:
        if self.value not in texts:
            raise self._not(f"one of {', '.join(texts)}")
        return str(self.value)

    def toggle(self) -> bool:
        if not isinstance(self.value, bool):
            raise self._not("true or false")
        return self.value

    def pair(self) -> tuple[float, float]:
        match self.value:
            case [int() | float() as x, int() | float() as y] if bool not in (type(x), type(y)):
                with suppress(OverflowError):
                    return float(x), float(y)
        raise self.error("this must be a list of two numbers", "Write it as [320, 0].")

    def json(self) -> Json:
        try:
            return freeze(self.value)
        except ValueError as error:
            raise self.error(str(error)) from None

    def _inner(self, value: object, path: str) -> Field:
        return Field(value, self.file, self.node, path, self.subgraph)

    def _bounded(self, count: int, at_most: int | None) -> None:
        if at_most is not None and count > at_most:
            raise self.error(f"this has {count:,} entries, and a graph has {at_most:,} at most")

    def _not(self, wanted: str) -> GraphFileError:
        found = _CALLED.get(type(self.value), repr(self.value)[:40])
        return self.error(f"this must be {wanted}, not {found}")

"""What a new node is to be wired to: the loose end of a wire, or a wire that it goes into. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from nodeflow.editor.canvas.edits import giver, taker
from nodeflow.editor.canvas.layout import Side
from nodeflow.graph.schema import Catalog, NodeSchema


@dataclass(frozen=True, slots=True)
class Wanted:
    """The loose end that a new node is to take: its kind, and which side of the new node it goes to."""

    kind: str
    side: Side

    def port_of(self, schema: NodeSchema, catalog: Catalog) -> str | None:
        """The port of `schema` that takes it."""
        fitting = (taker if self.side == "in" else giver)(schema, self.kind, catalog)
        return fitting.name if fitting else None


@dataclass(frozen=True, slots=True)
class Between:
    """The wire that a new node is to go into: the kind that it carries, and the kind that is taken at its end."""

    carried: str
    taken: str

    def port_of(self, schema: NodeSchema, catalog: Catalog) -> str | None:
        """The input of `schema` that takes what comes, if it also gives what is wanted."""
        gives = Wanted(self.taken, "out").port_of(schema, catalog)
        return Wanted(self.carried, "in").port_of(schema, catalog) if gives is not None else None

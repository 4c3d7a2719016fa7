"""What can be added to the level of a document that is shown.

Beside the node types and the subgraphs of the document, the inside of a subgraph takes ports; what would make it a part
of itself is left out there. Pure; GUI thread only.
"""

from __future__ import annotations

from collections.abc import Mapping

from nodeflow.editor.sheet import Sheet
from nodeflow.graph import Catalog, Graph, Node
from nodeflow.graph.definitions import SUBGRAPH, needed
from nodeflow.graph.schema import PORT_NODES


class Addable:
    """Gives the same catalog as long as nothing changed, so that a menu can tell."""

    def __init__(self) -> None:
        self._made: tuple[Catalog, str, Catalog] | None = None

    def catalog(self, sheet: Sheet) -> Catalog:
        known, path = sheet.catalog, sheet.levels.definitions(sheet.document.graph)
        if not path:
            return known
        if self._made is None or self._made[0] is not known or self._made[1] != path[-1]:
            self._made = known, path[-1], _inside(known, sheet.document.graph.definitions, path[-1])
        return self._made[2]


def _inside(known: Catalog, definitions: Mapping[str, Graph], shown: str) -> Catalog:
    circular = {
        SUBGRAPH + name
        for name in definitions
        if name == shown or shown in needed(definitions, [Node(SUBGRAPH + name)])
    }
    nodes = {name: schema for name, schema in known.nodes.items() if name not in circular}
    return Catalog({**nodes, **PORT_NODES}, known.conversions)

"""What can be added to the level of a document that is shown.

That is the node types, the subgraphs of the document and those of the person's library that are not in it. The inside
of a subgraph takes ports, too; what would make it a part of itself is left out there. Pure; GUI thread only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from nodeflow.editor.documents.sheet import Sheet
from nodeflow.editor.documents.subgraph_library import Kept
from nodeflow.graph import Catalog, Graph, Node, NodeSchema
from nodeflow.graph.definitions import SUBGRAPH, needed
from nodeflow.graph.schema import PORT_NODES


class Addable:
    """Gives the same catalog as long as nothing changed, so that a menu can tell."""

    def __init__(self) -> None:
        self._made: tuple[Catalog, str, Sequence[Kept], Catalog] | None = None

    def catalog(self, sheet: Sheet, kept: Sequence[Kept]) -> Catalog:
        known, path = sheet.catalog, sheet.levels.definitions(sheet.document.graph)
        shown = path[-1] if path else ""
        made = self._made
        if made is None or made[0] is not known or made[1] != shown or made[2] is not kept:
            made = self._made = known, shown, kept, _catalog(known, sheet.document.graph, shown, kept)
        return made[3]


def _catalog(known: Catalog, whole: Graph, shown: str, kept: Sequence[Kept]) -> Catalog:
    """`shown` is the definition that is shown, "" for the graph itself."""
    if not shown and not kept:
        return known
    others = {schema.type: schema for schema in _new(whole, shown, kept)}
    if not shown:
        return Catalog({**known.nodes, **others}, known.conversions)
    circular = {SUBGRAPH + name for name in whole.definitions if _uses(whole, SUBGRAPH + name, shown)}
    nodes = {name: schema for name, schema in known.nodes.items() if name not in circular}
    return Catalog({**nodes, **others, **PORT_NODES}, known.conversions)


def _new(whole: Graph, shown: str, kept: Iterable[Kept]) -> Iterator[NodeSchema]:
    """What the document does not hold already, and can."""
    for each in kept:
        graph, node_type = each.into(whole)
        if graph.definitions.keys() != whole.definitions.keys() and not _uses(graph, node_type, shown):
            yield each.schema


def _uses(graph: Graph, node_type: str, name: str) -> bool:
    """Whether a node of this type is a use of the definition, straight or through others."""
    return name in needed(graph.definitions, [Node(node_type)])

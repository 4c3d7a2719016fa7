"""A person's own subgraphs, each in a graph file of its own, to be used in every document.

    library.save(sheet, "soft_face")          # into the folder, whole or not at all
    library.refresh()                         # a thread reads what is new there
    library.kept                              # what the add menu offers of it

Such a file holds one node, the use of a subgraph, and its definition with all that it needs. The files are somebody
else's: `load` refuses what is no graph, and what holds no such node is left out and said in the log.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from nodeflow.editor.documents.carry import carried
from nodeflow.editor.documents.document import SUFFIX
from nodeflow.editor.documents.front import Front
from nodeflow.editor.documents.sheet import Sheet
from nodeflow.editor.notices import Notices
from nodeflow.editor.reading import Reading
from nodeflow.editor.settings.stored import subgraphs_folder
from nodeflow.graph import Catalog, Graph, GraphFileError, Node, NodeSchema, load, renames, save, subgraphs
from nodeflow.graph.definitions import SUBGRAPH, definition_of, merged, needed
from nodeflow.graph.names import slug

log = logging.getLogger(__name__)

_MOST = 500
"""Files that are read of the folder."""


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A subgraph in a file. `part` is the graph there, `name` the definition that its one node uses. `schema` is what
    the add menu shows; its type is one that no node has."""

    name: str
    part: Graph
    schema: NodeSchema

    def into(self, graph: Graph) -> tuple[Graph, str]:
        """The graph with what this needs among its definitions, and the type of a use of it there. What is there
        already, equal in all, is not copied."""
        definitions, names = merged(graph.definitions, self.part.definitions)
        added = definitions.keys() - graph.definitions.keys()
        return graph.redefine({name: definitions[name] for name in added}), SUBGRAPH + names[self.name]


class SubgraphLibrary:
    """`kept` is what was there at the last look, the same object until that changed. `types` gives the node types of
    now. GUI thread only, but for `read`."""

    def __init__(self, front: Front, notices: Notices, types: Callable[[], Catalog]) -> None:
        self._front, self._notices, self._types = front, notices, types
        self.kept: tuple[Kept, ...] = ()
        self._read: dict[Path, tuple[tuple[int, int], Kept | None]] = {}
        """What each file held when it was as old and as large as this."""
        self._read_with: Catalog | None = None
        self._reading = Reading("reading subgraphs", self.read)

    def get(self, node_type: str) -> Kept | None:
        return next((kept for kept in self.kept if kept.schema.type == node_type), None)

    def refresh(self) -> None:
        """Look at the folder again, without waiting for it."""
        self._reading.want()

    def read(self) -> None:
        """Read what is new in the folder. Any thread, one at a time."""
        types = self._types()
        before = self._read if self._read_with is types else {}
        found = {}
        for path in sorted(subgraphs_folder().glob(f"*{SUFFIX}"))[:_MOST]:
            try:
                there = path.stat()
            except OSError:
                continue  # it has gone meanwhile
            stamp = there.st_mtime_ns, there.st_size
            known = before.get(path)
            found[path] = known if known is not None and known[0] == stamp else (stamp, _kept(path, types))
        self._read, self._read_with = found, types
        kept = tuple(each for _, each in found.values() if each is not None)
        if kept != self.kept:
            self.kept = kept

    def save(self, sheet: Sheet, name: str) -> None:
        """Put the definition `name` of a document into a file; where another one is there, ask before."""
        part = _part(sheet, name)
        title = part.definitions[name].title or name
        path = subgraphs_folder() / f"{slug(title)}{SUFFIX}"
        if not path.exists():
            self._write(part, path, title)
        elif _holds(path, part):
            self._notices.say(f"{title} is in the library already", "done")
        else:
            self._front.ask_sure(
                f"Replace {path.stem} in the library?",
                "There is another subgraph of this name. Graphs that use it keep what they have.",
                "Replace",
                lambda: self._write(part, path, title),
            )

    def _write(self, part: Graph, path: Path, title: str) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            save(part, path)
        except (GraphFileError, OSError) as error:
            self._notices.say(str(error), "error")
            return
        self._notices.say(f"{title} is in the library: every graph can use it", "done")


def _part(sheet: Sheet, name: str) -> Graph:
    """A graph of one use of a definition, in which files are named so that they are found from everywhere."""
    whole, folder = sheet.document.graph, sheet.document.folder or Path.cwd()
    use = Node(SUBGRAPH + name)
    part = Graph({name: use}, definitions=needed(whole.definitions, [use]))
    return carried(part, sheet.catalog, folder, lambda path: str(path.absolute()))


def _holds(path: Path, part: Graph) -> bool:
    try:
        return load(path) == part
    except GraphFileError:
        return False


def _kept(path: Path, types: Catalog) -> Kept | None:
    try:
        part = load(path, renames(types))
    except GraphFileError as error:
        log.warning("%s. It is left out of the add menu.", error)
        return None
    uses = [definition_of(node.type) for node in part.nodes.values()]
    known = subgraphs(part, types)
    name = uses[0] if len(uses) == 1 else None
    schema = known.catalog.get(SUBGRAPH + name) if name is not None and name in part.definitions else None
    if name is None or schema is None or not known.sizes[name].bounded:
        log.warning("%s: this does not hold one use of a subgraph. It is left out of the add menu.", path)
        return None
    return Kept(name, part, replace(schema, type=f"library:{path.stem}", doc="From your library of subgraphs."))

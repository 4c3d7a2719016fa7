"""What the add menu lists: favourites, what was added last, and every node type as a tree of categories. Pure.

What is typed is looked for in titles, categories, type names, help, kinds, and what people call a node or the task of
its model: "image to pose" finds what takes an image and gives poses, "ocr" what reads text. A loose wire leaves only
what can be wired to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from nodeflow.editor.commands.loose_ends import Between, Wanted
from nodeflow.editor.commands.rows import Choice
from nodeflow.editor.icons import Icon
from nodeflow.editor.palette import category_color, colors, mix
from nodeflow.editor.search import first_line, rank
from nodeflow.editor.settings.memory import Memory
from nodeflow.graph import Catalog, NodeSchema
from nodeflow.letters import spoken
from nodeflow.models.tasks import called

_RECENT_SHOWN = 5
_FEW = 16
"""So many nodes are listed under headings, as are those that a wire asks for; more are folded away in branches."""
_LIKED = 3.0
"""What it counts to be a favourite or to have been added before, in the points of `search.score`."""
_FITS = 25.0
"""What it counts to turn the kind before "to" into the kind after it."""
_CALLED = 5.0
"""What each letter counts of words that people call it by: more than letters here and there in a title."""

Add = Callable[[NodeSchema], None]


class NodeList:
    """Remembers which branches are unfolded while the program runs."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._unfolded: set[str] = set()

    def rows(self, catalog: Catalog, query: str, wanted: Wanted | Between | None, add: Add) -> list[Choice]:
        """The rows for what is typed; `add` is called with what is chosen."""
        schemas = sorted(catalog.nodes.values(), key=lambda schema: (schema.category, schema.title))
        if wanted is not None:
            schemas = [schema for schema in schemas if wanted.port_of(schema, catalog) is not None]
        choose = partial(self._choice, add)
        if query.strip():
            return [choose(schema, note=schema.category) for schema in self._found(schemas, query)]
        by_type = {schema.type: schema for schema in schemas}
        liked = [by_type[name] for name in self._memory.favourites("node") if name in by_type]
        recent = [by_type[name] for name in self._memory.recent("node") if name in by_type]
        recent = [schema for schema in recent if schema not in liked][:_RECENT_SHOWN]
        rows = [Choice("Favourites"), *(choose(schema, note=schema.category) for schema in liked)] if liked else []
        rows += [Choice("Recent"), *(choose(schema, note=schema.category) for schema in recent)] if recent else []
        if wanted is not None or len(schemas) <= _FEW:
            return [*rows, *_under_headings(schemas, choose)]
        rows += [Choice("All nodes")] if rows else []
        return [*rows, *self._branch(_tree(schemas), choose)]

    def _found(self, schemas: Iterable[NodeSchema], query: str) -> list[NodeSchema]:
        memory = self._memory
        known = {*memory.favourites("node"), *memory.recent("node")}

        def liking(schema: NodeSchema) -> float:
            return (_LIKED if schema.type in known else 0.0) + fitness(schema, query)

        return rank(spoken(query), ((schema, schema.title, about(schema)) for schema in schemas), liking)

    def _choice(self, add: Add, schema: NodeSchema, note: str = "", level: int = 0) -> Choice:
        def chosen() -> None:
            self._memory.use("node", schema.type)
            add(schema)

        return Choice(
            schema.title,
            chosen,
            note=note,
            help=first_line(schema.doc),
            icon=Icon.SQUARE,
            color=mix(category_color(schema.category), colors.contrast, 0.15),
            level=level,
            starred=schema.type in self._memory.favourites("node"),
            star=partial(self._memory.toggle, "node", schema.type),
            about=schema,
        )

    def _branch(self, branch: _Branch, choose: Callable[..., Choice], level: int = 0) -> list[Choice]:
        """What hangs on a branch: other branches, then nodes."""
        rows: list[Choice] = []
        for title, smaller in branch.branches.items():
            unfolded = smaller.path in self._unfolded
            rows.append(
                Choice(
                    title, partial(self._turn, smaller.path), note=str(smaller.count), unfolded=unfolded, level=level
                )
            )
            rows += self._branch(smaller, choose, level + 1) if unfolded else []
        return [*rows, *(choose(schema, level=level) for schema in branch.schemas)]

    def _turn(self, path: str) -> None:
        self._unfolded ^= {path}


@dataclass(slots=True)
class _Branch:
    """A category: the categories in it, and the node types."""

    path: str
    branches: dict[str, _Branch] = field(default_factory=dict)
    schemas: list[NodeSchema] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.schemas) + sum(branch.count for branch in self.branches.values())


def _tree(schemas: Iterable[NodeSchema]) -> _Branch:
    root = _Branch("")
    for schema in schemas:
        at = root
        for part in schema.category.split("/"):
            at = at.branches.setdefault(part, _Branch(f"{at.path}/{part}"))
        at.schemas.append(schema)
    return root


def _under_headings(schemas: Sequence[NodeSchema], choose: Callable[..., Choice]) -> list[Choice]:
    rows: list[Choice] = []
    category = None
    for schema in schemas:
        if schema.category != category:
            category = schema.category
            rows.append(Choice(category))
        rows.append(choose(schema))
    return rows


def about(schema: NodeSchema) -> str:
    """All that is known of a node type, for a search."""
    takes = " ".join(port.kind for port in schema.inputs)
    gives = " ".join(port.kind for port in schema.outputs)
    return f"{schema.category} {schema.type} {schema.doc} {takes} to {gives} {names_of(schema)}"


def names_of(schema: NodeSchema) -> str:
    """What people call a node type, and the tasks of its models, beside its title."""
    return " ".join([schema.words, *(called(param.task) for param in schema.params if param.task)])


def fitness(schema: NodeSchema, query: str) -> float:
    """The points of a node type that is what a query asks for, in other words than its title."""
    asked, names = spoken(query).split(), names_of(schema).lower().split()
    meant = bool(asked) and all(any(name.startswith(word) for name in names) for word in asked)
    return (_CALLED * sum(map(len, asked)) if meant else 0.0) + (_FITS if turns(schema, query) else 0.0)


def turns(schema: NodeSchema, query: str) -> bool:
    """Whether the query is "KIND to KIND", or the beginnings of them, and that is what the node does."""
    before, to, after = spoken(query).partition(" to ")
    before, after = before.strip(), after.strip()
    return (
        bool(to and before and after)
        and any(port.kind.lower().startswith(before) for port in schema.inputs)
        and any(port.kind.lower().startswith(after) for port in schema.outputs)
    )

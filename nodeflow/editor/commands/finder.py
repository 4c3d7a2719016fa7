"""What the command palette offers for what is typed: actions first, then whatever else has a name. Pure.

Every action of the command table is there, with its shortcut, and grey where it cannot be done now; then the open
graphs, the nodes of the one in front (to go to), the node types (to add), the models, and the settings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import chain

from nodeflow.editor.canvas.names import title_of
from nodeflow.editor.commands.menus import MENUS, as_choice, menu_of
from nodeflow.editor.commands.node_list import fitness, names_of
from nodeflow.editor.commands.rows import Choice
from nodeflow.editor.commands.table import Commands
from nodeflow.editor.icons import Icon
from nodeflow.editor.palette import category_color
from nodeflow.editor.search import first_line, rank
from nodeflow.editor.settings.values import OPTIONS, Preferences
from nodeflow.editor.workspace import Workspace
from nodeflow.graph import Catalog, Graph, NodeSchema

_RECENT_SHOWN = 6
_USED = 6.0
"""What it counts to have been used before, in the points of `search.score`; and to be an action."""
_ACTION = 4.0
_CALLED = 0.2
"""What other names of node types count, of what they count where only nodes are listed."""


class Finder:
    """`add` puts a node type on the canvas; `models` are rows that show the card of a model."""

    def __init__(
        self,
        workspace: Workspace,
        commands: Commands,
        add: Callable[[NodeSchema], None],
        models: Callable[[], Iterable[Choice]] = tuple,
    ) -> None:
        self._workspace, self._commands, self._add, self._models = workspace, commands, add, models
        self._listed: tuple[Graph, Catalog, list[Choice]] | None = None
        """The rows of the nodes, and what they were made from."""

    def find(self, query: str) -> list[Choice]:
        """The rows, best first; without a query what was used last, and then every action by its menu."""
        if not query.strip():
            return [*self._recent(), *self._everything()]
        recent = self._workspace.memory.recent("action")
        actions = {command.title: command.name for command in self._commands}

        def liking(choice: Choice) -> float:
            if isinstance(choice.about, NodeSchema):
                return _CALLED * fitness(choice.about, query)
            name = actions.get(choice.title) if choice.about == "action" else None
            return 0.0 if name is None else _ACTION + (_USED if name in recent else 0.0)

        rows = chain(self._graphs(), self._nodes(), self._models(), self._settings())
        others = ((row, row.title, row.help) for row in rows)
        return rank(query, chain(self._actions(), others, self._types()), liking)

    def _recent(self) -> list[Choice]:
        names = [name for name in self._workspace.memory.recent("action") if name in self._commands][:_RECENT_SHOWN]
        return [Choice("Recent"), *(self._action(name) for name in names)] if names else []

    def _everything(self) -> list[Choice]:
        rows: list[Choice] = []
        for menu in MENUS:
            actions = [self._action(each.name) for each in self._commands if menu_of(each) == menu]
            rows += [Choice(menu), *actions] if actions else []
        return rows

    def _actions(self) -> Iterator[tuple[Choice, str, str]]:
        for command in self._commands:
            words = f"{menu_of(command)} {command.name.replace('_', ' ').replace('.', ' ')}"
            yield self._action(command.name), command.title, words

    def _action(self, name: str) -> Choice:
        command = self._commands[name]
        row = replace(as_choice(self._commands, command), title=command.title)
        return replace(row, action=partial(self._run, name), help=menu_of(command), about="action")

    def _run(self, name: str) -> None:
        self._workspace.memory.use("action", name)
        self._commands.run(name)

    def _graphs(self) -> Iterator[Choice]:
        sheets = self._workspace.sheets
        for sheet in sheets:
            if sheet is not sheets.front:
                title = f"Show {sheet.document.name}"
                yield Choice(title, partial(sheets.show, sheet), note="open graph", help="tab", icon=Icon.NEW)

    def _nodes(self) -> list[Choice]:
        """To go to: made once while nothing changes, as there may be thousands."""
        workspace = self._workspace
        graph, catalog = workspace.graph, workspace.catalog
        if self._listed is None or self._listed[0] is not graph or self._listed[1] is not catalog:
            rows = [
                Choice(
                    f"Go to {title_of(graph, catalog, node)}",
                    partial(workspace.jump_to, node),
                    note=node,
                    help="node",
                    icon=Icon.FRAME,
                )
                for node in graph.nodes
            ]
            self._listed = graph, catalog, rows
        return self._listed[2]

    def _types(self) -> Iterator[tuple[Choice, str, str]]:
        for schema in self._workspace.addable.nodes.values():
            row = Choice(
                f"Add {schema.title}",
                partial(self._add, schema),
                note=schema.category,
                help=first_line(schema.doc),
                icon=Icon.SQUARE,
                color=category_color(schema.category),
                about=schema,
            )
            yield row, row.title, f"{row.help} {names_of(schema)}"

    def _settings(self) -> Iterator[Choice]:
        preferences = self._workspace.preferences
        for name, option in OPTIONS.items():
            now = getattr(preferences.now, name)
            values = option.choices or ({True: "On", False: "Off"} if isinstance(now, bool) else {})
            for value, words in values.items():
                yield Choice(
                    f"{option.title}: {words}",
                    partial(_change, preferences, name, value),
                    note="set" if value == now else option.section,
                    help=f"setting {option.help}",
                    icon=Icon.SETTINGS,
                )


def _change(preferences: Preferences, name: str, value: object) -> None:
    preferences.change(**{name: value})

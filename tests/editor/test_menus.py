"""Every action can be found: in the menus by looking, in the palette by typing."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest

from nodeflow.editor.commands.actions import all_commands
from nodeflow.editor.commands.finder import Finder
from nodeflow.editor.commands.menus import MENUS, MenuBar, branch_of, menu_of
from nodeflow.editor.commands.rows import Choice
from nodeflow.editor.commands.table import Commands
from nodeflow.graph import Graph, Node, NodeSchema
from nodeflow.node import load_registry

from .fakes import Bench


class Surface:
    """A window that only notes what it is asked."""

    side_open, library_open = True, False
    dock, viewer = SimpleNamespace(front="log"), SimpleNamespace(expanded=False)

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *_: self.asked.append(name)


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def commands(bench: Bench) -> Commands:
    return all_commands(bench.workspace, Surface(), Mock())


@pytest.fixture
def added() -> list[NodeSchema]:
    return []


@pytest.fixture
def finder(bench: Bench, commands: Commands, added: list[NodeSchema]) -> Finder:
    return Finder(bench.workspace, commands, added.append)


def unfolded(bar: MenuBar, menu: str) -> list[Choice]:
    for row in bar.rows(menu):
        if row.unfolded is False and row.action:
            row.action()
    return bar.rows(menu)


def test_every_command_is_in_one_menu(commands: Commands) -> None:
    bar = MenuBar(commands)
    rows = [row for menu in MENUS for row in unfolded(bar, menu)]
    found = Counter(row.title.casefold() for row in rows if row.action and row.unfolded is None)
    assert found == Counter(command.title.removeprefix(f"{branch_of(command)}: ").casefold() for command in commands)


def test_a_family_hangs_on_one_branch(commands: Commands) -> None:
    bar = MenuBar(commands)
    folded = bar.rows("Graph")
    branch = next(row for row in folded if row.title == "Move by a step")
    assert branch.unfolded is False
    assert not any(row.title == "Move left" for row in folded)
    assert branch.action
    branch.action()
    hanging = [row for row in bar.rows("Graph") if row.level == 1]
    assert [row.title for row in hanging] == ["Move left", "Move right", "Move up", "Move down"]
    assert {branch_of(command) for command in commands if command.title == "Move left"} == {"Move by a step"}


def test_a_menu_begins_and_ends_with_something_to_choose(commands: Commands) -> None:
    for menu in MENUS:
        rows = MenuBar(commands).rows(menu)
        assert all(rows[end].action for end in (0, -1) if rows), menu


def test_more_can_hang_under_a_command(commands: Commands) -> None:
    bar = MenuBar(commands, {"file.open": ("Open recent", lambda: [Choice("one", print, level=1)])})
    assert "one" in [row.title for row in unfolded(bar, "File")]


def test_what_cannot_be_done_now_is_grey(commands: Commands, finder: Finder) -> None:
    for rows in (MenuBar(commands).rows("Edit"), finder.find(""), finder.find("undo")):
        undo = next(row for row in rows if row.title == "Undo")
        assert not undo.enabled
        assert undo.note == "Ctrl+Z"


def test_undo_and_redo_name_the_step(bench: Bench, commands: Commands, finder: Finder) -> None:
    bench.workspace.edit("Add pose", Graph().add(Node("toy.pose"), (0.0, 0.0))[0])
    assert MenuBar(commands).rows("Edit")[0].title == "Undo Add pose"
    assert commands["edit.undo"].tip == "Undo Add pose   Ctrl+Z"
    assert finder.find("undo")[0].title == "Undo"
    bench.workspace.undo()
    assert [row.title for row in MenuBar(commands).rows("Edit")[:2]] == ["Undo", "Redo Add pose"]


def test_what_is_on_has_a_tick(bench: Bench, commands: Commands) -> None:
    def ticked(menu: str) -> set[str]:
        return {row.title for row in MenuBar(commands).rows(menu) if row.on}

    assert ticked("View") == {"Bottom panel", "Log", "Viewer and inspector", "Map in the corner"}
    commands.run("canvas.snap")
    commands.run("canvas.minimap")
    assert ticked("View") == {"Bottom panel", "Log", "Viewer and inspector", "Snap to the grid"}
    bench.workspace.edit("Add", Graph().add(Node("toy.pose"), (0.0, 0.0))[0])
    assert not ticked("Graph")
    commands.run("canvas.select_all")
    commands.run("canvas.mute")
    assert ticked("Graph") == {"Mute"}


def test_without_a_query_every_action_is_listed_under_its_menu(commands: Commands, finder: Finder) -> None:
    rows = finder.find("")
    menus = [row.title for row in rows if row.action is None]
    assert menus == [menu for menu in MENUS if any(menu_of(command) == menu for command in commands)]
    assert {row.title for row in rows if row.action} == {command.title for command in commands}


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("save", "Save"),
        ("sa", "Save as"),
        ("zoom", "Zoom in"),
        ("select all", "Select all"),
        ("sall", "Select all"),
        ("frame", "Show the selection"),
        ("light", "Colours: Light"),
    ],
)
def test_actions_are_found_by_their_letters(finder: Finder, query: str, best: str) -> None:
    titles = [row.title for row in finder.find(query)]
    assert best in titles[:3], titles[:6]


def test_what_was_used_comes_first(bench: Bench, finder: Finder) -> None:
    save_as = next(row for row in finder.find("save") if row.title == "Save as")
    assert save_as.action
    save_as.action()
    assert bench.workspace.memory.recent("action") == ["file.save_as"]
    assert [row.title for row in finder.find("")][:2] == ["Recent", "Save as"]
    assert finder.find("save")[0].title == "Save as"


def test_a_node_is_gone_to(bench: Bench, finder: Finder) -> None:
    graph, node = Graph().add(Node("toy.pose"), (4000.0, 0.0))
    bench.workspace.edit("Add", graph)
    row = next(row for row in finder.find("pose") if row.title.startswith("Go to"))
    assert row.action
    row.action()
    assert bench.workspace.canvas.selection.nodes == {node}


def test_another_open_graph_is_shown(bench: Bench, finder: Finder) -> None:
    first = bench.workspace.sheet
    bench.workspace.edit("Add", Graph().add(Node("toy.pose"), (0.0, 0.0))[0])
    bench.workspace.files.new()
    assert bench.workspace.sheet is not first
    row = finder.find("show untitled")[0]
    assert row.note == "open graph"
    assert row.action
    row.action()
    assert bench.workspace.sheet is first


def test_a_node_type_is_added(finder: Finder, added: list[NodeSchema]) -> None:
    row = next(row for row in finder.find("add pose") if row.title.startswith("Add Pose"))
    assert row.action
    row.action()
    assert [schema.type for schema in added] == ["toy.pose"]


def test_a_setting_is_set(bench: Bench, finder: Finder) -> None:
    row = finder.find("reduced motion on")[0]
    assert row.title == "Reduced motion: On"
    assert row.action
    row.action()
    assert bench.workspace.preferences.now.reduced_motion
    assert finder.find("reduced motion on")[0].note == "set"


def test_what_hangs_on_a_branch_does_not_repeat_its_name(commands: Commands) -> None:
    titles = [row.title for row in unfolded(MenuBar(commands), "Graph")]
    assert {"Sky", "Brush", "Align left edges"} <= set(titles)
    assert not [title for title in titles if title.startswith(("Colour: ", "Paint: "))]


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("view", "Large viewer"),
        ("add", "Add a node"),
        ("save", "Save"),
        ("open", "Open"),
        ("theme", "Dark or light"),
        ("webcam", "Add Camera"),
    ],
)
def test_actions_come_before_what_nodes_are_called(bench: Bench, finder: Finder, query: str, best: str) -> None:
    bench.workspace.use_catalog(load_registry().catalog)
    assert finder.find(query)[0].title == best

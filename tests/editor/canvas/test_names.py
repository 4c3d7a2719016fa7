"""What steps and things are called: by what the canvas shows."""

from __future__ import annotations

from nodeflow.editor.canvas.names import Names
from nodeflow.editor.canvas.pads import PadId
from nodeflow.editor.canvas.selection import Selection
from nodeflow.graph import Graph, Group, Link, Node
from nodeflow.testing.graphs import TOY


def _names() -> tuple[Names, str, str]:
    graph, first = Graph().add(Node("toy.pose"), (0.0, 0.0))
    graph, second = graph.add(Node("toy.pose"), (0.0, 300.0))
    graph = graph.rename(second, "Left hand")
    return Names(graph, TOY), first, second


def test_a_label_comes_before_a_title_and_an_id_where_there_is_neither() -> None:
    names, first, second = _names()
    assert [names.node(node) for node in (first, second, "gone")] == ["Pose", "Left hand", "gone"]
    assert names.link(Link.parse(f"camera.image -> {second}.image")) == "camera.image -> Left hand.image"
    assert names.step("Move", [second]) == "Move Left hand"
    assert names.step("Move", [first, second]) == "Move 2 nodes"


def test_a_selection_says_what_it_is_made_of() -> None:
    names, first, second = _names()
    note = PadId("note", "note")
    assert names.selected("Move", Selection(frozenset({first}))) == "Move Pose"
    assert names.selected("Move", Selection(frozenset({first, second}))) == "Move 2 nodes"
    assert names.selected("Move", Selection(frozenset({first}), pads=frozenset({note}))) == "Move 2 things"
    assert names.selected("Move", Selection(pads=frozenset({note}))) == "Move a note"


def test_a_group_goes_by_its_title_as_far_as_that_is_a_name() -> None:
    graph, name = Graph().add_group(Group("All of it"))
    graph, long = graph.add_group(Group("x" * 900))
    graph, bare = graph.add_group(Group(" "))
    names = Names(graph, TOY)
    titles = [names.pad(PadId("group", each)) for each in (name, long, bare)]
    assert titles == ["All of it", "x" * 40 + "\u2026", "a group"]

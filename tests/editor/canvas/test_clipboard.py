from __future__ import annotations

import json

import pytest
from hypothesis import given, settings

from nodeflow.editor.canvas import clipping
from nodeflow.editor.canvas.selection import Selection
from nodeflow.graph import Graph, Link, Node, View
from nodeflow.testing.graphs import TOY, documents
from nodeflow.testing.pilot import Pilot

GRAPH = Graph(
    {"camera": Node("toy.camera"), "pose": Node("toy.pose", params={"score": 0.7}), "draw": Node("toy.draw")},
    (Link.parse("camera.image -> pose.image"), Link.parse("pose.poses -> draw.poses")),
    {"camera": View((0, 0)), "pose": View((300, 100), label="Mine"), "draw": View((600, 50))},
)


@pytest.fixture
def pilot() -> Pilot:
    pilot = Pilot(TOY, GRAPH)
    pilot.canvas.select(Selection(frozenset({"pose", "draw"})))
    return pilot


def test_what_is_copied_is_a_small_graph_file(pilot: Pilot) -> None:
    text = json.loads(clipping.copy(pilot.canvas))
    assert text["format"] == "nodeflow"
    assert set(text["nodes"]) == {"pose", "draw"}
    assert text["links"] == ["pose.poses -> draw.poses"]


def test_a_paste_lies_at_the_pointer_and_is_selected(pilot: Pilot) -> None:
    text = clipping.copy(pilot.canvas)
    pilot.move((1000, 500))
    clipping.paste(pilot.canvas, text)
    assert pilot.graph.view["pose_2"] == View((1000, 550), label="Mine")
    assert pilot.graph.view["draw_2"].at == (1300, 500)
    assert pilot.graph["pose_2"] == pilot.graph["pose"]
    assert Link.parse("pose_2.poses -> draw_2.poses") in pilot.graph.links
    assert pilot.canvas.selection.nodes == {"pose_2", "draw_2"}
    assert pilot.history.undo_name == "Paste 2 nodes"
    pilot.undo()
    assert pilot.graph is GRAPH


def test_a_paste_lands_in_sight_when_the_pointer_is_elsewhere(pilot: Pilot) -> None:
    text = clipping.copy(pilot.canvas)
    pilot.move((-500, -500))
    clipping.paste(pilot.canvas, text)
    assert pilot.graph.view["pose_2"].at == (640, 410)


def test_a_paste_at_the_edge_comes_into_sight_as_far_as_there_is_room(pilot: Pilot) -> None:
    text = clipping.copy(pilot.canvas)
    width, height = pilot.canvas.size
    pilot.move((width - 20.0, height - 20.0))
    clipping.paste(pilot.canvas, text)
    shown, bounds = pilot.canvas.viewport.shown(pilot.canvas.size), pilot.canvas.selected_bounds()
    assert bounds is not None
    assert shown.contains((bounds.left, bounds.top))
    assert shown.contains((bounds.right, bounds.bottom))
    before = pilot.canvas.viewport
    pilot.move((100.0, 100.0))
    clipping.paste(pilot.canvas, text)
    assert pilot.canvas.viewport == before, "all of it is in sight"


def test_links_from_outside_come_along_when_asked(pilot: Pilot) -> None:
    clipping.paste(pilot.canvas, clipping.copy(pilot.canvas, outer=True))
    assert Link.parse("camera.image -> pose_2.image") in pilot.graph.links


def test_copies_travel_to_another_canvas(pilot: Pilot) -> None:
    other = Pilot(TOY)
    clipping.paste(other.canvas, clipping.copy(pilot.canvas))
    assert set(other.graph.nodes) == {"pose", "draw"}
    assert other.graph.view["pose"].at == (640, 410), "in the middle, where no pointer was yet"


def test_cut_is_copy_and_delete(pilot: Pilot) -> None:
    text = clipping.cut(pilot.canvas)
    assert set(pilot.graph.nodes) == {"camera"}
    clipping.paste(pilot.canvas, text)
    assert set(pilot.graph.nodes) == {"camera", "pose", "draw"}


@pytest.mark.parametrize("text", ["", "hello", "[]", '{"format": "nodeflow", "version": 99}', "[" * 100_000])
def test_other_texts_are_refused_and_change_nothing(pilot: Pilot, text: str) -> None:
    clipping.paste(pilot.canvas, text)
    assert pilot.graph is GRAPH
    assert [wish[0] for wish in pilot.wishes if wish[0] == "refuse"] == ["refuse"]


def test_a_text_that_would_hold_up_the_window_is_not_read(pilot: Pilot) -> None:
    text = clipping.copy(pilot.canvas)
    clipping.paste(pilot.canvas, text + " " * clipping.MOST_PASTED)
    assert pilot.graph is GRAPH
    assert pilot.wishes[-1][:2] == ("refuse", "8.0 MB of text are too much to paste: save it as a file and import that")


def test_words_are_told_from_a_broken_graph(pilot: Pilot) -> None:
    for text in ("a recipe for soup", '{"format": "other"}'):
        clipping.paste(pilot.canvas, text)
    words, broken = (wish[1] for wish in pilot.wishes if wish[0] == "refuse")
    assert words == "The clipboard holds text, but no nodes"
    assert "format" in broken


def test_copying_nothing_is_no_text(pilot: Pilot) -> None:
    pilot.key("Escape")
    assert clipping.copy(pilot.canvas) == ""
    assert clipping.cut(pilot.canvas) == ""


@settings(deadline=None, max_examples=40)
@given(documents())
def test_any_document_can_be_copied_and_pasted(graph: Graph) -> None:
    pilot, other = Pilot(TOY, graph), Pilot(TOY)
    pilot.key("Ctrl+A")
    text = clipping.copy(pilot.canvas)
    if text:
        clipping.paste(other.canvas, text)
    assert dict(other.graph.nodes) == dict(graph.nodes)

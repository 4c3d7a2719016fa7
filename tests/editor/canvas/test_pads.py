"""Groups and notes: what they hold, and what a person does with them, done by the pilot."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.editor.canvas import clipping, grouping, operations
from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.canvas.moving import DragNodes, ResizingPad
from nodeflow.editor.canvas.pads import GROUP_LEAST, PadId, Pads, note_height
from nodeflow.editor.canvas.scene import Hit
from nodeflow.editor.canvas.selection import Selection
from nodeflow.editor.canvas.wrap import fit, paragraphs, with_whole_numbers, wrap
from nodeflow.graph import Graph, Group, Node, Note, View, dumps, loads
from nodeflow.testing.graphs import TOY
from nodeflow.testing.pilot import Pilot
from tests.editor.canvas.stage import SHIFT, selected

OUTER, INNER, NOTE = PadId("group", "outer"), PadId("group", "inner"), PadId("note", "note")
GRAPH = Graph(
    {name: Node(f"toy.{name}") for name in ("camera", "pose", "draw")},
    (),
    {"camera": View((60, 80)), "pose": View((400, 120)), "draw": View((900, 100))},
    groups={"outer": Group("All", (20, 20), (800, 400)), "inner": Group("Pose", (360, 70), (300, 240), "green")},
    notes={"note": Note("Look here", (60, 320), (200, 60))},
)


@pytest.fixture
def pilot() -> Pilot:
    return Pilot(TOY, GRAPH)


def places(graph: Graph) -> dict[str, tuple[float, float]]:
    return {name: thing.at for table in (graph.view, graph.groups, graph.notes) for name, thing in table.items()}


def test_a_group_takes_along_what_it_holds(pilot: Pilot) -> None:
    x, y = pilot.at_pad(OUTER)
    pilot.hold((x, y), (x + 50, y + 30))
    assert isinstance(pilot.canvas.gesture, DragNodes)
    assert pilot.canvas.scene.boxes["pose"].at == (450, 150)
    assert pilot.graph is GRAPH
    pilot.release()
    before, after = places(GRAPH), places(pilot.graph)
    for name in ("camera", "pose", "outer", "inner", "note"):
        assert after[name] == (before[name][0] + 50, before[name][1] + 30)
    assert after["draw"] == before["draw"]
    assert pilot.history.undo_name == "Move All"
    pilot.undo()
    assert pilot.graph is GRAPH
    assert pilot.canvas.scene.pads.all[OUTER].bounds == (20, 20, 820, 420)


def test_an_inner_group_goes_alone(pilot: Pilot) -> None:
    x, y = pilot.at_pad(INNER)
    pilot.drag((x, y), (x + 10, y + 10))
    assert [name for name, at in places(pilot.graph).items() if at != places(GRAPH)[name]] == ["pose", "inner"]


def test_a_drag_within_a_group_selects_what_it_touches(pilot: Pilot) -> None:
    pilot.drag((30, 70), (380, 390))
    assert selected(pilot) == {"camera"}
    assert pilot.canvas.selection.pads == {NOTE}
    pilot.drag((10, 10), (1100, 500))
    assert pilot.canvas.selection.pads == {OUTER, INNER, NOTE}  # whole groups only
    assert pilot.canvas.scene.hit((500, 400)) == Hit("empty")


def test_a_node_over_a_group_shows_where_it_would_lie(pilot: Pilot) -> None:
    start = pilot.at_title("draw")
    pilot.hold(start, (start[0] - 460, start[1] + 60))
    gesture = pilot.canvas.gesture
    assert isinstance(gesture, DragNodes)
    assert gesture.into == INNER
    pilot.release()
    x, y = pilot.at_pad(INNER)
    pilot.drag((x, y), (x - 5, y))
    assert pilot.graph.view["draw"].at[0] == pytest.approx(900 - 460 - 5)


def test_pads_are_selected_renamed_and_deleted(pilot: Pilot) -> None:
    pilot.click(pilot.at_pad(OUTER))
    pilot.click(pilot.at_pad(NOTE), held=SHIFT)
    assert pilot.canvas.selection == Selection(pads=frozenset({OUTER, NOTE}))
    pilot.double_click(pilot.at_pad(INNER))
    assert pilot.wishes[-1] == ("open_words", INNER)
    grouping.write(pilot.canvas, INNER, "Joints")
    assert pilot.graph.groups["inner"].title == "Joints"
    assert pilot.history.undo_name == "Rename Pose"
    pilot.click(pilot.at_pad(NOTE))
    pilot.key("F2")
    assert pilot.wishes[-1] == ("open_words", NOTE)
    pilot.click(pilot.at_pad(OUTER))
    pilot.key("Delete")
    assert set(pilot.graph.groups) == {"inner"}
    assert set(pilot.graph.nodes) == set(GRAPH.nodes)
    assert pilot.history.undo_name == "Delete All"
    pilot.undo()
    pilot.undo()
    assert pilot.graph is GRAPH


@pytest.mark.parametrize("pad", [INNER, NOTE])
def test_pads_are_resized_by_their_corner(pilot: Pilot, pad: PadId) -> None:
    x, y = pilot.at_grip(pad)
    pilot.hold((x, y), (x + 40, y - 20))
    assert isinstance(pilot.canvas.gesture, ResizingPad)
    pilot.release()
    before, after = GRAPH, pilot.graph
    old, new = (
        (graph.groups[pad.name] if pad.kind == "group" else graph.notes[pad.name]).size for graph in (before, after)
    )
    assert new == (old[0] + 40, old[1] - 20)
    assert places(after) == places(before)
    x, y = pilot.at_grip(pad)
    pilot.drag((x, y), (x - 5000, y - 5000))
    assert pilot.canvas.scene.pads.all[pad].bounds.width <= GROUP_LEAST[0]
    assert pilot.canvas.scene.pads.all[pad].bounds.width > 0
    pilot.undo()
    pilot.undo()
    assert pilot.graph is GRAPH


@pytest.mark.parametrize("pad", [INNER, NOTE])
@pytest.mark.parametrize(
    ("across", "down"), [(0.0, 0.5), (1.0, 0.3), (0.5, 1.0), (0.5, 0.0), (0.0, 0.0), (1.0, 0.0), (0.0, 1.0)]
)
def test_pads_are_resized_by_any_edge_or_corner_and_the_others_stay(
    pilot: Pilot, pad: PadId, across: float, down: float
) -> None:
    old = pilot.canvas.scene.pads.all[pad].bounds
    x, y = pilot.at_world((old.left + old.width * across, old.top + old.height * down))
    by = (-20.0 if across == 0.0 else 20.0, -30.0 if down == 0.0 else 30.0)
    pilot.hold((x, y), (x + by[0], y + by[1]))
    assert isinstance(pilot.canvas.gesture, ResizingPad)
    pilot.release()
    new = pilot.canvas.scene.pads.all[pad].bounds
    assert new.left - old.left == (by[0] if across == 0.0 else 0.0)
    assert new.right - old.right == (by[0] if across == 1.0 else 0.0)
    assert new.top - old.top == (by[1] if down == 0.0 else 0.0)
    assert new.bottom - old.bottom == (by[1] if down == 1.0 else 0.0)
    assert pilot.graph.view == GRAPH.view
    pilot.undo()
    assert pilot.graph is GRAPH


def test_a_group_is_drawn_around_what_is_selected(pilot: Pilot) -> None:
    pilot.click(pilot.at_title("camera"))
    pilot.click(pilot.at_title("draw"), held=SHIFT)
    pilot.key("Ctrl+Shift+G")
    new = PadId("group", "group")
    assert pilot.wishes[-1] == ("open_words", new) or ("open_words", new) in pilot.wishes
    frame = pilot.canvas.scene.pads.all[new].bounds
    for node in ("camera", "draw"):
        assert frame.holds(pilot.canvas.scene.boxes[node].bounds)
    assert pilot.history.undo_name == "Group"
    assert pilot.canvas.selection.pads == {new}
    pilot.key("Ctrl+Shift+A")
    assert {"camera", "draw"} <= selected(pilot)
    assert new not in pilot.canvas.selection.pads


def test_a_group_fits_what_it_holds(pilot: Pilot) -> None:
    pilot.canvas.select(Selection(pads=frozenset({OUTER})))
    pilot.key("Shift+G")
    frame = pilot.canvas.scene.pads.all[OUTER].bounds
    inside = [pilot.canvas.scene.boxes[node].bounds for node in ("camera", "pose")]
    assert all(frame.holds(bounds) for bounds in inside)
    assert frame.holds(pilot.canvas.scene.pads.all[INNER].bounds)
    assert frame.right < 820
    once = pilot.graph
    pilot.key("Shift+G")
    assert pilot.graph is once


def test_notes_are_added_where_the_pointer_is_and_grow_with_their_text(pilot: Pilot) -> None:
    pilot.move((900, 500))
    pilot.key("N")
    new = PadId("note", "note_2")
    assert ("open_words", new) in pilot.wishes
    assert pilot.graph.notes["note_2"].at == (900, 500)
    grouping.write(pilot.canvas, new, "word " * 200)
    note = pilot.graph.notes["note_2"]
    assert note.size[1] == note_height(note.text, note.size[0], pilot.canvas.scene.measure)
    assert note.size[1] > 120
    grouping.write(pilot.canvas, new, "short")
    assert pilot.graph.notes["note_2"].size == note.size
    assert pilot.history.undo_name == "Write a note"
    pilot.move((1270, 710))  # in the corner, too, all of it is in sight
    pilot.key("N")
    bounds = pilot.canvas.scene.pads.all[PadId("note", "note_3")].bounds
    assert pilot.canvas.viewport.shown(pilot.canvas.size).holds(bounds)


def test_a_note_is_not_covered_by_a_node(pilot: Pilot) -> None:
    node = next(iter(pilot.graph.nodes))
    pilot.move(pilot.canvas.viewport.to_screen(pilot.canvas.scene.boxes[node].bounds.center))
    pilot.key("N")
    bounds = pilot.canvas.scene.pads.all[PadId("note", "note_2")].bounds
    assert not pilot.canvas.scene.boxes_in(bounds)


def test_a_note_is_seen_as_it_is_typed_and_that_is_one_step(pilot: Pilot) -> None:
    before, first = pilot.graph, pilot.graph.notes["note"].size
    take = grouping.writing(pilot.canvas, NOTE)
    heights = []
    for words in ("word", "word " * 200, "word"):
        take(words)
        assert pilot.graph.notes["note"].text == words
        heights.append(pilot.graph.notes["note"].size[1])
    assert heights[0] == heights[2] == first[1] < heights[1]
    grouping.write(pilot.canvas, NOTE, "another time")
    pilot.undo()
    assert pilot.graph.notes["note"].text == "word"
    pilot.undo()
    assert pilot.graph is before


def test_pads_take_a_colour(pilot: Pilot) -> None:
    pilot.canvas.select(Selection(pads=frozenset({OUTER, NOTE})))
    grouping.color(pilot.canvas, "red")
    assert pilot.graph.groups["outer"].color == pilot.graph.notes["note"].color == "red"
    assert pilot.canvas.scene.pads.all[NOTE].hue == "red"
    once = pilot.graph
    grouping.color(pilot.canvas, "red")
    assert pilot.graph is once
    grouping.color(pilot.canvas, None)
    assert pilot.canvas.scene.pads.all[NOTE].hue == "grey"


def test_groups_are_copied_with_what_they_hold(pilot: Pilot) -> None:
    pilot.click(pilot.at_pad(OUTER))
    part = loads(clipping.copy(pilot.canvas))
    assert set(part.nodes) == {"camera", "pose"}
    assert set(part.groups) == {"outer", "inner"}
    assert set(part.notes) == {"note"}
    pilot.key("Ctrl+D")
    assert set(pilot.graph.nodes) == {*GRAPH.nodes, "camera_2", "pose_2"}
    assert set(pilot.graph.groups) == {"outer", "inner", "outer_2", "inner_2"}
    assert pilot.canvas.selection.pads == {
        PadId("group", "outer_2"),
        PadId("group", "inner_2"),
        PadId("note", "note_2"),
    }
    pilot.undo()
    pilot.click(pilot.at_pad(OUTER))
    text = clipping.cut(pilot.canvas)
    assert set(pilot.graph.nodes) == {"draw"}
    assert not pilot.graph.groups
    clipping.paste(pilot.canvas, text)
    assert set(pilot.graph.groups) == {"outer", "inner"}
    assert pilot.history.undo_name == "Paste 5 things"


def test_arrows_move_groups_and_all_is_all(pilot: Pilot) -> None:
    pilot.click(pilot.at_pad(INNER))
    pilot.key("Right")
    assert pilot.graph.groups["inner"].at == (380, 70)
    assert pilot.graph.view["pose"].at == (420, 120)
    pilot.key("Ctrl+A")
    assert pilot.canvas.selection.pads == {OUTER, INNER, NOTE}
    operations.frame_all(pilot.canvas)
    shown = pilot.canvas.viewport.shown(pilot.canvas.size)
    assert shown.holds(pilot.canvas.scene.pads.all[OUTER].bounds)


rects = st.builds(Rect.of, *[st.floats(-500, 500)] * 2, *[st.floats(20, 600)] * 2)


@given(st.lists(rects, max_size=6), st.dictionaries(st.sampled_from("abcdef"), rects), st.data())
def test_what_a_group_holds_does_not_hold_the_group(
    frames: list[Rect], boxes: dict[str, Rect], data: st.DataObject
) -> None:
    groups = {f"g{i}": Group("", (r.left, r.top), (r.width, r.height)) for i, r in enumerate(frames)}
    pads = Pads()
    pads.update(Graph(groups=groups))
    for id_ in pads.all:
        nodes, inner = pads.contents(id_, boxes)
        assert id_ not in inner
        for other in inner:
            assert id_ not in pads.contents(other, boxes).pads
            assert pads.contents(other, boxes).nodes <= nodes
    assert [pad.bounds.width * pad.bounds.height for pad in pads.all.values()] == sorted(
        (pad.bounds.width * pad.bounds.height for pad in pads.all.values()), reverse=True
    )


def width(text: str) -> float:
    return 7.0 * len(text)


@given(st.text(alphabet="ab \n", max_size=80), st.floats(20, 300), st.integers(1, 6))
def test_texts_stay_in_their_room(text: str, room: float, most: int) -> None:
    for lines in (wrap(text, room, most, width), paragraphs(text, room, most, width)):
        assert len(lines) <= most
        assert all(width(line) <= room for line in lines)
    assert width(fit(text, room, width)) <= room
    everything = paragraphs(text, room, 10_000, width)
    if not any(line.endswith("\u2026") for line in everything):
        assert "".join("".join(everything).split()) == "".join(text.split())


def test_no_number_is_broken_behind_its_point() -> None:
    said = "91.8 % of joints right, 89.2 to 94.0 % by region"
    assert with_whole_numbers(said, 100.0, len) == said
    assert with_whole_numbers("all words, no number", 8.0, len) == "all words, no number"
    assert with_whole_numbers(said, 27.0, len) == "91.8 % of joints right,\n89.2 to 94.0 % by region"


def test_a_document_with_pads_is_shown_as_saved(pilot: Pilot) -> None:
    again = Pilot(TOY, loads(dumps(GRAPH)))
    assert [(pad.id, pad.bounds) for pad in again.canvas.scene.pads.all.values()] == [
        (pad.id, pad.bounds) for pad in pilot.canvas.scene.pads.all.values()
    ]

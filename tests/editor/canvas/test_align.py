from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.editor.canvas.align import Axis, Edge, aligned, distributed
from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.canvas.selection import Selection
from nodeflow.testing.pilot import Pilot

rects = st.builds(Rect.of, *[st.floats(-1000, 1000)] * 2, *[st.floats(1, 300)] * 2)
some = st.dictionaries(st.sampled_from("abcdefgh"), rects, max_size=6)


def placed(boxes: dict[str, Rect], places: dict[str, tuple[float, float]]) -> dict[str, Rect]:
    return {name: Rect.of(*places[name], box.width, box.height) for name, box in boxes.items()}


@given(some, st.sampled_from(["left", "right", "top", "bottom", "middle", "center"]))
def test_aligned_boxes_share_what_they_are_aligned_by(boxes: dict[str, Rect], edge: Edge) -> None:
    after = placed(boxes, aligned(boxes, edge))
    of = {"middle": lambda box: box.center[0], "center": lambda box: box.center[1]}
    ends = [of[edge](box) if edge in of else getattr(box, edge) for box in after.values()]
    assert ends == pytest.approx(ends[:1] * len(ends))
    side = 1 if edge in ("left", "right", "middle") else 0  # the other way nothing moves
    assert [box[side] for box in after.values()] == [box[side] for box in boxes.values()]


@given(some, st.sampled_from(["across", "down"]))
def test_distributed_boxes_have_the_same_room_between_them(boxes: dict[str, Rect], axis: Axis) -> None:
    after = placed(boxes, distributed(boxes, axis))
    side = 0 if axis == "across" else 1
    order = sorted(boxes, key=lambda name: (boxes[name].center[side], boxes[name][side], name))
    rooms = [after[b][side] - after[a][side + 2] for a, b in itertools.pairwise(order)]
    assert rooms == pytest.approx(rooms[:1] * len(rooms), abs=1e-6)
    if order:
        assert after[order[0]] == boxes[order[0]]
        assert after[order[-1]][side + 2] == pytest.approx(boxes[order[-1]][side + 2])


def test_by_keys_as_one_step(pilot: Pilot) -> None:
    before = pilot.graph
    pilot.canvas.select(Selection(frozenset({"camera", "pose", "say"})))
    pilot.key("Alt+A")
    assert {pilot.graph.view[node].at for node in ("camera", "pose", "say")} == {(40, 40), (40, 300)}
    assert pilot.history.undo_name == "Align 2 nodes"  # the camera stood there already
    pilot.key("Alt+A")
    pilot.undo()
    assert pilot.graph is before
    pilot.key("Alt+Shift+V")
    tops = sorted(pilot.canvas.scene.boxes[node].bounds.top for node in ("camera", "pose", "say"))
    assert tops[0] == 40
    assert tops[2] == 300


def test_one_node_is_in_line_with_itself(pilot: Pilot) -> None:
    pilot.click(pilot.at_title("pose"))
    for keys in ("Alt+A", "Alt+V", "Alt+Shift+H"):
        pilot.key(keys)
    assert pilot.history.undo_name is None

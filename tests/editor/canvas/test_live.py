"""What a node's face says of its run, and what stands under a node that failed."""

from __future__ import annotations

from typing import get_args

import pytest

from nodeflow.editor.canvas.complaint import WAYS, complaint_of
from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.canvas.layout import make_face
from nodeflow.editor.canvas.live import BROKEN, MARKS, Live
from nodeflow.editor.canvas.status_line import line_of
from nodeflow.editor.canvas.wrap import fit
from nodeflow.engine.messages import NodeState, NodeStatus
from nodeflow.graph import Node, View


class Ruler:
    """Letters half as wide as they are high."""

    text = 1

    def width(self, text: str, font: int) -> float:
        return 0.5 * len(text)

    def wrap(self, text: str, font: int, size: float, room: float, most: int) -> list[str]:
        letters = max(1, int(room / (0.5 * size)))
        lines = [text[start : start + letters] for start in range(0, len(text), letters)]
        return lines[:most]


FACE = make_face(Node("toy.pose"), None, View())


def test_every_state_has_a_mark_of_its_own_or_a_dot() -> None:
    assert set(MARKS) == set(get_args(NodeState))
    icons = [mark.icon for mark in MARKS.values() if mark.icon]
    assert len(icons) == len(set(icons))
    assert all(MARKS[state].icon and MARKS[state].role == "bad" for state in BROKEN)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (NodeStatus("opening", "fetching the model", fraction=0.5), "50%  fetching the model"),
        (NodeStatus("opening"), "opening"),
        (NodeStatus("ready", summary="2 people"), "2 people"),
        (NodeStatus("ready", message="half the file", summary="2 people"), "half the file"),
        (NodeStatus("running", summary="2 people", calling_s=1), "2 people"),
        (NodeStatus("running", summary="2 people", calling_s=12), "at it for 12 s"),
        (NodeStatus("ready", summary="640x480", dropped=7), "640x480  \u00b7  7 dropped"),
        (NodeStatus("skipped", "no face"), "no face"),
        (NodeStatus("failed", "the disk is full"), "failed"),
        (NodeStatus("resting", "no camera", rests_s=4), "tried again in 4 s"),
        (NodeStatus("hung", "hung: a call is not back after 30 s"), "hung"),
    ],
)
def test_what_the_status_line_says(status: NodeStatus, words: str) -> None:
    assert Live(status).words == words


def test_a_node_that_got_nothing_names_the_one_that_failed() -> None:
    assert (
        Live(NodeStatus("skipped", "the disk is full", cause="writer"), blame="Writer failed").words == "Writer failed"
    )


def test_a_source_that_waits_for_a_still_node_says_so_in_place_of_what_it_gave() -> None:
    assert Live(NodeStatus("ready", summary="640x480", cause="style"), blame="Waits for Style").words == (
        "Waits for Style"
    )


def test_a_problem_of_the_graph_comes_before_what_ran() -> None:
    live = Live(NodeStatus("ready", summary="2 people"), problem="image is not connected")
    assert (live.words, live.mark.role) == ("image is not connected", "warn")


def test_what_a_call_takes_and_on_what() -> None:
    assert Live(NodeStatus("ready", runs=3, ms=21.42, provider="CUDA")).cost == "CUDA  21.4 ms"
    assert Live(NodeStatus("ready", runs=3, ms=0.01)).cost == ""


def test_a_call_that_begins_and_ends_draws_nothing_anew() -> None:
    one, other = NodeStatus("ready", runs=3, ms=2.0), NodeStatus("running", runs=4, ms=2.0)
    assert Live(one).said == Live(other).said
    assert Live(one).said != Live(NodeStatus("failed", runs=4, ms=2.0)).said


def test_a_complaint_holds_its_lines_and_buttons_under_the_node() -> None:
    status = NodeStatus("failed", "It broke. " * 40, "Mend it. " * 40, inputs=("image: 64x48", "mask: nothing"))
    complaint = complaint_of(status, FACE, Ruler(), tuple(WAYS))
    assert complaint.ground.top > FACE.height
    tones = [tone for _, _, tone in complaint.lines]
    assert tones == ["message"] * 4 + ["hint"] * 2 + ["input"]
    assert "image: 64x48" in complaint.lines[-1][1]
    tops = [at[1] for at, _, _ in complaint.lines]
    assert tops == sorted(tops)
    assert [way for way, _ in complaint.buttons] == list(WAYS)
    for way, rect in complaint.buttons:
        assert inside(rect, complaint.ground)
        assert rect.top > tops[-1]
        assert complaint.way_at(rect.center) == way
    assert complaint.way_at((5.0, FACE.height + 10.0)) is None


def test_a_failure_without_words_has_its_ways_out() -> None:
    complaint = complaint_of(NodeStatus("failed"), FACE, Ruler())
    assert complaint.lines == ()
    assert len(complaint.buttons) == 3


def inside(rect: Rect, ground: Rect) -> bool:
    return (
        ground.left <= rect.left
        and rect.right <= ground.right
        and ground.top <= rect.top
        and rect.bottom <= ground.bottom
    )


def test_what_came_out_is_read_before_what_it_ran_on() -> None:
    live = Live(NodeStatus("ready", runs=3, ms=21.42, provider="CUDA", summary="1 person"))
    whole = len("1 person") + len("CUDA  21.4 ms")
    assert live.cost_beside(whole, len) == "CUDA  21.4 ms"
    assert live.cost_beside(whole - 1, len) == "21.4 ms"
    assert live.cost_beside(0, len) == "21.4 ms"


class Cutter(Ruler):
    """One that cuts, too."""

    def fit(self, text: str, font: int, size: float, room: float) -> str:
        return fit(text, room / size, lambda part: self.width(part, font))


@pytest.mark.parametrize(("width", "words", "cut"), [(300.0, "half the file", False), (110.0, "half t\u2026", True)])
def test_the_time_has_its_room_before_the_words_which_tell_where_they_are_cut(
    width: float, words: str, cut: bool
) -> None:
    live = Live(NodeStatus("ready", "half the file", ms=21.4, runs=3))
    line = line_of(live, Rect.of(8.0, 0.0, width, 20.0), Cutter())
    assert (line.words, line.cost, line.cut) == (words, "21.4 ms", cut)

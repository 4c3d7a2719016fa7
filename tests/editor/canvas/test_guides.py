"""What a dragged node keeps in line with."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.canvas.guides import Guides
from nodeflow.editor.canvas.looks import looks_of
from nodeflow.editor.canvas.moving import DragNodes
from nodeflow.testing.pilot import Pilot
from tests.editor.canvas.stage import ALT

_at = st.floats(-500, 500)
_long = st.floats(1, 400)
_rects = st.builds(Rect.of, _at, _at, _long, _long)


@given(_rects, st.lists(_rects, max_size=6), st.floats(0, 30))
def test_a_fit_goes_no_further_than_its_reach_and_ends_on_every_line_it_shows(
    rect: Rect, others: list[Rect], reach: float
) -> None:
    fit = Guides(others).fit(rect, reach)
    there = rect.moved(fit.dx, fit.dy)
    assert abs(fit.dx) <= reach
    assert abs(fit.dy) <= reach
    for (x1, y1), (x2, y2) in fit.lines:
        if x1 == x2:
            assert min(abs(x1 - x) for x in (there.left, there.center[0], there.right)) < 1e-6
            assert y1 <= there.top
            assert y2 >= there.bottom
        else:
            assert min(abs(y1 - y) for y in (there.top, there.center[1], there.bottom)) < 1e-6
    if (fit.dx, fit.dy) != (0.0, 0.0):
        assert fit.lines
        assert Guides(others).fit(there, 1e-9).lines  # it rests there


@given(_rects, st.lists(_rects, min_size=1, max_size=6))
def test_no_nearer_line_is_passed_over(rect: Rect, others: list[Rect]) -> None:
    fit = Guides(others).fit(rect, 1e9)

    def lines(one: Rect) -> tuple[float, ...]:
        return one.left, one.center[0], one.right

    ways = [abs(there - here) for other in others for there, here in zip(lines(other), lines(rect), strict=True)]
    assert abs(abs(fit.dx) - min(ways)) < 1e-6


def test_a_node_comes_to_lie_in_line_with_another_and_alt_lets_it_lie_anywhere(pilot: Pilot) -> None:
    scene = pilot.canvas.scene
    start = pilot.at_world((scene.boxes["say"].at[0] + 60, scene.boxes["say"].at[1] + 10))
    pilot.press(start)
    pilot.move((start[0] - 322.0, start[1] + 83.0))
    assert isinstance(pilot.canvas.gesture, DragNodes)
    looks = looks_of(pilot.canvas)
    assert scene.boxes["say"].at[0] == 320.0  # as pose
    assert any(x1 == x2 == 320.0 for (x1, _), (x2, _) in looks.guides)
    pilot.move((start[0] - 322.0, start[1] + 83.0), ALT)
    assert scene.boxes["say"].at[0] == 318.0
    assert looks_of(pilot.canvas).guides == ()
    pilot.release()
    assert pilot.graph.view["say"].at[0] == 318.0
    assert looks_of(pilot.canvas).guides == ()

"""The map in the corner: where it is, what it shows, and moving about with it."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nodeflow.editor.canvas import operations
from nodeflow.editor.canvas.geometry import Rect, Viewport
from nodeflow.editor.canvas.gestures import Idle, MapPanning
from nodeflow.editor.canvas.minimap import minimap
from nodeflow.testing.pilot import Pilot
from tests.editor.canvas.stage import CTRL, selected

SIZE = (1280.0, 720.0)
along = st.floats(-5000, 5000)
viewports = st.builds(Viewport, st.floats(0.1, 4), st.tuples(along, along))


@given(st.builds(Rect.of, along, along, st.floats(1, 9000), st.floats(1, 9000)), viewports)
def test_the_map_shows_all_and_what_is_in_sight_of_it(bounds: Rect, viewport: Viewport) -> None:
    overlay = minimap(bounds, viewport, SIZE)
    shown = viewport.shown(SIZE)
    if shown.contains((bounds.left, bounds.top)) and shown.contains((bounds.right, bounds.bottom)):
        assert overlay is None
        return
    assert overlay
    frame = overlay.frame
    for corner in ((bounds.left, bounds.top), (bounds.right, bounds.bottom)):
        assert frame.contains(overlay.to_screen(corner))
        assert overlay.to_world(overlay.to_screen(corner)) == pytest.approx(corner, abs=1e-6)
    view = overlay.view(viewport)
    assert frame.left <= view.left < view.right <= frame.right
    assert frame.top <= view.top < view.bottom <= frame.bottom
    assert Rect(0, 0, *SIZE).contains((frame.left, frame.top))
    assert Rect(0, 0, *SIZE).contains((frame.right, frame.bottom))


@given(st.builds(Rect.of, along, along, st.floats(1, 9000), st.floats(1, 9000)), viewports, st.floats(0, 1))
def test_what_the_map_is_pressed_at_comes_into_the_middle(bounds: Rect, viewport: Viewport, share: float) -> None:
    overlay = minimap(bounds, viewport, SIZE)
    assume(overlay)
    assert overlay
    at = overlay.frame.left + overlay.frame.width * share, overlay.frame.top + overlay.frame.height * share
    after = overlay.centred(viewport, at)
    assert after.shown(SIZE).center == pytest.approx(overlay.to_world(at), abs=1e-3)
    assert after.zoom == viewport.zoom


def test_there_is_no_map_of_nothing_or_on_a_small_canvas() -> None:
    assert minimap(None, Viewport(), SIZE) is None
    assert minimap(Rect(0, 0, 5000, 5000), Viewport(), (300.0, 300.0)) is None


@given(st.floats(420, 2000), st.floats(320, 2000), st.floats(1, 9000), st.floats(1, 9000))
def test_the_map_leaves_the_canvas_its_room(width: float, height: float, wide: float, high: float) -> None:
    overlay = minimap(Rect.of(-9000, -9000, wide, high), Viewport(), (width, height))
    assert overlay
    assert overlay.frame.width <= max(min(200.0, width * 0.22), 60.0) + 1e-6
    assert overlay.frame.height <= max(min(140.0, height * 0.22), 40.0) + 1e-6
    assert overlay.frame.width * overlay.frame.height <= 0.05 * width * height + 1e-6


def test_a_press_in_the_map_looks_there_and_a_drag_goes_on(pilot: Pilot) -> None:
    pilot.canvas.viewport = Viewport(1.0, (-2000.0, -2000.0))
    overlay = pilot.canvas.map
    assert overlay
    pilot.press(overlay.to_screen((400, 200)))
    assert isinstance(pilot.canvas.gesture, MapPanning)
    assert pilot.canvas.viewport.shown(pilot.canvas.size).center == pytest.approx((400, 200))
    pilot.move(overlay.to_screen((600, 300)))
    assert pilot.canvas.viewport.shown(pilot.canvas.size).center == pytest.approx((600, 300))
    pilot.release()
    assert isinstance(pilot.canvas.gesture, Idle)
    assert pilot.history.undo_name is None
    assert selected(pilot) == set()


def test_the_part_in_sight_is_dragged_by_where_it_is_grabbed(pilot: Pilot) -> None:
    pilot.canvas.viewport = Viewport(2.0, (-300.0, -100.0))
    overlay = pilot.canvas.map
    assert overlay
    before = pilot.canvas.viewport.shown(pilot.canvas.size).center
    x, y = overlay.to_screen(before)
    pilot.drag((x + 3, y + 2), (x + 3, y + 12))
    after = pilot.canvas.viewport.shown(pilot.canvas.size).center
    assert after == pytest.approx((before[0], before[1] + 10 / overlay.zoom))


def test_the_map_is_in_front_and_can_be_turned_off(pilot: Pilot) -> None:
    pilot.canvas.size = (800.0, 500.0)
    overlay = pilot.canvas.map
    assert overlay
    at = overlay.frame.center
    pilot.move(at)
    assert pilot.canvas.hover.kind == "map"
    pilot.click(at, "right")
    pilot.double_click(at)
    assert pilot.wishes == []
    pilot.key("Ctrl+M")
    assert pilot.canvas.map is None
    pilot.move((at[0] + 1, at[1]))
    assert pilot.canvas.hover.kind != "map"


def test_the_wheel_over_the_map_zooms_about_the_middle(pilot: Pilot) -> None:
    pilot.canvas.size = (800.0, 500.0)
    overlay = pilot.canvas.map
    assert overlay
    before = pilot.canvas.viewport.shown(pilot.canvas.size).center
    pilot.wheel(overlay.frame.center, 2)
    assert pilot.canvas.viewport.shown(pilot.canvas.size).center == pytest.approx(before)


def test_a_wheel_that_pans_zooms_with_ctrl(pilot: Pilot) -> None:
    operations.toggle_wheel(pilot.canvas)
    pilot.wheel((10, 10), 1)
    assert pilot.canvas.viewport == Viewport(1.0, (0.0, 60.0))
    pilot.wheel((10, 10), 1, CTRL)
    assert pilot.canvas.viewport.zoom > 1

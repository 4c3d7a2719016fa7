"""Views that glide to others."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.editor.canvas.geometry import ZOOM_MAX, ZOOM_MIN, Viewport
from nodeflow.editor.canvas.glide import SECONDS, Glide
from nodeflow.editor.canvas.operations import frame_all, zoom_by
from nodeflow.graph import Graph, Node
from nodeflow.testing.pilot import Pilot

SIZE = (1000.0, 600.0)
VIEWS = st.builds(Viewport, st.floats(ZOOM_MIN, ZOOM_MAX), st.tuples(st.floats(-5000, 5000), st.floats(-5000, 5000)))


@given(VIEWS, VIEWS, st.lists(st.floats(0, 2 * SECONDS), max_size=6))
def test_a_glide_begins_here_and_ends_there_on_the_way(start: Viewport, end: Viewport, times: list[float]) -> None:
    glide = Glide(start, end, SIZE)
    first = glide.at(7.0)
    assert first.zoom == pytest.approx(start.zoom)
    assert first.pan == pytest.approx(start.pan, abs=1e-3)
    low, high = sorted((start.zoom, end.zoom))
    before = 0.0
    for time in sorted(times):
        zoom = glide.at(7.0 + time).zoom
        assert low * 0.999 <= zoom <= high * 1.001
        share = abs(zoom - start.zoom)
        assert share >= before - 1e-9
        before = share
    assert glide.at(7.0 + SECONDS + 0.001) == end
    assert glide.done


@given(st.floats(0.5, 2.0), st.floats(0.01, SECONDS))
def test_a_zoom_about_the_middle_stays_about_the_middle(factor: float, time: float) -> None:
    middle = (SIZE[0] / 2, SIZE[1] / 2)
    start = Viewport(1.0, (123.0, -45.0))
    glide = Glide(start, start.zoomed(factor, middle), SIZE)
    glide.at(0.0)
    assert glide.at(time).to_world(middle) == pytest.approx(start.to_world(middle), abs=1e-6)


@pytest.fixture
def gliding(pilot: Pilot) -> Pilot:
    pilot.canvas.habits = replace(pilot.canvas.habits, glides=True)
    return pilot


def test_to_frame_the_graph_glides_where_that_is_the_habit(gliding: Pilot) -> None:
    canvas = gliding.canvas
    canvas.show(Graph().add(Node("toy.pose"), (3000.0, 2000.0))[0])
    before = canvas.viewport
    frame_all(canvas)
    assert canvas.advance(0.0)
    assert canvas.viewport.pan == pytest.approx(before.pan, abs=1e-6)
    assert canvas.advance(SECONDS / 2)
    assert not canvas.advance(SECONDS * 2)
    bounds = canvas.scene.bounds
    assert bounds is not None
    assert canvas.viewport == Viewport.fitting(bounds, canvas.size)
    assert not canvas.advance(9.0)


def test_the_hand_ends_a_glide(gliding: Pilot) -> None:
    canvas = gliding.canvas
    zoom_by(canvas, 2.0)
    canvas.advance(0.0)
    canvas.advance(SECONDS / 3)
    canvas.wheel(10.0, 10.0, 1.0)
    moved = canvas.viewport
    assert not canvas.advance(SECONDS)
    assert canvas.viewport == moved


def test_zooms_in_a_row_add_up(gliding: Pilot) -> None:
    canvas = gliding.canvas
    zoom_by(canvas, 2.0)
    canvas.advance(0.0)
    zoom_by(canvas, 2.0)
    canvas.advance(1.0)
    canvas.advance(2.0)
    assert canvas.viewport.zoom == pytest.approx(4.0)


def test_without_the_habit_the_view_jumps(pilot: Pilot) -> None:
    zoom_by(pilot.canvas, 2.0)
    assert pilot.canvas.viewport.zoom == pytest.approx(2.0)
    assert not pilot.canvas.advance(0.0)

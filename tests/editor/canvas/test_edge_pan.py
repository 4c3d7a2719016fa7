"""A drag that comes to the edge of the canvas goes on there."""

from __future__ import annotations

import pytest

from nodeflow.editor.canvas.edge_pan import LONGEST
from nodeflow.editor.canvas.gestures import Held
from nodeflow.editor.canvas.press import Button
from nodeflow.testing.graphs import TOY
from nodeflow.testing.pilot import Pilot

from .stage import EMPTY, GRAPH, SPACE, selected


@pytest.fixture
def pilot() -> Pilot:
    pilot = Pilot(TOY, GRAPH)
    pilot.canvas.size = (1100.0, 700.0)
    return pilot


def wait(pilot: Pilot, seconds: float) -> None:
    """Let frames go by, each a twentieth of a second."""
    for frame in range(round(seconds * 20) + 1):
        pilot.canvas.advance(frame / 20)


def test_a_node_is_dragged_further_than_the_window(pilot: Pilot) -> None:
    start = pilot.at_title("say")
    before = pilot.graph.view["say"].at
    pilot.hold(start, (1090.0, start[1]))
    assert not pilot.canvas.advance(0.0), "not yet at the edge"
    pilot.move((1120.0, start[1]))
    wait(pilot, 1.0)
    pilot.release()
    moved = pilot.graph.view["say"].at
    assert pilot.canvas.viewport.pan[0] == pytest.approx(-240.0)
    assert moved[0] - before[0] == pytest.approx(1120.0 - start[0] + 240.0, abs=10.0)
    assert pilot.canvas.scene.boxes["say"].bounds.contains(pilot.canvas.world), "it stays under the pointer"


def test_a_wire_goes_on(pilot: Pilot) -> None:
    pilot.hold(pilot.at_output("camera.image"), (500.0, 720.0))
    wait(pilot, 1.0)
    assert pilot.canvas.viewport.pan[1] == pytest.approx(-240.0)
    pilot.release()
    assert pilot.wishes, "it asks what to add there"


def test_a_selection_box_goes_on(pilot: Pilot) -> None:
    pilot.canvas.viewport = pilot.canvas.viewport.panned(-600.0, 0.0)
    pilot.hold((500.0, 600.0), (-40.0, 20.0))
    assert "camera" not in selected(pilot)
    wait(pilot, 3.0)
    assert {"camera", "pose", "still"} <= selected(pilot)


@pytest.mark.parametrize(("button", "held"), [("middle", Held()), ("left", SPACE)])
def test_what_pans_by_hand_does_not(pilot: Pilot, button: Button, held: Held) -> None:
    pilot.hold(EMPTY, (-50.0, 100.0), button, held)
    before = pilot.canvas.viewport
    wait(pilot, 1.0)
    assert pilot.canvas.viewport == before


def test_it_ends_with_the_drag_and_a_long_frame_is_no_leap(pilot: Pilot) -> None:
    pilot.hold(pilot.at_title("say"), (2000.0, 300.0))
    pilot.canvas.advance(0.0)
    pilot.canvas.advance(60.0)
    assert pilot.canvas.viewport.pan[0] == pytest.approx(-900.0 * LONGEST)
    pilot.canvas.cancel()
    view = pilot.canvas.viewport
    assert not pilot.canvas.advance(61.0)
    assert pilot.canvas.viewport == view

"""Panning, zooming, hovering and selecting, done by the pilot."""

from __future__ import annotations

import subprocess
import sys

import pytest

from nodeflow.editor.canvas.gestures import (
    BoxSelect,
    Held,
    Idle,
    Panning,
)
from nodeflow.editor.canvas.press import Button
from nodeflow.editor.canvas.scene import NOTHING, Hit
from nodeflow.testing.pilot import Pilot
from tests.editor.canvas.stage import CAMERA_TO_POSE, CTRL, EMPTY, SHIFT, SPACE, at_wire, selected


@pytest.mark.parametrize(("button", "held"), [("middle", Held()), ("left", SPACE), ("right", Held())])
def test_panning(pilot: Pilot, button: Button, held: Held) -> None:
    pilot.hold(EMPTY, (950, 620), button, held)
    assert isinstance(pilot.canvas.gesture, Panning)
    assert pilot.canvas.viewport.pan == (-50, 20)
    pilot.release(button, held)
    assert isinstance(pilot.canvas.gesture, Idle)
    assert pilot.history.undo_name is None
    assert pilot.wishes == []


def test_panning_over_a_node_leaves_it_where_it_is(pilot: Pilot) -> None:
    pilot.drag(pilot.at_title("pose"), EMPTY, "left", SPACE)
    assert pilot.history.undo_name is None
    assert selected(pilot) == set()


def test_the_wheel_zooms_about_the_pointer(pilot: Pilot) -> None:
    at = pilot.at_title("pose")
    before = pilot.canvas.viewport.to_world(at)
    pilot.wheel(at, 3)
    assert pilot.canvas.viewport.zoom > 1.4
    assert pilot.canvas.viewport.to_world(at) == pytest.approx(before)
    pilot.wheel(at, -1e9)
    assert pilot.canvas.viewport.zoom == pytest.approx(0.1)


def test_the_wheel_pans_with_shift_and_ctrl(pilot: Pilot) -> None:
    pilot.wheel(EMPTY, 1, SHIFT)
    pilot.wheel(EMPTY, -1, CTRL)
    assert pilot.canvas.viewport.pan == (60, -60)
    assert pilot.canvas.viewport.zoom == 1


def test_framing(pilot: Pilot) -> None:
    pilot.canvas.size = (800, 600)
    pilot.key("Home")
    shown = pilot.canvas.viewport.shown((800, 600))
    boxes = pilot.canvas.scene.boxes
    assert all(shown.contains(box.at) for box in boxes.values())
    pilot.click(pilot.at_title("say"))
    pilot.key("F")
    assert pilot.canvas.viewport.to_screen(boxes["say"].bounds.center) == pytest.approx((400, 300))
    pilot.key("Ctrl+=")
    assert pilot.canvas.viewport.zoom == pytest.approx(1.25)
    pilot.key("Ctrl+0")
    assert pilot.canvas.viewport.zoom == pytest.approx(1)


def test_the_pointer_shows_what_is_under_it(pilot: Pilot) -> None:
    pilot.move(pilot.at_title("pose"))
    assert pilot.canvas.hover == Hit("title", "pose")
    pilot.move(EMPTY)
    assert pilot.canvas.hover == NOTHING


def test_clicks_select(pilot: Pilot) -> None:
    pilot.click(pilot.at_title("pose"))
    assert selected(pilot) == {"pose"}
    pilot.click(pilot.at_title("draw"))
    assert selected(pilot) == {"draw"}
    pilot.click(pilot.at_title("pose"), held=SHIFT)
    assert selected(pilot) == {"draw", "pose"}
    pilot.click(pilot.at_title("draw"), held=SHIFT)
    assert selected(pilot) == {"pose"}
    pilot.click(pilot.at_title("camera"), held=SHIFT)
    pilot.click(pilot.at_title("pose"), held=CTRL)
    assert selected(pilot) == {"camera"}
    pilot.click(EMPTY, held=SHIFT)
    assert selected(pilot) == {"camera"}
    pilot.click(EMPTY)
    assert selected(pilot) == set()
    assert pilot.history.undo_name is None


def test_a_click_on_one_of_many_selected_leaves_that_one(pilot: Pilot) -> None:
    pilot.key("Ctrl+A")
    assert len(selected(pilot)) == 5
    pilot.click(pilot.at_title("say"))
    assert selected(pilot) == {"say"}


def test_a_wire_can_be_selected_and_deleted(pilot: Pilot) -> None:
    pilot.click(at_wire(pilot))
    assert pilot.canvas.selection.links == {CAMERA_TO_POSE}
    pilot.key("Delete")
    assert list(pilot.graph.links) == []
    assert pilot.history.undo_name == "Delete Camera.image -> Pose.image"
    pilot.undo()
    assert pilot.graph.links == (CAMERA_TO_POSE,)


def test_a_box_selects_what_it_touches_adds_and_takes(pilot: Pilot) -> None:
    pilot.hold((300, 20), (700, 60))
    gesture = pilot.canvas.gesture
    assert isinstance(gesture, BoxSelect)
    assert gesture.band == (300, 20, 700, 60)
    assert selected(pilot) == {"pose", "draw"}
    pilot.move((400, 60))
    assert selected(pilot) == {"pose"}
    pilot.release()
    pilot.drag((20, 380), (60, 420), held=SHIFT)
    assert selected(pilot) == {"pose", "still"}
    pilot.drag((300, 20), (400, 60), held=CTRL)
    assert selected(pilot) == {"still"}
    pilot.hold((300, 20), (700, 60))
    pilot.key("Escape")
    assert selected(pilot) == {"still"}


def test_the_canvas_needs_no_window_and_nothing_heavy() -> None:
    code = "import sys, nodeflow.testing.pilot; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "nodeflow" in loaded
    assert not {"dearpygui", "torch", "onnxruntime", "networkx", "numpy", "cv2"} & set(loaded)

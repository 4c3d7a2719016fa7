"""How library, canvas and right side share the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.editor.settings.memory import Memory
from nodeflow.editor.settings.side_place import LEAST, WIDTH, SidePlace
from nodeflow.editor.settings.stored import write
from nodeflow.graph import Json


def test_in_a_wide_window_all_have_what_they_want() -> None:
    assert SidePlace(Memory()).shared(1600.0, 336.0) == (336.0, WIDTH)


def test_in_a_narrow_window_the_right_side_takes_less_and_folds_beside_the_library() -> None:
    place = SidePlace(Memory())
    assert place.shared(800.0, 0.0) == (0.0, 288.0)
    assert place.shared(800.0, 336.0) == (336.0, 0.0)
    assert place.shared(800.0, 0.0) == (0.0, 288.0)


@given(st.floats(LEAST + 320.0, 5000.0), st.just(0.0) | st.floats(LEAST, 900.0), st.floats(-10.0, 2000.0))
def test_the_canvas_always_has_room(window: float, library: float, pulled: float) -> None:
    place = SidePlace(Memory())
    place.pull(pulled)
    left, right = place.shared(window, library)
    assert window - left - right >= 320.0 - 1e-6
    assert (left > 0.0) == (library > 0.0)


def test_it_is_found_as_it_was_left(tmp_path: Path) -> None:
    path = tmp_path / "memory.json"
    place = SidePlace(Memory(path))
    place.pull(444.4)
    place.toggle()
    again = SidePlace(Memory(path))
    assert (again.open, again.width, again.shared(1600.0, 0.0)) == (False, 444.0, (0.0, 0.0))
    again.toggle()
    assert SidePlace(Memory(path)).shared(1600.0, 0.0) == (0.0, 444.0)


@pytest.mark.parametrize("kept", [None, 3, [], {"open": 1, "width": "wide"}, {"width": float("nan")}, {"width": -3}])
def test_whatever_the_file_says_it_can_be_shown(tmp_path: Path, kept: Json) -> None:
    path = tmp_path / "memory.json"
    write(path, {"side panel": kept})
    place = SidePlace(Memory(path))
    assert place.open
    assert place.shared(1600.0, 0.0) == (0.0, WIDTH)

"""The panels beside the canvas with real keys and a real mouse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.gui


def test_in_little_room_the_right_side_folds_while_the_library_is_open(
    open_desk: Callable[..., Any], graph_file: Path
) -> None:
    with open_desk(graph_file, env={"NODEFLOW_SCALE": "2"}) as desk:
        wide = desk.look()["side"]
        assert wide > 0
        desk.key("ctrl+l")
        desk.wait(lambda look: look["library"] and look["side"] == 0)
        desk.click(desk.title("invert"))  # what is under the place of the folded side can be reached
        assert desk.look()["selected"] == ["invert"]
        desk.key("ctrl+l")
        desk.wait(lambda look: look["library"] is None and look["side"] == wide)
        desk.key("ctrl+b")
        desk.wait(lambda look: look["side"] == 0)
        desk.key("v")  # the large viewer needs no side
        desk.key("Escape")
        desk.key("ctrl+b")
        desk.wait(lambda look: look["side"] == wide)

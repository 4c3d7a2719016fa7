"""An editor that is killed while somebody edits."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from nodeflow.graph import load

from .desk import PATIENCE, Desk

pytestmark = pytest.mark.gui


def test_work_outlives_kill_9_and_is_offered_by_the_next_editor(
    open_desk: Callable[..., Desk], graph_file: Path, tmp_path: Path
) -> None:
    env = {"NODEFLOW_STATE": str(tmp_path / "state")}
    saved = load(graph_file)
    with open_desk(graph_file, env=env) as desk:
        desk.drag(desk.port("balls.image"), desk.port("preview.value", "in"))
        desk.click(desk.look()["plus"])
        desk.move(desk.empty())
        desk.key("Tab")
        desk.type("count")
        desk.key("Return")
        desk.key("ctrl+d")
        edited = desk.wait(lambda look: len(look["nodes"]) == 2)["graph"]
        desk.wait(lambda _: any('"count_2"' in file.read_text() for file in tmp_path.glob("state/unsaved/*/*.json")))

        with open_desk(None, env=env) as other:  # takes nothing of an editor that lives
            assert [tab["name"] for tab in other.look()["tabs"]] == ["Untitled"]
            other.quit()
            assert other.process.wait(PATIENCE) == 0

        desk.process.send_signal(signal.SIGKILL)
        desk.process.wait(PATIENCE)
    assert load(graph_file) == saved

    with open_desk(graph_file, start=True, env=env) as desk:
        look = desk.look()
        assert look["popup"] == "RecoveredNote"
        assert [(tab["name"], tab["dirty"]) for tab in look["tabs"]] == [("graph", True), ("Untitled", True)]
        assert (look["title"], look["links"], look["state"]) == ("graph", ["balls.image -> preview.value"], "idle")
        desk.key("Return")
        desk.key("ctrl+Tab")
        assert desk.look()["graph"] == edited
        desk.key("ctrl+w")
        desk.wait(lambda look: look["popup"] == "UnsavedQuestion")
        desk.press("Don't save")
        desk.wait(lambda look: [tab["name"] for tab in look["tabs"]] == ["graph"])
        desk.key("ctrl+s")
        desk.wait(lambda look: not look["dirty"])
        desk.quit()
        assert desk.process.wait(PATIENCE) == 0
    assert [str(link) for link in load(graph_file).links] == ["balls.image -> preview.value"]
    assert not list(tmp_path.glob("state/unsaved/*"))

"""Tasks and their defaults; files that are checked."""

from __future__ import annotations

from pathlib import Path

from nodeflow.models import Library
from nodeflow.models.card_files import BUILT_IN
from nodeflow.models.tasks import TASKS, is_default
from nodeflow.node import load_registry


def test_every_default_is_a_card_of_its_task_and_every_card_has_a_task(tmp_path: Path) -> None:
    shelf = Library(cache=tmp_path, folders=(BUILT_IN,))
    for name, task in TASKS.items():
        assert shelf.card(task.default).task == name
    assert {card.task for card in shelf.cards().values()} == set(TASKS)
    assert is_default("nanodet", "objects")
    assert not is_default("nanodet", "pose")


def test_nodes_begin_with_the_default_of_their_task(tmp_path: Path) -> None:
    asked = {
        param.task: param.default
        for kind in load_registry(tmp_path).types.values()
        for param in kind.schema.params
        if param.type == "model" and param.task in TASKS
    }
    ours = {name: asked.pop(name, None) for name in TASKS}
    assert ours == {name: task.default for name, task in TASKS.items()}
    assert set(asked.values()) <= {""}, "what is for files of one's own begins with none"

"""The models that are in memory, as the library shows them, and unloading one of them."""

from __future__ import annotations

import threading

import pytest

from nodeflow.editor.models.held import Held, told, told_together, warm_up
from nodeflow.models import Loaded
from nodeflow.models import sessions as module
from nodeflow.models.sessions import Sessions


def _loaded(name: str, users: int, memory: int | None = None, first: float | None = None) -> Loaded:
    return Loaded(name, "cpu", "CPU", 5_000_000, 0.5, first, 3, users, 12.0, memory)


class Network:
    provider, device = "CPU", "cpu"


def test_what_is_in_use_is_not_unloaded_and_says_so() -> None:
    assert "in use by 2 nodes" in Held().let_go(_loaded("pose", 2))


def test_what_a_model_costs_is_told_as_measured_else_as_the_size_of_its_files() -> None:
    assert told(_loaded("pose", 0)) == "CPU  \u00b7  5.0 MB of files  \u00b7  unused for 12 s"
    assert told(_loaded("pose", 1, memory=34_000_000)) == "CPU  \u00b7  34 MB  \u00b7  1 node"
    held = Held()
    held.models = _loaded("pose", 1, memory=34_000_000), _loaded("faces", 1)
    assert held.bytes == 39_000_000
    assert warm_up(_loaded("pose", 1)) == "loaded in 500 ms"
    assert warm_up(_loaded("pose", 1, first=1.25)) == "loaded in 500 ms, first call 1.2 s"


def test_the_parts_of_one_card_are_told_together() -> None:
    held = Held()
    held.models = (
        _loaded("pose: detector", 1, 10_000_000), _loaded("pose: landmarks", 2, 20_000_000), _loaded("pose-lite", 0),
    )  # fmt: skip
    assert told_together(held.of("pose")) == "In memory on CPU, 30 MB, used by 2 nodes"
    assert told_together(held.of("pose-lite")) == "In memory on CPU, 5.0 MB"
    assert held.of("faces") == ()


def test_one_that_nobody_uses_is_unloaded_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Sessions(lambda: 0.0)
    for name in ("faces", "hands"):
        shelf.take(name, name, 1, Network)
    monkeypatch.setattr(module, "sessions", shelf)
    before = set(threading.enumerate())
    assert Held().let_go(next(each for each in shelf.loaded() if each.name == "faces")) == ""
    for thread in set(threading.enumerate()) - before:
        thread.join(60.0)
    assert [each.name for each in shelf.loaded()] == ["hands"]

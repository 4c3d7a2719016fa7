"""The models that are in memory, as the library shows them, and unloading one of them."""

from __future__ import annotations

import threading

import pytest

from nodeflow.editor.models.held import Held, told
from nodeflow.models import Loaded
from nodeflow.models import sessions as module
from nodeflow.models.sessions import Sessions


def _loaded(name: str, users: int) -> Loaded:
    return Loaded(name, "cpu", "CPU", 5_000_000, 0.5, None, 3, users, 12.0)


class Network:
    provider, device = "CPU", "cpu"


def test_what_is_in_use_is_not_unloaded_and_says_so() -> None:
    assert "in use by 2 nodes" in Held().let_go(_loaded("pose", 2))
    assert told(_loaded("pose", 0)) == "CPU  \u00b7  5.0 MB  \u00b7  unused for 12 s"


def test_one_that_nobody_uses_is_unloaded_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Sessions(lambda: 0.0)
    for name in ("faces", "hands"):
        shelf.take(name, name, 1, Network)
    monkeypatch.setattr(module, "sessions", shelf)
    before = set(threading.enumerate())
    assert Held().let_go(next(each for each in shelf.loaded() if each.name == "faces")) == ""
    for thread in set(threading.enumerate()) - before:
        thread.join(20.0)
    assert [each.name for each in shelf.loaded()] == ["hands"]

"""How large everything is on a screen."""

from __future__ import annotations

import sys

import pytest

from nodeflow.editor import screen
from nodeflow.editor.screen import Screen, find_screen


@pytest.fixture(autouse=True)
def fine_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(screen, "_x11", lambda: Screen(1.25, (3840, 2160)))
    monkeypatch.delenv("NODEFLOW_SCALE", raising=False)


def test_the_screen_says_it_unless_the_settings_do_unless_the_environment_does(monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_screen() == Screen(1.25, (3840, 2160))
    assert find_screen(2.0) == Screen(2.0, (3840, 2160))
    monkeypatch.setenv("NODEFLOW_SCALE", "1.5")
    assert find_screen(2.0) == Screen(1.5, (3840, 2160))


@pytest.mark.parametrize(("said", "scale"), [("99", 4.0), ("0.01", 0.5), ("large", 2.0), ("", 2.0)])
def test_what_cannot_be_a_scale_is_bounded_or_not_heeded(
    monkeypatch: pytest.MonkeyPatch, said: str, scale: float
) -> None:
    monkeypatch.setenv("NODEFLOW_SCALE", said)
    found = find_screen(2.0)
    assert found
    assert found.scale == scale


def test_no_screen_is_none_whatever_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "_x11", lambda: None)
    assert find_screen(2.0) is None

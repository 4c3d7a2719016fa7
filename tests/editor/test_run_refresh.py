"""How often a run is looked at: in every frame of the window, unless that takes long."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from nodeflow.editor.running.run import Run
from nodeflow.engine.messages import RunState, Snapshot
from nodeflow.graph import Graph


class Fake:
    """An engine whose snapshots take so many seconds, and a clock."""

    def __init__(self) -> None:
        self.now = 100.0
        self.takes = 0.0
        self.looked = 0
        self.state: RunState = "running"

    def send(self, command: object) -> None: ...

    def close(self) -> None: ...

    def trace(self) -> dict[str, object]:
        return {}

    def snapshot(self) -> Snapshot:
        self.now += self.takes
        self.looked += 1
        return Snapshot(self.state, finished=self.looked)


@pytest.mark.parametrize("takes", [0.001, 0.01, 0.03])
def test_a_snapshot_that_takes_long_is_not_taken_in_every_frame(monkeypatch: pytest.MonkeyPatch, takes: float) -> None:
    fake = Fake()
    clock = SimpleNamespace(perf_counter=lambda: fake.now, thread_time=lambda: fake.now)
    monkeypatch.setattr("nodeflow.editor.running.run.time", clock)
    run = Run(lambda graph, folder: fake)
    run.start(Graph(), None)
    fake.takes = takes
    began, frames = fake.now, 100
    for _ in range(frames):
        fake.now += 0.01
        assert run.refresh().finished == fake.looked, "what is shown is not what was seen last"
    if takes < 0.004:
        assert fake.looked == frames
    else:
        assert 0.1 < fake.looked * takes / (fake.now - began) < 0.25
    run.refresh()
    before = fake.looked
    run.drop()
    run.start(Graph(), None)
    run.refresh()
    assert fake.looked == before + 1, "another run is looked at at once"


def test_numbers_are_told_five_times_a_second_and_when_the_state_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = Fake()
    clock = SimpleNamespace(perf_counter=lambda: fake.now, thread_time=lambda: fake.now)
    monkeypatch.setattr("nodeflow.editor.running.run.time", clock)
    run = Run(lambda graph, folder: fake)
    run.start(Graph(), None)
    told = set()
    for _ in range(100):
        fake.now += 0.01
        run.refresh()
        told.add(run.told.finished)
    assert 4 <= len(told) <= 6
    fake.state = "paused"
    assert run.refresh() is run.told, "that it stands is told at once, with the numbers of then"

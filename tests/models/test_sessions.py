"""Sessions are shared, counted, and go when they are not needed. The clock is ours."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from nodeflow.models.sessions import IDLE, KEPT, ROOM, Lease, Sessions


@dataclass
class Clock:
    time: float = 100.0

    def __call__(self) -> float:
        return self.time


@dataclass
class Maker:
    """Makes sessions that take 2 seconds to load."""

    clock: Clock
    device: str = "cpu"
    provider: str = "CPU"
    made: list[object] = field(default_factory=list)

    def __call__(self) -> Maker:
        self.clock.time += 2.0
        self.made.append(object())
        return self


def _call(lease: Lease[Maker], clock: Clock, seconds: float) -> None:
    lease.session()
    began = lease.call()
    clock.time += seconds
    lease.done(began)


def test_a_snapshot_says_what_a_session_costs_and_who_uses_it() -> None:
    clock = Clock()
    shelf, make = Sessions(clock), Maker(clock)
    leases = [shelf.take("a", "pose", 1234, make) for _ in range(3)]
    assert len(make.made) == 1
    (only,) = shelf.loaded()
    assert (only.name, only.device, only.provider, only.bytes) == ("pose", "cpu", "CPU", 1234)
    assert (only.load_seconds, only.first_seconds, only.calls, only.users) == (2.0, None, 0, 3)
    _call(leases[0], clock, 0.5)
    _call(leases[1], clock, 0.1)
    clock.time += 7.0
    (only,) = shelf.loaded()
    assert (only.first_seconds, only.calls, round(only.idle_seconds, 6)) == (0.5, 2, 7.0)
    leases.pop()
    assert shelf.loaded()[0].users == 2


def test_what_nobody_uses_stays_for_a_while_and_then_goes() -> None:
    clock = Clock()
    shelf, make = Sessions(clock), Maker(clock)
    lease = shelf.take("a", "pose", 1, make)
    clock.time += 500.0
    del lease
    clock.time += KEPT - 1
    shelf.sweep()
    lease = shelf.take("a", "pose", 1, make)  # found again: nothing is loaded
    assert len(make.made) == 1
    del lease
    clock.time += KEPT
    shelf.sweep()
    assert shelf.loaded() == ()


def test_what_is_open_but_idle_goes_and_comes_back_with_its_next_call() -> None:
    clock = Clock()
    shelf, make = Sessions(clock), Maker(clock)
    lease = shelf.take("a", "pose", 1, make)
    _call(lease, clock, 1.0)
    clock.time += IDLE - 1
    shelf.sweep()
    assert len(shelf.loaded()) == 1
    clock.time += 1
    shelf.sweep()
    assert shelf.loaded() == ()
    _call(lease, clock, 1.0)
    assert len(make.made) == 2
    assert shelf.loaded()[0].users == 1


def test_short_memory_ends_what_nobody_uses_before_another_is_loaded() -> None:
    clock = Clock()
    free = 1.0
    shelf, make = Sessions(clock, lambda: free), Maker(clock)
    used, spare = shelf.take("a", "used", 1, make), shelf.take("b", "spare", 1, make)
    del spare
    third = shelf.take("c", "third", 1, make)
    assert [each.name for each in shelf.loaded()] == ["spare", "third", "used"]
    free = ROOM / 2
    fourth = shelf.take("d", "fourth", 1, make)
    assert [each.name for each in shelf.loaded()] == ["fourth", "third", "used"]
    assert used.session() is third.session() is fourth.session()


def test_a_device_can_be_freed_by_itself() -> None:
    clock = Clock()
    shelf = Sessions(clock)
    for number, device in enumerate(("cpu", "cuda:0")):
        del_me = shelf.take(number, device, 1, Maker(clock, device))
        del del_me
    assert shelf.let_go("cuda:0") == 1
    assert [each.device for each in shelf.loaded()] == ["cpu"]


def test_one_model_can_be_dropped_by_itself_unless_it_is_in_use() -> None:
    clock = Clock()
    shelf = Sessions(clock)
    used = shelf.take("a", "pose", 1, Maker(clock))
    spare, other = shelf.take("b", "faces", 1, Maker(clock)), shelf.take("c", "hands", 1, Maker(clock))
    del spare, other
    assert shelf.let_go("cpu", name="faces") == 1
    assert shelf.let_go("cpu", name="pose") == 0
    assert [each.name for each in shelf.loaded()] == ["hands", "pose"]
    assert used.session() is not None


def test_many_threads_share_one_session() -> None:
    clock = Clock()
    shelf, make = Sessions(clock), Maker(clock)
    with ThreadPoolExecutor(8) as pool:
        leases = list(pool.map(lambda _: shelf.take("a", "pose", 1, make), range(64)))
    assert len(make.made) == 1
    assert shelf.loaded()[0].users == 64
    del leases
    assert shelf.loaded()[0].users == 0


def test_a_gpu_has_done_what_is_queued_before_its_weights_go(monkeypatch: pytest.MonkeyPatch) -> None:
    log: list[str] = []
    clock = Clock()
    shelf, make = Sessions(clock), Maker(clock, device="cuda:0")
    monkeypatch.setattr(
        "nodeflow.models.sessions.finish", lambda device: log.append(f"{device}: {len(shelf.loaded())}")
    )
    lease = shelf.take("a", "pose", 1, make)
    clock.time += IDLE
    shelf.sweep()
    lease.session()
    del lease
    shelf.let_go()
    assert log == ["cuda:0: 1", "cuda:0: 1"]
    assert shelf.loaded() == ()


@dataclass
class Memory:
    """What is taken of each device, as far as it is told."""

    taken: dict[str, int] = field(default_factory=lambda: {"cpu": 1000})

    def __call__(self, device: str) -> int | None:
        return self.taken.get(device)


@dataclass
class Takes(Maker):
    """Takes 300 bytes of its device's memory when it is made."""

    memory: Memory = field(default_factory=Memory)

    def __call__(self) -> Maker:
        self.memory.taken[self.device] = self.memory.taken.get(self.device, 0) + 300
        return super().__call__()


def test_memory_is_measured_where_it_is_taken_at_the_load_and_at_the_first_call() -> None:
    clock, memory = Clock(), Memory({"cpu": 1000, "cuda:0": 50})
    shelf = Sessions(clock, level=memory)
    on_gpu = shelf.take("a", "gpu", 7, Takes(clock, "cuda:0", memory=memory), "cuda:0")
    on_host = shelf.take("b", "host", 7, Takes(clock, "cpu", memory=memory), "cuda:0")  # it came to run elsewhere
    assert [(each.name, each.memory, each.cost) for each in shelf.loaded()] == [("gpu", 300, 300), ("host", 300, 300)]
    for _ in range(2):  # the second call is not looked at
        began = on_gpu.call()
        memory.taken["cuda:0"] += 40
        on_gpu.done(began)
    began = on_host.call()
    memory.taken["cpu"] -= 100  # somebody else gave some back
    on_host.done(began)
    assert [each.memory for each in shelf.loaded()] == [340, 300]
    clock.time += IDLE
    shelf.sweep()
    on_gpu.session()
    assert [each.memory for each in shelf.loaded()] == [300], "it is measured anew when it is loaded anew"


def test_where_nobody_tells_the_size_of_the_files_stands_for_the_memory() -> None:
    shelf = Sessions(Clock(), level=lambda device: None)
    lease = shelf.take("a", "pose", 1234, Maker(Clock()))
    lease.done(lease.call())
    (only,) = shelf.loaded()
    assert (only.memory, only.cost) == (None, 1234)

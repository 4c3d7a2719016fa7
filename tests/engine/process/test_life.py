"""The life of a node in a process: open, call, fail, fall, start again, stop, close."""

from __future__ import annotations

import math
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nodeflow.engine.process import ProcessInstance
from nodeflow.node import NodeError, Nothing, RetryLater, node_type_of
from nodeflow.testing.nodes import NodeContext
from nodeflow.values import Number, Text
from tests.engine.process.desk import Desk
from tests.engine.process.parts import Do, Echo, Source, Stubborn

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals and /dev/shm are POSIX")


def wait_until(true: Callable[[], object]) -> None:
    """For what another process does in its own time."""
    deadline, never = time.monotonic() + 60, threading.Event()
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        never.wait(0.001)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return (
        Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z" if Path("/proc").is_dir() else True
    )


def shared(pid: int | None = None) -> list[str]:
    """The shared memory of this program, or of another."""
    return sorted(path.name for path in Path("/dev/shm").glob(f"nodeflow-{pid or os.getpid()}-*"))


class Aside(threading.Thread):
    """Makes one call on another thread and keeps what it raised."""

    def __init__(self, desk: Desk, what: str) -> None:
        super().__init__(daemon=True)
        self._desk, self._what = desk, what
        self.gave: Any = None
        self.raised: NodeError | None = None
        self.start()

    def run(self) -> None:
        try:
            self.gave = self._desk.do(self._what)
        except NodeError as fault:
            self.raised = fault

    def outcome(self) -> Any:
        self.join(60)
        assert not self.is_alive(), "the call never returned"
        return self.raised or self.gave


def test_open_says_what_the_node_says_and_shows_what_it_shows(well: Desk) -> None:
    assert well.stream.note == "ready"
    assert ("loading", 0.5) in well.ctx.progressed
    assert well.ctx.providers == ["cpu, False"]
    well.do("note:a remark")
    assert "a remark" in well.ctx.notes


def test_it_runs_in_another_process_and_remembers(well: Desk) -> None:
    assert well.do("pid").value == well.instance.pid != os.getpid()
    before = well.do("count", step=0.0).value
    assert well.do("count", step=2.5).value == before + 2.5


def test_the_tick_and_empty_outputs_cross(well: Desk) -> None:
    assert well(Text("tick"), time=4.5) == Number(4.5)
    assert well.do("nothing") == Nothing("for a reason")


def test_files_are_the_programs_to_find(well: Desk) -> None:
    (well.ctx.root / "in.txt").write_text("hello")
    assert well.do("path:in.txt") == Text("hello")
    well.do("output:deep/out.txt")
    assert (well.ctx.root / "deep/out.txt").read_text() == "written"
    with pytest.raises(NodeError, match=r"missing\.txt does not exist") as raised:
        well.do("path:missing.txt")
    assert raised.value.hint == "Choose another file, or put it there."


@pytest.mark.parametrize(
    ("what", "kind", "name", "message", "hint"),
    [
        ("value_error", Exception, "ValueError", "too large", None),
        ("node_error", NodeError, "NodeError", "no lens", "Clean it."),
        ("retry", RetryLater, "RetryLater", "in use", "Wait."),
        ("strange", Exception, "Strange", "this and that", None),
        ("sys_exit", Exception, "SystemExit", "5", None),
        ("unpicklable", NodeError, "Unsendable", "cannot cross", "Give values of nodeflow.values, or plain data."),
    ],
)
def test_what_the_node_raises_is_raised_here_and_the_process_goes_on(
    well: Desk, what: str, kind: type[Exception], name: str, message: str, hint: str | None
) -> None:
    pid = well.instance.pid
    with pytest.raises(kind, match=message) as raised:
        well.do(what)
    assert type(raised.value).__name__ == name
    assert isinstance(raised.value, NodeError) == (hint is not None)
    assert getattr(raised.value, "hint", None) == hint
    assert well.do("pid").value == pid


def test_where_it_was_raised_is_kept_and_retry_later_keeps_its_time(well: Desk) -> None:
    with pytest.raises(RetryLater) as raised:
        well.do("retry")
    assert raised.value.seconds == 7.0
    assert "parts.py" in raised.value.__notes__[0]


def test_what_the_node_prints_does_not_disturb(well: Desk) -> None:
    assert well.do("print") == Number(1)


def test_libraries_have_one_thread_each(well: Desk) -> None:
    assert well.do("threads") == Text("1 1")


def test_a_node_that_does_not_open_leaves_nothing(tmp_path: Path) -> None:
    instance = ProcessInstance(node_type_of(Do))
    with pytest.raises(NodeError, match="no such model") as raised:
        instance.open(NodeContext(tmp_path), {"fail": "no such model"})
    assert raised.value.hint == "Try another."
    assert instance.pid is None
    instance.close()
    with pytest.raises(NodeError, match="exit code 3"):
        instance.open(NodeContext(tmp_path), {"fail": "exit"})
    assert not [child for child in multiprocessing.active_children() if child.name == "p.do" and not child.is_alive()]
    assert instance.open(NodeContext(tmp_path), {}).note == "ready"
    instance.close()


@pytest.fixture(scope="module")
def falling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A node that falls and is started again, test by test, each long after the other."""
    desk = Desk(Do, NodeContext(tmp_path_factory.mktemp("falling")), start=5)
    yield desk
    desk.instance.close()


@pytest.fixture
def desk(falling: Desk) -> Desk:
    falling.now += 1000.0
    falling.ctx.notes.clear()
    assert falling.do("count", step=0.0).value >= 5
    return falling


@POSIX
def test_a_fall_is_an_error_of_that_call_and_the_next_starts_anew(desk: Desk) -> None:
    desk.do("count", step=100)
    with pytest.raises(NodeError, match=r"signal 9 \(SIGKILL\)") as raised:
        desk.do("signal:SIGKILL")
    assert "memory" in raised.value.hint
    assert desk.do("count", step=2).value == 7  # opened with the same values; what it remembered is gone


@POSIX
def test_falls_that_follow_one_another_wait_longer_and_longer(desks: Callable[..., Desk]) -> None:
    desk = desks(Do)
    with pytest.raises(NodeError, match=r"signal 11 \(SIGSEGV\)") as raised:
        desk.do("signal:SIGSEGV")
    assert "crashed" in raised.value.hint
    with pytest.raises(NodeError, match="exit code 3"):
        desk.do("exit")  # the second start came at once, the third waits for a second
    with pytest.raises(NodeError, match="exit code 3") as raised:
        desk.do("count")
    assert raised.value.hint.startswith("It is started again in 1 s.")
    assert desk.instance.pid is None
    desk.now = 1.0
    assert desk.do("count").value == 1
    desk.now = 100.0  # well for long enough: all is forgiven
    with pytest.raises(NodeError, match="exit code 3"):
        desk.do("exit")
    assert desk.do("count").value == 1


@POSIX
def test_a_process_that_died_between_calls_is_noticed_by_the_next(desk: Desk) -> None:
    pid = desk.pid
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not is_running(pid))
    with pytest.raises(NodeError, match="signal 9"):
        desk.do("count")


@POSIX
def test_a_process_that_forked_another_is_missed_all_the_same(desk: Desk) -> None:
    with pytest.raises(NodeError, match="exit code 4"):
        desk.do("fork")
    os.kill(int(desk.ctx.notes[-1]), signal.SIGKILL)


def test_kill_cuts_a_hung_call_off(desk: Desk) -> None:
    call = Aside(desk, "hang")
    wait_until(lambda: "in the call" in desk.ctx.notes)
    pid = desk.pid
    desk.instance.kill("its call took longer than 3 s")
    fault = call.outcome()
    assert fault.message == "the node's process was ended: its call took longer than 3 s"
    assert not is_running(pid)


def test_a_call_hears_that_the_session_stops_and_is_cut_off_if_it_goes_on(
    desks: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desks(Do)
    call = Aside(desk, "wait")
    wait_until(lambda: "in the call" in desk.ctx.notes)
    desk.ctx.stop()
    assert call.outcome() == Number(2)  # both wait and stopping said so
    monkeypatch.setattr("nodeflow.engine.process.outside.STOP_SECONDS", 0.2)
    assert "in time" in Aside(desk, "hang").outcome().message


@POSIX
def test_close_leaves_no_process_and_no_memory(desks: Callable[..., Desk]) -> None:
    before = shared()
    desk = desks(Echo)
    for size in (10, 1000, 1_000_000):
        desk(np.zeros(size))
    assert len(shared()) == len(before) + 2
    pid = desk.pid
    desk.instance.close()
    assert not is_running(pid)
    assert pid not in [child.pid for child in multiprocessing.active_children()]
    assert shared() == before
    desk.instance.close()  # a second time does nothing
    with pytest.raises(NodeError, match="not open"):
        desk(1)
    assert desk.instance.pid is None


@POSIX
def test_a_fall_leaves_no_memory_either(desks: Callable[..., Desk]) -> None:
    before = shared()
    desk = desks(Echo)
    desk(np.zeros(10))
    desk.instance.kill()
    with pytest.raises(NodeError):
        desk(np.zeros(1000))
    assert shared() == before
    assert desk.instance.pid is None


@POSIX
def test_a_node_that_will_not_close_is_ended(desks: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nodeflow.engine.process.instance.CLOSE_SECONDS", 0.1)
    monkeypatch.setattr("nodeflow.engine.process.outside._LINGER_SECONDS", 0.2)
    desk = desks(Stubborn)
    pid = desk.pid
    with pytest.raises(NodeError, match="did not come to an end in time"):
        desk.instance.close()
    assert not is_running(pid)


def test_a_source_gives_its_values_and_ends(desks: Callable[..., Desk]) -> None:
    desk = desks(Source, frames=4)
    assert (desk.stream.rate, desk.stream.frames) == (10.0, 4)
    frames = list(desk.instance.frames({}))
    assert frames == [(None, (Number(0),)), (0.1, (Number(1),)), (None, (Number(2),)), (0.3, (Number(3),))]
    first = desk.instance.frames({})
    next(first)
    assert isinstance(first, Generator)
    first.close()  # whoever reads may stop early
    assert desk.ctx.notes == ["source ended"] * 2


def test_a_source_that_falls_says_so(desks: Callable[..., Desk]) -> None:
    desk = desks(Source, frames=4, exit_after=2)
    frames = desk.instance.frames({})
    assert next(frames)[1] == (Number(0),)
    assert next(frames)[1] == (Number(1),)
    with pytest.raises(NodeError, match="exit code 1"):
        next(frames)


@POSIX
def test_when_the_program_is_killed_its_processes_and_memory_go(tmp_path: Path) -> None:
    """Even in the middle of a call that never ends."""
    marker = tmp_path / "pid"
    program = (
        "import numpy as np\n"
        "from nodeflow.testing.nodes import NodeContext\n"
        "from tests.engine.process.desk import Desk\n"
        "from tests.engine.process.parts import Do, Echo\n"
        "idle = Desk(Echo, NodeContext())\n"
        "idle(np.ones(1000))\n"
        f"Desk(Do, NodeContext(), marker={str(marker)!r}).do('hang')\n"
    )
    root = Path(__file__).parents[3]
    ran = subprocess.Popen([sys.executable, "-c", program], cwd=root, stderr=subprocess.DEVNULL)
    wait_until(lambda: marker.is_file() and marker.read_text())
    child = int(marker.read_text())
    assert is_running(child)
    assert len(shared(ran.pid)) == 2
    ran.kill()
    ran.wait()
    wait_until(lambda: not is_running(child))
    wait_until(lambda: not shared(ran.pid))


@POSIX
def test_a_program_that_closes_its_nodes_ends_without_a_word() -> None:
    """No warning of the resource tracker's: nothing was left to clean up."""
    program = (
        "import numpy as np\n"
        "from tests.engine.process.desk import Desk\n"
        "from tests.engine.process.parts import Echo\n"
        "from nodeflow.testing.nodes import NodeContext\n"
        "if __name__ == '__main__':\n"
        "    desk = Desk(Echo, NodeContext())\n"
        "    for size in (10, 10_000, 1_000_000):\n"
        "        desk(np.zeros(size))\n"
        "    desk.instance.close()\n"
    )
    root = Path(__file__).parents[3]
    ran = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, timeout=200)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_the_pauses_are_bounded() -> None:
    instance = ProcessInstance(node_type_of(Do), clock=lambda: 0.0)
    pauses: list[float] = []
    for _ in range(2000):
        instance._fall(NodeError("fell"))
        pauses.append(instance._not_before)
    assert pauses[:7] == [0, 1, 2, 4, 8, 16, 30]
    assert math.isclose(max(pauses), 30)

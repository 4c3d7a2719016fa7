"""A network's runs queued as one thing: on a GPU as it is, and without one with a stand-in for the recording."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pytest

from nodeflow.models import Library, OnnxModel
from nodeflow.models import recording as recording_module
from nodeflow.models.recording import recorded, taking_memory
from nodeflow.models.replay import Replay
from nodeflow.values.device import download

from .on_host import AtOnce
from .stand_in_driver import Driver, Stream

torch = pytest.importorskip("torch")

CUDA = "cuda:0"
gpu = [pytest.mark.gpu, pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA GPU")]
OUTPUTS = {"sum": ((), "float32"), "twice": ((3,), "int64")}


def network(feeds: Any, into: Any) -> None:
    into["sum"].copy_(feeds["x"].sum())
    into["twice"].copy_(feeds["n"] * 2)


def made(record: Callable[[Callable[[], object]], Callable[[], None] | None] | None = None) -> Replay | None:
    feeds = {"x": torch.arange(4.0), "n": torch.tensor([1, 2, 3])}
    return Replay.of(cast(Any, AtOnce()), OUTPUTS, feeds, network, record)


def test_it_gives_what_the_network_gives() -> None:
    replay = made()
    assert replay is not None
    feeds = {"x": torch.tensor([5.0, 5.0, 5.0, 5.0]), "n": torch.tensor([7, 0, -1])}
    into = {"sum": torch.zeros(()), "twice": torch.zeros(3, dtype=torch.int64)}
    assert replay.fits(feeds)
    replay(feeds, into)
    assert float(into["sum"]) == 20.0
    assert into["twice"].tolist() == [14, 0, -2]


@pytest.mark.parametrize(
    "feeds",
    [
        {"x": torch.zeros(4)},
        {"x": torch.zeros(5), "n": torch.zeros(3, dtype=torch.int64)},
        {"x": torch.zeros(4), "n": torch.zeros(3)},
    ],
    ids=["one is missing", "another shape", "another type"],
)
def test_what_was_not_recorded_does_not_fit(feeds: Any) -> None:
    replay = made()
    assert replay is not None
    assert not replay.fits(feeds)


def once(queue: Callable[[], object]) -> Callable[[], None]:
    """A recording that does the right thing the first time only, as one would that holds on to what it saw."""
    left = iter([queue])

    def launch() -> None:
        next(left, lambda: None)()

    return launch


def refused(queue: Callable[[], object]) -> Callable[[], None]:
    """A recording that the GPU does not take."""

    def launch() -> None:
        raise RuntimeError("error 1 of the CUDA driver")

    return launch


@pytest.mark.parametrize(
    "record",
    [lambda queue: None, lambda queue: lambda: None, once, refused],
    ids=["none", "one that does nothing", "one that remembers", "one that is refused"],
)
def test_a_recording_that_is_not_the_network_is_not_used(record: Any) -> None:
    assert made(record) is None


@pytest.fixture
def with_driver(monkeypatch: pytest.MonkeyPatch) -> Callable[[Driver | None], None]:
    return lambda driver: monkeypatch.setattr(recording_module, "driver", lambda: driver)


@pytest.mark.parametrize("kinds", [(0, 1), (10, 0, 11)], ids=["plain work", "takes memory and frees it"])
def test_what_was_recorded_is_launched_and_let_go(
    kinds: tuple[int, ...], with_driver: Callable[[Driver | None], None]
) -> None:
    driver = Driver(kinds)
    with_driver(driver)
    launch = recorded(cast(Any, Stream()), lambda: driver.calls.append("queued"))
    assert launch is not None
    launch()
    del launch
    assert driver.calls[:3] == ["cuStreamBeginCapture_v2", "queued", "cuStreamEndCapture"]
    assert driver.calls[-3:] == ["cuGraphDestroy", "cuGraphLaunch", "cuGraphExecDestroy"]


@pytest.mark.parametrize(
    "driver",
    [
        Driver(kinds=(0, 3)),
        Driver(kinds=(10, 0)),
        Driver(kinds=()),
        Driver(fails="cuStreamBeginCapture_v2"),
        Driver(fails="cuStreamEndCapture"),
        Driver(fails="cuGraphInstantiateWithFlags"),
        Driver(fails="cuGraphNodeGetType"),
    ],
    ids=["calls the host", "takes memory and keeps it", "nothing", "no begin", "no end", "no instance", "of no kind"],
)
def test_what_cannot_be_repeated_is_not_recorded(driver: Driver, with_driver: Callable[[Driver | None], None]) -> None:
    with_driver(driver)
    assert recorded(cast(Any, Stream()), lambda: None) is None
    begun, ended = (name in driver.calls for name in ("cuStreamBeginCapture_v2", "cuStreamEndCapture"))
    assert ended == (begun and driver.fails != "cuStreamBeginCapture_v2")
    assert ("cuGraphDestroy" in driver.calls) == (ended and driver.fails != "cuStreamEndCapture")


def test_a_thread_may_take_memory_where_it_says_so(with_driver: Callable[[Driver | None], None]) -> None:
    driver = Driver()
    with_driver(driver)
    exchange = "cuThreadExchangeStreamCaptureMode"
    with pytest.raises(MemoryError), taking_memory():
        raise MemoryError(driver.calls)
    assert driver.calls == [exchange, exchange]
    with_driver(None)
    with taking_memory():
        pass


def test_a_network_that_waits_for_the_gpu_is_not_recorded_and_leaves_nothing_open(
    with_driver: Callable[[Driver | None], None],
) -> None:
    driver = Driver()
    with_driver(driver)

    def waits() -> None:
        raise RuntimeError("operation not permitted when stream is capturing")

    assert recorded(cast(Any, Stream()), waits) is None
    assert driver.calls == ["cuStreamBeginCapture_v2", "cuStreamEndCapture"]


@pytest.mark.weights
class TestOnAGpu:
    pytestmark = gpu

    @pytest.mark.parametrize(
        ("model_id", "role"), [("blazepose-full", "landmarks"), ("blazepose-full", "detector"), ("selfie", "mask")]
    )
    def test_networks_are_recorded_and_give_what_they_gave(self, library: Library, model_id: str, role: str) -> None:
        files = library.fetch(model_id)
        model = OnnxModel(files.get(role) or next(iter(files.values())), CUDA)
        ((name, shape),) = model.inputs.items()
        random = np.random.default_rng(0)
        feeds = [random.random([side if isinstance(side, int) else 1 for side in shape], np.float32) for _ in range(6)]
        plain = [model.run({name: feed}) for feed in feeds]
        replayed = [download(*model.run_tensors({name: torch.from_numpy(feed).to(CUDA)})) for feed in feeds]
        assert isinstance(model._lease.session()._replay, Replay)
        for one, other in zip(plain[2:], replayed[2:], strict=True):
            for before, after in zip(one, other, strict=True):
                np.testing.assert_allclose(after, before, rtol=0, atol=2e-2 * max(1.0, float(np.abs(before).max())))

    def test_others_may_take_memory_while_one_records(self, library: Library) -> None:
        """With onnxruntime's own recording, whoever does so then fails."""
        from threading import Event, Thread

        done, faults = Event(), []

        def takes() -> None:
            try:
                while not done.is_set():
                    torch.empty(64 << 20, dtype=torch.uint8, device=CUDA)
                    torch.cuda.empty_cache()
            except RuntimeError as fault:
                faults.append(fault)

        thread = Thread(target=takes)
        thread.start()
        try:
            model = OnnxModel(library.fetch("blazepose-full")["landmarks"], CUDA, precision="fp32")
            ((name, shape),) = model.inputs.items()
            for _ in range(4):
                model.run_tensors({name: torch.rand(cast(Any, shape), device=CUDA)})
        finally:
            done.set()
            thread.join()
        assert faults == []
        assert isinstance(model._lease.session()._replay, Replay)

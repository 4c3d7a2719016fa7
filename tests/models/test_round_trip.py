"""From a picture to what a network says of it, recorded: with a stand-in for the recording, and on a GPU as it is."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast
from unittest.mock import Mock

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper

from nodeflow.models import Library, OnnxModel, onnx_session
from nodeflow.models.layout import Layout
from nodeflow.models.looks import DeviceLook, HostLook, Sight
from nodeflow.models.pipelines.people import BlazePose as Settings
from nodeflow.models.pose.settling import Settled
from nodeflow.models.round_trip import WHOLE, Trip, Trips
from nodeflow.models.squares import Square
from nodeflow.values import Image

from .on_host import AtOnce

torch = pytest.importorskip("torch")

CUDA = "cuda:0"
Frames = Callable[..., Iterator[Image]]
OUTPUTS = {"sum": ((1,), "float32"), "shape": ((2,), "int64")}
types = st.sampled_from(["float32", "float16", "uint8", "int64", "bool"])
shapes = st.lists(st.integers(0, 5), max_size=3).map(tuple)


@given(st.dictionaries(st.text(max_size=3), st.tuples(shapes, types), max_size=5))
def test_tensors_in_one_block_are_apart_and_as_on_the_host(outputs: dict[str, Any]) -> None:
    layout = Layout(outputs)
    block = torch.zeros(layout.size, dtype=torch.uint8)
    tensors, arrays = layout.tensors(block), layout.arrays(block.numpy())
    for number, tensor in enumerate(tensors.values()):
        tensor.fill_(number)
    for number, (name, (shape, dtype)) in enumerate(outputs.items()):
        assert arrays[name].shape == tensors[name].shape == shape
        assert arrays[name].dtype == dtype == str(tensors[name].dtype).removeprefix("torch.")
        assert (arrays[name] == np.array(number).astype(dtype)).all()


def cut(picture: Any, numbers: Any) -> Any:
    """The sum of one row and of one column, which come as numbers."""
    row, column = numbers
    rows, columns = (torch.arange(side) for side in picture.shape[1:])
    levels = picture[0].float()
    return torch.stack(((levels * (rows == row)[:, None]).sum(), (levels * (columns == column)).sum()))


def network(feed: Any, into: Any) -> None:
    into["sum"].copy_(feed.sum()[None])
    into["shape"].copy_(feed.long())


def picture(high: int = 4, wide: int = 3, seed: int = 0) -> Any:
    return torch.from_numpy(np.random.default_rng(seed).integers(0, 256, (3, high, wide)).astype(np.uint8))


def read(outputs: Any) -> Any:
    """The sum and twice the parts, these first."""
    total, parts = outputs
    return parts * 2, total


@pytest.fixture
def lane() -> Any:
    return AtOnce()


def test_a_trip_gives_what_the_cut_the_network_and_the_reading_give(lane: Any) -> None:
    trip = Trip.of(lane, OUTPUTS, cut, read, picture(), (1.0, 2.0), network)
    assert trip is not None
    for seed, (row, column) in enumerate([(0, 0), (3, 2), (1, 1)]):
        shown = picture(seed=seed)
        trip.launch(shown, (float(row), float(column)))
        twice, total = trip.wait()
        expected = [int(shown[0, row].sum()), int(shown[0, :, column].sum())]
        assert twice.tolist() == [2 * each for each in expected]
        assert total.tolist() == [sum(expected)]


def test_what_reads_a_picture_is_waited_for_when_the_rest_cannot_be_queued(lane: Any) -> None:
    trip = Trip.of(lane, OUTPUTS, cut, read, picture(), (1.0, 2.0), network)
    assert trip is not None
    waited = lane.synchronize = Mock()
    lane.set = Mock(side_effect=RuntimeError("error 700"))
    with pytest.raises(RuntimeError, match="700"):
        trip.launch(picture(), (0.0, 0.0))
    assert waited.called


class Seen(torch.overrides.TorchFunctionMode):  # type: ignore[misc,name-defined]
    """Where the tensors lie that torch makes inside."""

    def __init__(self) -> None:
        super().__init__()
        self.made: list[Any] = []

    def __torch_function__(self, call: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        made = call(*args, **(kwargs or {}))
        if isinstance(made, torch.Tensor) and call is not torch.Tensor.copy_:
            self.made.append(weakref.ref(made))
        return made


class Watched(AtOnce):
    """Writes down where the tensors lie that are made while it records."""

    def __init__(self) -> None:
        super().__init__()
        self.made: list[list[Any]] = []

    def record(self, queue: Callable[[], object]) -> Callable[[], None] | None:
        with Seen() as mode:
            queue()
        self.made.append(mode.made)
        return super().record(queue)


def test_what_a_recording_writes_to_stays_and_nothing_else_does() -> None:
    lane = Watched()
    runs = lane.made

    def watched(shown: Any, numbers: Any) -> Any:
        with Seen() as mode:
            made = cut(shown, numbers)
        runs.append(mode.made)
        return made

    trip = Trip.of(cast(Any, lane), OUTPUTS, watched, read, picture(), (1.0, 2.0), network)
    assert trip is not None
    trip.launch(picture(), (0.0, 0.0))
    gc.collect()
    alive = [bool(made) and all(each() is not None for each in made) for made in runs]
    assert [len(made) > 5 for made in runs] == [True] * len(runs)
    # The plain run, the one that takes memory, the one that is recorded (twice seen), those that hold it to plain ones.
    assert alive == [False, False, True, True, *[False] * (len(runs) - 4)]


class TestWhatIsRecorded:
    @pytest.fixture(autouse=True)
    def made(self) -> list[str]:
        self.trips = Trips()
        self.asked: list[str] = []
        return self.asked

    def ask(self, way: str, high: int = 4, made: str | None = "a trip") -> Any:
        def record() -> Any:
            self.asked.append(f"{way} {high}")
            return made

        return self.trips.of(cast(Any, way), picture(high), record)

    def test_it_is_what_comes_twice_in_a_row(self) -> None:
        assert self.ask("a") is None
        assert self.ask("a") == self.ask("a") == "a trip"
        assert self.asked == ["a 4"]

    def test_another_size_or_another_cut_is_another_trip(self) -> None:
        answers = [self.ask(*each) for each in [("a", 4), ("a", 5), ("b", 5), ("a", 4), ("a", 4)]]
        assert answers == [None, None, None, None, "a trip"]

    def test_what_cannot_be_recorded_is_tried_once(self) -> None:
        assert [self.ask("a", made=None) for _ in range(5)] == [None] * 5
        assert self.asked == ["a 4"]

    def test_who_asks_for_something_else_each_time_is_left_alone(self) -> None:
        for high in range(1, 20):
            self.ask("a", high)
            self.ask("a", high)
        assert len(self.asked) == Trips.MOST


def whole(path: Path, length: int | str = 2) -> Path:
    """y = 2 x and z = -x, of a fixed length or of any."""
    x, y, z = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [length]) for name in "xyz")
    nodes = [helper.make_node("Add", ["x", "x"], ["y"]), helper.make_node("Neg", ["x"], ["z"])]
    graph = helper.make_graph(nodes, "whole", [x], [y, z])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return path


@pytest.fixture
def as_on_a_gpu(monkeypatch: pytest.MonkeyPatch) -> Callable[[OnnxModel], list[str]]:
    """Make a session take its steps for a GPU: it writes down its recordings, and its stream does all at once."""

    @contextmanager
    def entered(stream: object) -> Iterator[None]:
        yield

    def prepare(model: OnnxModel) -> list[str]:
        made: list[str] = []

        class Recorded(Trip):
            @classmethod
            def of(cls, *given: Any, **_: Any) -> Trip | None:
                made.append("recorded")
                return Trip.of(*given)

        session = model._lease.session()
        monkeypatch.setattr(torch.cuda, "stream", entered)
        monkeypatch.setattr(torch.Tensor, "record_stream", lambda *_: None)
        monkeypatch.setattr(torch.cuda, "current_stream", lambda device: AtOnce())
        monkeypatch.setattr(session, "_lane", AtOnce())
        monkeypatch.setattr(session, "_stream", session._lane)
        monkeypatch.setattr(session, "_replay", "later")
        monkeypatch.setattr(onnx_session, "Trip", Recorded)
        return made

    return prepare


@pytest.mark.parametrize("outputs", [None, ["z"], ["z", "y"]], ids=str)
def test_a_session_records_its_second_trip_and_says_the_same(
    tmp_path: Path, as_on_a_gpu: Callable[[OnnxModel], list[str]], outputs: list[str] | None
) -> None:
    model = OnnxModel(whole(tmp_path / "whole.onnx"), "cpu")
    made = as_on_a_gpu(model)
    trip = model.round_trip(WHOLE, outputs)
    for seed, place in enumerate([0, 1, 2, 1]):
        shown = picture(seed=seed)
        expected = cut(shown, (place, place)).numpy()
        answers = {"y": (2 * expected).tolist(), "z": (-expected).tolist()}
        assert [each.tolist() for each in trip(cut, shown, (place, place))] == [
            answers[name] for name in outputs or ("y", "z")
        ]
    assert made == ["recorded"]


def test_outputs_of_any_length_are_not_recorded(tmp_path: Path, as_on_a_gpu: Callable[[OnnxModel], list[str]]) -> None:
    model = OnnxModel(whole(tmp_path / "whole.onnx", "n"), "cpu")
    made = as_on_a_gpu(model)
    trip = model.round_trip(WHOLE)
    for _ in range(3):
        assert trip(cut, picture(), (0, 0))[0].shape == (2,)
    assert made == []


def test_a_recording_goes_with_its_look(tmp_path: Path, as_on_a_gpu: Callable[[OnnxModel], list[str]]) -> None:
    model = OnnxModel(whole(tmp_path / "whole.onnx"), "cpu")
    as_on_a_gpu(model)
    trip = model.round_trip(WHOLE)
    for _ in range(2):
        trip(cut, picture(), (0, 0))
    (trips,) = model._lease.session()._trips.values()
    kept = weakref.ref(cast(Any, trips._trip))
    del trips, trip
    gc.collect()
    assert kept() is None


on_gpu = [pytest.mark.gpu, pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA GPU")]


@pytest.mark.weights
@pytest.mark.parametrize("device", ["cpu", pytest.param(CUDA, marks=on_gpu)])
@pytest.mark.parametrize("role", ["landmarks", "detector"])
def test_a_recorded_look_sees_what_the_host_sees(
    library: Library, frames_of: Frames, role: str, device: str, as_on_a_gpu: Callable[[OnnxModel], list[str]]
) -> None:
    path = library.fetch("blazepose-full")[role]
    pipeline = cast(Settings, library.card("blazepose-full").pipeline)
    sights = {
        "landmarks": Sight(pipeline.landmark_size, "extended", scale=1 / 255),
        "detector": Sight(pipeline.detector_size, "turned", scale=1 / 127.5, shift=-1.0),
    }
    there = OnnxModel(path, device, precision="fp32")
    if device == "cpu":
        as_on_a_gpu(there)
    reading = Settled(39, 35, pipeline.landmark_size, pipeline.heatmap_score) if role == "landmarks" else WHOLE
    on_gpu = DeviceLook(there, sights[role], None, reading)
    on_host = HostLook(OnnxModel(path, "cpu"), sights[role], None, reading)
    for number, image in enumerate(frames_of("one_person", every=20)):
        width, height = image.frame.size
        square = Square.around(width, height)
        if role == "landmarks":
            square = replace(square, side=height / (1 + 0.1 * number), angle=0.2 * number)
        (ours, affine), (theirs, other) = on_gpu(image, square), on_host(image, square)
        assert affine == other
        for one, two in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(one, two, rtol=0, atol=2e-2 * max(1.0, float(np.abs(two).max())))
    (trips,) = there._lease.session()._trips.values()
    assert isinstance(trips._trip, Trip)


@pytest.mark.weights
@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA GPU")
def test_what_a_recording_writes_between_is_nobody_elses(library: Library) -> None:
    """Others take memory and fill it between two runs of the same: the answer stays."""
    model = OnnxModel(library.fetch("blazepose-full")["landmarks"], CUDA)
    look = DeviceLook(model, Sight(256, "extended", scale=1 / 255))
    image = Image(np.random.default_rng(1).integers(0, 256, (480, 640, 3)).astype(np.uint8))
    square = Square(320, 240, 300, 0.3)
    first = [each.copy() for each in [look(image, square) for _ in range(3)][-1][0]]
    torch.cuda.empty_cache()
    taken = [torch.full((size << 16,), 7.0, device=CUDA) for size in range(1, 40)]
    for before, after in zip(first, look(image, square)[0], strict=True):
        np.testing.assert_allclose(after, before, rtol=1e-5, atol=1e-5)
    assert all(bool((each == 7.0).all()) for each in taken)

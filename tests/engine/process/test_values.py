"""What crosses to a process and back is the same, read-only, and stays so."""

from __future__ import annotations

import copy
import pickle
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from nodeflow.node import Instance, NodeError, Nothing, Tick, node_type_of
from nodeflow.testing.nodes import NodeContext
from nodeflow.values import (
    Audio,
    Boolean,
    Classes,
    Color,
    Detections,
    Frame,
    Image,
    Items,
    Mask,
    Number,
    Poses,
    Skeleton,
    Table,
    Tensor,
    Text,
    Vector,
)
from tests.engine.process.desk import Desk
from tests.engine.process.parts import Keep, Kept, brighten

FEW = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
SIDE = st.integers(1, 30)
SKELETON = Skeleton("line", ("a", "b"), ((0, 1),))
FRAME = Frame.of(640, 480).cropped(10.5, 3, 20, 30)


def floats(*shape: int) -> st.SearchStrategy[Any]:
    return arrays.arrays(np.float32, shape, elements=st.floats(0, 1, width=32))


@st.composite
def images(draw: st.DrawFn) -> Image:
    """Pictures as they come: whole, mirrored views, crops of others, turned."""
    height, width = draw(SIDE), draw(SIDE)
    seed = draw(st.integers(0, 2**32 - 1))
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    form = draw(st.sampled_from(("whole", "mirrored", "turned", "crop")))
    if form == "mirrored":
        return Image(pixels[:, ::-1])
    if form == "turned":
        return Image(pixels.transpose(1, 0, 2))
    if form == "crop":
        return Image(pixels).cropped(width // 2, height // 3, width - width // 2, height - height // 3)
    return Image(pixels)


@st.composite
def found(draw: st.DrawFn) -> Detections | Poses:
    count = draw(st.integers(0, 4))
    tracks = draw(st.none() | st.just(np.arange(count)))
    if draw(st.booleans()):
        classes = np.zeros(count, np.int64)
        return Detections(draw(floats(count, 4)), draw(floats(count)), classes, ("cat",), FRAME, tracks)
    xyz = draw(st.none() | floats(count, 2, 3))
    return Poses(
        draw(floats(count, 2, 2)), draw(floats(count, 2)), SKELETON, FRAME, draw(floats(count)), xyz, track_id=tracks
    )


SHAPES = arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
PLAIN = st.none() | st.integers() | st.text()
ARRAYS = st.one_of(
    arrays.arrays(st.one_of(arrays.scalar_dtypes(), arrays.array_dtypes()), SHAPES),
    arrays.arrays(np.dtype(object), SHAPES, elements=PLAIN),
)
VIEWS = st.sampled_from((lambda a: a, lambda a: a[..., ::-1], lambda a: a.T, lambda a: a[:1]))
TENSORS = st.builds(lambda a, view: view(a) if a.ndim else a, ARRAYS, VIEWS).map(
    lambda a: Tensor(a, tuple("abcdef"[: a.ndim]))
)
VALUES = st.one_of(
    images(),
    found(),
    TENSORS,
    floats(4, 5).map(lambda a: Mask(a, Frame.of(5, 4))),
    floats(2, 9).map(lambda a: Audio(a, 44100)),
    floats(0).map(lambda a: Vector(a, "none")),
    floats(3).map(lambda a: Classes(a, ("x", "y", "z"))),
    st.builds(Text, st.text(), st.none() | st.just("en")),
    st.builds(Number, st.floats(), st.just("px")),
    st.builds(Boolean, st.booleans()),
    st.builds(Color, *[st.integers(0, 255)] * 4),
    st.lists(st.tuples(st.text(), st.none() | st.integers())).map(lambda rows: Table(("a", "b"), tuple(rows))),
    st.builds(Nothing, st.text()),
)


def same(a: Any, b: Any) -> bool:
    """Whether two values are of one type and equal in every part, and all arrays of the second are read-only."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        assert not b.flags.writeable
        if a.dtype.kind in "mM":
            a = a.astype(a.dtype.newbyteorder("="))  # numpy pickles dates in the machine's own byte order
        return (a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()) or _equal_objects(a, b)
    if isinstance(a, Image):
        return a.frame == b.frame and same(a.array, b.array)
    names = getattr(type(a), "__dataclass_fields__", None)
    if names:
        return all(same(getattr(a, name), getattr(b, name)) for name in names)
    return a == b or repr(a) == repr(b)  # nan


def _equal_objects(a: Any, b: Any) -> bool:
    return a.dtype.hasobject and repr(a.tolist()) == repr(b.tolist())


@FEW
@given(VALUES)
def test_a_value_comes_back_as_it_was(echo: Desk, value: Any) -> None:
    assert same(value, echo(value))


@pytest.fixture(scope="module")
def bright() -> Iterator[Desk]:
    desk = Desk(brighten, NodeContext())
    yield desk
    desk.instance.close()


@FEW
@given(images(), st.integers(-255, 255))
def test_a_node_gives_what_it_gives_in_the_program(bright: Desk, image: Image, by: int) -> None:
    assert same(Instance(node_type_of(brighten)).call((image,), Tick(0, 0.0), {"by": by})[0], bright(image, by=by))


def test_lists_cross_in_one_piece_and_stay_lists(bright: Desk) -> None:
    pictures = Items([Image(np.full((2, 3, 3), level, np.uint8)) for level in (1, 2)] + [Nothing("gone")])
    (out,) = bright.instance.call_for_each((pictures,), Tick(0, 0.0), {"by": 5})
    assert isinstance(out, Items)
    assert [item.array[0, 0, 0] for item in out[:2]] == [6, 7]
    assert isinstance(out[2], Nothing)


def test_a_node_that_keeps_its_inputs_and_one_that_writes_into_them(desks: Callable[..., Desk]) -> None:
    """What is kept does not change when the memory is used again; nothing can be written into."""
    desk = desks(Keep)
    sums = []
    # growing and shrinking, so that the block is replaced, and then used in part
    for side, level in ((10, 1), (400, 2), (20, 3), (900, 4), (10, 5)):
        sums.append(side * side * 3 * level)
        kept = Kept(*desk.call(Image(np.full((side, side, 3), level, np.uint8))))
        assert kept.sums.array.tolist() == sums
        assert same(kept.half, Image(np.full((side, side // 2, 3), level, np.uint8), kept.half.frame))
    with pytest.raises(Exception, match="read-only") as raised:
        desk(Image(np.zeros((4, 4, 3), np.uint8)), write=True)
    assert type(raised.value).__name__ == "ValueError"


def test_what_the_program_keeps_does_not_change_either(echo: Desk) -> None:
    pictures = [Image(np.full((side, side, 3), side % 251, np.uint8)) for side in (5, 300, 40, 700, 5)]
    kept = [echo(picture) for picture in pictures]
    assert all(same(picture, back) for picture, back in zip(pictures, kept, strict=True))


def test_each_array_has_memory_of_its_own(echo: Desk) -> None:
    mask, tall = echo((np.zeros(3, np.uint8), np.zeros(4_000_000, np.uint8)))
    assert not np.shares_memory(mask, tall)
    assert mask.base is None or mask.base.nbytes < 100


def test_a_large_array(echo: Desk) -> None:
    big = np.random.default_rng(0).integers(0, 256, 50_000_000, np.uint8)
    assert same(big, echo(big))


def test_an_input_that_cannot_cross_is_refused_and_nothing_is_lost(echo: Desk) -> None:
    pid = echo.instance.pid
    for value in (threading.Lock(), lambda: 1):
        with pytest.raises(NodeError, match="cannot cross"):
            echo(value)
    assert echo(Number(2.0)) == Number(2.0)
    assert echo.instance.pid == pid


def test_an_input_whose_class_the_process_cannot_load_is_an_error_of_that_call(echo: Desk) -> None:
    Passing = type("Passing", (), {"__reduce__": lambda self: (_only_here, ())})
    pid = echo.instance.pid
    with pytest.raises(Exception, match="only in the program"):
        echo(Passing())
    assert echo(Number(3.0)) == Number(3.0)
    assert echo.instance.pid == pid


def _only_here() -> None:
    import multiprocessing

    if multiprocessing.parent_process() is not None:
        raise LookupError("it is there only in the program")


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda image: pickle.loads(pickle.dumps(image))])
def test_an_image_can_be_copied_and_pickled(copied: Callable[[Image], Image]) -> None:
    image = Image(np.arange(36, dtype=np.uint8).reshape(3, 4, 3), Frame.of(8, 6).cropped(1, 2, 4, 3))
    again = copied(image)
    assert same(image, again)


def test_an_image_on_a_device_crosses_in_its_host_form(echo: Desk) -> None:
    import torch

    tensor = torch.arange(36, dtype=torch.uint8).reshape(3, 3, 4)
    image = Image.from_tensor(tensor)
    assert np.array_equal(echo(image).array, tensor.numpy().transpose(1, 2, 0))
    assert image.downloads == 1


def test_no_shared_memory_is_an_error_and_not_a_crash(echo: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small /dev/shm, as containers have: writing to memory that is not there would end the program."""
    import errno

    def full(fd: int, start: int, size: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.posix_fallocate", full)
    with pytest.raises(NodeError, match="no shared memory for 88 MB") as raised:
        echo(np.zeros(82_000_000, np.uint8))
    assert "/dev/shm" in raised.value.hint
    assert echo(Number(4.0)) == Number(4.0)
    assert same(np.ones(1000), echo(np.ones(1000)))

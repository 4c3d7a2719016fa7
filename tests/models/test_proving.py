"""Files of strangers are opened in a process of their own first: what would bring the program down ends there."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import NodeProto, helper, numpy_helper

from nodeflow.models import BadModel, Cancelled, Library, ModelError, open_task, proving
from nodeflow.models.adding import add_model
from nodeflow.models.cache import Cache
from nodeflow.models.proving import prove
from nodeflow.models.watch import Watch
from nodeflow.testing.nodes import NodeContext, run_node
from nodeflow.values import Image
from nodes.models.onnx import OnnxNode

from .conftest import Shop
from .networks import info, mirror, saved

LINUX = pytest.mark.skipif("sys.platform != 'linux'", reason="memory is limited on Linux only")
HUGE = (1 << 16, 1 << 16)  # 16 GB as float32
node = helper.make_node


def _constant(name: str, value: Any, kind: Any = np.int64) -> Any:
    return numpy_helper.from_array(np.array(value, kind), name)


SHAPE, ONE = _constant("s", HUGE), _constant("one", [[1]], np.float32)
BOMBS: dict[str, tuple[list[NodeProto], list[Any]]] = {
    "ConstantOfShape": ([node("ConstantOfShape", ["s"], ["b"])], [SHAPE]),
    "Expand": ([node("Expand", ["one", "s"], ["b"])], [SHAPE, ONE]),
    "Pad": ([node("Pad", ["one", "p"], ["b"])], [ONE, _constant("p", [0, 0, *HUGE])]),
    "Resize": (
        [node("Resize", ["four", "", "by"], ["b"])],
        [_constant("four", np.ones((1, 1, 2, 2)), np.float32), _constant("by", [1, 1, *HUGE], np.float32)],
    ),
    "Range": (
        [node("Range", ["from", "to", "by"], ["i"]), node("Cast", ["i"], ["b"], to=1)],
        [_constant("from", 0), _constant("to", 1 << 32), _constant("by", 1)],
    ),
    "an input, expanded": (
        [node("Expand", ["x", "more"], ["b"])],
        [_constant("more", [1 << 26, 3, 8, 8])],
    ),
    "many of half a gigabyte": (
        [node("ConstantOfShape", ["part"], [f"b{i}"]) for i in range(8)]
        + [node("Concat", [f"b{i}" for i in range(8)], ["b"], axis=0)],
        [_constant("part", [1 << 27])],
    ),
}


def bomb(path: Path, name: str) -> Path:
    """Adds the sum of something huge to a picture of 8x8."""
    nodes, weights = BOMBS[name]
    sums = [node("ReduceSum", ["b"], ["r"], keepdims=0), node("Add", ["x", "r"], ["y"])]
    return saved(path, [*nodes, *sums], [info("x", (1, 3, 8, 8))], [info("y", (1, 3, 8, 8))], weights)


@LINUX
@pytest.mark.parametrize("name", BOMBS)
def test_a_file_that_asks_for_all_memory_is_refused(name: str, tmp_path: Path) -> None:
    path = bomb(tmp_path / "bomb.onnx", name)
    assert path.stat().st_size < 2000
    with pytest.raises(
        BadModel, match=r"asks for more than 2\.1 GB of memory, though it has 1 kB.*Choose another file"
    ):
        prove(path, Cache(tmp_path / "cache"), Watch())
    assert [each for each in (tmp_path / "cache").rglob("*") if each.is_file()] == []


@LINUX
def test_no_way_to_a_strangers_file_goes_around_it(tmp_path: Path) -> None:
    path = bomb(tmp_path / "bomb.onnx", "an input, expanded")
    picture = Image(np.zeros((8, 8, 3), np.uint8))
    with pytest.raises(BadModel, match="asks for more"):
        run_node(OnnxNode, picture, ctx=NodeContext(tmp_path), file="bomb.onnx")
    library = Library(cache=tmp_path / "cache", folders=(tmp_path / "cards",))
    with pytest.raises(BadModel, match="asks for more"):
        add_model(str(path), library, folder=tmp_path / "cards")
    assert not list((tmp_path / "cards").glob("*"))


def test_models_of_other_peoples_cards_are_tried_and_our_own_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, tried = Library(cache=tmp_path / "cache", folders=(tmp_path / "cards",)), list[Path]()
    added = add_model(str(mirror(tmp_path / "m.onnx", (1, 3, 8, 8))), library, folder=tmp_path / "cards")
    monkeypatch.setattr(sys.modules["nodeflow.models.library"], "_library", library)
    monkeypatch.setattr("nodeflow.models.opening.prove", lambda path, *_: tried.append(path))
    open_task("onnx-model", added.id).close()
    assert [path.name for path in tried] == ["m.onnx"]
    monkeypatch.setattr("nodeflow.models.opening.BUILT_IN", tmp_path / "cards")
    open_task("onnx-model", added.id).close()
    assert len(tried) == 1


@pytest.mark.parametrize("runtime", ["torch", "numpy", "onnxruntime"])
def test_whatever_runtime_a_card_names_a_strangers_archive_is_tried(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, runtime: str
) -> None:
    (shop.folder / "m.pt2").write_bytes(b"an archive")
    files = {"m.pt2": (b"an archive", [{"kind": "file", "path": str(shop.folder / "m.pt2")}])}
    told: dict[str, object] = {"task": "torch-model", "outputs": ["Tensor"], "runtime": runtime, "networks": {}}
    shop.card("m", files, pipeline={"kind": "any-torch"}, assets={"model": "m.pt2"}, **told)
    tried: list[str] = []
    monkeypatch.setattr(sys.modules["nodeflow.models.library"], "_library", shop.library)
    monkeypatch.setattr("nodeflow.models.opening.prove", lambda path, *_: tried.append(path.name))
    with pytest.raises(BadModel, match="is no torch archive"):
        open_task("torch-model", "m")
    assert tried == ["m.pt2"]


def test_a_file_that_opens_is_tried_once_until_it_is_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    began: list[Any] = []
    plain = subprocess.Popen

    def counted(*args: Any, **more: Any) -> Any:
        began.append(args)
        return plain(*args, **more)

    monkeypatch.setattr(subprocess, "Popen", counted)
    path, cache = mirror(tmp_path / "m.onnx", (1, 3, "h", "w")), Cache(tmp_path / "cache")
    for _ in range(3):
        prove(path, cache, Watch())
    assert len(began) == 1
    mirror(path, (1, 3, 16, 16))
    prove(path, cache, Watch())
    assert len(began) == 2


@pytest.fixture
def acts(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """`acts(code)`: the process that opens a model runs this instead."""
    plain = subprocess.Popen

    def put(code: str) -> None:
        def other(command: list[str], **more: Any) -> Any:
            return plain([command[0], "-c", code, *command[3:]], **more)

        monkeypatch.setattr(subprocess, "Popen", other)

    return put


def test_a_crash_is_told(acts: Callable[[str], None], tmp_path: Path) -> None:
    acts("import os; os.abort()")
    with pytest.raises(BadModel, match=r"crashes what opens it \(code"):
        prove(mirror(tmp_path / "m.onnx", (1, 3, 8, 8)), Cache(tmp_path / "cache"), Watch())


def test_what_opens_for_ever_is_given_up_and_what_runs_for_ever_is_not_refused(
    acts: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, cache = mirror(tmp_path / "m.onnx", (1, 3, 8, 8)), Cache(tmp_path / "cache")
    acts("import sys, time; open(sys.argv[3], 'w').write('opened '); time.sleep(600)")
    monkeypatch.setattr(proving, "RUN_SECONDS", 0.0)
    prove(path, cache, Watch())
    acts("import time; time.sleep(600)")
    monkeypatch.setattr(proving, "OPEN_SECONDS", 0.0)
    with pytest.raises(BadModel, match="does not open within 0 seconds"):
        prove(mirror(tmp_path / "other.onnx", (1, 3, 8, 8)), cache, Watch())


def test_a_cancel_ends_it(acts: Callable[[str], None], tmp_path: Path) -> None:
    acts("import time; time.sleep(600)")
    path = mirror(tmp_path / "m.onnx", (1, 3, 8, 8))
    with pytest.raises(Cancelled):
        prove(path, Cache(tmp_path / "cache"), Watch(cancelled=lambda: True))


def test_what_onnxruntime_refuses_is_refused_in_its_words_without_its_file_names(tmp_path: Path) -> None:
    strange = saved(
        tmp_path / "m.onnx", [node("Evil", ["x"], ["y"], domain="evil")], [info("x", (1, 3, 8, 8))], [info("y", None)]
    )
    with pytest.raises(BadModel, match=r"cannot be opened as a model: [^\[/]*evil") as caught:
        prove(strange, Cache(tmp_path / "cache"), Watch())
    assert "ONNXRuntimeError" not in str(caught.value)
    assert isinstance(caught.value, ModelError)

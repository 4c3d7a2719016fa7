"""What is converted is kept, and what no longer matches its sha256 is made again."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from nodeflow.models import BadModel, Cancelled, apart
from nodeflow.models import convert as convert_module
from nodeflow.models.importers import ImportFailed
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.watch import Watch

from .conftest import FILES, NETWORK, Shop, wheel_source
from .stand_in_importer import Importer


def test_a_model_is_converted_once_with_its_files_side_by_side(stocked: Shop, importer: Importer) -> None:
    first = stocked.library.fetch("m")["pose"]
    second = stocked.library.fetch("m")["pose"]
    assert first == second
    assert importer.given == [("m.json", {"m.json", "m.bin"}, {"x": (2,)})]
    assert OnnxModel(first, "cpu").run({"x": np.zeros(2, np.float32)})[0][0] == 1
    assert stocked.left_behind() == []


@pytest.mark.parametrize("damage", [lambda data: data[:-3], lambda data: data + b"x", lambda data: b""])
def test_a_damaged_conversion_is_noticed_and_made_again(
    stocked: Shop, importer: Importer, damage: Callable[[bytes], bytes]
) -> None:
    path = stocked.library.fetch("m")["pose"]
    good = path.read_bytes()
    path.write_bytes(damage(good))
    assert stocked.library.fetch("m")["pose"].read_bytes() == good
    assert len(importer.given) == 2


def test_a_conversion_without_its_seal_is_made_again(stocked: Shop, importer: Importer) -> None:
    path = stocked.library.fetch("m")["pose"]
    path.with_name(path.name + ".sha256").unlink()
    stocked.library.fetch("m")
    assert len(importer.given) == 2


def test_new_importer_code_converts_anew(stocked: Shop, importer: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    before = stocked.library.fetch("m")["pose"]
    monkeypatch.setattr(convert_module, "_importer_digest", lambda: "another")
    assert stocked.library.fetch("m")["pose"] != before
    assert len(importer.given) == 2


def test_a_failed_conversion_is_told_and_leaves_nothing(stocked: Shop, importer: Importer) -> None:
    importer.error = ImportFailed(Path("m.json"), "the graph", "is damaged", "Fetch it again.")
    with pytest.raises(BadModel, match="is damaged"):
        stocked.library.fetch("m")
    assert stocked.left_behind() == []
    assert not list((stocked.library.cache.folder / "onnx").rglob("*.onnx"))
    importer.error = None
    assert stocked.library.fetch("m")["pose"].exists()


def test_only_the_outputs_that_a_card_names_are_kept(stocked: Shop, importer: Importer) -> None:
    stocked.card("less", FILES, networks={"pose": {**NETWORK, "outputs": ["z"]}})
    model = OnnxModel(stocked.library.fetch("less")["pose"], "cpu")
    assert list(model.outputs) == ["z"]
    stocked.card("wrong", FILES, networks={"pose": {**NETWORK, "outputs": ["nothing"]}})
    with pytest.raises(BadModel, match="nothing"):
        stocked.library.fetch("wrong")


def test_a_model_that_is_junk_fails_when_converted_and_says_so(shop: Shop) -> None:
    shop.wheel("thing", "1.0", {"m.tflite": b"junk" * 100})
    shop.card("m", {"m.tflite": (b"junk" * 100, [wheel_source("thing", "1.0", "m.tflite")])})
    with pytest.raises(BadModel, match=r"m\.tflite"):
        shop.library.fetch("m")
    assert shop.left_behind() == []


def test_a_converter_that_breaks_is_told_with_its_last_words(tmp_path: Path) -> None:
    job = apart.Job("gone.tflite", "made.onnx", {}, "no such architecture", ())
    with pytest.raises(BadModel, match=r"gone\.tflite"):
        apart.convert_apart(job, tmp_path, Watch())
    assert not (tmp_path / "made.onnx").exists()


def test_a_cancel_ends_the_converter(tmp_path: Path) -> None:
    (tmp_path / "m.tflite").write_bytes(b"junk")
    asked = iter([False, True])
    with pytest.raises(Cancelled):
        apart.convert_apart(apart.Job("m.tflite", "m.onnx", {}, "", ()), tmp_path, Watch(cancelled=lambda: next(asked)))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of a process")
def test_a_file_that_asks_for_too_much_memory_is_told(tmp_path: Path) -> None:
    greedy = "apart.convert_here = lambda *_: bytearray(2 * 10**9)"
    code = f"from nodeflow.models import apart; apart.ROOM = 10**9; {greedy}; raise SystemExit(apart.main())"
    (tmp_path / "m.tflite").write_bytes(b"x" * 4000)
    job = json.dumps(asdict(apart.Job("m.tflite", "made.onnx", {}, "", ())))
    ran = subprocess.run([sys.executable, "-c", code, str(tmp_path), job], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (1, "")
    says = (tmp_path / "refused").read_text("utf-8")
    assert (
        says == "m.tflite asks for more than 1.0 GB of memory to be converted, though it has 4 kB; choose another model"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows is told when the process starts")
def test_a_converter_comes_behind_what_runs(tmp_path: Path) -> None:
    code = "import os; os.nice = lambda by: print('nice', by); from nodeflow.models.apart import main; main()"
    job = json.dumps(asdict(apart.Job("no.tflite", "made.onnx", {}, "", ())))
    ran = subprocess.run([sys.executable, "-c", code, str(tmp_path), job], capture_output=True, text=True, check=False)
    assert ran.stdout.startswith("nice 10")

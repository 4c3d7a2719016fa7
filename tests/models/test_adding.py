"""Cards made of model files: what the file says, and honesty about the rest."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest

from nodeflow.cli import main
from nodeflow.models import BadModel, FetchFailed, Library, ModelError, open_task
from nodeflow.models.adding import UNKNOWN, add_model
from nodeflow.testing.nodes import NodeContext, run_node
from nodeflow.values import Classes, Image
from nodes.models.onnx import OnnxNode

from .networks import says
from .website import Site

LOGITS = np.array([[0.1, 3.0, 0.2]], np.float32)
PICTURE = Image(np.zeros((20, 30, 3), np.uint8))


def _nodeflow(words: list[str]) -> int:
    return main(lambda *_: 1, words)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """A library of a person who has no cards yet; it is the one that nodes ask."""
    monkeypatch.setenv("NODEFLOW_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("NODEFLOW_CACHE", str(tmp_path / "cache"))
    shelf = Library()
    monkeypatch.setattr(sys.modules["nodeflow.models.library"], "_library", shelf)
    return shelf


def test_a_card_says_what_the_file_says_and_that_nobody_stated_the_rest(shelf: Library, tmp_path: Path) -> None:
    path = says(tmp_path / "My Kinds (v2).onnx", {"logits": LOGITS})
    added = add_model(str(path), shelf)
    assert (added.id, added.card_file) == ("my-kinds-v2", tmp_path / "config" / "models" / "my-kinds-v2.toml")
    card = shelf.card("my-kinds-v2")
    assert (card.inputs, card.outputs, card.task, card.runtime) == (
        ("Image",),
        ("Classes",),
        "onnx-model",
        "onnxruntime",
    )
    assert {getattr(card, name) for name in UNKNOWN} == {"Not stated"}
    assert (card.commercial_use, card.limits, card.checked) == ("unclear", "Not studied.", False)
    assert card.size == path.stat().st_size
    assert "images (float32 1x3x64x64) -> logits (float32 1x3)" in card.summary
    assert shelf.problems() == []
    assert "nodeflow models add" in added.card_file.read_text()


def test_the_node_opens_it_by_its_id(shelf: Library, tmp_path: Path) -> None:
    add_model(str(says(tmp_path / "kinds.onnx", {"logits": LOGITS}, names="['a', 'b', 'c']")), shelf)
    ctx = NodeContext(tmp_path)
    told = run_node(OnnxNode, PICTURE, ctx=ctx, model="kinds")
    assert isinstance(told, Classes)
    assert told.top()[0][0] == "b"
    model = open_task("onnx-model", "kinds", device="cpu")
    assert model.provider == "CPU"
    with pytest.raises(ModelError, match=r"is a model for objects, and this node takes onnx-model: kinds"):
        run_node(OnnxNode, PICTURE, ctx=ctx, model="nanodet")


def test_weights_beside_a_model_come_with_it(shelf: Library, tmp_path: Path) -> None:
    path = says(tmp_path / "big.onnx", {"logits": LOGITS})
    onnx.save(onnx.load(path), path, save_as_external_data=True, location="big.data", size_threshold=0)
    add_model(str(path), shelf)
    assert [file.name for file in shelf.card("big").files] == ["big.onnx", "big.data"]
    shelf.fetch("big")
    path.unlink()
    (tmp_path / "big.data").unlink()
    told = run_node(OnnxNode, PICTURE, ctx=NodeContext(tmp_path), model="big")
    assert told.top()[0][0] == "class 1"


def test_a_torch_archive_is_added_too(shelf: Library, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    program = torch.export.export(torch.nn.Linear(4, 2), (torch.zeros(1, 4),))
    torch.export.save(program, tmp_path / "line.pt2")
    add_model(str(tmp_path / "line.pt2"), shelf, model_id="a-line")
    card = shelf.card("a-line")
    assert (card.task, card.runtime, card.inputs, card.outputs) == ("torch-model", "torch", ("Tensor",), ("Tensor",))
    assert open_task("torch-model", "a-line", device="cpu").provider == "torch CPU"


def test_what_is_behind_an_address_is_fetched_once_and_pinned(shelf: Library, tmp_path: Path, site: Site) -> None:
    site.data = says(tmp_path / "kinds.onnx", {"logits": LOGITS}).read_bytes()
    url = site.address.replace("file.bin", "far%20kinds.onnx?download=1")
    added = add_model(url, shelf)
    assert added.id == "far-kinds"
    (file,) = shelf.card("far-kinds").files
    assert (file.sources[0].label, file.size) == (f"url {url}", len(site.data))
    assert shelf.status("far-kinds") == "ready"
    assert len(site.asked) == 1


def test_what_cannot_be_added_leaves_nothing(
    shelf: Library, tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "text.onnx").write_text("hello")
    good = says(tmp_path / "kinds.onnx", {"logits": LOGITS})
    site.script = ["404"]
    for origin, error, what in (
        (str(tmp_path / "text.onnx"), BadModel, "is no ONNX model"),
        (str(tmp_path / "gone.onnx"), BadModel, "cannot be read"),
        (str(tmp_path / "a.gguf"), BadModel, "choose an .onnx"),
        (site.address.replace("bin", "onnx"), FetchFailed, "404"),
    ):
        with pytest.raises(error, match=what):
            add_model(origin, shelf)
    assert not list((tmp_path / "config").glob("models/*"))
    with pytest.raises(ModelError, match="there is a model 'nanodet' already; give this one another id with --id"):
        add_model(str(good), shelf, model_id="nanodet")
    monkeypatch.setenv("NODEFLOW_OFFLINE", "1")
    with pytest.raises(FetchFailed, match="NODEFLOW_OFFLINE is set"):
        add_model(site.address.replace("bin", "onnx"), shelf)


def test_an_id_that_would_lead_elsewhere_writes_nothing(shelf: Library, tmp_path: Path) -> None:
    good, mine = says(tmp_path / "kinds.onnx", {"logits": LOGITS}), tmp_path / "config" / "mine.toml"
    mine.parent.mkdir()
    mine.write_text("mine")
    for strange in ("../mine", "/mine", "Mine", "a b", "-", "x" * 65):
        with pytest.raises(ModelError, match="is no id: choose small letters"):
            add_model(str(good), shelf, model_id=strange)
    assert [path.name for path in mine.parent.iterdir()] == ["mine.toml"]
    assert mine.read_text() == "mine"


def test_the_command_line_adds_lists_and_checks(
    shelf: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = says(tmp_path / "kinds.onnx", {"logits": LOGITS})
    assert _nodeflow(["models", "add", str(path)]) == 0
    said = capsys.readouterr().out
    assert "Not known: author, paper, licence" in said
    assert str(tmp_path / "config" / "models" / "kinds.toml") in said.replace("\n", "")
    assert _nodeflow(["models", "list", "--json"]) == 0
    (row,) = [each for each in json.loads(capsys.readouterr().out) if each["name"] == "kinds"]
    assert (row["commercial_use"], row["licence"], row["status"]) == ("unclear", "Not stated", "not fetched")
    assert _nodeflow(["models", "check"]) == 0
    assert "all in order" in capsys.readouterr().out
    (tmp_path / "config" / "models" / "bad.toml").write_text('id = "bad"\n')
    assert _nodeflow(["models", "check"]) == 1
    assert "bad.toml: title" in capsys.readouterr().out

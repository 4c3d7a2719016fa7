"""`nodeflow models` on a library of one model, whose file lies on this machine."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from nodeflow.cli import main
from nodeflow.cli.tables import table
from nodeflow.models import Library
from tests.models.conftest import Shop
from tests.models.conftest import shop as shop
from tests.models.networks import mirror


@pytest.fixture
def one(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Library:
    """The library of this process knows "m" alone, which nobody may use commercially."""
    data = mirror(shop.folder / "m.onnx", (1, 3, 8, 8)).read_bytes()
    source = {"kind": "file", "path": str(shop.folder / "m.onnx")}
    shop.card("m", {"m.onnx": (data, [source])}, title="Mirror", licence="CC-BY-NC-4.0", commercial_use="no")
    monkeypatch.setattr(sys.modules["nodeflow.models.library"], "_library", shop.library)
    return shop.library


def _say(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(lambda path, device, start: 7, ("models", *words))
    return code, *capsys.readouterr()


def test_the_licence_is_said_before_the_download_and_not_where_there_is_none(
    one: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = _say(capsys, "get", "m")
    assert code == 0
    assert out.startswith("m: pose: ")
    assert err.splitlines()[0] == "Mirror: downloading 1 kB. Licence: CC-BY-NC-4.0; not for commercial use"
    assert _say(capsys, "get", "m")[2] == ""


def test_a_damaged_file_is_told_with_the_way_to_mend_it(one: Library, capsys: pytest.CaptureFixture[str]) -> None:
    assert _say(capsys, "verify") == (0, "", "no model was fetched yet\n")
    one.fetch("m")["pose"].write_bytes(b"x")
    code, out, _ = _say(capsys, "verify", "m")
    assert (code, out) == (1, "m: m.onnx: damaged; `nodeflow models get m` fetches it anew\n")
    assert _say(capsys, "get", "m")[0] == 0
    assert _say(capsys, "verify", "m")[:2] == (0, "m: m.onnx: good\n")


def test_nothing_is_removed_where_one_name_is_wrong(one: Library, capsys: pytest.CaptureFixture[str]) -> None:
    one.fetch("m")
    code, _, err = _say(capsys, "remove", "m", "n")
    assert code == 1
    assert "'n'" in err
    assert one.status("m") == "ready"
    assert _say(capsys, "remove", "--unused", "5") == (0, "", "no model was unused for 5 days\n")
    assert _say(capsys, "remove", "m")[0] == 0
    assert one.status("m") == "not fetched"


def test_a_card_of_ones_own_stays_and_it_is_said_where(
    one: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NODEFLOW_CONFIG", str(tmp_path / "config"))
    one.folders = (*one.folders, tmp_path / "config" / "models")
    assert _say(capsys, "add", str(mirror(tmp_path / "mine.onnx", (1, 3, 16, 16))))[0] == 0
    assert f"stays: {tmp_path / 'config' / 'models' / 'mine.toml'}" in _say(capsys, "remove", "mine")[1]


def test_columns_are_as_wide_as_what_stands_in_them() -> None:
    rows = [("", "a", "task", "1 MB", "t"), ("*", "longer", "x", "100 MB", "title")]
    assert list(table(rows, right=(3,))) == ["   a       task    1 MB  t", "*  longer  x     100 MB  title"]


def test_models_are_found_by_words_best_first(one: Library, shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.card("n", {"n.onnx": (b"n", [{"kind": "file", "path": "n"}])}, title="Two people", words=["sprites"])
    listed = [line.split()[0] for line in _say(capsys, "list", "people", "sprites")[1].splitlines()[1:]]
    assert listed == ["n"]
    assert [each["name"] for each in json.loads(_say(capsys, "list", "mirror", "--json")[1])] == ["m"]
    assert [line.split()[0] for line in _say(capsys, "list", "image to poses")[1].splitlines()[1:]] == ["m", "n"]
    assert _say(capsys, "list", "--licence", "permissive", "mirror")[2] == "no model fits 'mirror'\n"

"""`nodeflow models`: on a library of one model, whose file lies on this machine, and on that of everybody."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from nodeflow.cli.tables import table
from nodeflow.models import Library
from tests.models.conftest import Shop, held_elsewhere
from tests.models.conftest import shop as shop
from tests.models.networks import mirror

from .graphs import Say


@pytest.fixture
def one(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Library:
    """The library of this process knows "m" alone, which nobody may use commercially."""
    data = mirror(shop.folder / "m.onnx", (1, 3, 8, 8)).read_bytes()
    source = {"kind": "file", "path": str(shop.folder / "m.onnx")}
    shop.card("m", {"m.onnx": (data, [source])}, title="Mirror", licence="CC-BY-NC-4.0", commercial_use="no")
    monkeypatch.setattr(sys.modules["nodeflow.models.library"], "_library", shop.library)
    return shop.library


def test_the_licence_is_said_before_the_download_and_not_where_there_is_none(one: Library, say: Say) -> None:
    code, out, err = say("models", "get", "m")
    assert code == 0
    assert out.startswith("m: pose: ")
    assert err.splitlines()[0] == "Mirror: downloading 1 kB. Licence: CC-BY-NC-4.0; not for commercial use"
    assert say("models", "get", "m")[2] == ""


def test_a_damaged_file_is_told_with_the_way_to_mend_it(one: Library, say: Say) -> None:
    assert say("models", "verify") == (0, "", "no model was fetched yet\n")
    one.fetch("m")["pose"].write_bytes(b"x")
    code, out, _ = say("models", "verify", "m")
    assert (code, out) == (1, "m: m.onnx: damaged; `nodeflow models get m` fetches it anew\n")
    assert say("models", "get", "m")[0] == 0
    assert say("models", "verify", "m")[:2] == (0, "m: m.onnx: good\n")


def test_nothing_is_removed_where_one_name_is_wrong(one: Library, say: Say) -> None:
    one.fetch("m")
    code, _, err = say("models", "remove", "m", "n")
    assert code == 1
    assert "'n'" in err
    assert one.status("m") == "ready"
    assert say("models", "remove", "--unused", "5") == (0, "", "no model was unused for 5 days\n")
    assert say("models", "remove", "m")[0] == 0
    assert one.status("m") == "not fetched"


def test_what_another_program_has_open_is_removed_by_force_only(one: Library, say: Say) -> None:
    one.fetch("m")
    with held_elsewhere(one.cache.uses, one.card("m").files[0].short_key):
        told = "m: a NodeFlow that runs has Mirror open, so it stays: close that first, or remove it with --force\n"
        assert say("models", "remove", "m") == (1, "", told)
        assert one.status("m") == "ready"
        assert say("models", "remove", "m", "--force")[0] == 0
    assert one.status("m") == "not fetched"


def test_a_card_of_ones_own_stays_and_it_is_said_where(
    one: Library, tmp_path: Path, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NODEFLOW_CONFIG", str(tmp_path / "config"))
    one.folders = (*one.folders, tmp_path / "config" / "models")
    assert say("models", "add", str(mirror(tmp_path / "mine.onnx", (1, 3, 16, 16))))[0] == 0
    assert f"stays: {tmp_path / 'config' / 'models' / 'mine.toml'}" in say("models", "remove", "mine")[1]


def test_what_models_take_of_the_disk_is_shown_and_given_back(
    one: Library, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    one.fetch("m")
    old = one.cache.folder / "onnx" / ("0" * 16) / "old.onnx"
    old.parent.mkdir(parents=True)
    old.write_bytes(bytes(2_000_000))
    code, out, _ = say("models", "cache")
    assert code == 0
    assert out.splitlines()[0].split() == ["MODEL", "DOWNLOADED", "CONVERTED", "LAST", "USED"]
    assert out.splitlines()[1].split() == ["m", "1", "kB", "today"]
    assert out.splitlines()[-1] == "`nodeflow models prune` frees 2.0 MB"
    assert json.loads(say("models", "cache", "--json")[1])["prunable"] == 2_000_000
    assert say("models", "prune", "--dry-run")[1].splitlines()[-1] == "2.0 MB would be freed"
    assert old.exists()
    assert say("models", "prune")[1].splitlines()[-1] == "2.0 MB freed"
    assert not old.exists()
    assert one.status("m") == "ready"
    assert say("models", "prune", "--limit", "much") == (
        1,
        "",
        "nodeflow: --limit 'much' is no size: say 500MB or 2GB\n",
    )
    monkeypatch.setenv("NODEFLOW_CONVERTED_LIMIT", "much")
    assert "NODEFLOW_CONVERTED_LIMIT is 'much'" in say("models", "cache")[2]


def test_columns_are_as_wide_as_what_stands_in_them() -> None:
    rows = [("", "a", "task", "1 MB", "t"), ("*", "longer", "x", "100 MB", "title")]
    assert list(table(rows, right=(3,))) == ["   a       task    1 MB  t", "*  longer  x     100 MB  title"]


def test_models_are_found_by_words_best_first(one: Library, shop: Shop, say: Say) -> None:
    shop.card("n", {"n.onnx": (b"n", [{"kind": "file", "path": "n"}])}, title="Two people", words=["sprites"])
    listed = [line.split()[0] for line in say("models", "list", "people", "sprites")[1].splitlines()[1:]]
    assert listed == ["n"]
    assert [each["name"] for each in json.loads(say("models", "list", "mirror", "--json")[1])] == ["m"]
    assert [line.split()[0] for line in say("models", "list", "image to poses")[1].splitlines()[1:]] == ["m", "n"]
    assert say("models", "list", "--licence", "permissive", "mirror")[2] == "no model fits 'mirror'\n"


def test_models_are_listed_and_shown(say: Say) -> None:
    code, out, _ = say("models", "list", "--json")
    assert code == 0
    cards = {card["id"]: card for card in json.loads(out)}
    assert {"blazepose-lite", "blazepose-full", "blazepose-heavy", "movenet-multipose"} <= set(cards)
    assert cards["blazepose-full"]["licence"] == "Apache-2.0"
    code, out, _ = say("models", "show", "movenet-multipose")
    assert code == 0
    rows = dict(line.split(maxsplit=1) for line in out.splitlines())
    assert (rows["id"], rows["licence"], rows["size"]) == ("movenet-multipose", "Apache-2.0", "9.7 MB")
    code, out, err = say("models", "show", "blazepose-ful")
    assert (code, out) == (1, "")
    assert "blazepose-full" in err


def test_models_are_listed_by_task_family_and_licence(say: Say) -> None:
    def listed(*options: str) -> dict[str, dict[str, object]]:
        code, out, _ = say("models", "list", "--json", *options)
        assert code == 0
        return {card["name"]: card for card in json.loads(out)}

    every = listed()
    for card in every.values():
        assert {"task", "family", "default", "licence", "commercial_use", "size", "sources", "status"} <= card.keys()
        assert card["sources"]
    assert {each["family"] for each in listed("--family", "transform").values()} == {"transform"}
    assert {each["commercial_use"] for each in listed("--licence", "permissive").values()} == {"yes"}
    assert [name for name, card in listed("--task", "objects").items() if card["default"]] == ["nanodet"]
    code, _, err = say("models", "list", "--task", "tea")
    assert code == 1
    assert "'tea'" in err
    assert "pose" in err


def test_nothing_is_fetched_where_one_name_is_wrong(say: Say) -> None:
    code, out, err = say("models", "get", "nanodet", "nanodot")
    assert (code, out) == (1, "")
    assert "did you mean nanodet" in err
    code, _, err = say("models", "get")
    assert code == 1
    assert "--all-defaults" in err


def test_all_defaults_are_those_that_were_checked(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    got: list[str] = []
    monkeypatch.setattr("nodeflow.cli.models._get", lambda shelf, model_id: got.append(model_id))
    code, _, err = say("models", "get", "--all-defaults")
    assert code == 0
    assert {"blazepose-full", "hed"} <= set(got)
    assert "sd-turbo" not in got
    assert "sd-turbo" in err
    got.clear()
    assert say("models", "get", "sd-turbo", "--all-defaults")[0] == 0
    assert got[0] == "sd-turbo"


def test_a_card_plays_no_tricks_on_a_terminal(shop: Shop, say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    data = mirror(shop.folder / "m.onnx", (1, 3, 8, 8)).read_bytes()
    shop.card("m", {"m.onnx": (data, [{"kind": "file", "path": str(shop.folder / "m.onnx")}])}, title="\x1b[2JMirror")
    monkeypatch.setattr(sys.modules["nodeflow.models.library"], "_library", shop.library)
    for command in ("list",), ("show", "m"), ("get", "m"):
        code, out, err = say("models", *command)
        assert code == 0
        assert "\\u001b[2JMirror" in out + err
        assert all(char.isprintable() or char == "\n" for char in out + err)

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from nodeflow.models import CardError, Library, UnknownModel
from nodeflow.models.card_files import BUILT_IN, CARD_LIMIT, SAMPLES

from .conftest import Shop, wheel_source

POSE_MODELS = {
    *("blazepose-lite", "blazepose-full", "blazepose-heavy"),
    *("movenet-multipose", "movenet-lightning", "movenet-thunder"),
}


@pytest.fixture
def built_in(tmp_path: Path) -> Library:
    return Library(cache=tmp_path / "cache", folders=(BUILT_IN,))


def test_built_in_cards_and_samples_are_in_order(built_in: Library) -> None:
    assert built_in.problems() == []
    assert set(built_in.cards()) == set(built_in.ids())
    assert set(built_in.ids(task="pose")) >= POSE_MODELS
    assert {"one_person", "two_people", "walk", "astronaut"} <= set(built_in.samples())


def test_every_built_in_source_pins_its_archive(built_in: Library) -> None:
    files = [file for card in built_in.cards().values() for file in card.files]
    files += [file for sample in built_in.samples().values() for file in sample.files]
    assert all(getattr(source, "artifact_sha256", True) for file in files for source in file.sources)


def test_what_was_checked_is_pinned_and_comes_in_a_package(built_in: Library) -> None:
    for card in built_in.cards().values():
        if card.checked:
            assert all(file.sha256 for file in card.files), card.id
            assert all(file.sources[0].kind in ("wheel", "npm") for file in card.files), card.id


def test_what_nobody_could_pin_does_not_come_over_an_open_line(built_in: Library) -> None:
    loose = [file for card in built_in.cards().values() for file in card.files if not file.sha256]
    assert all(getattr(source, "url", "").startswith("https://") for file in loose for source in file.sources)


def test_a_file_of_a_package_needs_its_sha256(shop: Shop) -> None:
    loose = {"name": "a.onnx", "size": 9, "sources": [wheel_source("thing", "1.0", "a.onnx")]}
    shop.card("bad", {"a.onnx": (b"", [])}, files=[loose])
    with pytest.raises(CardError, match="sha256"):
        shop.library.card("bad")


def test_limits_cite_a_source_or_say_not_studied(built_in: Library) -> None:
    for card in built_in.cards().values():
        assert re.search(r"card|paper|not studied|arXiv", card.limits, re.IGNORECASE), card.id


def test_no_card_names_an_index_or_registry(built_in: Library) -> None:
    """Packages come by name, with the tools as the user has set them up; only authors' own servers have addresses."""
    for path in [*BUILT_IN.glob("*.toml"), SAMPLES]:
        lines = [line for line in path.read_text("utf-8").splitlines() if "://" in line]
        assert all(re.match(r'url = "https?://[a-z0-9.]+\.(edu|org|com)/', line) for line in lines), path
        assert not any(re.search("pypi|pythonhosted|npm", line) for line in lines), path


def test_an_empty_cache_has_nothing_ready(built_in: Library) -> None:
    assert built_in.status("blazepose-full") == "not fetched"


def test_an_unknown_model_names_its_likes(built_in: Library) -> None:
    with pytest.raises(UnknownModel, match="blazepose-full"):
        built_in.card("blazepos-full")
    with pytest.raises(UnknownModel, match="one_person"):
        built_in.asset("one-person")


def test_own_cards_stand_beside_the_built_in_ones_and_replace_them(shop: Shop, tmp_path: Path) -> None:
    one = {"a.onnx": (b"weights", [wheel_source("thing", "1.0", "a.onnx")])}
    shop.card("mine", one)
    shop.card("blazepose-full", one, title="My own")
    both = Library(cache=tmp_path / "cache", folders=(BUILT_IN, shop.cards))
    assert {"mine", "blazepose-full", "blazepose-lite"} <= set(both.cards())
    assert both.card("blazepose-full").title == "My own"


def test_a_card_that_is_gone_when_it_is_read_harms_only_itself(shop: Shop) -> None:
    shop.card("good", {"a.onnx": (b"weights", [wheel_source("thing", "1.0", "a.onnx")])})
    (shop.cards / "gone.toml").symlink_to(shop.cards / "nowhere")
    assert list(shop.library.cards()) == ["good"]
    with pytest.raises(CardError, match=r"gone\.toml: cannot be read"):
        shop.library.card("gone")


def test_a_broken_card_harms_only_itself(shop: Shop) -> None:
    shop.card("good", {"a.onnx": (b"weights", [wheel_source("thing", "1.0", "a.onnx")])})
    (shop.cards / "broken.toml").write_text("id = [")
    assert list(shop.library.cards()) == ["good"]
    assert shop.library.ids(task="pose") == ["good"]
    (problem,) = shop.library.problems()
    assert "broken.toml" in problem
    with pytest.raises(CardError, match=r"broken\.toml"):
        shop.library.card("broken")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with a name here")
def test_what_is_no_file_does_not_keep_the_library_waiting(shop: Shop) -> None:
    shop.cards.mkdir()
    os.mkfifo(shop.cards / "pipe.toml")
    (shop.cards / "folder.toml").mkdir()
    assert shop.library.cards() == {}
    assert [problem.rpartition("/")[2] for problem in shop.library.problems()] == [
        f"{name}.toml: is not a file; put the card there, or take it away" for name in ("folder", "pipe")
    ]


def test_an_edited_card_is_read_again(shop: Shop) -> None:
    import os

    one = {"a.onnx": (b"weights", [wheel_source("thing", "1.0", "a.onnx")])}
    shop.card("mine", one, title="Before")
    assert shop.library.card("mine").title == "Before"
    shop.card("mine", one, title="After")
    os.utime(shop.cards / "mine.toml", ns=(1, 1))
    assert shop.library.card("mine").title == "After"


def test_a_kind_that_nobody_knows_is_a_problem(shop: Shop) -> None:
    shop.card("odd", {"a.onnx": (b"w", [wheel_source("thing", "1.0", "a.onnx")])}, outputs=["Pose"])
    (problem,) = shop.library.problems()
    assert "odd.toml" in problem
    assert "'Pose'" in problem


_NANODET = {"kind": "nanodet", "size": 64, "strides": [8, 16], "scores": ["s8", "s16"]}

GOOD_SOURCE = wheel_source("thing", "1.0", "a.onnx")


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"limits": ""}, "limits"),
        ({"limits": "   "}, "limits"),
        ({"commercial_use": "maybe"}, "commercial_use"),
        ({"surprise": 1}, "surprise"),
        ({"id": "other"}, "other"),
        ({"networks": {"pose": {"file": "b.onnx"}}}, "b.onnx"),
        ({"networks": {"detector": {"file": "a.onnx"}}}, "pose"),
        ({"networks": {}}, "networks"),
        ({"pipeline": {"kind": "movenet-multi", "size": 100}}, "size"),
        ({"pipeline": {"kind": "run-code", "size": 64}}, "pipeline"),
        ({"pipeline": {**_NANODET, "distances": ["d8"]}}, "as many scores and distances as strides"),
        ({"pipeline": {"kind": "classifier", "names": ["a"], "shown": {"size": 64, "scale": float("nan")}}}, "finite"),
        ({"pipeline": {"kind": "captions", "start": 2**63, "end": 1}}, "start"),
        ({"task": "hands"}, "a movenet-multi pipeline is for pose, not for the task 'hands'"),
        ({"runtime": "pickle"}, "runtime"),
        ({"files": []}, "files"),
        ({"title": "x" * 3000}, "title"),
    ],
)
def test_a_card_must_say_everything(shop: Shop, changes: dict[str, object], names: str) -> None:
    shop.card("bad", {"a.onnx": (b"weights", [GOOD_SOURCE])}, **changes)
    with pytest.raises(CardError, match=names) as caught:
        shop.library.card("bad")
    assert "bad.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["../a.onnx", "/etc/passwd", "a/b.onnx", "..", ".hidden", "c:a.onnx", "a\\b.onnx", ""])
def test_a_file_name_cannot_climb_out(shop: Shop, name: str) -> None:
    shop.card("bad", {name: (b"weights", [GOOD_SOURCE])})
    with pytest.raises(CardError):
        shop.library.card("bad")


@pytest.mark.parametrize(
    "source",
    [
        wheel_source("--proxy", "1.0", "a"),
        wheel_source("thing @ file:///etc", "1.0", "a"),
        wheel_source("thing", "--pre", "a"),
        wheel_source("thing", "1.0 --pre", "a"),
        wheel_source("thing", "1.0", "a", python="3.11 --pre"),
        wheel_source("thing", "1.0", "a", platform="--abi"),
        wheel_source("thing", "1.0", "a", artifact_size=0),
        wheel_source("thing", "1.0", "a", artifact_size=1 << 60),
        wheel_source("thing", "1.0", "a", artifact_sha256="abc"),
        {**wheel_source("../folder", "1.0", "a"), "kind": "npm"},
        {**wheel_source("thing", "latest", "a"), "kind": "npm"},
        {**wheel_source("@scope/a/b", "1.0", "a"), "kind": "npm"},
        {"kind": "url", "url": "file:///etc/passwd"},
        {"kind": "url", "url": "ftp://host/a"},
        {"kind": "git", "url": "https://host/a"},
    ],
)
def test_a_source_cannot_smuggle_options_or_paths(shop: Shop, source: dict[str, object]) -> None:
    shop.card("bad", {"a.onnx": (b"weights", [source])})
    with pytest.raises(CardError, match="source"):
        shop.library.card("bad")


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe",
        b"a = " + b"[" * 5000,
        b"#" * (CARD_LIMIT + 1),
        b"",
        b"[card",
        b"size = " + b"9" * 5000,
        b"a." * 100_000 + b"a = 1",
        b"[" + b"a." * 100_000 + b"a]",
    ],
    ids=["no text", "deep", "long", "empty", "cut off", "a number too long", "a key of many parts", "a table of many"],
)
def test_a_file_that_is_no_card_is_a_clear_error(shop: Shop, content: bytes) -> None:
    shop.cards.mkdir()
    (shop.cards / "junk.toml").write_bytes(content)
    with pytest.raises(CardError, match=r"junk\.toml"):
        shop.library.card("junk")


def test_a_file_of_a_repository_lies_with_git_lfs_or_beside_the_code() -> None:
    from nodeflow.models.sources import GithubSource

    there = {"kind": "github", "repo": "someone/net", "commit": "a" * 40, "path": "weights/w.pt"}
    held = [GithubSource.model_validate({**there, **more}) for more in ({}, {"lfs": False})]
    paths = [source.url.split(".com", 1)[1] for source in held]
    assert paths == [f"/media/someone/net/{'a' * 40}/weights/w.pt", f"/someone/net/{'a' * 40}/weights/w.pt"]
    assert [source.url.split("://")[1].split(".")[0] for source in held] == ["media", "raw"]

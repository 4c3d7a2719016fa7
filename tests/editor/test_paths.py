"""Parameters that are paths: what their menus offer, what may be typed, and what is said of the wrong sort of path."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from nodeflow.editor.commands.path_rows import browse, has_samples, path_rows
from nodeflow.editor.documents.dialogs import Ask
from nodeflow.editor.documents.knob import Knob
from nodeflow.editor.documents.path_checks import PathChecks, path_problems
from nodeflow.editor.running.samples import SampleEntry, Samples
from nodeflow.graph import Catalog, Graph, Node, NodeSchema, ParamSchema, save
from nodeflow.paths import PathSort, path_fault
from tests.editor.desk import Desk
from tests.editor.fakes import Bench

FILE = ParamSchema("file", "file", "", "setup", patterns=("*.mp4",))
PARAMS = (FILE, ParamSchema("folder", "folder", "", "setup"), ParamSchema("path", "save", "out/x.mp4", "setup"))
CATALOG = Catalog(
    {
        "t.paths": NodeSchema("t.paths", "Paths", "Input", params=PARAMS, clock="every"),
        "t.camera": NodeSchema("t.camera", "Camera", "Input", params=(FILE,), clock="live"),
    }
)
ONE = SampleEntry("sample:one_person", "A man who walks", "video", "one_person.mp4", 51_000_000)
TWO = SampleEntry("sample:two_people", "A pair, and one person behind", "video", "two_people.mp4", 0)
PAGE = SampleEntry("sample:page", "A page of a book", "image", "page.png", 0)
PICTURES = SampleEntry("sample:pictures", "A folder of pictures", "folder", "pictures", 0)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A document in a folder with a clip, whose one node has all sorts of paths."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clips").mkdir()
    (tmp_path / "clips" / "a.mp4").write_bytes(b"")
    bench = Bench()
    bench.workspace.use_catalog(CATALOG)
    bench.workspace.samples = Samples()
    monkeypatch.setattr(bench.workspace.samples, "_entries", (ONE, TWO, PAGE, PICTURES))
    bench.workspace.edit("Add", Graph().add(Node("t.paths"))[0])
    return bench


def _knob(bench: Bench, param: ParamSchema) -> Knob:
    return Knob(bench.workspace.sheet, {"paths": param.default}, param)


def _titles(bench: Bench, typed: str = "") -> list[str]:
    return [row.title for row in path_rows(bench.workspace, _knob(bench, FILE), typed)]


def test_a_file_parameter_offers_the_samples_that_fit(bench: Bench) -> None:
    assert has_samples(bench.workspace, FILE)
    assert not has_samples(bench.workspace, PARAMS[2])
    assert _titles(bench) == ["Choose a file \u2026", "Samples to try things on", "one person", "two people"]
    rows = {row.title: row for row in path_rows(bench.workspace, _knob(bench, FILE), "")}
    assert (rows["one person"].note, rows["two people"].note) == ("51 MB to download", "ready")
    assert rows["one person"].action is not None
    rows["one person"].action()
    assert bench.workspace.graph["paths"].params["file"] == "sample:one_person"
    checked = [row.title for row in path_rows(bench.workspace, _knob(bench, FILE), "") if row.checked]
    assert checked == ["one person"]
    assert "No file" in _titles(bench)


def test_a_folder_parameter_offers_the_folders(bench: Bench) -> None:
    folder = PARAMS[1]
    assert has_samples(bench.workspace, folder)
    titles = [row.title for row in path_rows(bench.workspace, _knob(bench, folder), "")]
    assert titles == ["Choose a folder \u2026", "Samples to try things on", "pictures"]


def test_what_is_typed_is_a_sample_or_a_path(bench: Bench) -> None:
    assert _titles(bench, "pair")[1:] == ["two people", "Use pair"]
    assert _titles(bench, "sample:two_people")[1:] == ["two people", "Use sample:two_people"]
    assert _titles(bench, "one person")[1:3] == ["one person", "two people"]
    (use,) = path_rows(bench.workspace, _knob(bench, FILE), " clips/a.mp4 ")
    assert use.action is not None
    use.action()
    assert bench.workspace.graph["paths"].params["file"] == "clips/a.mp4"


@pytest.mark.parametrize("chosen", ["sample:one_person", "clips/a.mp4"])
def test_a_file_that_is_browsed_for_may_be_a_sample(bench: Bench, tmp_path: Path, chosen: str) -> None:
    bench.workspace.document.save(tmp_path / "g.json")
    bench.front.path = Path(chosen) if chosen.startswith("sample:") else tmp_path / chosen
    browse(bench.workspace, _knob(bench, FILE))
    assert bench.workspace.graph["paths"].params["file"] == chosen


def test_the_prompt_for_a_path_says_why_it_does_not_take_one(bench: Bench, tmp_path: Path) -> None:
    ask = Ask("open", "Open", others=("sample:one_person",))
    assert ask.fault("sample:one_person", tmp_path) == ""
    assert "There is sample:one_person." in ask.fault("sample:page", tmp_path)
    assert ask.fault("clips/a.mp4", tmp_path) == ""
    assert "is a folder, not a file" in ask.fault("clips", tmp_path)
    assert "does not exist" in ask.fault("clips/b.mp4", tmp_path)
    assert "does not exist" in Ask("open", "Open").fault("sample:one_person", tmp_path)
    assert "is a file, not a folder" in Ask("folder", "Folder").fault("clips/a.mp4", tmp_path)
    assert "Name a file in it" in Ask("save", "Save").fault("clips", tmp_path)
    assert "There is no folder" in Ask("save", "Save").fault("nowhere/a.mp4", tmp_path)
    assert Ask("save", "Save").fault("clips/new.mp4", tmp_path) == ""


@pytest.mark.parametrize(
    ("sort", "name", "said"),
    [
        ("file", "clips", "is a folder, not a file"),
        ("file", "clips/b.mp4", "does not exist"),
        ("file", "clips/a.mp4", ""),
        ("file", os.devnull, "is not a file"),
        ("file", "a\0b", ""),
        ("folder", "clips/a.mp4", "is a file, not a folder"),
        ("folder", "nowhere", "does not exist"),
        ("folder", "clips", ""),
        ("save", "clips", "is a folder"),
        ("save", "new/a.mp4", ""),
    ],
)
def test_a_path_is_of_the_sort_that_is_wanted(bench: Bench, sort: PathSort, name: str, said: str) -> None:
    wrong = path_fault(sort, Path(name))
    if "\0" in name:
        assert wrong is not None
    else:
        assert said in wrong.message if said and wrong else wrong is None


def test_the_wrong_sort_of_path_is_a_problem_of_its_parameter(bench: Bench, tmp_path: Path) -> None:
    sheet, workspace = bench.workspace.sheet, bench.workspace
    for name, value in (("file", "clips"), ("folder", "clips/a.mp4"), ("path", str(tmp_path / "clips"))):
        workspace.set_param("paths", name, value)
    sheet._edited_at = 0.0
    workspace.check_when_quiet()
    sheet.paths.wait()
    assert {problem.port for problem in sheet.paths.problems} == {"file", "folder", "path"}
    assert {(problem.code, problem.severity) for problem in sheet.paths.problems} == {("bad-path", "error")}
    workspace.undo()
    workspace.set_param("paths", "file", "sample:one_person")
    sheet._edited_at = 0.0
    workspace.check_when_quiet()
    sheet.paths.wait()
    assert {problem.port for problem in sheet.paths.problems} == {"folder"}


def test_a_file_that_only_stands_in_for_a_camera_is_no_error(tmp_path: Path) -> None:
    graph, _ = Graph().add(Node("t.camera", params={"file": "nowhere.mp4"}))
    assert [problem.severity for problem in path_problems(graph, CATALOG, tmp_path)] == ["warning"]


def test_a_problem_goes_when_the_file_is_put_there(tmp_path: Path) -> None:
    now = [0.0]
    checks = PathChecks(lambda: now[0])
    graph, _ = Graph().add(Node("t.paths", params={"file": "a.mp4"}))
    checks.look(graph, CATALOG, tmp_path)
    assert checks.wait()
    assert len(checks.problems) == 1
    (tmp_path / "a.mp4").write_bytes(b"")
    assert not checks.wait(), "not before some time has passed"
    now[0] = 10.0
    assert checks.wait()
    assert checks.problems == []


@pytest.mark.gui
def test_a_folder_in_place_of_a_file_is_said_under_the_field(open_desk: Callable[..., Desk], tmp_path: Path) -> None:
    graph, _ = Graph().add(Node("io.video", params={"file": str(tmp_path)}), (0.0, 0.0))
    save(graph, tmp_path / "g.json")
    with open_desk(tmp_path / "g.json") as desk:
        desk.wait(lambda look: any("is a folder, not a file" in problem for problem in look["problems"]))
        desk.click(desk.title("video"))
        desk.wait(lambda look: "is a folder, not a file" in look["told"].get("file", ""))
        desk.click(desk.param("video.file"))
        desk.wait(lambda look: "one person" in look["rows"])
        desk.type("one")
        desk.key("Return")
        desk.wait(lambda look: look["nodes"]["video"]["file"] == "sample:one_person")
        desk.wait(lambda look: not look["told"])

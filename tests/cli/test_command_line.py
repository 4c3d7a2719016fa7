"""The command line itself: how it is called, what it loads for that, and one line for every mistake."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .graphs import STILL, Say, graph_file


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["chek"], "check"),
        (["pose_overlai"], "pose_overlay"),
        (["run", "pose_two_peple"], "pose_two_people"),
        (["check", "gone.json"], "Name a graph file"),
        (["run", "gone.json"], "Name a graph file"),
        (["gone.json"], "Name a graph file"),
        (["edit", "gone.json"], "Name a graph file"),
        (["export", "gone.json", "--python", "-"], "Name a graph file"),
    ],
)
def test_a_graph_that_is_not_there_is_told_before_a_window_opens(say: Say, words: list[str], says: str) -> None:
    code, out, err = say(*words)
    assert (code, out) == (1, "")
    assert err.startswith("nodeflow: there is no graph ")
    assert says in err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("run",), "Missing argument"),
        (("run", "pose_overlay", "--frames", "0"), "frames"),
        (("run", "pose_overlay", "--bogus"), "--bogus"),
        (("models", "frob"), "frob"),
        (("edit", "a", "b"), "b"),
    ],
)
def test_a_command_that_is_not_written_as_it_should_be(say: Say, words: tuple[str, ...], says: str) -> None:
    code, out, err = say(*words)
    assert (code, out) == (2, "")
    assert says in err
    assert "internal" not in err
    assert err.count("\n") == 1


def test_a_device_is_written_as_one(say: Say, folder: Path) -> None:
    code, _, err = say("run", graph_file(folder, STILL), "--device", "gpu")
    assert code == 1
    assert "cuda:0" in err


def test_without_a_command_the_editor_opens(say: Say, folder: Path) -> None:
    assert say(graph_file(folder, STILL))[0] == 7
    assert say()[0] == 7


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="these always have a display")
@pytest.mark.parametrize("display", ["", ":9999"], ids=["none", "dead"])
def test_without_a_display_the_editor_says_so(folder: Path, display: str) -> None:
    def nodeflow(*words: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"DISPLAY": display}
        command = [sys.executable, "-m", "nodeflow", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=200, check=False)

    refused = nodeflow(graph_file(folder, STILL))
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "nodeflow run" in refused.stderr
    ran = nodeflow("edit", graph_file(folder, STILL), "--or-run")
    assert ran.returncode == 0, ran.stderr
    assert "running the graph without one" in ran.stdout
    assert (folder / "out" / "0.png").is_file()


@pytest.mark.parametrize(
    ("words", "banned"),
    [
        (["--help"], {"torch", "onnxruntime", "numpy", "networkx", "pydantic", "dearpygui", "cv2"}),
        (["check", "pose_overlay"], {"torch", "onnxruntime", "onnx", "dearpygui", "cv2", "av"}),
        (["nodes"], {"torch", "onnxruntime", "onnx", "dearpygui", "cv2", "av", "networkx"}),
        (["pose_overlay"], {"torch", "onnxruntime", "numpy", "networkx", "pydantic", "typer", "rich"}),
    ],
    ids=["help", "check", "nodes", "edit"],
)
def test_a_command_imports_only_what_it_needs(words: list[str], banned: set[str]) -> None:
    code = (
        "import sys; from nodeflow.cli import main; "
        f"code = main(lambda *_: 0, {words!r}); print(code, *sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ, check=True)
    first, *modules = done.stderr.split()
    assert first == "0"
    assert not banned & set(modules)


def test_an_error_of_ours_is_one_line_and_debug_shows_it_whole(
    say: Say, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("out of luck")

    monkeypatch.setattr("nodeflow.samples.find_graph", broken)
    code, _, err = say("check", "x.json")
    assert (code, err) == (
        1,
        "nodeflow: internal error: RuntimeError: out of luck (run again with --debug to see where)\n",
    )
    with pytest.raises(RuntimeError, match="out of luck"):
        say("check", "x.json", "--debug")


def test_an_error_of_the_system_is_told_in_its_own_words(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("the disk has 3 MB free and 67 MB are needed")

    monkeypatch.setattr("nodeflow.samples.find_graph", full)
    assert say("check", "x.json") == (1, "", "nodeflow: the disk has 3 MB free and 67 MB are needed\n")

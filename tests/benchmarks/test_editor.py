"""The editor's benchmark opens its windows and prints the figures that it promises; none of them is tested."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import NoReturn

import pytest

from benchmarks.editor import windows as editor
from benchmarks.editor.graphs import chains, hogged
from nodeflow.graph import check
from nodeflow.models import FetchFailed
from nodeflow.node import Registry, load_registry

PROMISED = {
    "still_ms",
    "pan_ms",
    "zoom_ms",
    "drag_ms",
    "vs_builtin.20",
    "vs_builtin.1000",
    "first_frame_s",
    "worst_frame_ms_loading",
}


def test_every_promised_figure_has_its_target() -> None:
    assert editor.TARGETS.keys() >= PROMISED


@pytest.mark.parametrize("size", [20, 1000])
def test_the_graph_that_is_measured_is_sound_and_of_its_size(size: int) -> None:
    graph = chains(size)
    assert len(graph.nodes) == size
    assert not check(graph, load_registry().catalog)
    assert len({view.at for view in graph.view.values()}) == size


def test_the_node_that_hogs_is_a_node(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NODEFLOW_PACKS", str(editor.PACKS))
    registry: Registry = load_registry()
    assert not registry.problems
    assert not check(hogged(), registry.catalog)


def test_without_a_screen_every_figure_says_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr(sys, "argv", ["editor", "--json"])
    editor.main()
    printed = json.loads(capsys.readouterr().out)
    assert printed["still_ms"] is None
    assert printed["vs_builtin"] == {"20": None, "1000": None}
    assert "Xvfb" in printed["missing"]["first_frame_s"]


@pytest.mark.gui
def test_the_windows_open_and_every_figure_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(*_: object, **__: object) -> NoReturn:
        raise FetchFailed("the model", [("url", "no network")], "Connect this machine.")

    monkeypatch.setattr(editor, "library", offline)
    results, _ = editor.measure(0, sizes=(20,))
    if "Xvfb" in results.missing.get("still_ms", ""):
        pytest.skip(results.missing["still_ms"])
    small = PROMISED - {"vs_builtin.1000", "worst_frame_ms_loading"} | {"worst_frame_ms_hogged", "running_ms"}
    assert not {name for name in small if not results.figures.get(name)}
    for name in ("worst_frame_ms_loading", "pose_beside_editor", "pose_beside_editor_vs_loop"):
        assert "no network" in results.missing[name]


def test_the_program_whose_start_is_measured_brings_nothing_with_it() -> None:
    code = (
        "import sys, benchmarks.editor.program as it; print(*(n for n in (*it.HEAVY, 'nodeflow') if n in sys.modules))"
    )
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert told.stdout.split() == []

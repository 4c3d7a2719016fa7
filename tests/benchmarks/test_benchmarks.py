"""The benchmarks run, in a tiny form, and print the figures that they promise. How fast anything is, no test says."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any, NoReturn

import pytest

from benchmarks import engine, gpu, models, pose, start, trivial
from benchmarks.figures import Results, Target, as_table, rounds, turns
from nodeflow.engine.devices import Device
from nodeflow.models import FetchFailed, library
from nodeflow.models.tasks import TASKS

PROMISED = {
    *(f"per_node_us.{shape}.{size}" for shape in ("chain", "wide") for size in (10, 100, 1000, 10000)),
    "edit_last_ms.1000",
    "plan_ms.1000",
    "plan_ms.10000",
    "toy.lossless_ratio",
    "toy.live_latency_ratio",
    "pose_vs_loop",
    "idle_cpu",
}


def at(figures: dict[str, Any], name: str) -> object:
    for key in name.split("."):
        figures = figures[key]
    return figures


def test_every_promised_figure_has_its_target() -> None:
    assert engine.TARGETS.keys() >= PROMISED


def test_without_a_gpu_its_figures_are_null_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gpu, "devices", lambda: [Device("cpu", "CPU")])
    monkeypatch.setattr(sys, "argv", ["gpu", "--json", "--seconds", "0"])
    gpu.main()
    printed = json.loads(capsys.readouterr().out)
    assert printed["gpus"] == []
    assert printed["gpu"] == dict.fromkeys(gpu.FIGURES)
    assert set(printed["missing"].values()) == {"torch sees no CUDA GPU here"}


def test_the_engine_prints_its_figures_as_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def offline(*_: object, **__: object) -> NoReturn:
        raise FetchFailed("the clip", [("url", "no network")], "Connect this machine.")

    monkeypatch.setattr(pose, "library", offline)
    monkeypatch.setattr(trivial, "SIZES", (10, 30))
    monkeypatch.setattr(trivial, "PLANNED", (20, 50))
    monkeypatch.setattr(trivial, "EDITED", 30)
    monkeypatch.setattr(trivial, "CALLS", 100)
    monkeypatch.setattr(sys, "argv", ["engine", "--json", "--seconds", "0"])
    engine.main()
    printed = json.loads(capsys.readouterr().out)

    small = {name.replace("1000", "30") for name in PROMISED if "00" not in name or name == "edit_last_ms.1000"}
    for name in small | {"per_node_us.wide.30", "per_node_cpu_us.chain.10", "plan_ms.50", "camera_loop_fps"}:
        figure = at(printed, name)
        assert (isinstance(figure, float) and figure >= 0) or name in printed["missing"], name
    assert "no network" in printed["missing"]["pose_vs_loop"]
    assert printed["pose_vs_loop"] is None
    assert printed["machine"]["cpus"] >= 1


@pytest.mark.weights
def test_the_pose_graph_and_the_loop_come_to_their_end() -> None:
    results = Results()
    pose.pose_vs_loop(results, 0)
    assert not results.missing
    assert results.figures["pose_vs_loop"]


def test_starting_is_measured_for_every_command_and_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "COMMANDS", {"help": ["--help"]})
    monkeypatch.setattr(start, "IMPORTS", ("graph",))
    results, about = start.measure(repeats=1)
    assert results.figures.keys() == {"bare_python_ms", "command_ms.help", "import_ms.graph"}
    assert about["loads"] == {"graph": []}


@pytest.mark.parametrize("module", ["benchmarks", "benchmarks.editor", "benchmarks.engine", "benchmarks.start"])
def test_each_benchmark_is_a_program(module: str) -> None:
    shown = subprocess.run([sys.executable, "-m", module, "--help"], check=True, capture_output=True, text=True).stdout
    assert "--json" in shown


def test_a_round_that_would_not_fit_is_not_begun() -> None:
    assert list(rounds(0)) == [0]
    assert list(rounds(0, least=3)) == [0, 1, 2]


def test_every_case_has_its_turn() -> None:
    assert list(turns("abc", 0)) == ["a", "b", "c"]


def test_the_table_has_the_target_beside_each_figure() -> None:
    results = Results({"fast.10": 2.5, "slow": 40.0, "free": 1.0})
    results.skip("gone", "no reason")
    table = as_table(results, {"fast.10": Target("<=", 3), "slow": Target(">=", 60)}).splitlines()
    assert [line.split() for line in table] == [
        ["fast.10", "2.5", "<=", "3", "met"],
        ["slow", "40", ">=", "60", "MISSED"],
        ["free", "1"],
        ["gone", "-", "not", "measured:", "no", "reason"],
    ]


@pytest.mark.weights
def test_each_task_has_its_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    """But for those whose default was not checked here, and may not be at hand, or runs no network."""
    monkeypatch.setattr(models, "FEWEST_PAIRS", 1)
    monkeypatch.setattr(models, "WARM_UPS", 0)
    results, _ = models.measure(0)
    cards = {task: library().card(each.default) for task, each in TASKS.items()}
    able = {f"models.{task}.ratio" for task, card in cards.items() if card.checked and card.networks}
    assert able <= {name for name in results.figures if name.endswith(".ratio")} <= models.TARGETS.keys()
    assert results.missing.keys() <= models.TARGETS.keys() - able

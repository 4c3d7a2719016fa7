"""The list of what wants a person's eye."""

from __future__ import annotations

import pytest

from nodeflow.editor.mending import troubles as module
from nodeflow.editor.mending.troubles import Trouble, Troubles
from nodeflow.editor.running.shelf import ModelEntry
from nodeflow.engine.messages import NodeStatus, Retry
from nodeflow.graph import Graph, Node, enclose
from tests.editor.fakes import Bench


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr(module, "_EVERY", 0.0)
    return Bench()


def _wired(score: float = 0.3) -> Graph:
    graph, still = Graph().add(Node("toy.still"), (0.0, 0.0))
    graph, pose = graph.add(Node("toy.pose", params={"score": score}), (300.0, 0.0))
    return graph.connect(f"{still}.image -> {pose}.image")


def _look(bench: Bench, troubles: Troubles) -> list[Trouble]:
    bench.workspace.sheet._edited_at = 0.0
    bench.workspace.check_when_quiet()
    bench.workspace.run.refresh()
    troubles.update()
    return troubles.list


def test_a_bad_value_inside_a_subgraph_is_found_named_mended_and_undone(bench: Bench) -> None:
    workspace, troubles = bench.workspace, Troubles(bench.workspace)
    graph, use = enclose(_wired(score=7), ["pose"], "Inner")
    workspace.edit("Test", graph)
    trouble = next(each for each in _look(bench, troubles) if "score" in each.where)
    assert (trouble.severity, trouble.node, trouble.where) == ("error", f"{use}/pose", "Inner / Pose.score")
    assert troubles.bad >= 1
    workspace.find(trouble.node)
    assert workspace.sheet.levels.path == (use,)
    assert workspace.canvas.selection.nodes == {"pose"}
    assert trouble.fix is not None
    trouble.fix.do()
    assert workspace.sheet.levels.path == (use,)
    assert not any("score" in each.where for each in _look(bench, troubles))
    workspace.undo()
    assert any("score" in each.where for each in _look(bench, troubles))


def test_a_fix_that_comes_too_late_does_nothing(bench: Bench) -> None:
    workspace, troubles = bench.workspace, Troubles(bench.workspace)
    graph = _wired().connect("still.nothing -> pose.image")
    workspace.edit("Test", graph)
    trouble = next(each for each in _look(bench, troubles) if each.fix)
    workspace.edit("Remove", graph.remove(["pose"]))
    assert trouble.fix is not None
    trouble.fix.do()
    assert workspace.document.history.undo_name == "Remove"


def test_a_node_that_fails_in_the_run_is_listed_and_tried_again(bench: Bench) -> None:
    workspace, troubles = bench.workspace, Troubles(bench.workspace)
    workspace.edit("Test", _wired())
    workspace.start_or_pause()
    engine = bench.engines[-1]
    engine.nodes = {"pose": NodeStatus("failed", "It broke.", "Mend it."), "still": NodeStatus("ready")}
    found = _look(bench, troubles)
    assert [(each.where, each.message) for each in found if each.severity == "error"] == [("Pose", "It broke.")]
    version = troubles.version
    assert _look(bench, troubles) is found
    assert troubles.version == version
    fix = found[0].fix
    assert fix is not None
    fix.do()
    assert engine.sent[-1] == Retry("pose")
    engine.nodes = {"pose": NodeStatus("ready")}
    assert troubles.bad == 1
    _look(bench, troubles)
    assert troubles.bad == 0


def test_a_model_that_is_not_here_is_to_be_known_and_not_counted(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace, troubles = bench.workspace, Troubles(bench.workspace)
    workspace.edit("Test", _wired())
    _look(bench, troubles)
    counted = troubles.count
    monkeypatch.setattr(Troubles, "_models", lambda *_: (("pose", "pose", "m"),))
    entry = ModelEntry("m", "Model M", 9_000_000, ready=False, download=9_000_000)
    monkeypatch.setattr(workspace.shelf, "models", lambda _task: (entry,))
    (trouble,) = (each for each in _look(bench, troubles) if each.severity == "info")
    assert trouble.message == "Model M is not on this machine: 9.0 MB to download."
    assert trouble.fix is not None
    assert troubles.count == counted


def test_a_node_that_fails_for_a_model_that_nobody_knows_leads_to_those_it_may_have(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, troubles = bench.workspace, Troubles(bench.workspace)
    workspace.edit("Test", _wired())
    workspace.start_or_pause()
    monkeypatch.setattr(Troubles, "_models", lambda *_: (("pose", "pose", "nope"),))
    monkeypatch.setattr(workspace.shelf, "models", lambda _task: (ModelEntry("m", "Model M", 9, ready=True),))
    bench.engines[-1].nodes = {"pose": NodeStatus("failed", "there is no model 'nope'")}
    fix = next(each.fix for each in _look(bench, troubles) if each.node == "pose" and each.fix)
    asked: list[str] = []
    monkeypatch.setattr(workspace.front, "open_models", asked.append)
    fix.do()
    assert asked == ["pose"]
    assert workspace.canvas.selection.nodes == {"pose"}

"""The document, the run and what stands between them and a person."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nodeflow.editor.canvas.selection import Selection
from nodeflow.engine.look import Glance
from nodeflow.engine.messages import Edit, Pause, Start, Step, Watch
from nodeflow.graph import Endpoint, Graph, Node, load, save

from .fakes import Bench


@pytest.fixture
def bench() -> Bench:
    return Bench()


def _wired() -> Graph:
    graph, _ = Graph().add(Node("toy.camera"), (0.0, 0.0))
    graph, _ = graph.add(Node("toy.pose"), (300.0, 0.0))
    return graph.connect("camera.image -> pose.image")


def test_an_edit_reaches_canvas_and_history_and_is_undone(bench: Bench) -> None:
    workspace = bench.workspace
    workspace.edit("Build", _wired())
    assert set(workspace.canvas.scene.boxes) == {"camera", "pose"}
    assert workspace.document.history.undo_name == "Build"
    workspace.undo()
    assert not workspace.graph.nodes
    assert not workspace.canvas.scene.boxes
    workspace.redo()
    assert set(workspace.canvas.scene.boxes) == {"camera", "pose"}


def test_the_run_hears_of_edits_but_not_of_moves(bench: Bench) -> None:
    workspace = bench.workspace
    workspace.edit("Build", _wired())
    workspace.start_or_pause()
    engine = bench.engines[0]
    assert engine.graph == workspace.graph
    workspace.edit("Move", workspace.graph.move({"pose": (400.0, 50.0)}))
    assert engine.sent == [Start()]
    workspace.set_param("pose", "score", 0.5)
    assert engine.sent[-1] == Edit(workspace.graph)
    workspace.undo()
    assert engine.sent[-1] == Edit(workspace.graph)


def test_an_edit_made_on_the_canvas_reaches_the_run(bench: Bench) -> None:
    workspace = bench.workspace
    workspace.edit("Build", _wired())
    workspace.start_or_pause()
    workspace.canvas.edit("Cut", workspace.graph.disconnect(*workspace.graph.links))
    assert bench.engines[0].sent[-1] == Edit(workspace.graph)
    assert not workspace.graph.links


def test_start_pauses_a_run_and_goes_on(bench: Bench) -> None:
    workspace = bench.workspace
    workspace.start_or_pause()
    workspace.run.refresh()
    workspace.start_or_pause()
    workspace.run.refresh()
    workspace.start_or_pause()
    workspace.step()
    assert bench.engines[0].sent == [Start(), Pause(), Start(), Step()]
    assert len(bench.engines) == 1


def test_an_empty_graph_cannot_be_started_but_stopped(bench: Bench) -> None:
    workspace = bench.workspace
    assert not workspace.can_run
    workspace.edit("Build", _wired())
    assert workspace.can_run
    workspace.start_or_pause()
    workspace.run.refresh()
    workspace.edit("Clear", workspace.graph.remove(workspace.graph.nodes))
    assert workspace.can_run, "it still runs"


def test_what_is_watched_is_said_once_and_before_the_start(bench: Bench) -> None:
    run = bench.workspace.run
    closely = {"large": Glance("pose", side=240)}
    run.watch(closely)
    bench.workspace.start_or_pause()
    run.watch(dict(closely))
    assert bench.engines[0].sent == [Watch(closely), Start()]
    run.watch({})
    assert bench.engines[0].sent[-1] == Watch({})


def test_setting_a_value_that_is_there_is_no_step(bench: Bench) -> None:
    workspace = bench.workspace
    workspace.edit("Build", _wired())
    workspace.document.history.mark_saved()
    workspace.set_param("pose", "score", 0.3)
    workspace.rename("pose", "  ")
    workspace.rename("pose", "Pose")
    assert not workspace.document.dirty
    workspace.rename("pose", "Dancers")
    assert workspace.title("pose") == "Dancers"
    workspace.rename("pose", "")
    assert workspace.title("pose") == "Pose"


def test_a_scrub_in_the_inspector_is_one_step(bench: Bench) -> None:
    workspace = bench.workspace
    workspace.edit("Build", _wired())
    for value in (0.4, 0.5, 0.6):
        workspace.set_param("pose", "score", value, merge="scrub 1")
    workspace.undo()
    assert "score" not in workspace.graph["pose"].params


def test_a_new_document_is_saved_where_the_person_says(bench: Bench, tmp_path: Path) -> None:
    workspace = bench.workspace
    workspace.edit("Build", _wired())
    bench.front.path = tmp_path / "dance"
    workspace.files.save()
    assert workspace.document.path == tmp_path / "dance.json"
    assert load(tmp_path / "dance.json") == workspace.graph
    assert not workspace.document.dirty
    workspace.set_param("pose", "score", 0.9)
    workspace.files.save()
    assert bench.front.opened == [("path", "save")]
    assert load(tmp_path / "dance.json") == workspace.graph


def test_a_save_that_fails_is_said_and_the_document_stays_unsaved(bench: Bench, tmp_path: Path) -> None:
    workspace = bench.workspace
    workspace.edit("Build", _wired())
    bench.front.path = tmp_path / "nowhere" / "dance.json"
    left: list[str] = []
    workspace.files.save(lambda: left.append("gone on"))
    assert workspace.document.dirty
    assert left == []
    assert [notice.level for notice in workspace.notices.current()] == ["error"]


def test_unsaved_work_is_asked_about_before_it_is_left(bench: Bench, tmp_path: Path) -> None:
    workspace = bench.workspace
    workspace.edit("Build", _wired())
    workspace.files.close()
    assert bench.front.opened == [("unsaved", "Save Untitled?")]
    assert workspace.graph.nodes
    bench.front.leave = True
    workspace.files.close()
    assert not workspace.graph.nodes
    assert workspace.document.history.undo_name is None


def test_closing_ends_the_run_and_relative_paths_start_from_the_file(bench: Bench, tmp_path: Path) -> None:
    workspace = bench.workspace
    path = tmp_path / "wired.json"
    save(_wired(), path)
    workspace.files.open_path(path)
    assert workspace.document.name == "wired"
    assert set(workspace.canvas.scene.boxes) == {"camera", "pose"}
    workspace.start_or_pause()
    workspace.files.close()
    assert workspace.close(5.0)
    assert bench.engines[0].closed
    assert bench.engines[0].folder == tmp_path


def test_a_file_that_is_no_graph_leaves_everything_as_it_was(bench: Bench, tmp_path: Path) -> None:
    workspace = bench.workspace
    workspace.edit("Build", _wired())
    path = tmp_path / "bad.json"
    path.write_text("{")
    workspace.files.open_path(path)
    assert set(workspace.graph.nodes) == {"camera", "pose"}
    assert "bad.json" in workspace.notices.current()[0].text


def test_the_viewer_shows_what_it_holds_then_the_selected_then_a_preview(bench: Bench) -> None:
    workspace = bench.workspace
    graph, _ = _wired().add(Node("toy.preview"), (600.0, 0.0))
    workspace.edit("Build", graph)
    assert workspace.viewed == "preview"
    workspace.canvas.select(Selection(frozenset({"pose"})))
    assert workspace.viewed == "pose"
    workspace.sheet.viewing.pin(Endpoint("camera", "image"))
    assert workspace.viewed == "camera"
    workspace.edit("Delete", graph.remove(["camera"]))
    assert workspace.viewed == "pose"
    workspace.open_viewer("preview")
    assert workspace.viewed == "preview"


def test_problems_are_found_when_no_edit_came_for_a_moment(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = bench.workspace
    now = [1000.0]
    monkeypatch.setattr("nodeflow.editor.documents.sheet.time.monotonic", lambda: now[0])
    graph, _ = Graph().add(Node("toy.pose"))
    workspace.edit("Build", graph)
    workspace.check_when_quiet()
    assert workspace.problems == []
    now[0] += 1.0
    workspace.check_when_quiet()
    assert any(problem.code == "missing-input" for problem in workspace.problems)


def test_nothing_is_wrong_with_an_empty_sheet(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nodeflow.editor.documents.sheet._CHECK_AFTER", 0.0)
    workspace = bench.workspace
    workspace.check_when_quiet()
    assert workspace.problems == []
    graph, name = Graph().add(Node("toy.pose"))
    workspace.edit("Build", graph)
    workspace.check_when_quiet()
    assert workspace.problems
    workspace.edit("Delete", graph.remove([name]))
    workspace.check_when_quiet()
    assert workspace.problems == []


def test_a_trace_is_saved_as_it_was_when_it_was_asked_for(bench: Bench, tmp_path: Path) -> None:
    workspace = bench.workspace
    workspace.start_or_pause()
    bench.front.path = tmp_path / "slow"
    workspace.save_trace()
    assert bench.front.opened == [("path", "save")]
    assert json.loads((tmp_path / "slow.json").read_text()) == {"traceEvents": [{"sent": 1}]}
    assert str(tmp_path / "slow.json") in workspace.notices.current()[0].text
    assert [path.name for path in tmp_path.iterdir()] == ["slow.json"]


@pytest.mark.parametrize("folder", ["nowhere", "file"])
def test_a_trace_that_cannot_be_saved_is_said(bench: Bench, tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").write_text("")
    bench.workspace.start_or_pause()
    bench.front.path = tmp_path / folder / "slow.json"
    bench.workspace.save_trace()
    assert [notice.level for notice in bench.workspace.notices.current()] == ["error"]


def test_the_graph_is_exported_as_a_program(bench: Bench, tmp_path: Path) -> None:
    workspace = bench.workspace
    workspace.edit("Build", _wired())
    bench.front.path = tmp_path / "slow"
    workspace.files.export_python()
    assert bench.front.opened == [("path", "save")]
    assert [path.name for path in tmp_path.iterdir()] == ["slow.py"]
    assert '"camera.image -> pose.image"' in (tmp_path / "slow.py").read_text()
    compile((tmp_path / "slow.py").read_text(), "slow.py", "exec")


def test_what_cannot_run_is_not_exported(bench: Bench, tmp_path: Path) -> None:
    workspace = bench.workspace
    workspace.edit("Build", _wired().set_param("pose", "score", "much"))
    bench.front.path = tmp_path / "slow.py"
    workspace.files.export_python()
    assert bench.front.opened == []
    assert [notice.level for notice in workspace.notices.current()] == ["error"]
    assert not (tmp_path / "slow.py").exists()


def test_jumping_to_a_node_selects_it_in_the_middle(bench: Bench) -> None:
    workspace = bench.workspace
    workspace.edit("Build", _wired().move({"pose": (5000.0, -3000.0)}))
    workspace.jump_to("pose")
    center = workspace.canvas.scene.boxes["pose"].bounds.center
    x, y = workspace.canvas.viewport.to_screen(center)
    assert (x, y) == pytest.approx((workspace.canvas.size[0] / 2, workspace.canvas.size[1] / 2))
    workspace.jump_to("nobody")
    assert workspace.canvas.selection.nodes == {"pose"}


def test_a_run_is_made_with_the_settings_of_when_it_starts_but_never_under_way(bench: Bench) -> None:
    workspace = bench.workspace
    workspace.run.watch({"pose": Glance("pose", side=240)})
    workspace.start_or_pause()
    workspace.run.refresh()
    workspace.preferences.change(threads=2)
    workspace.start_or_pause()
    workspace.run.refresh()
    workspace.start_or_pause()
    assert len(bench.engines) == 1
    workspace.run.refresh()
    workspace.run.stop()
    workspace.run.refresh()
    workspace.start_or_pause()
    assert len(bench.engines) == 2
    assert bench.engines[1].sent == [Watch({"pose": Glance("pose", side=240)}), Start()]

"""Several open graphs: their tabs, and opening, importing and leaving them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.editor import app
from nodeflow.editor.documents.tab_strip import HEIGHT, Strip
from nodeflow.engine import conductor, instances
from nodeflow.engine.look import Glance
from nodeflow.engine.messages import Watch
from nodeflow.graph import Graph, Node, load, save

from .fakes import Bench


@pytest.fixture
def bench() -> Bench:
    return Bench()


def _file(folder: Path, name: str) -> Path:
    graph, _ = Graph().add(Node("toy.camera"), (0.0, 0.0))
    graph, _ = graph.add(Node("toy.pose"), (300.0, 0.0))
    save(graph.connect("camera.image -> pose.image"), folder / name)
    return folder / name


def _names(bench: Bench) -> list[str]:
    return [sheet.document.name for sheet in bench.workspace.sheets]


def test_each_graph_has_a_tab_and_nothing_done_needs_none(bench: Bench, tmp_path: Path) -> None:
    workspace = bench.workspace
    one = workspace.files.open_path(_file(tmp_path, "one.json"))
    assert _names(bench) == ["one"]
    workspace.files.open_path(_file(tmp_path, "two.json"))
    assert workspace.files.open_path(tmp_path / "one.json") is one
    assert workspace.sheet is one
    assert _names(bench) == ["one", "two"]
    workspace.files.new()
    workspace.files.new()
    assert _names(bench) == ["one", "Untitled", "two"]
    workspace.edit("Build", Graph().add(Node("toy.camera"))[0])
    workspace.files.new()
    assert _names(bench) == ["one", "Untitled", "Untitled 2", "two"]


def test_a_file_that_says_nowhere_where_its_nodes_lie_is_arranged(bench: Bench, tmp_path: Path) -> None:
    path = _file(tmp_path, "written.json")
    save(replace(load(path), view={}), path)
    sheet = bench.workspace.files.open_path(path)
    assert sheet is not None
    camera, pose = (sheet.canvas.scene.boxes[node].bounds for node in ("camera", "pose"))
    assert camera.right < pose.left
    assert sheet.document.history.undo_name == "Arrange Pose"


def test_undo_and_run_belong_to_their_graph(bench: Bench, tmp_path: Path) -> None:
    workspace = bench.workspace
    one = workspace.files.open_path(_file(tmp_path, "one.json"))
    workspace.edit("Cut", workspace.graph.disconnect(*workspace.graph.links))
    workspace.run.watch({"pose": Glance("pose", side=240)})
    workspace.start_or_pause()
    two = workspace.files.open_path(_file(tmp_path, "two.json"))
    assert one is not None
    assert two is not None
    workspace.undo()
    assert not one.graph.links
    assert two.graph.links
    assert not bench.engines[0].closed
    assert bench.engines[0].sent[-1] == Watch({}), "a hidden graph is not pictured"
    workspace.sheets.refresh()
    assert one.run.snapshot.state == "running", "and goes on"
    workspace.sheets.step(1)
    assert workspace.sheet is one
    workspace.undo()
    assert one.graph.links
    workspace.start_or_pause()
    assert len(bench.engines) == 1


def test_a_closed_graph_is_reopened_with_its_undo_its_view_and_its_place(bench: Bench, tmp_path: Path) -> None:
    workspace = bench.workspace
    one = workspace.files.open_path(_file(tmp_path, "one.json"))
    workspace.files.open_path(_file(tmp_path, "two.json"))
    assert one is not None
    workspace.sheets.show(one)
    before = workspace.graph
    workspace.edit("Cut", before.disconnect(*before.links))
    workspace.canvas.viewport = workspace.canvas.viewport.panned(30.0, 40.0)
    viewport = workspace.canvas.viewport
    workspace.start_or_pause()
    bench.front.leave = True
    workspace.files.close()
    assert _names(bench) == ["two"]
    assert bench.engines[0].closed
    workspace.files.reopen()
    assert _names(bench) == ["one", "two"]
    assert (workspace.sheet, workspace.canvas.viewport) == (one, viewport)
    assert workspace.document.path == tmp_path / "one.json"
    assert workspace.document.dirty, "what was not saved is there, too"
    workspace.undo()
    assert workspace.graph is before
    assert workspace.sheets.closed is None
    workspace.start_or_pause()
    assert len(bench.engines) == 2


def test_reopening_goes_back_from_the_last_and_keeps_ten(bench: Bench, tmp_path: Path) -> None:
    workspace = bench.workspace
    for number in range(12):
        workspace.files.open_path(_file(tmp_path, f"g{number}.json"))
        workspace.files.close()
    assert _names(bench) == ["Untitled"]
    for number in reversed(range(2, 12)):
        workspace.files.reopen()
        assert workspace.document.name == f"g{number}"
    assert workspace.sheets.closed is None, "an empty sheet is not kept, and no more than ten are"
    workspace.files.reopen()
    assert len(workspace.sheets) == 10


def test_a_graph_whose_file_changed_since_it_was_closed_counts_as_unsaved(bench: Bench, tmp_path: Path) -> None:
    workspace, path = bench.workspace, _file(tmp_path, "one.json")
    changes: list[tuple[Callable[[], None], bool]] = [
        (lambda: None, False), (lambda: save(Graph(), path), True), (path.unlink, True)
    ]  # fmt: skip
    for change, dirty in changes:
        workspace.files.open_path(_file(tmp_path, "one.json"))
        workspace.files.close()
        change()
        workspace.files.reopen()
        assert workspace.document.dirty is dirty
        workspace.sheets.drop(workspace.sheet)
        workspace.sheets.forget(workspace.sheets.closed or workspace.sheet)


def test_a_closed_file_that_was_opened_anew_is_shown_there(bench: Bench, tmp_path: Path) -> None:
    workspace = bench.workspace
    workspace.files.open_path(_file(tmp_path, "one.json"))
    workspace.files.close()
    workspace.files.open_path(tmp_path / "one.json")
    workspace.files.new()
    workspace.files.reopen()
    assert _names(bench) == ["one", "Untitled"]
    assert workspace.document.name == "one"


def test_what_was_asked_on_one_canvas_is_done_there(bench: Bench, tmp_path: Path) -> None:
    workspace = bench.workspace
    one = workspace.files.open_path(_file(tmp_path, "one.json"))
    assert one is not None
    canvas, schema = workspace.canvas, workspace.catalog.nodes["toy.preview"]
    workspace.files.open_path(_file(tmp_path, "two.json"))
    canvas.add(schema, (0.0, 0.0))
    assert "preview" in one.graph.nodes
    assert "preview" not in workspace.graph.nodes


NEW = Graph().add(Node("toy.number"), (0.0, 0.0))[0]


def _open_and_change(bench: Bench, folder: Path, *names: str) -> None:
    for name in names:
        bench.workspace.files.open_path(_file(folder, name))
        bench.workspace.edit("Cut", bench.workspace.graph.disconnect(*bench.workspace.graph.links))


def test_leaving_asks_once_about_all_unsaved_graphs(bench: Bench, tmp_path: Path) -> None:
    workspace, front, left = bench.workspace, bench.front, []
    _open_and_change(bench, tmp_path, "one.json", "three.json")
    workspace.files.open_path(_file(tmp_path, "two.json"))
    workspace.files.leave(lambda: left.append("gone"))
    assert front.opened == [("unsaved", "Save 2 graphs?")]
    assert not left
    front.leave = True
    workspace.files.leave(lambda: left.append("gone"))
    assert left == ["gone"]
    assert _names(bench) == ["one", "three", "two"]


def test_saving_all_before_leaving_stops_at_the_first_that_is_not_saved(bench: Bench, tmp_path: Path) -> None:
    workspace, front, left = bench.workspace, bench.front, []
    _open_and_change(bench, tmp_path, "one.json", "two.json")
    workspace.files.new()
    workspace.edit("Build", NEW)
    front.save = True
    workspace.files.leave(lambda: left.append("gone"))  # asks where the new one is to go, and gets no answer
    assert [sheet.document.dirty for sheet in workspace.sheets] == [False, False, True]
    assert workspace.document.name == "Untitled"
    assert not left
    front.path = tmp_path / "new"
    workspace.files.leave(lambda: left.append("gone"))
    assert left == ["gone"]
    assert not any(load(tmp_path / name).links for name in ("one.json", "two.json"))
    assert load(tmp_path / "new.json") == NEW


def test_a_file_that_something_else_has_changed_is_replaced_only_by_a_yes(bench: Bench, tmp_path: Path) -> None:
    workspace, front = bench.workspace, bench.front
    _open_and_change(bench, tmp_path, "one.json")
    workspace.files.save()
    save(Graph(), tmp_path / "one.json")
    workspace.undo()
    workspace.files.save()
    assert front.opened == [("sure", "Replace one.json?")]
    assert load(tmp_path / "one.json") == Graph()
    front.sure = True
    workspace.files.save()
    assert load(tmp_path / "one.json") == workspace.graph
    workspace.redo()
    workspace.files.save()
    assert len(front.opened) == 2


def test_discarded_work_gives_way_to_the_files_as_they_are(bench: Bench, tmp_path: Path) -> None:
    workspace = bench.workspace
    saved = load(_file(tmp_path, "one.json"))
    _open_and_change(bench, tmp_path, "one.json", "gone.json")
    (tmp_path / "gone.json").unlink()
    workspace.files.new()
    workspace.edit("Build", NEW)
    workspace.files.discard(tuple(workspace.sheets))
    assert _names(bench) == ["one"]
    assert workspace.graph == saved
    assert not workspace.document.dirty


def test_closing_shows_the_neighbour_and_the_last_one_leaves_an_empty_graph(bench: Bench, tmp_path: Path) -> None:
    workspace = bench.workspace
    for name in ("one.json", "two.json", "three.json"):
        workspace.files.open_path(_file(tmp_path, name))
    workspace.sheets.step(-1)
    workspace.files.close()
    assert workspace.document.name == "three"
    workspace.files.close()
    assert workspace.document.name == "one"
    workspace.files.close()
    assert _names(bench) == ["Untitled"]
    assert workspace.sheet.blank


def test_an_imported_graph_is_one_step_and_selected(bench: Bench, tmp_path: Path) -> None:
    workspace = bench.workspace
    workspace.files.open_path(_file(tmp_path, "one.json"))
    workspace.files.import_path(_file(tmp_path, "two.json"))
    assert set(workspace.graph.nodes) == {"camera", "pose", "camera_2", "pose_2"}
    assert workspace.canvas.selection.nodes == {"camera_2", "pose_2"}
    assert workspace.document.history.undo_name == "Import two"
    workspace.undo()
    assert not workspace.document.dirty
    (tmp_path / "bad.json").write_text("{")
    workspace.files.import_path(tmp_path / "bad.json")
    assert set(workspace.graph.nodes) == {"camera", "pose"}
    assert "bad.json" in workspace.notices.current()[-1].text


@given(
    names=st.lists(st.floats(0.0, 600.0), min_size=1, max_size=40),
    front=st.integers(0, 39),
    room=st.floats(200.0, 3000.0),
)
def test_tabs_lie_side_by_side_and_the_one_in_front_is_seen(names: list[float], front: int, room: float) -> None:
    front = front % len(names)
    strip = Strip.of(names, front, room)
    for left, right in zip(strip.tabs, strip.tabs[1:], strict=False):
        assert left.right == pytest.approx(right.left)
    assert strip.tabs[front].right <= room - strip.plus.width + 1e-6
    assert strip.plus.right <= room + 1e-6
    assert all(tab.width >= 80.0 - 1e-6 for tab in strip.tabs)
    tab = strip.tabs[front]
    if tab.left >= 0.0:
        assert strip.hit((tab.left + 1.0, HEIGHT / 2)) == ("tab", front)
        assert strip.hit(strip.cross(front).center) == ("cross", front)
    assert strip.landing(front, tab.center[0]) == front


@given(
    names=st.lists(st.floats(0.0, 300.0), min_size=2, max_size=12), start=st.integers(0, 11), x=st.floats(0.0, 2500.0)
)
def test_a_dragged_tab_comes_to_rest_under_the_pointer(names: list[float], start: int, x: float) -> None:
    """Moving it where `landing` says and asking again says the same: it does not flicker between two places."""
    start %= len(names)
    landing = Strip.of(names, start, 4000.0).landing(start, x)
    moved = names[:start] + names[start + 1 :]
    moved.insert(landing, names[start])
    assert Strip.of(moved, landing, 4000.0).landing(landing, x) == landing


def test_leaving_the_program_is_more_patient_than_the_engine_is_with_what_hangs() -> None:
    """Or what a writer has yet to complete would be lost beside a call that takes long."""
    assert app._PATIENCE >= conductor._ROUNDS * conductor._PATIENCE + instances._CLOSING

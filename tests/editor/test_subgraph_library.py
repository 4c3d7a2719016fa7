"""Subgraphs kept in files of their own: saved from one document, offered and used in others."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from nodeflow.editor.canvas.scene import Port
from nodeflow.editor.canvas.selection import Selection
from nodeflow.editor.documents import nesting
from nodeflow.graph import INPUT, OUTPUT, Graph, Link, Node, dumps, load, lowered, save
from nodeflow.testing.graphs import TOY

from .fakes import Bench


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NODEFLOW_SUBGRAPHS", str(tmp_path / "mine" / "subgraphs"))
    return tmp_path / "mine" / "subgraphs"


@pytest.fixture
def bench() -> Bench:
    """A document with pose and draw in a subgraph "Overlay", in which draw is in one of its own."""
    bench = Bench()
    graph = Graph({name: Node(f"toy.{name}") for name in ("camera", "pose", "draw", "preview")}).connect(
        "camera.image -> pose.image", "camera.image -> draw.image", "pose.poses -> draw.poses",
        "draw.image -> preview.value",
    )  # fmt: skip
    bench.workspace.edit("Build", graph)
    sheet = bench.workspace.sheet
    bench.workspace.canvas.select(Selection(frozenset({"pose", "draw"})))
    nesting.make(sheet)
    nesting.entitle(sheet, "subgraph", "Overlay")
    sheet.enter("subgraph")
    bench.workspace.canvas.select(Selection(frozenset({"draw"})))
    nesting.make(sheet)
    sheet.leave()
    return bench


def keep(bench: Bench) -> None:
    bench.workspace.library.save(bench.workspace.sheet, "subgraph")


def another() -> Bench:
    """An empty document of an editor that has read the library."""
    bench = Bench()
    bench.workspace.library.read()
    return bench


def test_what_is_saved_in_one_document_is_used_in_another_as_one_step(bench: Bench, folder: Path) -> None:
    keep(bench)
    assert [path.name for path in folder.iterdir()] == ["overlay.json"]
    workspace = another().workspace
    camera = workspace.add(TOY.nodes["toy.camera"], (0.0, 0.0))
    before = workspace.document.graph
    schema = workspace.addable.nodes["library:overlay"]
    assert (schema.title, schema.category) == ("Overlay", "Subgraphs")
    use = workspace.add(schema, (300.0, 0.0), Port(camera, "image", "out"))
    assert workspace.title(use) == "Overlay"
    assert workspace.graph.links_into(use) == (Link.parse(f"{camera}.image -> {use}.image"),)
    ran = lowered(workspace.document.graph, TOY)
    assert {node.type for node in ran.nodes.values()} == {"toy.camera", "toy.pose", "toy.draw"}
    assert len(workspace.document.graph.definitions) == 2
    workspace.undo()
    assert workspace.document.graph == before


def test_an_equal_one_that_is_there_is_used(bench: Bench) -> None:
    workspace = bench.workspace
    keep(bench)
    definitions = workspace.document.graph.definitions
    workspace.library.read()
    (kept,) = workspace.library.kept
    assert kept.schema.type not in workspace.addable.nodes  # it is offered once, as the document's own
    use = workspace.add(kept.schema, (0.0, 300.0))
    assert workspace.graph[use].type == "subgraph.subgraph"
    assert workspace.document.graph.definitions == definitions
    nesting.entitle(workspace.sheet, "subgraph", "Changed")
    use = workspace.add(workspace.addable.nodes[kept.schema.type], (0.0, 600.0))
    assert (workspace.title(use), len(workspace.document.graph.definitions)) == ("Overlay", 3)


def test_another_one_is_replaced_only_by_a_yes(bench: Bench, folder: Path) -> None:
    keep(bench)
    text = (folder / "overlay.json").read_text()
    keep(bench)
    assert bench.front.opened == []
    bench.workspace.sheet.enter("subgraph")
    bench.workspace.set_param("pose", "score", 0.9)
    keep(bench)
    assert bench.front.opened == [("sure", "Replace overlay in the library?")]
    assert (folder / "overlay.json").read_text() == text
    bench.front.sure = True
    keep(bench)
    assert load(folder / "overlay.json").definitions["subgraph"]["pose"].params == {"score": 0.9}
    assert len(list(folder.iterdir())) == 1


def test_what_cannot_be_written_is_said(bench: Bench, folder: Path) -> None:
    folder.parent.write_text("a file where the folder would be")
    keep(bench)
    assert bench.workspace.notices.current()[-1].level == "error"


def test_broken_and_strange_files_are_left_out_and_said_once(
    bench: Bench, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keep(bench)
    (folder / "broken.json").write_text('{"format": "nodeflow"')
    (folder / "folder.json").mkdir()
    save(Graph({"camera": Node("toy.camera")}), folder / "plain.json")
    save(Graph({"a": Node("subgraph.a")}), folder / "missing.json")
    loop = Graph({"in": Node(INPUT), "a": Node("subgraph.a"), "out": Node(OUTPUT)})
    (folder / "loop.json").write_text(dumps(Graph({"a": Node("subgraph.a")}, definitions={"a": loop})))
    with caplog.at_level(logging.WARNING, "nodeflow.editor.documents.subgraph_library"):
        library = another().workspace.library
        assert [kept.schema.type for kept in library.kept] == ["library:overlay"]
        assert len(caplog.records) == 5
        before = library.kept
        library.read()
        assert library.kept is before
        assert len(caplog.records) == 5


def test_a_file_that_changes_or_goes_is_seen_at_the_next_look(bench: Bench, folder: Path) -> None:
    keep(bench)
    library = another().workspace.library
    nesting.entitle(bench.workspace.sheet, "subgraph", "A longer title")
    keep(bench)
    library.read()
    assert [kept.schema.title for kept in library.kept] == ["A longer title", "Overlay"]
    for path in folder.iterdir():
        path.unlink()
    library.read()
    assert library.kept == ()


def test_none_of_the_library_is_offered_where_it_would_hold_itself(bench: Bench) -> None:
    workspace = bench.workspace
    keep(bench)
    workspace.library.read()
    nesting.entitle(workspace.sheet, "subgraph", "Changed")
    assert "library:overlay" in workspace.addable.nodes
    workspace.sheet.enter("subgraph")
    assert "library:overlay" in workspace.addable.nodes  # a copy of what it was, which does not hold the new one
    workspace.sheet.enter("subgraph_2")
    assert "library:overlay" not in workspace.addable.nodes  # it uses this one


def test_files_that_a_subgraph_reads_are_found_from_everywhere(bench: Bench, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"")
    schema = next(each for each in TOY.nodes.values() if any(param.type == "file" for param in each.params))
    param = next(param.name for param in schema.params if param.type == "file")
    workspace = bench.workspace
    workspace.document.save(tmp_path / "graph.json")
    workspace.sheet.enter("subgraph")
    node = workspace.add(schema, (0.0, 0.0))
    workspace.set_param(node, param, "picture.png")
    keep(bench)
    kept = load(folder / "overlay.json").definitions["subgraph"]
    assert kept[node].params[param] == str(tmp_path / "picture.png")

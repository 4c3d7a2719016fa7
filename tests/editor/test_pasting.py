"""Paths that are pasted, and graphs that go to another folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from nodeflow.editor.documents.carry import carried
from nodeflow.editor.documents.pasting import paths_in, reader_of
from nodeflow.graph import Catalog, Endpoint, Graph, Node, NodeSchema, ParamSchema, PortSchema, load, save

from .fakes import Bench


@pytest.fixture
def catalog() -> Catalog:
    """A camera with a file as a stand-in, the sound of a clip, a clip, a picture made from a clip, and a folder."""
    clips = ParamSchema("file", "file", "", patterns=("*.mp4", "*.mov"))
    out = (PortSchema("image", "Image"),)
    schemas = [
        NodeSchema("io.camera", "io.camera", "Test", outputs=out, params=(ParamSchema("device", "text", ""), clips)),
        NodeSchema(
            "io.bell",
            "io.bell",
            "Test",
            outputs=(PortSchema("audio", "Audio"),),
            params=(ParamSchema("file", "file", "", patterns=("*.wav", "*.mp4")),),
        ),
        NodeSchema("io.clip", "io.clip", "Test", outputs=out, params=(clips,)),
        NodeSchema("io.folder", "io.folder", "Test", outputs=out, params=(ParamSchema("folder", "folder", ""),)),
        NodeSchema(
            "image.over",
            "image.over",
            "Test",
            inputs=(PortSchema("image", "Image"),),
            params=(ParamSchema("file", "file", "", patterns=("*.png",)),),
        ),
    ]
    return Catalog({schema.type: schema for schema in schemas})


@pytest.mark.parametrize("write", ["{}", "'{}'", '"{}"', "  {}  ", "copy\nfile://{}", "file://{}\r\n"])
def test_every_way_a_desktop_writes_a_path_is_read(tmp_path: Path, write: str) -> None:
    clip = tmp_path / "clip.mp4"
    clip.touch()
    assert paths_in(write.format(clip)) == [clip]


def test_spaces_in_addresses_and_several_lines_are_read(tmp_path: Path) -> None:
    clips = [tmp_path / "my clip.mp4", tmp_path / "100% öl.mp4"]
    for clip in clips:
        clip.touch()
    assert paths_in("\n".join(clip.as_uri() for clip in clips)) == clips
    assert paths_in("\n".join(map(str, clips))) == clips


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "clip.mp4",
        '{"format": "nodeflow"}',
        "/nowhere/at/all.mp4",
        "/\0",
        "~nobody-here/x",
        "/" * 9000,
        "'",
        "file://[",
    ],
)
def test_what_is_no_path_is_left_to_others(text: str) -> None:
    assert paths_in(text) == []
    assert paths_in("/\n" + text.strip("\n")) in ([], [Path("/")])


def test_the_node_that_reads_a_file_is_told_by_its_first_parameter(catalog: Catalog, tmp_path: Path) -> None:
    def reader(name: str) -> str | None:
        found = reader_of(catalog, tmp_path / name)
        return found and f"{found[0].type}.{found[1]}"

    assert reader("a.MP4") == "io.clip.file"
    assert reader("a.wav") == "io.bell.file"
    assert reader("a.png") is None
    assert reader(".") == "io.folder.folder"


def test_pasted_files_become_nodes_beneath_each_other_in_one_step(catalog: Catalog, tmp_path: Path) -> None:
    workspace = (bench := Bench()).workspace
    workspace.use_catalog(catalog)
    save(Graph(), tmp_path / "g.json")
    for name in ("one.mp4", "two.mov", "three.txt"):
        (tmp_path / name).touch()
    workspace.files.take([tmp_path / name for name in ("g.json", "one.mp4", "two.mov", "three.txt")])
    assert {node.params["file"] for node in workspace.graph.nodes.values()} == {"one.mp4", "two.mov"}
    assert workspace.document.history.undo_name == "Add 2 files"
    assert "three.txt" in workspace.notices.current()[-1].text
    workspace.undo()
    assert not workspace.document.dirty
    assert bench.front.opened == []


def test_files_that_are_read_stay_what_they_were(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "there").mkdir()
    (tmp_path / "here" / "clip.mp4").touch()
    graph = Graph()
    for value in ("clip.mp4", "missing.mp4", "sample:walk", str(tmp_path / "here" / "clip.mp4"), "", "\0", 7):
        graph, _ = graph.add(Node("io.clip", params={"file": value}))
    moved = carried(graph, catalog, tmp_path / "here", lambda path: f"said {path.name}")
    assert [node.params["file"] for node in moved.nodes.values()] == [
        "said clip.mp4", "missing.mp4", "sample:walk", str(tmp_path / "here" / "clip.mp4"), "", "\0", 7,
    ]  # fmt: skip

    workspace = (bench := Bench()).workspace
    workspace.use_catalog(catalog)
    save(Graph().add(Node("io.clip", params={"file": "clip.mp4"}))[0], tmp_path / "here" / "g.json")
    workspace.files.open_path(tmp_path / "here" / "g.json")
    workspace.start_or_pause()
    workspace.run.stop()
    workspace.run.refresh()
    bench.front.path = tmp_path / "there" / "g.json"
    workspace.files.save_as()
    assert load(tmp_path / "there" / "g.json").nodes["clip"].params["file"] == str(tmp_path / "here" / "clip.mp4")
    workspace.start_or_pause()
    assert [engine.folder for engine in bench.engines] == [tmp_path / "here", tmp_path / "there"]

    workspace.files.import_path(tmp_path / "here" / "g.json")
    assert workspace.graph["clip_2"].params["file"] == str(tmp_path / "here" / "clip.mp4")


def test_a_graph_saved_elsewhere_from_inside_a_subgraph_is_whole_and_reads_the_same_files(
    catalog: Catalog, tmp_path: Path
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
    (here / "clip.mp4").touch()
    inner, _ = Graph().add(Node("io.clip", params={"file": "clip.mp4"}))
    inner = inner.expose({"file": Endpoint("clip", "file")})
    whole = Graph({"box": Node("subgraph.box"), "own": Node("subgraph.box", params={"file": "clip.mp4"})})
    save(whole.redefine({"box": inner}), here / "g.json")

    workspace = (bench := Bench()).workspace
    workspace.use_catalog(catalog)
    workspace.files.open_path(here / "g.json")
    assert workspace.sheet.enter("box")
    bench.front.path = there / "nowhere" / "g.json"
    before = workspace.document.graph
    workspace.files.save_as()  # there is no such folder
    assert workspace.document.graph is before

    bench.front.path = there / "g.json"
    workspace.files.save_as()
    saved, file = load(there / "g.json"), str(here / "clip.mp4")
    assert set(saved.nodes) == {"box", "own"}
    assert saved.definitions["box"].nodes["clip"].params["file"] == saved.nodes["own"].params["file"] == file
    assert workspace.document.graph == saved
    assert not workspace.document.dirty
    assert set(workspace.graph.nodes) == {"clip"}

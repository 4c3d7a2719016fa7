"""`nodeflow diff`: what it says, what it returns, and that a file cannot make it say anything else."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from nodeflow.cli import main
from nodeflow.graph import Graph, Group, Node, Note, save

Say = Callable[..., tuple[int, str, str]]

GRAPH = Graph({"photo": Node("io.image"), "soft": Node("image.blur", params={"radius": 1.0})}).connect(
    "photo.image -> soft.image"
)


@pytest.fixture
def diff(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Say:
    """Save two graphs, compare them on the command line; what it returned and printed."""

    def call(one: Graph, other: Graph, *words: str) -> tuple[int, str, str]:
        paths = [str(tmp_path / name) for name in ("a.json", "b.json")]
        save(one, paths[0])
        save(other, paths[1])
        code = main(lambda *_: 7, ["diff", *paths, *words])
        return code, *capsys.readouterr()

    return call


def test_the_same_graph_is_no_difference(diff: Say) -> None:
    assert diff(GRAPH, GRAPH) == (0, "", "")
    assert diff(GRAPH, GRAPH.set_param("soft", "radius", 1)) == (0, "", "")
    assert json.loads(diff(GRAPH, GRAPH, "--json")[1])["same"] is True


def test_a_difference_reads_like_what_was_done(diff: Say) -> None:
    edited, _ = GRAPH.remove(["photo"]).add(Node("io.video", params={"file": "a.mp4", "loop": False}))
    edited = edited.connect("video.image -> soft.image").set_param("soft", "radius", 3.0).rename("soft", "Soft")
    assert diff(GRAPH, edited) == (
        1,
        "- photo  io.image\n"
        '+ video  io.video  file="a.mp4"\n'
        "~ soft\n"
        "    radius  1.0 -> 3.0\n"
        '    label   none -> "Soft"\n'
        "- photo.image -> soft.image\n"
        "+ video.image -> soft.image\n"
        "1 moved on the canvas (--layout tells where)\n",
        "",
    )


def test_a_default_is_called_one(diff: Say) -> None:
    assert "radius  1.0 -> 4.0 (default)" in diff(GRAPH, GRAPH.unset_params("soft", ["radius"]))[1]


def test_moved_nodes_are_counted_and_with_layout_told(diff: Say) -> None:
    one = GRAPH.move({"soft": (0, 0), "photo": (0, 0)})
    other = one.move({"soft": (10, 0), "photo": (20, 0)})
    assert diff(one, other) == (1, "2 moved on the canvas (--layout tells where)\n", "")
    assert "~ soft, on the canvas\n    at  [0.0, 0.0] -> [10.0, 0.0]\n" in diff(one, other, "--layout")[1]


def test_as_json(diff: Say) -> None:
    edited = GRAPH.set_params("soft", {"radius": 3.0, "other": None})
    code, out, _ = diff(GRAPH, edited, "--json")
    assert code == 1
    assert json.loads(out) == {
        "same": False,
        "nodes": {
            "added": {},
            "removed": {},
            "changed": {"soft": {"params.other": {"to": None}, "params.radius": {"from": 1.0, "to": 3.0}}},
        },
        "links": {"added": [], "removed": []},
        "looks": {},
        "moved": {},
        "document": {},
        "subgraphs": {},
    }


def test_what_stands_beside_the_nodes_and_inside_subgraphs(diff: Say) -> None:
    soft = Graph({"image": Node("graph.input"), "blur": Node("image.blur")}, title="Soft")
    one = replace(GRAPH, groups={"faces": Group("Faces")}, notes={"note": Note("old")}).redefine({"soft": soft})
    other = replace(GRAPH, groups={"faces": Group("People", (9, 9))}, notes={"todo": Note("new")}).redefine(
        {"soft": soft.set_param("blur", "radius", 9), "hard": Graph(title="Hard")}
    )
    code, out, _ = diff(one, other)
    assert code == 1
    for line in (
        '    groups.faces.title  "Faces" -> "People"\n',
        "~ subgraph soft\n    ~ blur\n        radius  4.0 (default) -> 9\n",
        "1 moved on the canvas",
    ):
        assert line in out
    for name in ("subgraphs.hard ", "notes.note ", "notes.todo "):
        assert f"    {name}" in out
    data = json.loads(diff(one, other, "--json")[1])
    assert data["document"]["subgraphs.hard"] == {"to": {"title": "Hard", "nodes": {}, "links": [], "view": {}}}
    assert data["document"]["notes.note"]["from"]["text"] == "old"
    assert data["subgraphs"]["soft"]["nodes"]["changed"] == {"blur": {"params.radius": {"from": 4.0, "to": 9}}}


def test_a_file_cannot_speak_to_the_terminal(diff: Say) -> None:
    evil = Graph(
        {"soft": Node("image.\x1b[31m\u202e", params={"[red]\x07": "\x1b]0;title\x07\x9b"}, extra={"\r": "\r"})},
        extra={"\x1b": 1},
    )
    for graphs in ((GRAPH, evil), (evil, GRAPH), (evil, Graph()), (Graph(), evil)):
        out = diff(*graphs)[1]
        assert all(char.isprintable() or char == "\n" for char in out)
        assert "\\u001b[31m" in out


def test_what_is_no_graph_is_neither_same_nor_different(
    diff: Say, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    diff(GRAPH, GRAPH)
    (tmp_path / "no.json").write_text("{")
    for other in ("no.json", "gone.json"):
        code = main(lambda *_: 7, ["diff", str(tmp_path / "a.json"), str(tmp_path / other)])
        out, err = capsys.readouterr()
        assert (code, out) == (2, "")
        assert other in err
        assert err.count("\n") == 1

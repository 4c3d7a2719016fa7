"""Ports that follow from what a node is set to, in the editor."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from nodeflow.editor.documents import adapting
from nodeflow.editor.documents.adapting import Adapt
from nodeflow.graph import Catalog, Node, NodeSchema, ParamSchema, PortSchema
from tests.models.networks import mirror

from .desk import Desk
from .fakes import Bench

FILE = ParamSchema("file", "file", "", "setup", patterns=("*.any",))
TYPES = Catalog(
    {
        schema.type: schema
        for schema in (
            NodeSchema("toy.any", "Any", "Toys", params=(FILE, ParamSchema("score", "number", 0.5)), adapts=True),
            NodeSchema("toy.show", "Show", "Toys", inputs=(PortSchema("image", "Image"),), sink=True),
        )
    }
)


def _adapt(node: Node, changed: str, place: Callable[[str], Path]) -> Node:
    """A file's ports are what stands in it."""
    assert changed == "file"
    return replace(node, type=f"toy.any({place(str(node.params['file'])).read_text()})")


def _bench(adapt: Adapt = _adapt) -> Bench:
    bench = Bench()
    bench.workspace.use_catalog(TYPES, adapt)
    workspace = bench.workspace
    graph, _ = workspace.graph.add(Node("toy.any"))
    workspace.edit("Build", graph.add(Node("toy.show"))[0])
    return bench


@pytest.fixture
def impatient(patient: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is waited for."""
    monkeypatch.setattr(adapting, "PATIENCE", 0.0)
    monkeypatch.setattr(adapting, "DROP_PATIENCE", 0.0)


def test_choosing_a_file_gives_its_ports_in_one_step(tmp_path: Path) -> None:
    (tmp_path / "a.any").write_text("x: Tensor -> picture: Image")
    (tmp_path / "b.any").write_text(" -> image: Image, more: Tensor")
    workspace = _bench().workspace
    workspace.set_param("any", "file", str(tmp_path / "a.any"))
    assert workspace.graph["any"].type == "toy.any(x: Tensor -> picture: Image)"
    face = workspace.canvas.scene.boxes["any"].face
    assert [port.name for port in face.ports if not port.socket] == ["x", "picture"]
    workspace.edit("Connect", workspace.graph.connect("any.picture -> show.image"))
    workspace.set_param("any", "file", str(tmp_path / "b.any"))
    assert list(map(str, workspace.graph.links)) == ["any.image -> show.image"]
    workspace.undo()
    assert list(map(str, workspace.graph.links)) == ["any.picture -> show.image"]
    workspace.undo()
    workspace.undo()
    assert workspace.graph["any"] == Node("toy.any")


def test_a_file_that_cannot_be_read_is_set_and_said_and_the_ports_stay(tmp_path: Path) -> None:
    (tmp_path / "a.any").write_text(" -> picture: Image")
    workspace = _bench().workspace
    workspace.set_param("any", "file", str(tmp_path / "a.any"))
    workspace.edit("Connect", workspace.graph.connect("any.picture -> show.image"))
    workspace.set_param("any", "file", str(tmp_path / "gone.any"))
    assert workspace.graph["any"].params["file"] == str(tmp_path / "gone.any")
    assert workspace.graph["any"].type == "toy.any( -> picture: Image)"
    assert len(workspace.graph.links) == 1
    assert any("gone.any" in notice.text for notice in workspace.notices.current())


def test_a_slow_file_stops_no_frame_and_comes_with_a_later_one(tmp_path: Path, impatient: None) -> None:
    there = threading.Event()

    def slow(node: Node, changed: str, place: Callable[[str], Path]) -> Node:
        there.wait()
        return _adapt(node, changed, place)

    (tmp_path / "a.any").write_text(" -> picture: Image")
    workspace = _bench(slow).workspace
    workspace.set_param("any", "file", str(tmp_path / "a.any"))
    workspace.check_when_quiet()
    assert workspace.graph["any"].type == "toy.any"
    workspace.set_param("any", "score", 0.9)
    (telling,) = (each[-1] for each in workspace.sheet.adapting._waiting)
    there.set()
    telling.done(20.0)
    workspace.check_when_quiet()
    assert workspace.graph["any"].type == "toy.any( -> picture: Image)"
    assert workspace.graph["any"].params == {"file": str(tmp_path / "a.any"), "score": 0.9}


def test_a_node_that_was_removed_meanwhile_is_left_alone(tmp_path: Path, impatient: None) -> None:
    there = threading.Event()

    def slow(node: Node, changed: str, place: Callable[[str], Path]) -> Node:
        there.wait()
        return _adapt(node, changed, place)

    (tmp_path / "a.any").write_text(" -> picture: Image")
    workspace = _bench(slow).workspace
    workspace.set_param("any", "file", str(tmp_path / "a.any"))
    (telling,) = (each[-1] for each in workspace.sheet.adapting._waiting)
    workspace.edit("Remove", workspace.graph.remove(["any"]))
    there.set()
    telling.done(20.0)
    workspace.check_when_quiet()
    assert set(workspace.graph.nodes) == {"show"}


def test_a_dropped_file_comes_as_a_node_with_its_ports(tmp_path: Path) -> None:
    (tmp_path / "a.any").write_text("x: Image -> picture: Image")
    workspace = _bench().workspace
    workspace.files.take([tmp_path / "a.any"])
    assert workspace.graph["any_2"].type == "toy.any(x: Image -> picture: Image)"


def test_a_dropped_file_that_takes_long_to_read_gets_its_ports_later(tmp_path: Path, impatient: None) -> None:
    there = threading.Event()

    def slow(node: Node, changed: str, place: Callable[[str], Path]) -> Node:
        there.wait()
        return _adapt(node, changed, place)

    (tmp_path / "a.any").write_text("x: Image -> picture: Image")
    workspace = _bench(slow).workspace
    for _ in range(2):
        workspace.files.take([tmp_path / "a.any"])
    workspace.check_when_quiet()
    assert workspace.graph["any_2"].type == workspace.graph["any_3"].type == "toy.any"
    assert any("takes long" in notice.text for notice in workspace.notices.current())
    workspace.set_param("any_2", "score", 0.9)
    ((_, telling),) = workspace.sheet.adapting._late
    there.set()
    telling.done(20.0)
    workspace.check_when_quiet()
    assert workspace.graph["any_2"].type == workspace.graph["any_3"].type == "toy.any(x: Image -> picture: Image)"
    assert workspace.graph["any_2"].params["score"] == 0.9
    assert workspace.graph["any"].type == "toy.any", "the node that was there before names no file"
    workspace.undo()
    workspace.check_when_quiet()
    assert workspace.graph["any_3"].type == "toy.any"


@pytest.mark.gui
def test_a_model_that_is_dropped_on_the_window_runs(desk: Desk, tmp_path: Path) -> None:
    mirror(tmp_path / "mirror.onnx", (1, 3, 64, 64))
    x, y = desk.title("invert")
    desk.drop(tmp_path / "mirror.onnx", at=(x + 160, y + 250))
    look = desk.wait(lambda look: "onnx" in look["nodes"])
    assert look["undo"] == "Add mirror.onnx"
    ports = {name for name in look["ports"] if ":onnx." in name}
    assert ports == {"in:onnx.image", "out:onnx.image", "in:onnx.score"}  # a parameter takes a wire, too
    desk.drag(desk.port("balls.image"), desk.port("onnx.image", "in"))
    desk.wait(lambda look: "balls.image -> onnx.image" in look["links"])
    desk.drag(desk.port("onnx.image", "out"), desk.port("preview.value", "in"))
    desk.wait(lambda look: "onnx.image -> preview.value" in look["links"])
    desk.key("F5")
    look = desk.wait(lambda look: look["finished"] > 3)
    assert look["statuses"]["onnx"][0] in ("ready", "running")

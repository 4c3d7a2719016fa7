"""What a right click on a parameter offers."""

from __future__ import annotations

from nodeflow.editor.canvas.selection import Selection
from nodeflow.editor.commands.param_rows import param_rows
from nodeflow.editor.commands.rows import Choice
from nodeflow.editor.documents import nesting
from nodeflow.editor.documents.knob import knob_of
from nodeflow.editor.workspace import Workspace
from nodeflow.graph import Graph, Node

from .fakes import Bench


def _rows(workspace: Workspace) -> list[Choice]:
    knob = knob_of(workspace.sheet, "pose", "score")
    assert knob is not None
    return param_rows(knob)


def test_a_parameter_goes_back_to_its_default_in_one_step() -> None:
    bench = Bench()
    workspace = bench.workspace
    workspace.edit("Add", Graph().add(Node("toy.pose"), (0.0, 0.0))[0])
    assert [row.enabled for row in _rows(workspace)] == [False]
    workspace.set_param("pose", "score", 0.9)
    (row,) = _rows(workspace)
    assert row.title == "Set score back to 0.30"
    assert row.action
    row.action()
    assert workspace.graph["pose"].params["score"] == 0.3
    workspace.undo()
    assert workspace.graph["pose"].params["score"] == 0.9
    assert knob_of(workspace.sheet, "pose", "gone") is None


def test_inside_a_subgraph_it_is_exposed_and_hidden() -> None:
    bench = Bench()
    workspace = bench.workspace
    workspace.edit("Add", Graph().add(Node("toy.pose"), (0.0, 0.0))[0])
    workspace.canvas.select(Selection(frozenset({"pose"})))
    nesting.make(workspace.sheet)
    workspace.sheet.enter("subgraph")
    for title in ("Expose score", "Hide score, which is exposed as score"):
        row = _rows(workspace)[-1]
        assert row.title == title
        assert row.action
        row.action()
    assert not workspace.graph.exposed

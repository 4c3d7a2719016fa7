"""A sample in place of a camera that is not there: one press, one step of undo, the wires as they were."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nodeflow.editor.canvas.complaint import COMMON_WAYS
from nodeflow.editor.mending.troubles import Troubles
from nodeflow.editor.mending.ways_out import WaysOut
from nodeflow.editor.running.samples import SampleEntry
from nodeflow.engine.messages import NodeStatus
from nodeflow.graph import Catalog, Graph, Node, NodeSchema, ParamSchema, PortSchema, enclose, save
from tests.editor.canvas.test_live import Ruler
from tests.editor.fakes import Bench

PAGE = SampleEntry("sample:page", "A page", "image", "page.png", 0)
CLIP = SampleEntry("sample:one_person", "One man", "video", "one_person.mp4", 51_000_000)
CAMERA = NodeSchema(
    "t.camera", "Camera", "Input", outputs=(PortSchema("image", "Image"),), clock="live",
    params=(ParamSchema("device", "text", "0"), ParamSchema("stand_in", "file", "", "setup", patterns=("*.mp4",))),
)  # fmt: skip
VIEW = NodeSchema("t.view", "View", "Output", inputs=(PortSchema("image", "Image"),))
MISSING = NodeStatus("resting", "Camera 0 is missing.", "Plug one in, or choose a clip as its stand in.")


class Desk:
    """A camera that is missing, wired to what shows it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("nodeflow.editor.mending.troubles._EVERY", 0.0)
        bench = Bench()
        self.workspace = bench.workspace
        self.workspace.use_catalog(Catalog({each.type: each for each in (CAMERA, VIEW)}))
        monkeypatch.setattr(self.workspace.samples, "_entries", (PAGE, CLIP))
        graph, _ = Graph().add(Node("t.camera"), (0.0, 0.0))
        graph, _ = graph.add(Node("t.view"), (300.0, 0.0))
        self.workspace.edit("Test", graph.connect("camera.image -> view.image"))
        self.workspace.start_or_pause()
        self.engine = bench.engines[-1]
        self.fail(MISSING)
        self.ways = WaysOut(self.workspace, Ruler(), lambda _text: None, lambda: None)
        self.troubles = Troubles(self.workspace)

    def fail(self, status: NodeStatus) -> None:
        self.engine.nodes = {"camera": status}
        self.workspace.run.refresh()

    def fix(self) -> Any:
        self.troubles.update()
        (fix,) = (trouble.fix for trouble in self.troubles.list if trouble.node == "camera")
        assert fix is not None
        return fix


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch)


def test_the_first_sample_that_fits_plays_and_one_undo_takes_it_back(desk: Desk) -> None:
    before = desk.workspace.graph
    assert desk.ways.of("camera") == ("sample", *COMMON_WAYS)
    desk.ways.take("camera", "sample")
    assert dict(desk.workspace.graph["camera"].params) == {"stand_in": "sample:one_person"}
    assert desk.workspace.graph.links == before.links
    assert desk.ways.of("camera") == COMMON_WAYS, "what it has it need not be offered"
    desk.workspace.undo()
    assert desk.workspace.graph == before


def test_the_problem_has_the_same_press_also_where_samples_are_read_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.workspace.samples, "_entries", ())
    assert desk.fix().title == "Retry"
    monkeypatch.setattr(desk.workspace.samples, "_entries", (CLIP,))
    assert desk.fix().title == "Play a sample"
    desk.fix().do()
    assert dict(desk.workspace.graph["camera"].params) == {"stand_in": "sample:one_person"}
    assert desk.workspace.canvas.selection.nodes == {"camera"}


def test_what_a_stand_in_does_not_mend_is_not_offered_one(desk: Desk) -> None:
    desk.fail(MISSING._replace(hint="Close the other program."))
    assert desk.ways.of("camera") == COMMON_WAYS
    assert desk.fix().title == "Retry"


def test_inside_a_subgraph_the_node_offers_it_too(desk: Desk) -> None:
    graph, use = enclose(desk.workspace.graph, ["camera"], "Eyes")
    desk.workspace.edit("Test", graph)
    desk.engine.nodes = {f"{use}/camera": MISSING}
    desk.workspace.sheet.enter(use)
    desk.workspace.run.refresh()
    assert desk.ways.of("camera") == ("sample", *COMMON_WAYS)
    desk.ways.take("camera", "sample")
    assert desk.workspace.graph["camera"].params["stand_in"] == "sample:one_person"


@pytest.mark.gui
def test_a_press_has_a_sample_play_while_the_graph_runs_on(open_desk: Any, tmp_path: Path) -> None:
    graph, _ = Graph().add(Node("desk.eye"), (0.0, 0.0))
    graph, _ = graph.add(Node("io.preview"), (320.0, 0.0))
    save(graph.connect("eye.number -> preview.value"), tmp_path / "g.json")
    with open_desk(tmp_path / "g.json", start=True) as desk:
        desk.click(desk.steady(lambda look: look["ways"].get("eye.sample")))
        look = desk.wait(lambda look: look["statuses"]["eye"][1] == "playing")
        assert look["nodes"]["eye"] == {"stand_in": "sample:one_person"}
        desk.key("ctrl+z")
        desk.wait(lambda look: look["nodes"]["eye"] == {})

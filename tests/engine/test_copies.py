"""How often pictures cross between host and device in the whole pose graph, with a stand-in for the device.

Everything is what runs with a GPU, down to cutting on the device and fetching what the networks say; the networks are
small ones that see somebody in the middle, and "cpu:0" is a device to all of it that is not the host.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from nodeflow.engine import Glance, Session, Start, Watch
from nodeflow.graph import Graph, Node, load
from nodeflow.models.pose.blazepose import BlazePose
from nodeflow.models.runtime import OnnxModel
from nodeflow.node import Context, load_registry
from nodeflow.samples import find_graph
from nodeflow.values import copies
from nodeflow.values.device import download
from nodes.io.movie import Movie
from tests.engine.session_parts import PATIENCE
from tests.models import on_host
from tests.models.on_host import OnDevice, Scripted
from tests.models.test_pose_logic import SETTINGS, boxes_at, landmarks

torch = pytest.importorskip("torch")

DEVICE = "cpu:0"
FRAMES = 6


class Placed(OnDevice):
    """A network that takes tensors of the device and leaves tensors there."""

    def __init__(self, scripted: Scripted) -> None:
        self.provider, self.device = "stand-in", DEVICE
        self.inputs, self.outputs = scripted.inputs, scripted.outputs
        self._answer = scripted.answer

    def run(self, *_: object) -> list[Any]:
        raise AssertionError("a model on a device was given arrays of the host")

    def run_tensors(self, feeds: Mapping[str, Any], _: Sequence[str] | None = None) -> list[Any]:
        return [torch.from_numpy(each) for each in self._answer(feeds["in"].numpy())]


class Fetched:
    """Counts how often the host waited for what a network said."""

    def __init__(self, download: Any) -> None:
        self.times = 0
        self._download = download

    def __call__(self, *tensors: Any) -> Any:
        self.times += 1
        return self._download(*tensors)


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> Fetched:
    counting = Fetched(download)
    monkeypatch.setattr(on_host, "download", counting)

    def open_for(ctx: Context, *_: object, **__: object) -> BlazePose:
        ctx.provider("stand-in", DEVICE)
        detector, points = Placed(boxes_at((112, 112, 40, 5))), Placed(landmarks([0.9] * FRAMES))
        return BlazePose(cast(OnnxModel, detector), cast(OnnxModel, points), SETTINGS)

    monkeypatch.setattr("nodeflow.models.open_for", open_for)
    return counting


@pytest.fixture
def pose_graph(tmp_path: Path) -> Graph:
    """The sample graph on a small clip."""
    movie = Movie(tmp_path / "clip.mp4", (448, 448), 30, "h264", 20)
    for number in range(FRAMES):
        movie.add(np.full((448, 448, 3), 40 * number, np.uint8), number / 30)
    movie.finish()
    graph = load(find_graph("pose_overlay"))
    clip = Node("io.video", params={"file": str(tmp_path / "clip.mp4"), "pace": "as fast as possible"})
    return replace(graph, nodes={**graph.nodes, "camera": clip})


def test_a_frame_goes_up_once_and_what_is_found_comes_down_once(
    pose_graph: Graph, fetched: Fetched, tmp_path: Path
) -> None:
    before = copies()
    with Session(pose_graph, load_registry(), folder=tmp_path) as session:
        session.send(Watch({name: Glance(name) for name in pose_graph.nodes}))
        session.send(Start())
        end = session.wait(PATIENCE)
    after = copies()
    assert (end.state, end.finished) == ("finished", FRAMES), end.message
    assert {name: node.failed for name, node in end.nodes.items() if node.failed} == {}
    assert end.nodes["pose"].device == DEVICE
    assert end.nodes["pose"].runs == FRAMES
    assert after.uploads - before.uploads == FRAMES
    assert after.downloads - before.downloads == 0, "a picture that was on the host was fetched back from the device"
    assert fetched.times == FRAMES + 1, "once a frame; the first frame also looks for somebody"

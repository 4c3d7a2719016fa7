"""What the nodes on screen want to see of the run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from nodeflow.editor.looking.living import Living
from nodeflow.editor.looking.textures import Textures
from nodeflow.editor.looking.watching import Watching
from nodeflow.engine.look import Glance, Look, Picture
from nodeflow.graph import Graph, Node
from tests.editor.fakes import Bench


class NoTextures(Textures):
    """There is no window to have textures in."""

    def __init__(self) -> None:
        pass

    def update(self, part: str, wanted: Mapping[str, Any]) -> None:
        pass

    def get(self, key: str) -> None:
        return None


class Watcher:
    """A run that notes what it shall look at."""

    def watch(self, glances: Mapping[str, Glance]) -> None:
        self.glances = glances


def seen(width: int, height: int) -> Look:
    pixels = np.zeros((height, width, 3), np.uint8)
    picture = Picture(pixels, width, height, (0, 0, width, height))
    return Look(1, "preview", "value", 0, 0.0, "Image", "", "cpu", picture)


@pytest.mark.parametrize("shape", [(1000, 1000), (100, 1000), (1000, 100)])
def test_no_more_of_a_picture_is_asked_for_than_there_is_room_for(shape: tuple[int, int]) -> None:
    bench = Bench()
    graph, node = Graph().add(Node("toy.preview"), (0.0, 0.0))
    bench.workspace.edit("Add", graph)
    room = bench.workspace.canvas.scene.boxes[node].face.preview
    assert room is not None
    bench.workspace.start_or_pause()
    watcher, sides = Watcher(), []
    for looks in ({}, {f"canvas {node}": seen(*shape)}):
        bench.engines[0].looks = looks
        bench.workspace.run.refresh()
        watching = Watching()
        Living(bench.workspace, NoTextures(), watching, lambda _node: ()).update({node}, 1.0)
        watching.tell(watcher, graph.nodes)
        sides.append(watcher.glances[f"canvas {node}"].side)
    shown = max(shape) * min(room.width / shape[0], room.height / shape[1])
    assert sides[0] >= max(room.width, room.height)
    assert shown <= sides[1] <= sides[0]
    assert (sides[1] < sides[0]) == (shown <= 160)

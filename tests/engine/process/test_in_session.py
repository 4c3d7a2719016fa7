"""A node with a process of its own, in a session like any other."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from nodeflow.cli import main
from nodeflow.engine import NodeStatus, Session, Start, Stop
from nodeflow.engine.process import ProcessInstance
from nodeflow.node import Registry, Tick, node_type_of
from nodeflow.testing.nodes import NodeContext
from nodeflow.values import Number
from nodes.io.jsonl_writer import JsonLinesWriter
from tests.engine.parts import REGISTRY, chain_of
from tests.engine.process.parts import Hangs
from tests.engine.process.test_life import is_running
from tests.engine.session_parts import PATIENCE, until


def test_a_graph_with_a_node_in_its_own_process(tmp_path: Path) -> None:
    picture = np.linspace(0, 255, 40 * 60 * 3).astype(np.uint8).reshape(40, 60, 3)
    cv2.imwrite(str(tmp_path / "in.png"), picture)
    graph = {
        "format": "nodeflow",
        "version": 1,
        "nodes": {
            "photo": {"type": "io.image", "params": {"file": "in.png"}},
            "dots": {"type": "image.dither", "params": {"dots": 16, "shades": 2}},
            "out": {"type": "io.image_writer", "params": {"path": "out.png"}},
        },
        "links": ["photo.image -> dots.image", "dots.image -> out.image"],
    }
    (tmp_path / "g.json").write_text(json.dumps(graph))
    assert main(lambda *_: 1, ["run", str(tmp_path / "g.json"), "--debug"]) == 0
    written = cv2.imread(str(tmp_path / "out.png"))
    assert written is not None
    assert set(np.unique(written)) == {0, 255}


def test_what_is_written_in_a_process_is_whole_after_a_call_that_is_all_there_is(tmp_path: Path) -> None:
    writer = ProcessInstance(node_type_of(JsonLinesWriter))
    writer.open(NodeContext(tmp_path), {"path": "out.jsonl"})
    try:
        writer.call_once((Number(1), None), Tick(0, 0.0), {})
        assert json.loads((tmp_path / "out.jsonl").read_text())["value"] == 1
    finally:
        writer.close()


def test_a_stop_ends_a_process_whose_call_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nodeflow.engine.process.outside.STOP_SECONDS", 0.2)
    registry = Registry({**REGISTRY.types, **Registry.of(Hangs).types})
    with Session(chain_of(registry, "t.count", "p.hangs", "t.collect"), registry) as session:
        session.send(Start())
        until(lambda: session.snapshot().nodes.get("hangs", NodeStatus()).message == "in the call")
        until(lambda: session.snapshot().in_flight == 2)
        stages = {stage.id: stage for stage in session._conductor.revision.stages}
        instance = stages["hangs"].instance
        assert isinstance(instance, ProcessInstance)
        pid = instance.pid
        assert pid is not None
        session.send(Stop())
        end = session.wait(PATIENCE)
    assert (end.state, end.in_flight) == ("stopped", 0)
    assert end.nodes["hangs"].message == "the run is stopped, and its process is gone"  # said of the frame behind it
    assert not is_running(pid)

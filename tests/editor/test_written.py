"""What a run wrote is told once it has ended."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nodeflow.editor.documents.home import files_told
from nodeflow.editor.running.written import Written, newer
from nodeflow.engine.messages import NodeStatus, Snapshot
from nodeflow.graph import Catalog, Graph, Node, NodeSchema, ParamSchema

WRITER = NodeSchema("toy.writer", "Writer", "Toy", params=(ParamSchema("path", "save", "out/film.mp4"),), sink=True)
CATALOG = Catalog({WRITER.type: WRITER})
START = 1_000_000.0


class Watched:
    whole = Snapshot()


def _file(path: Path, time: float = START + 1) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("")
    os.utime(path, (time, time))
    return path


@pytest.fixture
def written() -> Written:
    def begin(work: Callable[[], None]) -> None:
        work()

    return Written(clock=lambda: START, begin=begin)


def _ran(written: Written, folder: Path, runs: int = 3) -> list[tuple[Path, ...]]:
    graph, watched = Graph().add(Node("toy.writer"))[0], Watched()
    (name,) = graph.nodes
    for state in ("running", "paused", "running", "finished", "finished"):
        watched.whole = replace(watched.whole, state=state, nodes={name: NodeStatus("ready", runs=runs)})
        written.look(watched, graph, CATALOG, folder)
    return list(written.news())


def test_a_file_that_is_new_is_told_once(written: Written, tmp_path: Path) -> None:
    film = _file(tmp_path / "out" / "film.mp4")
    assert _ran(written, tmp_path) == [(film,)]
    assert written.paths == (film,)
    assert list(written.news()) == []


def test_a_file_from_before_or_of_a_node_that_did_not_run_is_not(written: Written, tmp_path: Path) -> None:
    assert _ran(written, tmp_path) == []
    film = _file(tmp_path / "out" / "film.mp4", START - 60)
    assert _ran(written, tmp_path) == []
    os.utime(film, (START, START))
    assert _ran(written, tmp_path, runs=0) == []


def test_a_run_in_which_nothing_streams_tells_it_once_all_is_computed_each_file_once(
    written: Written, tmp_path: Path
) -> None:
    graph, watched = Graph().add(Node("toy.writer"))[0], Watched()
    nodes = dict.fromkeys(graph.nodes, NodeStatus("ready", runs=1))

    def look(**now: Any) -> list[tuple[Path, ...]]:
        watched.whole = replace(watched.whole, nodes=nodes, **now)
        written.look(watched, graph, CATALOG, tmp_path)
        return list(written.news())

    assert look(state="running", total=1, finished=0, revision=1) == []
    film = _file(tmp_path / "out" / "film.mp4")
    assert look() == []
    assert look(finished=1) == [(film,)]
    assert look() == look(revision=2) == look(state="stopped") == []
    assert look(state="running", finished=0) == []
    assert look(finished=1) == [(film,)]


def test_fields_in_a_name_stand_for_anything(tmp_path: Path) -> None:
    frames = [_file(tmp_path / f"frame_{number:05}.png") for number in (2, 1)]
    _file(tmp_path / "frame_00000.png", START - 60)
    _file(tmp_path / "other.png")
    assert newer(tmp_path / "frame_{index:05}.png", START) == sorted(frames)
    assert newer(tmp_path / "gone" / "{index}.png", START) == []


def test_many_files_are_told_by_their_folder(tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.png" for number in range(3)]
    assert files_told(files[:1]) == str(files[0])
    assert files_told(files) == f"3 files in {tmp_path}"

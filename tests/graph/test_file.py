"""Saving and loading: nothing lost, nothing half written, the same bytes for the same graph."""

from __future__ import annotations

import json
import os
import pickle
import stat
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodeflow.graph import (
    Catalog,
    Graph,
    GraphFileError,
    Link,
    Node,
    NodeSchema,
    View,
    dumps,
    file,
    load,
    loads,
    renames,
    save,
    strict_json,
)
from nodeflow.graph.document import MAX_LINKS, MAX_NODES
from nodeflow.testing.graphs import documents

few = settings(max_examples=30, deadline=None)
posix = pytest.mark.skipif(os.name != "posix", reason="about permissions and links as POSIX has them")

GRAPH = Graph(
    {"camera": Node("io.camera", params={"device": 0}), "pose": Node("people.pose")},
    (Link.parse("camera.image -> pose.image"),),
    {"camera": View((0, 0))},
)


@given(documents())
@few
def test_what_is_saved_is_what_is_loaded(graph: Graph) -> None:
    text = dumps(graph)
    text.encode()
    loaded = loads(text)
    assert loaded == graph
    assert dumps(loaded) == text
    assert text.endswith("}\n")
    assert json.loads(text)["links"] == [str(link) for link in graph.links]


def test_types_of_numbers_survive() -> None:
    """1, 1.0 and true are equal in Python and are not the same in a file."""
    values = [1, 1.0, True, 0, -0.0, False, 2**63, 2.0**63, 0.1, 1e-320]
    loaded = loads(dumps(Graph({"a": Node("x.y", params={"values": values})})))
    assert repr(loaded["a"].params["values"]) == repr(tuple(values))


@given(st.binary(max_size=200) | st.text(alphabet='{}[]":,\\0e-nodesviwlk ', max_size=60).map(str.encode))
@few
def test_no_bytes_bring_anything_but_a_graph_or_a_plain_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("bytes") / "x.json"
    path.write_bytes(data)
    with pytest.raises(GraphFileError):
        load(path)


@given(documents(max_nodes=3), st.data())
@few
def test_a_damaged_file_brings_a_graph_or_a_plain_error(graph: Graph, data: st.DataObject) -> None:
    """One value anywhere in a good file becomes something else."""
    document = json.loads(dumps(graph))
    place = document
    while isinstance(place, dict | list) and place:
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        parent, place = place, place[key]
        if data.draw(st.booleans()):
            break
    parent[key] = data.draw(st.sampled_from([None, True, 0, -1, 1.5, "", "x", "a.b -> c.d", [], {}, [[]], {"": {}}]))
    with suppress(GraphFileError):
        assert isinstance(loads(json.dumps(document)), Graph)


def test_links_and_nodes_have_a_line_each_and_layout_is_apart() -> None:
    lines = dumps(GRAPH).splitlines()
    assert '    "camera": {"type": "io.camera", "v": 1, "params": {"device": 0}},' in lines
    assert '    "camera.image -> pose.image"' in lines
    moved = dumps(GRAPH.move({"camera": (5, 5)})).splitlines()
    assert [line for line in moved if line not in lines] == ['    "camera": {"at": [5, 5]}']


def test_a_field_that_we_know_is_never_hidden_by_one_that_we_do_not() -> None:
    text = dumps(Graph({"a": Node("x.y", extra={"type": "evil", "note": 1})}, extra={"nodes": {}, "mine": 2}))
    assert loads(text) == Graph({"a": Node("x.y", extra={"note": 1})}, extra={"mine": 2})


def test_a_file_is_replaced_in_one_step_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "pose.json"
    save(GRAPH, path)
    first = path.read_bytes()
    save(load(path), path)
    assert path.read_bytes() == first
    assert os.listdir(tmp_path) == ["pose.json"]


@pytest.mark.parametrize("step", ["fsync", "replace", "chmod"])
def test_a_save_that_fails_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "pose.json"
    save(GRAPH, path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, full)
    with pytest.raises(GraphFileError, match=r"pose\.json: this cannot be written: No space left on device\. Save in"):
        save(Graph(), path)
    monkeypatch.undo()
    assert load(path) == GRAPH
    assert os.listdir(tmp_path) == ["pose.json"]


@posix
def test_permissions_and_links_stay(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real, link = tmp_path / "real" / "pose.json", tmp_path / "link.json"
    link.symlink_to(Path("real") / "pose.json")
    save(GRAPH, link)
    assert link.is_symlink()
    assert load(real) == GRAPH
    real.chmod(0o640)
    save(Graph(), link)
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert load(link) == Graph()
    assert os.listdir(real.parent) == ["pose.json"]


@posix
def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    save(GRAPH, tmp_path / "pose.json")
    assert (tmp_path / "pose.json").stat().st_mode == (tmp_path / "other").stat().st_mode


@posix
def test_only_files_are_written_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "ring").symlink_to("ring")
    for name in ("", "pipe", "ring"):
        with pytest.raises(GraphFileError, match="it is not a file"):
            save(GRAPH, tmp_path / name)
    assert sorted(os.listdir(tmp_path)) == ["pipe", "ring"]


def test_a_read_only_file_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "pose.json"
    save(GRAPH, path)
    monkeypatch.setattr(os, "access", lambda *_: False)  # the tests may run as root, who may write anywhere
    with pytest.raises(GraphFileError, match="it is read-only"):
        save(Graph(), path)
    assert load(path) == GRAPH


@pytest.mark.parametrize("name", ["missing/pose.json", "nul\0.json"])
def test_what_cannot_be_reached_is_said(tmp_path: Path, name: str) -> None:
    for attempt in (lambda path: save(GRAPH, path), load):
        with pytest.raises(GraphFileError, match=r"(No such file|null)"):
            attempt(f"{tmp_path}/{name}")
    assert os.listdir(tmp_path) == []


@posix
def test_only_files_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(GraphFileError, match="it is not a file"):
            load(path)


def test_a_file_of_any_size_is_refused_before_it_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    with open(path, "wb") as large:
        large.truncate(file.MAX_BYTES + 1)
    with pytest.raises(GraphFileError, match="larger than 32 MiB"):
        load(path)


@pytest.mark.parametrize(
    "text",
    [
        '{"format": "nodeflow", "version": 1, "nodes": {}, "links": [' + '"a.b -> c.d",' * MAX_LINKS + '"a.b -> c.d"]}',
        '{"format": "nodeflow", "version": 1, "nodes": {' + ",".join(f'"n{i}": 0' for i in range(MAX_NODES + 1)) + "}}",
    ],
    ids=["links", "nodes"],
)
def test_numbers_of_nodes_and_links_are_bounded(text: str) -> None:
    with pytest.raises(GraphFileError, match="entries, and a graph has"):
        loads(text)


def test_a_graph_that_could_not_be_opened_again_is_not_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "MAX_NODES", 1)
    with pytest.raises(GraphFileError, match="too large to be opened again"):
        save(GRAPH, tmp_path / "x.json")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    "text", ['"' + '\\"' * 4_000_000, "[" * 8_000_000, '{"a":' * 1_000_000, '"\\', "[]" * 4_000_000]
)
def test_hostile_text_takes_time_in_proportion(text: str) -> None:
    start = time.thread_time()
    with pytest.raises(GraphFileError):
        loads(text)
    assert time.thread_time() - start < 10


def test_deep_text_is_refused_whatever_the_stack_allows() -> None:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(10**6)
    try:
        with pytest.raises(GraphFileError, match="deep"):
            loads("[" * 10**6)
    finally:
        sys.setrecursionlimit(limit)


def test_older_formats_are_brought_up_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    def with_type(document: dict[str, Any]) -> dict[str, Any]:
        nodes = {name: {"type": kind} for name, kind in document.pop("kinds").items()}
        return {**document, "nodes": nodes}

    def with_prefix(document: dict[str, Any]) -> dict[str, Any]:
        return {
            **document,
            "nodes": {name: {"type": f"toy.{node['type']}"} for name, node in document["nodes"].items()},
        }

    monkeypatch.setattr(file, "VERSION", 3)
    monkeypatch.setattr(file, "MIGRATIONS", {1: with_type, 2: with_prefix})
    old = loads('{"format": "nodeflow", "version": 1, "kinds": {"pose": "pose"}, "mine": 1}')
    assert old == Graph({"pose": Node("toy.pose")}, extra={"mine": 1})
    assert json.loads(dumps(old))["version"] == 3
    with pytest.raises(GraphFileError, match="cannot be brought from format 1 to 2: KeyError"):
        loads('{"format": "nodeflow", "version": 1}')


def test_every_older_format_has_its_migration() -> None:
    assert sorted(file.MIGRATIONS) == list(range(1, file.VERSION))


def test_nodes_are_brought_up_to_date_by_their_pack() -> None:
    def newer(node: Node) -> Node:
        return replace(node, version=2, params={"threshold": node.params["score"]}) if node.version < 2 else node

    text = dumps(Graph({"pose": Node("people.pose", 1, {"score": 0.3})}))
    assert loads(text, migrate=newer)["pose"] == Node("people.pose", 2, {"threshold": 0.3})
    with pytest.raises(
        GraphFileError, match=r'node "pose": this "people.pose" of version 1 cannot be brought up to date: KeyError'
    ):
        loads(dumps(Graph({"pose": Node("people.pose")})), migrate=newer)


def test_renamed_types_are_found_under_their_new_name() -> None:
    catalog = Catalog({"people.pose": NodeSchema("people.pose", "Pose", "", replaces=("body.pose", "people.pose_v0"))})
    text = dumps(Graph({"a": Node("body.pose", 1, {"x": 1}), "b": Node("people.pose"), "c": Node("acme.thing")}))
    types = {name: node.type for name, node in loads(text, migrate=renames(catalog)).nodes.items()}
    assert types == {"a": "people.pose", "b": "people.pose", "c": "acme.thing"}


def test_an_error_says_where_and_travels() -> None:
    with pytest.raises(GraphFileError) as refusal:
        loads('{"format": "nodeflow", "version": 1, "nodes": {"pose": {"type": "a.b", "v": "1"}}}', "pose.json")
    error = refusal.value
    assert (error.file, error.node, error.field) == ("pose.json", "pose", "v")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_a_name_that_stands_twice_among_many_is_found_in_proportion(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0

    class Name(str):
        __slots__ = ()

        def __eq__(self, other: object) -> bool:
            nonlocal compared
            compared += 1
            return str.__eq__(self, other)

        __hash__ = str.__hash__

    names = [*(Name(f"a{i}") for i in range(1000)), Name("a999")]
    with pytest.raises(ValueError, match="'a999' stands twice in one object, beside 'a0', 'a1', 'a2', 'a3'"):
        strict_json._object([(name, 0) for name in names])
    assert compared < 100

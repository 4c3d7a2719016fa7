"""Unsaved work that outlives its editor."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodeflow.editor.documents.document import Document
from nodeflow.editor.documents.journal import Journal
from nodeflow.editor.documents.record import Record, read_record
from nodeflow.graph import Graph, Node, save
from nodeflow.testing.graphs import graphs

from .fakes import Bench

MakeJournal = Callable[[], Journal]


def _kept(node: Node) -> Node:
    return node


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*.json") if file.parent.name != "unreadable")


def _until(good: Callable[[], object]) -> None:
    """Wait for the thread that writes."""
    end = time.monotonic() + 60.0
    while not good():
        assert time.monotonic() < end, "waited in vain"
        threading.Event().wait(0.01)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[MakeJournal]:
    """Makes journals of one folder; those that a test has not closed end as a crash would end them."""
    made: list[Journal] = []

    def make() -> Journal:
        made.append(Journal(tmp_path))
        return made[-1]

    yield make
    for each in made:
        each.close(keep=True)


def _edited(bench: Bench, *nodes: str) -> Graph:
    graph = bench.workspace.graph
    for node in nodes:
        graph, _ = graph.add(Node(node))
    bench.workspace.edit("Build", graph)
    return graph


def _crash(journal: Journal) -> None:
    """What is left when its process is gone: the files as they are, and the lock free."""
    journal.close(keep=True)


def test_the_newest_state_of_every_unsaved_graph_is_there_after_a_crash(journal: MakeJournal, tmp_path: Path) -> None:
    bench, living = Bench(), journal()
    sheets = bench.workspace.sheets
    living.update(sheets)
    for number in range(20):
        first = _edited(bench, "toy.camera")
        living.update(sheets)
        if number == 0:
            _until(lambda: len(_files(tmp_path)) == 1)
    other = sheets.add(Document(Graph().add(Node("toy.pose"))[0], tmp_path / "dance.json"))
    living.update(sheets)
    _edited(bench, "toy.preview")
    living.update(sheets)
    _crash(living)

    found, problems = journal().recover(_kept)
    assert problems == []
    kept = {each.document.name: each.document for each in found}
    assert kept["Untitled"].graph == first
    assert kept["Untitled"].path is None
    assert kept["dance"].graph == other.graph
    assert kept["dance"].path == tmp_path / "dance.json"
    assert all(document.dirty for document in kept.values())
    assert all(abs(each.at - time.time()) < 600 for each in found)


def test_what_was_saved_closed_or_given_up_is_not_kept(journal: MakeJournal, tmp_path: Path) -> None:
    bench, living = Bench(), journal()
    sheets = bench.workspace.sheets
    _edited(bench, "toy.camera")
    living.update(sheets)
    _until(lambda: len(_files(tmp_path)) == 1)
    bench.workspace.undo()
    living.update(sheets)
    _until(lambda: not _files(tmp_path))
    bench.workspace.redo()
    living.update(sheets)
    _until(lambda: len(_files(tmp_path)) == 1)
    sheets.drop(bench.workspace.sheet)
    living.update(sheets)
    _until(lambda: not _files(tmp_path))
    _edited(bench, "toy.pose")
    living.update(sheets)
    living.update(sheets, on=False)
    _until(lambda: not _files(tmp_path))
    living.update(sheets)
    living.close(keep=False)
    assert list(tmp_path.iterdir()) == []
    assert journal().recover(_kept) == ([], [])


@pytest.mark.parametrize(("later", "changed"), [(-60, False), (60, True)])
def test_a_recovered_graph_knows_whether_its_file_was_written_since(
    journal: MakeJournal, tmp_path_factory: pytest.TempPathFactory, later: int, changed: bool
) -> None:
    bench, living, path = Bench(), journal(), tmp_path_factory.mktemp("mine") / "graph.json"
    save(Graph(), path)
    bench.workspace.files.open_path(path)
    _edited(bench, "toy.number")
    living.update(bench.workspace.sheets)
    _crash(living)
    now = time.time() + later
    os.utime(path, (now, now))
    (found,), _ = journal().recover(_kept)
    assert found.document.changed_elsewhere is changed


def test_two_editors_leave_one_another_alone(journal: MakeJournal, tmp_path: Path) -> None:
    bench, one = Bench(), journal()
    _edited(bench, "toy.camera")
    one.update(bench.workspace.sheets)
    _until(lambda: len(_files(tmp_path)) == 1)
    two = journal()
    assert two.recover(_kept) == ([], [])
    assert len(_files(tmp_path)) == 1
    _crash(one)
    found, _ = two.recover(_kept)
    assert len(found) == 1
    assert journal().recover(_kept) == ([], []), "the second editor has it now"


def test_recovered_work_is_kept_until_it_is_saved(journal: MakeJournal, tmp_path: Path) -> None:
    bench, crashed = Bench(), journal()
    _edited(bench, "toy.camera")
    crashed.update(bench.workspace.sheets)
    _crash(crashed)
    for _ in range(2):  # the next editor crashes before it has done anything
        second = journal()
        (recovered,), _problems = second.recover(_kept)
        assert len(_files(tmp_path)) == 1
        _crash(second)
    third = journal()
    (recovered,), _problems = third.recover(_kept)
    sheet = bench.workspace.sheets.add(recovered.document)
    third.take(sheet, recovered)
    third.update([sheet])
    sheet.document.save(tmp_path / "saved.graph")
    third.update([sheet])
    _until(lambda: not _files(tmp_path))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}\n",
        b"[" * 19_000,
        b'{"format": "nodeflow unsaved work"}\n{}',
        b'{"format": "nodeflow unsaved work", "title": "x", "path": "no", "at": 1}\n{}',
        b'{"format": "nodeflow unsaved work", "title": "x", "path": "/a\\u0000", "at": 1}\n{}',
        b'{"format": "nodeflow unsaved work", "title": "x", "path": null, "at": NaN}\n{}',
        b'{"format": "nodeflow unsaved work", "title": "x", "path": null, "at": 1}\n{"format": "nodeflow", "vers',
        b'{"format": "nodeflow unsaved work", "title": "x", "path": null, "at": 1}\n\xff\xfe',
        b"\x00" * 5000,
    ],
)
def test_what_cannot_be_read_is_said_and_kept_aside(journal: MakeJournal, tmp_path: Path, content: bytes) -> None:
    left = tmp_path / "4711-dead"
    left.mkdir()
    (left / "1.json").write_bytes(content)
    (left / ".2.json-00.tmp").write_bytes(b"half")
    living = journal()
    found, problems = living.recover(_kept)
    assert found == []
    assert len(problems) == 1
    aside = next((tmp_path / "unreadable").iterdir())
    assert str(aside) in problems[0]
    assert aside.read_bytes() == content
    assert not left.exists()
    assert living.recover(_kept) == ([], [])


def test_work_that_cannot_be_kept_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    bench, living = Bench(), Journal(tmp_path / "file" / "below")
    _edited(bench, "toy.camera")
    living.update(bench.workspace.sheets)
    _until(lambda: living.problem)
    assert "cannot be kept" in living.problem
    assert living.recover(_kept) == ([], [])
    (tmp_path / "file").unlink()  # now it can be kept, and is, without another edit
    _until(lambda: list((tmp_path / "file" / "below").glob("*/1.json")))
    living.close(keep=False)


@settings(max_examples=30, deadline=None)
@given(graph=graphs(), title=st.text(min_size=1, max_size=60), at=st.floats(0, 1e10))
def test_a_record_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, graph: Graph, title: str, at: float
) -> None:
    file = tmp_path_factory.mktemp("record") / "1.json"
    record = Record(graph, title, Path("/somewhere/dance.json").absolute(), at)
    file.write_text(record.text(), encoding="utf-8")
    assert read_record(file, _kept) == record
    assert json.loads(file.read_text(encoding="utf-8").partition("\n")[2])["format"] == "nodeflow"

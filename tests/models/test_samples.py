"""Samples: files and folders to try things on, and the graphs that begin with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from nodeflow.graph import load
from nodeflow.models import Library, Sample
from nodeflow.node import load_registry
from nodeflow.samples import sample_graphs

from .conftest import sha


def _sample(media: str, *names: str) -> Sample:
    files = [
        {"name": name, "size": len(name), "sha256": sha(name.encode()), "sources": [{"kind": "file", "path": name}]}
        for name in names
    ]
    about = {"title": "Things", "author": "Somebody", "licence": "BSD"}
    return Sample.model_validate({"id": "things", "media": media, "files": files, **about})


def test_several_files_are_a_folder_that_holds_them_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = Library(cache=tmp_path / "cache", folders=())
    sample = _sample("folder", "a.png", "b.png")
    for file in sample.files:
        place = library.cache.path(file)
        place.parent.mkdir(parents=True)
        place.write_bytes(file.name.encode())
    monkeypatch.setattr(library, "_samples", {"things": sample})
    folder = library.asset("things")
    assert sorted(path.name for path in folder.iterdir()) == ["a.png", "b.png"]
    (folder / "a.png").write_bytes(b"cut")
    (folder / "left_over.png").write_bytes(b"of an older list")
    (folder / "mine").mkdir()
    (folder / "mine" / "own.png").write_bytes(b"in a folder of samples, which are copies")
    assert library.asset("things") == folder
    (folder / "b.png").write_bytes(b"other")
    assert library.asset("things") == folder
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"a.png": b"a.png", "b.png": b"b.png"}


def test_only_a_folder_has_several_files() -> None:
    with pytest.raises(ValueError, match="folder"):
        _sample("image", "a.png", "b.png")


@pytest.mark.parametrize("graph", sample_graphs().items(), ids=lambda each: each[0])
def test_a_template_reads_nothing_that_only_some_machines_have(graph: tuple[str, Path]) -> None:
    catalog = load_registry().catalog
    for node in load(graph[1]).nodes.values():
        schema = catalog.get(node.type)
        for param in schema.params if schema and not schema.inputs else ():
            value = node.params.get(param.name, param.default)
            if param.type in ("file", "folder") and value:
                assert str(value).startswith("sample:"), f"{node.type} reads {value}"

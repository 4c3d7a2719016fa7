"""The page on writing nodes, run as it stands."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nodeflow.node
import nodeflow.values
from nodeflow.node import Context, load_registry
from nodeflow.node import registry as module
from nodeflow.node.registry import ENTRY_POINT_GROUP
from nodeflow.values import Image

PAGE = (Path(__file__).parents[2] / "docs" / "nodes.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The example pack, loaded as a user's."""
    monkeypatch.setattr(module, "entry_points", lambda group: ())
    (tmp_path / "motion.py").write_text(BLOCKS[0], encoding="utf-8")
    registry = load_registry(tmp_path)
    assert registry.problems == ()
    assert sorted(registry.types) == ["motion.bar", "motion.difference", "motion.threshold"]
    return {made.code.__name__: made.code for made in registry.types.values()}


def test_the_example_runs_as_the_page_says(pack: dict[str, Any], tmp_path: Path) -> None:
    image = Image(np.full((120, 160, 3), 200, np.uint8))
    names = {**pack, "image": image, "tmp_path": tmp_path}
    exec(BLOCKS[1], names)
    assert (names["black"].array == 0).all()
    assert len(names["frames"]) == 10
    assert names["amount"].unit == "of 255"
    assert names["amount"].value == pytest.approx(2 * 255 / 160)
    assert set(np.unique(names["shown"].array)) == {0, 255}


def test_the_project_file_installs_the_pack_that_the_page_shows() -> None:
    project = tomllib.loads(re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)[0])
    module = re.findall(r'^"""(\w+)\.py:', BLOCKS[0])[0]
    assert project["project"].keys() >= {"name", "version"}  # without these, pip installs nothing
    assert project["project"]["entry-points"][ENTRY_POINT_GROUP] == {module: module}
    assert project["tool"]["setuptools"]["py-modules"] == [module]


def test_every_name_on_the_page_exists() -> None:
    words = set(re.findall(r"`(?:ctx\.)?(\w+)(?:\([^`]*\))?`", PAGE))
    table = re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE)
    for word in re.findall(r"`(\w+)", " ".join(table)):
        assert word == "ctx" or hasattr(Context, word), word
    for kind in nodeflow.values.KINDS:
        assert kind in words, kind
    widgets = {
        "number",
        "slider",
        "toggle",
        "text",
        "lines",
        "choice",
        "file",
        "folder",
        "save",
        "color",
        "model",
        "drawing",
    }
    assert widgets <= words & set(nodeflow.node.__all__)

"""Packs: found where they are, and never able to bring the program down."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nodeflow.node import Registry, load_registry, node
from nodeflow.node import registry as module
from nodeflow.values import Image

GOOD = '''
from nodeflow.node import node
from nodeflow.values import Image

@node("{name}.same", category="Test")
def same(image: Image) -> Image:
    """Nothing changes."""
    return image
'''


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder of packs, with nothing else installed."""
    monkeypatch.setattr(module, "entry_points", lambda group: ())
    return tmp_path


def put(place: Path, text: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")


def test_files_and_packages_are_packs(folder: Path) -> None:
    put(folder / "reg_one.py", GOOD.format(name="one"))
    put(folder / "reg_two/__init__.py", "")
    put(folder / "reg_two/deep/__init__.py", "")
    put(folder / "reg_two/deep/more.py", GOOD.format(name="two").replace("from nodeflow.values", "from ..kinds"))
    put(folder / "reg_two/kinds.py", "from nodeflow.values import Image as Image")
    put(folder / "notes.txt", "no pack")
    put(folder / "data/readme.md", "no pack either")
    registry = load_registry(folder)
    assert sorted(registry.types) == ["one.same", "two.same"]
    assert registry.types["two.same"].schema.pack == "reg_two"
    assert registry.catalog.get("one.same") == registry.types["one.same"].schema
    assert registry.problems == ()


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("syntax", "def broken(:", "SyntaxError"),
        ("missing", "import a_module_that_is_not_there", "No module named 'a_module_that_is_not_there'"),
        ("raising", "raise RuntimeError('no luck')", "RuntimeError: no luck"),
        ("leaving", "import sys; sys.exit(3)", "SystemExit: 3"),
        (
            "defining",
            GOOD.format(name="x").replace("-> Image", ""),
            "DefinitionError: node 'x.same'.*annotation is missing",
        ),
    ],
)
def test_a_broken_module_is_a_problem_and_the_rest_loads(folder: Path, name: str, body: str, said: str) -> None:
    put(folder / f"reg_bad_{name}/__init__.py", "")
    put(folder / f"reg_bad_{name}/bad.py", body)
    put(folder / f"reg_bad_{name}/bad_package/__init__.py", body)
    put(folder / f"reg_bad_{name}/good.py", GOOD.format(name=f"good_{name}"))
    put(folder / f"reg_other_{name}.py", GOOD.format(name=f"other_{name}"))
    put(folder / f"reg_worst_{name}.py", body)
    registry = load_registry(folder)
    assert sorted(registry.types) == [f"good_{name}.same", f"other_{name}.same"]
    assert [problem.pack for problem in registry.problems] == [f"reg_bad_{name}"] * 2 + [f"reg_worst_{name}"]
    for problem in registry.problems:
        assert problem.pack in str(problem)
        assert re.search(said, problem.message)


def test_a_module_may_hold_stand_ins_for_what_is_not_there(folder: Path) -> None:
    stand_in = """
class StandIn:
    def __getattr__(self, name):
        raise RuntimeError("ask when there is something")

request = StandIn()
"""
    put(folder / "reg_web.py", stand_in + GOOD.format(name="web"))
    registry = load_registry(folder)
    assert (list(registry.types), registry.problems) == (["web.same"], ())


def test_a_type_belongs_to_the_first_who_takes_it(folder: Path) -> None:
    put(folder / "reg_dup_a.py", GOOD.format(name="dup"))
    put(folder / "reg_dup_b.py", GOOD.format(name="dup"))
    registry = load_registry(folder)
    assert registry.types["dup.same"].schema.pack == "reg_dup_a"
    (problem,) = registry.problems
    assert "'dup.same' is already taken by pack 'reg_dup_a'" in str(problem)
    assert problem.pack == "reg_dup_b"


def test_a_node_that_is_imported_elsewhere_is_taken_once(folder: Path) -> None:
    put(folder / "reg_once/__init__.py", "from .inner import same as same")
    put(folder / "reg_once/inner.py", GOOD.format(name="once"))
    registry = load_registry(folder)
    assert list(registry.types) == ["once.same"]
    assert registry.problems == ()


def test_a_pack_is_not_run_as_a_program(folder: Path) -> None:
    put(folder / "reg_main/__init__.py", "")
    put(folder / "reg_main/__main__.py", "raise RuntimeError('ran')")
    assert load_registry(folder).problems == ()


def test_a_registry_of_some_nodes_only() -> None:
    @node("test.only", category="Test")
    def only(image: Image) -> Image:
        return image

    assert list(Registry.of(only).types) == ["test.only"]
    with pytest.raises(TypeError, match="not decorated"):
        Registry.of(len)


def test_no_folder_is_no_problem_unless_somebody_named_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_registry(folder / "nowhere").types == {}
    monkeypatch.setenv("NODEFLOW_PACKS", str(folder / "nowhere"))
    (problem,) = load_registry().problems
    assert "no such folder" in str(problem)

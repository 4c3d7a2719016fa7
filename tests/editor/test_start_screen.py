"""What is there before there is a graph."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.editor.canvas.scene import Scene
from nodeflow.editor.commands.menus import recent_rows
from nodeflow.editor.documents.gallery import Gallery
from nodeflow.editor.documents.start_page import Page, beside
from nodeflow.editor.documents.templates import GROUPS
from nodeflow.editor.settings.memory import Memory
from nodeflow.graph import Graph, Node, load, renames, save, subgraphs
from nodeflow.models import Library
from nodeflow.models.card_files import BUILT_IN
from nodeflow.node import load_registry
from nodeflow.samples import sample_graphs

from .desk import Desk
from .fakes import Bench


@given(
    size=st.tuples(st.floats(640, 4000), st.floats(300, 2500)),
    recent=st.integers(0, 12),
    chips=st.lists(st.floats(40, 150), max_size=8),
    groups=st.lists(st.integers(1, 20), max_size=7),
    large=st.booleans(),
)
def test_everything_has_a_place_of_its_own_and_arrows_and_tab_reach_it(
    size: tuple[float, float], recent: int, chips: list[float], groups: list[int], large: bool
) -> None:
    groups = [1, *groups] if large else groups
    page = Page.of(size, 3, recent, chips, groups, large)
    spots = page.spots
    assert len(page.cards) == sum(groups)
    assert len(page.headings) == len(groups)
    assert len(spots) == 3 + len(page.recent) + len(chips) + sum(groups)
    for place, spot in enumerate((*spots, page.search)):
        assert spot.left >= 0.0
        assert spot.right <= size[0] + 0.01
        assert not any(spot.grown(-0.5).meets(other.grown(-0.5)) for other in spots[place + 1 :])
    assert all(page.picture(place).meets(card) for place, card in enumerate(page.cards))
    reached, at = {-1}, -1
    while (at := page.next_part(at, 1)) != -1:
        assert page.next_part(page.next_part(at, 1), -1) == at
        reached.add(at)
    assert len(reached) == 1 + sum(bool(part) for part in ((1,), page.recent, chips, groups))
    new = reached - {-1}
    while new:
        new = {beside(spots, now, *way) for now in new for way in ((1, 0), (-1, 0), (0, 1), (0, -1))} - reached
        reached |= new
    assert reached == set(range(-1, len(spots)))


def test_every_sample_graph_says_what_it_is() -> None:
    for path in sample_graphs().values():
        graph = load(path)
        assert graph.title, f"{path.name} has no title"
        about = graph.extra.get("about")
        assert isinstance(about, str), f"{path.name} does not say what it is about"
        assert 10 < len(about) < 110


def test_no_two_nodes_of_a_sample_graph_lie_close_to_each_other(tmp_path: Path) -> None:
    catalog = load_registry(tmp_path).catalog
    for name, path in sample_graphs().items():
        graph = load(path, renames(catalog))
        scene = Scene(subgraphs(graph, catalog).catalog)
        scene.update(graph)
        for one, other in combinations(scene.boxes.values(), 2):
            assert not one.bounds.grown(18.0).meets(other.bounds), f"{name}: {one.node} and {other.node}"


def test_no_wire_of_a_sample_graph_runs_behind_a_node(tmp_path: Path) -> None:
    catalog = load_registry(tmp_path).catalog
    for name, path in sample_graphs().items():
        graph = load(path, renames(catalog))
        scene = Scene(subgraphs(graph, catalog).catalog)
        scene.update(graph)
        for link, wire in scene.wires.items():
            points = [wire.curve.at(step / 60) for step in range(61)]
            others = (box for node, box in scene.boxes.items() if node not in (link.source.node, link.target.node))
            behind = [box.node for box in others if any(map(box.bounds.grown(4.0).contains, points))]
            assert not behind, f"{name}: {link} looks as if it went into {behind}"


def test_every_template_is_in_one_group_and_those_whose_models_our_tests_cannot_run_come_last_and_say_so(
    tmp_path: Path,
) -> None:
    listed = [name for names in GROUPS.values() for name in names]
    assert sorted(listed) == sorted(sample_graphs())
    types, shelf = load_registry(tmp_path).types, Library(cache=tmp_path, folders=(BUILT_IN,))
    unchecked = set()
    for name, path in sample_graphs().items():
        graph = load(path)
        for node in graph.nodes.values():
            schema = types[node.type.partition("(")[0]].schema
            models = {node.params.get(each.name, each.default) for each in schema.params if each.type == "model"}
            if any(model and not shelf.card(str(model)).checked for model in models):
                unchecked.add(name)
                assert "not checked here" in str(graph.extra["about"]), name
    for names in GROUPS.values():
        assert [name in unchecked for name in names] == sorted(name in unchecked for name in names)


@pytest.fixture(scope="module")
def gallery() -> Gallery:
    """All templates, read."""
    gallery, catalog = Gallery(), load_registry(None).catalog
    while gallery.read_next(catalog):
        pass
    return gallery


@pytest.mark.parametrize(
    ("query", "first", "more"),
    [
        ("", "pose_overlay", {"camera", "tuner"}),
        ("pose", "pose_overlay", {"pose_two_people", "pose_compare"}),  # in the title
        ("camera", "camera", {"pose_overlay", "style"}),  # in what it is about, and by its nodes
        ("whisper", "live_captions", {"transcribe"}),  # by the model
        ("SOUND", "live_captions", {"tuner", "notes"}),  # by the group
        ("csv folder", "classify_folder", {"caption_folder"}),
        ("side two", "pose_compare", set()),
        ("hotdg", "hot_dog", set()),  # not a word anywhere: by the letters of the title
        ("zzz", None, set()),
    ],
)
def test_templates_are_found_by_what_they_are_called_do_and_are_made_of(
    gallery: Gallery, query: str, first: str | None, more: set[str]
) -> None:
    gallery.clear()
    gallery.query = query
    found = [path.stem for section in gallery.sections(first_run=False) for path in section.paths]
    assert found[:1] == ([first] if first else [])
    assert more <= set(found)
    assert len(found) == len(set(found))
    assert len(found) == len(sample_graphs()) if not query else len(found) < 12


def test_templates_stand_under_their_groups_and_the_first_is_large_on_a_first_run(gallery: Gallery) -> None:
    gallery.clear()
    sections = gallery.sections(first_run=True)
    assert sections[0].large
    assert [section.title for section in sections[1:]] == list(GROUPS)
    gallery.group = "Sound"
    assert [(section.title, section.large) for section in gallery.sections(first_run=True)] == [("Sound", False)]
    gallery.query = "pose"
    assert gallery.sections(first_run=True) == []
    gallery.clear()
    assert not gallery.narrowed


def test_a_sample_opens_as_a_copy_that_no_save_writes_back(tmp_path: Path) -> None:
    workspace = (bench := Bench()).workspace
    path = sample_graphs()["pose_overlay"]
    before = path.read_bytes()
    workspace.files.open_path(path)
    document = workspace.document
    assert (document.name, document.path, document.folder, document.dirty) == ("Pose overlay", None, None, False)
    bench.front.path = tmp_path / "mine"
    workspace.files.save()
    assert bench.front.opened == [("path", "save")]
    assert path.read_bytes() == before
    assert "about" not in load(tmp_path / "mine.json").extra
    assert workspace.files.recent == [tmp_path / "mine.json"], "a template is no recent file"


def test_recent_files_are_kept_newest_first_and_those_that_are_gone_are_grey(tmp_path: Path) -> None:
    files = Bench().workspace.files
    for name in ("one", "two", "three", "one"):
        save(Graph().add(Node("toy.camera"))[0], tmp_path / f"{name}.json")
        files.open_path(tmp_path / f"{name}.json")
        files.close()
    assert [path.stem for path in files.recent] == ["one", "three", "two"]
    (tmp_path / "three.json").unlink()
    rows = recent_rows(files)
    assert [(row.title, row.enabled) for row in rows[:3]] == [("one", True), ("three", False), ("two", True)]
    assert rows[3].action is not None
    rows[3].action()
    assert [path.stem for path in files.recent] == ["one", "two"]
    assert [row.enabled for row in recent_rows(Bench().workspace.files)] == [False]


@pytest.mark.parametrize("text", ["", "{", '{"recent graphs": 3}', '{"recent graphs": [1, null, "/x.json"]}'])
def test_recent_files_survive_any_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "habits.json").write_text(text)
    memory = Memory(tmp_path / "habits.json")
    assert memory.recent("graph") == (["/x.json"] if "/x" in text else [])
    memory.use("graph", "/y.json")
    assert Memory(tmp_path / "habits.json").recent("graph")[0] == "/y.json"


@pytest.mark.gui
def test_one_begins_with_a_template_a_recent_file_or_a_camera(
    open_desk: Callable[..., Desk], graph_file: Path, tmp_path: Path
) -> None:
    with open_desk(None, env={"NODEFLOW_CONFIG": str(tmp_path / "config")}) as desk:
        desk.wait(lambda look: look["start"] and "Several people" in look["start"])
        desk.click(desk.look()["start"]["Transform"])
        desk.wait(lambda look: "Several people" not in look["start"] and "Another background" in look["start"])
        desk.key("Escape")
        desk.type("background")  # the keyboard is the search field's all the while
        desk.wait(lambda look: "Several people" not in look["start"] and "Another background" in look["start"])
        desk.key("Return")
        look = desk.wait(lambda look: look["start"] is None)
        assert (look["title"], look["path"], look["dirty"]) == ("Another background", None, False)
        assert "mask" in look["nodes"]

        desk.key("ctrl+w")  # the last graph closes: there is the start screen again
        desk.wait(lambda look: look["start"])
        desk.type("z")
        desk.key("Tab")
        desk.key("Right")
        desk.key("Escape")
        desk.wait(lambda look: look["start"] and "Several people" in look["start"])
        desk.key("Escape")
        look = desk.look()
        assert (look["start"], look["nodes"], look["title"]) == (None, {}, "Untitled")

        desk.key("ctrl+o")
        desk.key("ctrl+a")
        desk.type(str(graph_file))
        desk.key("Return")
        desk.wait(lambda look: look["title"] == "graph")
        desk.key("ctrl+w")
        start = desk.wait(lambda look: look["start"])["start"]
        assert "graph" in start
        desk.click(start["graph"])
        desk.wait(lambda look: look["title"] == "graph" and look["start"] is None)
        desk.key("ctrl+w")
        desk.click(desk.wait(lambda look: look["start"])["start"]["Open camera"])
        desk.wait(lambda look: look["title"] == "Camera" and look["state"] != "idle")

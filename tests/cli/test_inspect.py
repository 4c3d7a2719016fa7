"""`nodeflow check` and `nodeflow nodes`: what is wrong with a graph, and what nodes there are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nodeflow.samples import sample_graphs

from .graphs import NESTED, STILL, Say, changed, graph_file


def test_a_check_names_what_is_wrong_inside_once(say: Say, folder: Path) -> None:
    document = json.loads(json.dumps(NESTED))
    document["subgraphs"]["soft"]["nodes"]["blur"]["params"]["radius"] = -1
    code, out, _ = say("check", graph_file(folder, document))
    assert code == 1
    assert [line.split(": ")[2] for line in out.splitlines()] == ["one/blur.radius"]


LOOP = {
    **STILL,
    "nodes": {**STILL["nodes"], "again": {"type": "image.blur"}},
    "links": ["soft.image -> again.image", "again.image -> soft.image", "soft.image -> out.image"],
}


WRONG_KIND = {
    **STILL,
    "nodes": {**STILL["nodes"], "boxes": {"type": "draw.poses"}},
    "links": [*STILL["links"], "soft.image -> boxes.image", "soft.image -> boxes.poses"],
}


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (changed("soft", type="image.blurr"), ["soft", "image.blurr", "image.blur"]),
        (LOOP, ["soft", "again", "loop"]),
        (WRONG_KIND, ["boxes.poses", "Image", "Poses"]),
        ({**STILL, "links": ["soft.image -> out.image"]}, ["soft.image", "not connected"]),
        ({**STILL, "version": 99}, ["99", "newer"]),
        ({**STILL, "format": "comfy"}, ["g.json", "nodeflow"]),
        ("{", ["g.json"]),
    ],
    ids=["unknown node", "cycle", "wrong kind", "missing input", "newer file", "other file", "cut off"],
)
def test_a_broken_graph_is_refused_by_check_and_by_run(
    say: Say, folder: Path, document: dict[str, object] | str, says: list[str]
) -> None:
    path = graph_file(folder, document)
    code, out, err = say("check", path)
    assert code == 1
    for word in says:
        assert word in out + err
    code, out, err = say("run", path)
    assert (code, out) == (1, "")
    assert err.startswith("nodeflow: ")
    assert err.count("\n") == 1
    assert not (folder / "out").exists()


def test_check_tells_of_a_model_that_nobody_knows(say: Say, folder: Path) -> None:
    document = changed("soft", type="people.pose", params={"model": "blazepose-ful"})
    code, out, _ = say("check", graph_file(folder, document))
    assert code == 1
    assert "soft.model: there is no model 'blazepose-ful': did you mean blazepose-full" in out


def test_check_is_silent_about_nothing_and_says_so(say: Say, folder: Path) -> None:
    assert say("check", graph_file(folder, STILL)) == (0, f"{folder / 'g.json'}: no problems\n", "")


def test_nodes_as_json_is_the_whole_catalogue(say: Say) -> None:
    code, out, _ = say("nodes", "--json")
    assert code == 0
    found = {schema["type"]: schema for schema in json.loads(out)["nodes"]}
    assert found["people.pose"]["outputs"][0]["kind"] == "Poses"
    assert json.loads(out)["problems"] == []


def test_nodes_are_listed_by_words_and_one_is_told_whole(say: Say) -> None:
    assert say("nodes", "flip")[:2] == (
        0,
        "Image\n  image.flip  Mirror a picture, as one is used to from one's own camera.\n",
    )
    assert "io.video" in say("nodes", "mp4")[1]  # what people call it, where no help says it
    assert "words.read" in say("nodes", "ocr")[1]
    listed = say("nodes", "motion")[1]
    assert "emotion" not in listed  # a word begins one
    assert say("nodes", "people.po") == say("nodes", "po", "people")
    code, out, _ = say("nodes", "people.pose")
    assert code == 0
    assert ["input", "image", "Image"] in [line.split() for line in out.splitlines()]
    assert "0..1 = 0.3" in out
    code, out, err = say("nodes", "no", "such", "thing")
    assert (code, out) == (0, "")
    assert "'no such thing'" in err


def test_every_sample_graph_is_sound_and_stays_as_it_is_when_saved(say: Say) -> None:
    from nodeflow.graph import dumps, load

    assert set(sample_graphs()) >= {"pose_overlay", "pose_two_people", "pose_compare"}
    for name, path in sample_graphs().items():
        assert say("check", name)[:2] == (0, f"{path}: no problems\n")
        assert dumps(load(path)) == path.read_text(encoding="utf-8")


EVIL = "\x1b]0;mine\x07\x1b[2J\u202e"
"""What would name the terminal, clear it, and turn round what follows."""


@pytest.mark.parametrize("command", [("check",), ("run",), ("export", "--python", "-")])
def test_a_graph_plays_no_tricks_on_a_terminal(say: Say, folder: Path, command: tuple[str, ...]) -> None:
    document = changed("soft", type=f"image.{EVIL}", params={EVIL: EVIL})
    document["nodes"]["photo"]["params"]["file"] = EVIL
    document["nodes"]["out"]["params"][f"path{EVIL}"] = 1
    first, *more = command
    code, out, err = say(first, graph_file(folder, document), *more)
    assert code == 1
    assert "image.\\u001b]0;mine\\u0007\\u001b[2J\\u202e" in out + err
    assert all(char.isprintable() or char == "\n" for char in out + err)


def test_what_a_graph_writes_and_shows_plays_none_either(say: Say, folder: Path) -> None:
    document = changed("out", params={"path": f"out/{EVIL}.png"})
    code, out, err = say("run", graph_file(folder, document))
    assert code == 0
    assert "g.json: out wrote out/\\u001b]0;mine" in out
    assert all(char.isprintable() or char == "\n" for char in out + err)

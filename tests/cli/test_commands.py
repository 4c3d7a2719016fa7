"""The command line as a person meets it: what it prints, what it returns, and one line for every mistake."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nodeflow.cli import main
from nodeflow.samples import folder_of, sample_graphs, samples_folder

Say = Callable[..., tuple[int, str, str]]

STILL = {
    "format": "nodeflow",
    "version": 1,
    "nodes": {
        "photo": {"type": "io.image", "params": {"file": "in.png"}},
        "soft": {"type": "image.blur", "params": {"radius": 1.0}},
        "out": {"type": "io.image_writer", "params": {"path": "out/{index}.png"}},
    },
    "links": ["photo.image -> soft.image", "soft.image -> out.image"],
}


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Call the command line; what it returned and printed."""

    def call(*words: str) -> tuple[int, str, str]:
        code = main(lambda path, device, start: 7, words)
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    import cv2

    picture = np.zeros((20, 30, 3), np.uint8)
    picture[5:15, 5:15] = 255
    cv2.imwrite(str(tmp_path / "in.png"), picture)
    return tmp_path


def graph_file(folder: Path, document: dict[str, object] | str, name: str = "g.json") -> str:
    path = folder / name
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return str(path)


def changed(node: str, **fields: object) -> dict[str, object]:
    document = json.loads(json.dumps(STILL))
    document["nodes"][node].update(fields)
    return document


def test_a_graph_runs_and_reports(say: Say, folder: Path) -> None:
    code, out, err = say("run", graph_file(folder, STILL), "--report", str(folder / "r.json"))
    assert (code, err) == (0, "")
    assert "g.json: finished, 1 frame" in out
    assert "g.json: out wrote out/{index}.png" in out
    report = json.loads((folder / "r.json").read_text())
    assert report["frames"] == 1
    assert set(report) >= {"frames", "seconds", "fps", "dropped", "latency_ms", "nodes"}
    assert set(report["latency_ms"]) == {"p50", "p95"}
    assert {"runs": 1, "failed": 0}.items() <= report["nodes"]["soft"].items()
    assert [path.name for path in (folder / "out").iterdir()] == ["0.png"]


def test_a_graph_that_only_shows_tells_what_it_shows(say: Say, folder: Path) -> None:
    document = changed("out", type="io.preview", params={})
    document["links"] = ["photo.image -> soft.image", "soft.image -> out.value"]
    code, out, err = say("run", graph_file(folder, document))
    assert code == 0
    assert "g.json: out shows 30x20" in out
    assert "nothing was written" in err
    assert "nodeflow edit" in err


def test_what_nodes_remark_is_told_at_the_end(say: Say, folder: Path) -> None:
    document = changed("out", type="io.video_writer", params={"path": "out/odd.mp4"})
    document["nodes"]["soft"] = {"type": "image.resize", "params": {"width": 31, "height": 21}}  # type: ignore[index]
    code, _, err = say("run", graph_file(folder, document))
    assert (code, err) == (0, "g.json: out: 31x21 is written as 32x22: video sizes are even.\n")


def test_a_trace_is_written_for_perfetto(say: Say, folder: Path) -> None:
    code, out, _ = say("run", graph_file(folder, STILL), "--trace", str(folder / "t.json"))
    assert (code, str(folder / "t.json") in out) == (0, True)
    events = json.loads((folder / "t.json").read_text())["traceEvents"]
    assert {event["name"] for event in events if event.get("cat") == "node"} == {"photo", "soft", "out"}
    code, _, err = say("run", graph_file(folder, STILL), "--trace", str(folder / "no" / "t.json"))
    assert (code, err.count("\n")) == (1, 1)
    assert "there is no folder" in err


def test_a_trace_is_written_of_a_run_that_fails_too(say: Say, folder: Path) -> None:
    (folder / "in.png").write_bytes(b"no picture")
    code, _, err = say("run", graph_file(folder, STILL), "--trace", str(folder / "t.json"))
    assert code == 1
    assert "photo" in err
    assert json.loads((folder / "t.json").read_text())["traceEvents"]


def test_set_changes_a_parameter_for_this_run_only(say: Say, folder: Path) -> None:
    path = graph_file(folder, STILL)
    before = Path(path).read_text()
    code, _, _ = say("run", path, "--set", "out.path=other/x.png", "--set", "soft.radius=0")
    assert code == 0
    assert (folder / "other" / "x.png").is_file()
    assert Path(path).read_text() == before


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("soft.radius", "write NODE.PARAM=VALUE"),
        ("sofa.radius=1", "there is no node 'sofa'; there is out, photo, soft"),
        ("soft.radium=1", "has no parameter 'radium'; it has"),
        ("soft.radius=much", "soft.radius=much"),
        ("soft.radius=-3", "soft.radius=-3"),
    ],
)
def test_a_wrong_set_is_one_clear_line(say: Say, folder: Path, change: str, says: str) -> None:
    code, out, err = say("run", graph_file(folder, STILL), "--set", change)
    assert (code, out) == (1, "")
    assert says in err
    assert err.count("\n") == 1


NESTED = {
    "format": "nodeflow",
    "version": 1,
    "nodes": {
        "photo": {"type": "io.image", "params": {"file": "in.png"}},
        "one": {"type": "subgraph.soft"},
        "two": {"type": "subgraph.soft", "params": {"much": 2}},
        "out": {"type": "io.image_writer", "params": {"path": "out/{index}.png"}},
    },
    "links": ["photo.image -> one.image", "one.result -> two.image", "two.result -> out.image"],
    "subgraphs": {
        "soft": {
            "params": {"much": "blur.radius"},
            "nodes": {
                "image": {"type": "graph.input"},
                "blur": {"type": "image.blur", "params": {"radius": 1.0}},
                "result": {"type": "graph.output"},
            },
            "links": ["image.value -> blur.image", "blur.image -> result.value"],
        }
    },
}


def test_subgraphs_run_and_are_set_from_outside_or_one_by_one(say: Say, folder: Path) -> None:
    sets = ["--set", "one.much=0", "--set", "two/blur.radius=0"]
    code, _, err = say("run", graph_file(folder, NESTED), *sets, "--report", str(folder / "r.json"))
    assert (code, err) == (0, "")
    assert set(json.loads((folder / "r.json").read_text())["nodes"]) == {"photo", "one/blur", "two/blur", "out"}
    assert (folder / "out" / "0.png").read_bytes() == _plain(say, folder)


def _plain(say: Say, folder: Path) -> bytes:
    """What comes out where nothing is blurred."""
    say("run", graph_file(folder, STILL, "plain.json"), "--set", "soft.radius=0", "--set", "out.path=plain.png")
    return (folder / "plain.png").read_bytes()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("one.radius=1", "'one' has no parameter 'radius'; it has much"),
        ("two/blur.much=1", "has no parameter 'much'"),
        ("two/blurr.radius=1", "there is no node 'two/blurr'; there is one/blur, out, photo, two/blur"),
        ("two/blur.radius=-3", "at least 0"),
    ],
)
def test_a_wrong_set_in_a_subgraph_is_one_clear_line(say: Say, folder: Path, change: str, says: str) -> None:
    code, out, err = say("run", graph_file(folder, NESTED), "--set", change)
    assert (code, out) == (1, "")
    assert says in err


def test_a_check_names_what_is_wrong_inside_once(say: Say, folder: Path) -> None:
    document = json.loads(json.dumps(NESTED))
    document["subgraphs"]["soft"]["nodes"]["blur"]["params"]["radius"] = -1
    code, out, _ = say("check", graph_file(folder, document))
    assert code == 1
    assert [line.split(": ")[2] for line in out.splitlines()] == ["one/blur.radius"]


LOOP = {
    **STILL,
    "nodes": {**STILL["nodes"], "again": {"type": "image.blur"}},  # type: ignore[dict-item]
    "links": ["soft.image -> again.image", "again.image -> soft.image", "soft.image -> out.image"],
}
WRONG_KIND = {
    **STILL,
    "nodes": {**STILL["nodes"], "boxes": {"type": "draw.poses"}},  # type: ignore[dict-item]
    "links": [*STILL["links"], "soft.image -> boxes.image", "soft.image -> boxes.poses"],  # type: ignore[misc]
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


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["chek"], "check"),
        (["pose_overlai"], "pose_overlay"),
        (["run", "pose_two_peple"], "pose_two_people"),
        (["check", "gone.json"], "Name a graph file"),
        (["gone.json"], "Name a graph file"),
        (["edit", "gone.json"], "Name a graph file"),
        (["export", "gone.json", "--python", "-"], "Name a graph file"),
    ],
)
def test_a_graph_that_is_not_there_is_told_before_a_window_opens(say: Say, words: list[str], says: str) -> None:
    code, out, err = say(*words)
    assert (code, out) == (1, "")
    assert err.startswith("nodeflow: there is no graph ")
    assert says in err


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (changed("photo", params={"file": "gone.png"}), ["photo", "gone.png", "does not exist"]),
        (changed("photo", params={"file": "g.json"}), ["photo", "g.json"]),
        (changed("out", params={"path": "/proc/nowhere/x.png"}), ["out", "/proc/nowhere"]),
        (changed("out", params={"path": "in.png/x.png"}), ["out", "in.png"]),
    ],
    ids=["missing file", "not a picture", "no folder to write", "a file for a folder"],
)
def test_bad_files_name_the_node_and_the_file(
    say: Say, folder: Path, document: dict[str, object], says: list[str]
) -> None:
    before = set(folder.rglob("*"))
    code, out, err = say("run", graph_file(folder, document))
    assert code == 1
    for word in says:
        assert word in out + err
    assert {path.name for path in set(folder.rglob("*")) - before} <= {"g.json", "out"}


@pytest.mark.parametrize("words", [("check", "none.json"), ("run", "none.json"), ("run", "no_such_sample")])
def test_a_graph_that_is_not_there(say: Say, words: tuple[str, ...]) -> None:
    code, out, err = say(*words)
    assert (code, out) == (1, "")
    assert words[1] in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("run",), "Missing argument"),
        (("run", "pose_overlay", "--frames", "0"), "frames"),
        (("run", "pose_overlay", "--bogus"), "--bogus"),
        (("models", "frob"), "frob"),
        (("edit", "a", "b"), "b"),
    ],
)
def test_a_command_that_is_not_written_as_it_should_be(say: Say, words: tuple[str, ...], says: str) -> None:
    code, out, err = say(*words)
    assert (code, out) == (2, "")
    assert says in err
    assert "internal" not in err
    assert err.count("\n") == 1


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
    code, out, _ = say("nodes", "people.pose")
    assert code == 0
    assert ["input", "image", "Image"] in [line.split() for line in out.splitlines()]
    assert "0..1 = 0.3" in out
    code, out, err = say("nodes", "no", "such", "thing")
    assert (code, out) == (0, "")
    assert "'no such thing'" in err


def test_models_are_listed_and_shown(say: Say) -> None:
    code, out, _ = say("models", "list", "--json")
    assert code == 0
    cards = {card["id"]: card for card in json.loads(out)}
    assert {"blazepose-lite", "blazepose-full", "blazepose-heavy", "movenet-multipose"} <= set(cards)
    assert cards["blazepose-full"]["licence"] == "Apache-2.0"
    code, out, _ = say("models", "show", "movenet-multipose")
    assert code == 0
    rows = dict(line.split(maxsplit=1) for line in out.splitlines())
    assert (rows["id"], rows["licence"], rows["size"]) == ("movenet-multipose", "Apache-2.0", "9.7 MB")
    code, out, err = say("models", "show", "blazepose-ful")
    assert (code, out) == (1, "")
    assert "blazepose-full" in err


def test_models_are_listed_by_task_family_and_licence(say: Say) -> None:
    def listed(*options: str) -> dict[str, dict[str, object]]:
        code, out, _ = say("models", "list", "--json", *options)
        assert code == 0
        return {card["name"]: card for card in json.loads(out)}

    every = listed()
    for card in every.values():
        assert {"task", "family", "default", "licence", "commercial_use", "size", "sources", "status"} <= card.keys()
        assert card["sources"]
    assert {each["family"] for each in listed("--family", "transform").values()} == {"transform"}
    assert {each["commercial_use"] for each in listed("--licence", "permissive").values()} == {"yes"}
    assert [name for name, card in listed("--task", "objects").items() if card["default"]] == ["nanodet"]
    code, _, err = say("models", "list", "--task", "tea")
    assert code == 1
    assert "'tea'" in err
    assert "pose" in err


def test_nothing_is_fetched_where_one_name_is_wrong(say: Say) -> None:
    code, out, err = say("models", "get", "nanodet", "nanodot")
    assert (code, out) == (1, "")
    assert "did you mean nanodet" in err
    code, _, err = say("models", "get")
    assert code == 1
    assert "--all-defaults" in err


def test_all_defaults_are_those_that_were_checked(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    got: list[str] = []
    monkeypatch.setattr("nodeflow.cli.models._get", lambda shelf, model_id: got.append(model_id))
    code, _, err = say("models", "get", "--all-defaults")
    assert code == 0
    assert {"blazepose-full", "hed"} <= set(got)
    assert "sd-turbo" not in got
    assert "sd-turbo" in err
    got.clear()
    assert say("models", "get", "sd-turbo", "--all-defaults")[0] == 0
    assert got[0] == "sd-turbo"


def test_a_device_is_written_as_one(say: Say, folder: Path) -> None:
    code, _, err = say("run", graph_file(folder, STILL), "--device", "gpu")
    assert code == 1
    assert "cuda:0" in err


def test_without_a_command_the_editor_opens(say: Say, folder: Path) -> None:
    assert say(graph_file(folder, STILL))[0] == 7
    assert say()[0] == 7


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="these always have a display")
@pytest.mark.parametrize("display", ["", ":9999"], ids=["none", "dead"])
def test_without_a_display_the_editor_says_so(folder: Path, display: str) -> None:
    def nodeflow(*words: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"DISPLAY": display}
        command = [sys.executable, "-m", "nodeflow", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=200, check=False)

    refused = nodeflow(graph_file(folder, STILL))
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "nodeflow run" in refused.stderr
    ran = nodeflow("edit", graph_file(folder, STILL), "--or-run")
    assert ran.returncode == 0, ran.stderr
    assert "running the graph without one" in ran.stdout
    assert (folder / "out" / "0.png").is_file()


def test_every_sample_graph_is_sound_and_stays_as_it_is_when_saved(say: Say) -> None:
    from nodeflow.graph import dumps, load

    assert set(sample_graphs()) >= {"pose_overlay", "pose_two_people", "pose_compare"}
    for name, path in sample_graphs().items():
        assert say("check", name)[:2] == (0, f"{path}: no problems\n")
        assert dumps(load(path)) == path.read_text(encoding="utf-8")


def test_a_sample_writes_where_one_works_and_others_beside_themselves(tmp_path: Path) -> None:
    assert folder_of(samples_folder() / "pose_overlay.json") == Path.cwd()
    assert folder_of(tmp_path / "g.json") == tmp_path


@pytest.mark.parametrize(
    ("words", "banned"),
    [
        (["--help"], {"torch", "onnxruntime", "numpy", "networkx", "pydantic", "dearpygui", "cv2"}),
        (["check", "pose_overlay"], {"torch", "onnxruntime", "onnx", "dearpygui", "cv2", "av"}),
        (["nodes"], {"torch", "onnxruntime", "onnx", "dearpygui", "cv2", "av", "networkx"}),
        (["pose_overlay"], {"torch", "onnxruntime", "numpy", "networkx", "pydantic", "typer", "rich"}),
    ],
    ids=["help", "check", "nodes", "edit"],
)
def test_a_command_imports_only_what_it_needs(words: list[str], banned: set[str]) -> None:
    code = (
        "import sys; from nodeflow.cli import main; "
        f"code = main(lambda *_: 0, {words!r}); print(code, *sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ, check=True)
    first, *modules = done.stderr.split()
    assert first == "0"
    assert not banned & set(modules)


def test_an_error_of_ours_is_one_line_and_debug_shows_it_whole(
    say: Say, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("out of luck")

    monkeypatch.setattr("nodeflow.samples.find_graph", broken)
    code, _, err = say("check", "x.json")
    assert (code, err) == (
        1,
        "nodeflow: internal error: RuntimeError: out of luck (run again with --debug to see where)\n",
    )
    with pytest.raises(RuntimeError, match="out of luck"):
        say("check", "x.json", "--debug")

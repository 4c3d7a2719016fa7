"""`nodeflow export --python`: the program that it writes does what the graph does, wherever the two files lie."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nodeflow.graph import Graph, Node, load, save
from nodeflow.samples import sample_graphs

from .graphs import Say

STILL = Graph(
    {
        "photo": Node("io.image", params={"file": "in.png"}),
        "soft": Node("image.blur", params={"radius": 1.0}),
        "out": Node("io.image_writer", params={"path": "out/{index}.png"}),
    }
).connect("photo.image -> soft.image", "soft.image -> out.image")


FILMS = [
    name
    for name, path in sample_graphs().items()
    if "not checked here" not in str((graph := load(path)).extra["about"])
    and any(node.type == "io.video_writer" for node in graph.nodes.values())
]
"""The sample graphs that write a film, with models that the tests have."""


@pytest.fixture
def graph_file(tmp_path: Path) -> Path:
    import cv2

    (tmp_path / "graphs").mkdir()
    noise = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)
    cv2.imwrite(str(tmp_path / "graphs" / "in.png"), noise)
    save(STILL, tmp_path / "graphs" / "g.json")
    return tmp_path / "graphs" / "g.json"


def run(program: Path, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, str(program)], cwd=folder, env=os.environ, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.parametrize("place", ["graphs", ".", "graphs/deeper"])
def test_the_program_reads_and_writes_where_the_graph_does(
    say: Say, graph_file: Path, tmp_path: Path, place: str
) -> None:
    assert say("run", str(graph_file))[0] == 0
    written = graph_file.parent / "out" / "0.png"
    wanted = written.read_bytes()
    written.unlink()
    program = tmp_path / place / "g.py"
    program.parent.mkdir(exist_ok=True)
    assert say("export", str(graph_file), "--python", str(program)) == (0, f"{program}: runs the graph of g.json\n", "")
    assert run(program, tmp_path.parent) == "finished; frames: 1\n"
    assert written.read_bytes() == wanted


def test_a_program_is_printed(say: Say, graph_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(graph_file.parent)
    code, out, err = say("export", "g.json", "--python", "-")
    assert (code, err) == (0, "")
    compile(out, "g.py", "exec")
    assert '"soft": Node("image.blur", params={"radius": 1.0}),\n' in out
    assert "FOLDER = Path(__file__).absolute().parent  #" in out


def test_a_program_that_exists_is_not_written_over(say: Say, graph_file: Path, tmp_path: Path) -> None:
    program = tmp_path / "g.py"
    program.write_text("mine")
    code, out, err = say("export", str(graph_file), "--python", str(program))
    assert (code, out) == (1, "")
    assert "--force" in err
    assert program.read_text() == "mine"
    assert say("export", str(graph_file), "--python", str(program), "--force")[0] == 0
    assert program.read_text() != "mine"


@pytest.mark.parametrize("place", ["no/g.py", "graphs"])
def test_a_place_that_cannot_be_written(say: Say, graph_file: Path, tmp_path: Path, place: str) -> None:
    code, out, err = say("export", str(graph_file), "--python", str(tmp_path / place))
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "cannot be written" in err


def test_a_graph_that_cannot_run_is_refused_with_all_that_is_wrong(say: Say, graph_file: Path, tmp_path: Path) -> None:
    broken = STILL.disconnect("photo.image -> soft.image").set_param("soft", "radius", "much")
    save(broken, graph_file)
    code, out, err = say("export", str(graph_file), "--python", str(tmp_path / "g.py"))
    assert (code, out) == (1, "")
    assert err.count(f"{graph_file}: error: soft.") == 2
    assert not (tmp_path / "g.py").exists()


def test_the_form_has_to_be_named(say: Say, graph_file: Path) -> None:
    code, _, err = say("export", str(graph_file))
    assert code == 2
    assert "--python" in err


@pytest.mark.weights
@pytest.mark.parametrize("name", FILMS)
def test_a_sample_as_a_program_writes_the_same_file(say: Say, tmp_path: Path, name: str) -> None:
    graph = load(sample_graphs()[name])
    clip = {"file": "sample:two_people" if name == "pose_two_people" else "sample:one_person", "end": 0.06}
    sources = {"io.camera", "io.video"}
    nodes = {
        node: Node("io.video", params=clip) if each.type in sources else each for node, each in graph.nodes.items()
    }
    save(replace(graph, nodes=nodes), tmp_path / "g.json")
    assert say("run", str(tmp_path / "g.json"), "--report", str(tmp_path / "report.json"))[0] == 0
    frames = json.loads((tmp_path / "report.json").read_text())["frames"]
    (film,) = (tmp_path / "out").glob("*.mp4")
    wanted = film.read_bytes()
    film.unlink()
    assert say("export", str(tmp_path / "g.json"), "--python", str(tmp_path / "g.py"))[0] == 0
    assert run(tmp_path / "g.py", tmp_path.parent) == f"finished; frames: {frames}\n"
    assert film.read_bytes() == wanted

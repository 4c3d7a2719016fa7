"""`nodeflow run` as a person meets it: what it writes, prints and returns, and one line for every mistake."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest

from nodeflow.samples import folder_of, samples_folder
from tests.models.tiny_onnx import add_one

from .graphs import NESTED, STILL, Say, changed, graph_file


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
    document["nodes"]["soft"] = {"type": "image.resize", "params": {"width": 31, "height": 21}}
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


def test_a_report_that_finds_no_room_hides_nothing_of_the_run(
    say: Say, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: str) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("nodeflow.cli.files.write_whole", full)
    code, out, err = say("run", graph_file(folder, STILL), "--report", str(folder / "r.json"))
    assert (code, out) == (1, "g.json: finished, 1 frame\n")
    assert err == f"nodeflow: {folder}/r.json cannot be written: No space left on device; choose another place\n"


def test_a_node_whose_ports_are_not_written_down_gets_them_from_what_is_set(say: Say, folder: Path) -> None:
    add_one(folder / "one.onnx")
    document: dict[str, Any] = {
        "format": "nodeflow",
        "version": 1,
        "nodes": {"net": {"type": "models.onnx", "params": {"file": "one.onnx"}}, "out": {"type": "io.preview"}},
        "links": ["net.y -> out.value"],
    }
    path = graph_file(folder, document)
    code, out, _ = say("check", path)
    assert code == 1
    assert "It has no ports yet: they follow from what it is set to. Set that again." in out
    code, _, err = say("run", path, "--set", "net.file=one.onnx")  # the same as before
    assert "net.x: x is not connected" in err


def test_a_wire_that_new_ports_leave_out_is_told(say: Say, folder: Path) -> None:
    add_one(folder / "one.onnx")
    document = changed("soft", type="models.onnx(image: Image -> image: Image)", params={"file": "other.onnx"})
    code, _, err = say("run", graph_file(folder, document), "--set", "soft.file=one.onnx")
    assert code == 1
    assert 'soft has other ports now, and none for "photo.image -> soft.image", which is left out' in err


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


def test_a_sample_writes_where_one_works_and_others_beside_themselves(tmp_path: Path) -> None:
    assert folder_of(samples_folder() / "pose_overlay.json") == Path.cwd()
    assert folder_of(tmp_path / "g.json") == tmp_path

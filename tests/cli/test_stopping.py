"""A run that is told to end: what was written is whole, nothing else is left, and the exit code says so."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from nodes.io.clip import Clip

PACK = '''
import os
from collections.abc import Iterator

import numpy as np

from nodeflow.node import Context, Params, node, number
from nodeflow.values import Image


@node("told.endless", category="Test")
class Endless:
    """Grey pictures for ever; with the sixth, this process gets a signal."""

    class Setup(Params):
        number: int = number(0)

    def open(self, setup: Setup, ctx: Context) -> None:
        self._number, self._ctx = setup.number, ctx

    def run(self) -> Iterator[Image]:
        count = 0
        while not self._ctx.stopping:
            yield Image(np.full((48, 64, 3), 128, np.uint8))
            count += 1
            if count == 6:
                os.kill(os.getpid(), self._number)
'''

GRAPH = {
    "format": "nodeflow",
    "version": 1,
    "nodes": {"grey": {"type": "told.endless"}, "video": {"type": "io.video_writer", "params": {"path": "out/g.mp4"}}},
    "links": ["grey.image -> video.image"],
}


def heed_signals() -> None:
    """Tests may themselves run where signals are ignored (nohup), which a child inherits."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_DFL)


@pytest.mark.skipif(sys.platform == "win32", reason="os.kill ends a process outright there")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_a_run_and_completes_its_files(tmp_path: Path, name: str) -> None:
    packs = tmp_path / "packs"
    packs.mkdir()
    (packs / "told.py").write_text(PACK)
    (tmp_path / "g.json").write_text(json.dumps(GRAPH))
    command = [sys.executable, "-m", "nodeflow", "run", "g.json", "--set", f"grey.number={int(getattr(signal, name))}"]
    done = subprocess.run(
        [*command, "--report", "r.json"],
        cwd=tmp_path,
        env=os.environ | {"NODEFLOW_PACKS": str(packs)},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
        preexec_fn=heed_signals,
    )
    assert (done.returncode, done.stderr) == (130, "")
    assert done.stdout.startswith("g.json: stopped, ")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["g.mp4"]
    frames = json.loads((tmp_path / "r.json").read_text())["frames"]
    assert frames >= 4
    assert Clip(tmp_path / "out" / "g.mp4").frames == frames


@pytest.mark.parametrize("option", ["--report", "--trace"])
def test_what_cannot_be_written_is_said_before_the_run(tmp_path: Path, option: str) -> None:
    (tmp_path / "g.json").write_text(json.dumps({**GRAPH, "nodes": {}, "links": []}))
    (tmp_path / "there").mkdir()
    command = [sys.executable, "-m", "nodeflow", "run", "g.json", option, "there"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=200, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "nodeflow: there cannot be written: it is a folder; name a file in it\n" in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"g.json", "there"}


def test_a_graph_with_nothing_to_run_says_so(tmp_path: Path) -> None:
    (tmp_path / "g.json").write_text(json.dumps({**GRAPH, "nodes": {}, "links": []}))
    command = [sys.executable, "-m", "nodeflow", "run", "g.json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0
    assert "warning: Nothing here shows or saves anything" in done.stderr

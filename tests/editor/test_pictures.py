"""Pictures into files and onto the clipboard."""

from __future__ import annotations

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from nodeflow.editor.looking import pictures
from nodeflow.editor.looking.pictures import Taking, clipboard_command, copy_png, save_png
from nodeflow.editor.looking.watching import Watching
from nodeflow.engine.look import Glance, Look, Picture
from nodeflow.engine.messages import Watch
from nodeflow.graph import Endpoint, Graph, Node
from tests.editor.fakes import Bench
from tests.engine.session_parts import until

PIXELS = np.random.default_rng(0).integers(0, 256, (6, 8, 3)).astype(np.uint8)


def test_a_png_holds_every_pixel_and_replaces_a_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_text("old")
    assert save_png(PIXELS, path) == "Saved a.png, 8 x 6"
    assert np.array_equal(np.asarray(cv2.imread(str(path)))[:, :, ::-1], PIXELS)
    assert [file.name for file in tmp_path.iterdir()] == ["a.png"]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="cannot be written"):
        save_png(PIXELS, tmp_path / "gone" / "a.png")


def test_every_desktop_has_its_own_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda tool: tool if tool == "xclip" else None)
    assert (clipboard_command(Path("a.png"), "linux") or [""])[0] == "xclip"
    assert (clipboard_command(Path("a.png"), "darwin") or [""])[0] == "osascript"
    assert (clipboard_command(Path("a.png"), "win32") or [""])[0] == "powershell"
    monkeypatch.setattr(shutil, "which", lambda tool: None)
    assert clipboard_command(Path("a.png"), "linux") is None
    monkeypatch.setattr(pictures, "clipboard_command", lambda path: None)
    with pytest.raises(RuntimeError, match="install xclip"):
        copy_png(PIXELS)


def test_a_picture_is_asked_for_in_full_and_then_saved(tmp_path: Path) -> None:
    bench, watching = Bench(), Watching()
    workspace = bench.workspace
    workspace.edit("Add", Graph(nodes={"pose": Node("toy.pose")}))
    workspace.start_or_pause()
    taking, spot = Taking(workspace, watching), Endpoint("pose", "image")
    taking.save(spot, tmp_path / "shot")
    watching.tell(workspace.run, workspace.graph.nodes)
    asked = bench.engines[0].sent[-1]
    assert isinstance(asked, Watch)
    ((name, glance),) = asked.glances.items()
    assert glance == Glance("pose", "image", side=1 << 20)
    taking.update()
    picture = Picture(PIXELS, 8, 6, (0, 0, 8, 6))
    bench.engines[0].looks = {name: Look(1, "pose", "image", 0, 0.0, "Image", "8x6", "cpu", picture)}
    workspace.run.refresh()
    taking.update()

    def told() -> bool:
        taking.update()
        return bool(workspace.notices.current())

    until(told)
    assert workspace.notices.current()[0].text == "Saved shot.png, 8 x 6"


def test_where_no_picture_comes_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "_PATIENCE", -1.0)
    bench, watching = Bench(), Watching()
    taking = Taking(bench.workspace, watching)
    taking.copy(Endpoint("pose", ""))
    taking.update()
    assert "no picture yet" in bench.workspace.notices.current()[0].text

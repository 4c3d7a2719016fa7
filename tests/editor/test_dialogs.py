"""File dialogs in processes of their own, with a stand-in for the desktop's."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from nodeflow.editor.documents.dialogs import Ask, FileDialog

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="stands in for a Linux desktop")


@pytest.fixture
def zenity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A zenity that does what is written into the file this returns."""
    script = tmp_path / "bin" / "zenity"
    script.parent.mkdir()
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(script.parent), prepend=":")
    monkeypatch.delenv("NODEFLOW_DIALOGS", raising=False)
    return script


def _answer(ask: Ask) -> FileDialog:
    dialog = FileDialog.start(ask)
    assert dialog is not None
    dialog._process.wait(60)
    assert dialog.done
    return dialog


def test_the_chosen_path_comes_back(zenity: Path, tmp_path: Path) -> None:
    zenity.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/asked\necho "/clips/a dance.mp4"\n')
    dialog = _answer(Ask("open", "Open a clip", tmp_path, ("*.mp4", "*.mov")))
    assert dialog.path == Path("/clips/a dance.mp4")
    assert not dialog.broken
    dialog.close()
    asked = (tmp_path / "asked").read_text()
    assert "--title=Open a clip" in asked
    assert f"--filename={tmp_path}/" in asked
    assert "*.mp4 *.mov" in asked


def test_a_changed_mind_is_none_and_a_broken_dialog_says_so(zenity: Path) -> None:
    zenity.write_text("#!/bin/sh\nexit 1\n")
    dialog = _answer(Ask("save", "Save"))
    assert (dialog.path, dialog.broken) == (None, False)
    dialog.close()
    zenity.write_text("#!/bin/sh\nexit 127\n")
    dialog = _answer(Ask("folder", "Folder"))
    assert (dialog.path, dialog.broken) == (None, True)
    dialog.close()


def test_closing_takes_the_dialog_off_the_screen(zenity: Path) -> None:
    zenity.write_text("#!/bin/sh\nexec sleep 60\n")
    dialog = FileDialog.start(Ask("open", "Open"))
    assert dialog is not None
    assert not dialog.done
    dialog.close()
    assert dialog.done


def test_the_window_asks_itself_where_it_is_told_to(zenity: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NODEFLOW_DIALOGS", "window")
    assert FileDialog.start(Ask("open", "Open")) is None


def test_a_file_whose_name_is_no_text_can_be_chosen(zenity: Path) -> None:
    zenity.write_text("#!/bin/sh\nprintf '/tmp/odd\\377.png\\n'\n")
    dialog = _answer(Ask("open", "Open"))
    assert dialog.path == Path("/tmp/odd\udcff.png")
    dialog.close()

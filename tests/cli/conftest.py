"""The command line, called from within, and a folder with a picture to call it on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nodeflow.cli import main

from .graphs import Say


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

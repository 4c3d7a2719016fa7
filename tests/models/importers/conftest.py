import os
from collections.abc import Callable
from pathlib import Path

import pytest
from accuracy import imported
from subjects import Subject

from nodeflow.models import library

CARDS = {
    "pose_detection.tflite": ("blazepose-lite", "detector"),
    "pose_landmark_lite.tflite": ("blazepose-lite", "landmarks"),
    "pose_landmark_full.tflite": ("blazepose-full", "landmarks"),
    "pose_landmark_heavy.tflite": ("blazepose-heavy", "landmarks"),
    "movenet-multipose.json": ("movenet-multipose", "pose"),
    "movenet-lightning.json": ("movenet-lightning", "pose"),
    "movenet-thunder.json": ("movenet-thunder", "pose"),
}
"""Where the library has a subject: card and role of the network."""


@pytest.fixture
def onnx_of(tmp_path: Path) -> Callable[[Subject], Path]:
    """Imports a subject: from the folder NODEFLOW_TEST_WEIGHTS if that is set, else through the model library.

    Skips a subject that has no card yet.
    """
    folder = os.environ.get("NODEFLOW_TEST_WEIGHTS")

    def find(subject: Subject) -> Path:
        if folder:
            return imported(subject, Path(folder), tmp_path)
        if subject.file not in CARDS:
            pytest.skip(f"{subject.file} has no card; set NODEFLOW_TEST_WEIGHTS to a folder that holds it")
        card, role = CARDS[subject.file]
        return library().fetch(card)[role]

    return find

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nodeflow.models import library

from .accuracy import imported
from .subjects import Subject

CARDS = {
    "pose_detection.tflite": "blazepose-lite",
    "pose_landmark_lite.tflite": "blazepose-lite",
    "pose_landmark_full.tflite": "blazepose-full",
    "pose_landmark_heavy.tflite": "blazepose-heavy",
    "movenet-multipose.json": "movenet-multipose",
    "movenet-lightning.json": "movenet-lightning",
    "movenet-thunder.json": "movenet-thunder",
    "nanodet.json": "nanodet",
    "emotion.json": "emotion",
    "faceres.json": "faceres",
    "face_detection_short_range.tflite": "blazeface-short",
    "face_detection_full_range_sparse.tflite": "blazeface-full",
    "face_landmark.tflite": "facemesh",
    "iris_landmark.tflite": "facemesh-iris",
    "palm_detection_full.tflite": "hands-full",
    "hand_landmark_full.tflite": "hands-full",
    "hand_landmark_lite.tflite": "hands-lite",
}
"""The card that lists a subject."""


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
        # As published: the library's own conversion leaves out outputs that its pipelines do not need.
        for path in library().files(CARDS[subject.file]).values():
            shutil.copyfile(path, tmp_path / path.name)
        return imported(subject, tmp_path, tmp_path)

    return find

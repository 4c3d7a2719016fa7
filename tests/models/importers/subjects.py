"""The real models that the importers are held to, the inputs they are given, and what of their outputs is compared.

Plain data and numpy only: the scripts that run the reference runtimes, in environments of their own, read this too.
Inputs are made here and not stored. Of a large output, a fixed sample of values is stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

REFERENCE = Path(__file__).parent / "reference"
SAMPLE = 200


@dataclass(frozen=True)
class Subject:
    """A model file, by the end of its path. `tolerance` is relative to each output's largest value, or to 1."""

    file: str
    tolerance: float = 2e-5
    shapes: Mapping[str, Sequence[int]] = field(default_factory=dict)

    @property
    def reference(self) -> Path:
        return REFERENCE / f"{self.file.replace('/', '_').rpartition('.')[0]}.npz"


TFLITE = [
    Subject("pose_detection.tflite"),
    Subject("pose_landmark_lite.tflite", tolerance=1e-3),
    Subject("pose_landmark_full.tflite", tolerance=1e-3),
    Subject("pose_landmark_heavy.tflite", tolerance=1e-3),
    Subject("face_detection_full_range_sparse.tflite"),
    Subject("face_detection_short_range.tflite"),
    Subject("face_landmark.tflite"),
    Subject("hand_landmark_full.tflite"),
    Subject("hand_landmark_lite.tflite"),
    Subject("hand_recrop.tflite"),
    Subject("iris_landmark.tflite"),
    Subject("palm_detection_full.tflite"),
    Subject("palm_detection_lite.tflite"),
]
SELFIE = [  # for MediaPipe's own runtime: they have an operator that TensorFlow Lite lacks
    Subject("selfie_segmentation.tflite", tolerance=2e-4),
    Subject("selfie_segmentation_landscape.tflite", tolerance=2e-4),
]
TFJS = [
    Subject("movenet-multipose.json", shapes={"input": (1, 256, 256, 3)}),
    Subject("movenet-lightning.json"),
    Subject("movenet-thunder.json"),
    Subject("nanodet.json"),
    Subject("centernet.json"),
    Subject("emotion.json"),
    Subject("faceres.json"),
    Subject("antispoof.json"),
    Subject("gear.json"),
    Subject("handdetect.json"),
    Subject("liveness.json"),
    Subject("meet.json"),
    Subject("mobilefacenet.json"),
    Subject("x2/model.json", shapes={"LR": (1, 24, 32, 3)}),
    Subject("x4/model.json", shapes={"LR": (1, 24, 32, 3)}),
]


EVERY = [*TFLITE, *SELFIE, *TFJS]


def inputs(shape: Sequence[int], *, integers: bool) -> dict[str, NDArray[Any]]:
    """Two 8-bit pictures of `shape`, by name: noise, and a scene of discs on a ramp. As int32, or float32 in 0..1."""
    pictures = {"noise": np.floor(_noise(shape) * 255), "scene": np.floor(_scene(shape) * 255)}
    if integers:
        return {name: picture.astype(np.int32) for name, picture in pictures.items()}
    return {name: (picture / 255).astype(np.float32) for name, picture in pictures.items()}


def sampled(output: NDArray[Any]) -> NDArray[Any]:
    """The values of `output` that are compared: all of a small one, SAMPLE well spread ones of a large one."""
    flat = output.reshape(-1)
    return flat if flat.size <= SAMPLE else flat[np.arange(SAMPLE) * 1_000_003 % flat.size]


def _noise(shape: Sequence[int]) -> NDArray[np.float64]:
    return np.random.RandomState(7).random_sample(shape)  # its stream never changes between numpy's versions


def _scene(shape: Sequence[int]) -> NDArray[np.float64]:
    """A ramp, with discs of different brightness in each channel, along the two longest axes."""
    row_axis, column_axis = sorted(np.argsort(shape, kind="stable")[-2:])
    grid = np.indices(shape).astype(np.float64)
    y, x = grid[row_axis] / shape[row_axis], grid[column_axis] / shape[column_axis]
    (channel_axis,) = [axis for axis in range(1, 4) if axis not in (row_axis, column_axis)]
    channel = grid[channel_axis] + 1
    picture = 0.3 * x + 0.2 * y
    for number, (cy, cx, radius) in enumerate([(0.2, 0.5, 0.1), (0.5, 0.5, 0.2), (0.8, 0.4, 0.12), (0.8, 0.6, 0.12)]):
        inside = (y - cy) ** 2 + (x - cx) ** 2 < radius**2
        picture = np.where(inside, 0.25 * channel - 0.04 * number, picture)
    return np.clip(picture, 0, 1)

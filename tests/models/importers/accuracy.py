"""How far an imported model is from the runtime that it came from, and what it costs."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

from nodeflow.models.importers import to_onnx

from .subjects import Subject, inputs, sampled


@dataclass(frozen=True)
class Accuracy:
    """The largest differences over all outputs and inputs: as such, and as a part of the output's largest magnitude."""

    absolute: float
    relative: float


def session(model: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def imported(subject: Subject, weights: Path, scratch: Path) -> Path:
    """The subject as an ONNX file in `scratch`."""
    source = next(weights.rglob(subject.file))
    return to_onnx(source, shapes=subject.shapes, dest=scratch / f"{source.stem}.onnx")


def compared(subject: Subject, model: Path) -> Accuracy:
    """Run `model` on the test inputs and compare it with the recorded outputs. The model may give some of them only."""
    running = session(model)
    names = [output.name for output in running.get_outputs()]
    absolute, relative = 0.0, 0.0
    with np.load(subject.reference) as reference:
        for picture_name, picture in pictures(running, subject).items():
            outputs = running.run(names, {running.get_inputs()[0].name: picture})
            for name, output in zip(names, outputs, strict=True):
                expected = reference[f"{picture_name}|{name}"].astype(np.float64)
                difference = float(np.abs(sampled(output) - expected).max(initial=0))
                absolute = max(absolute, difference)
                relative = max(relative, difference / max(1.0, float(np.abs(expected).max(initial=0))))
    return Accuracy(absolute, relative)


def pictures(running: onnxruntime.InferenceSession, subject: Subject) -> dict[str, np.ndarray]:
    """The test inputs for a session's one input; a free batch size becomes 1."""
    (taken,) = running.get_inputs()
    shape = subject.shapes.get(taken.name) or [size if isinstance(size, int) else 1 for size in taken.shape]
    return inputs(shape, integers=taken.type != "tensor(float)")


def cpu_milliseconds(subject: Subject, model: Path, calls: int = 20) -> float:
    """The processor time of a call on one thread, the least of several: what else the machine does counts little."""
    running = session(model)
    feed = {running.get_inputs()[0].name: pictures(running, subject)["scene"]}
    times = []
    for _ in range(calls):
        start = time.process_time()
        running.run(None, feed)
        times.append(time.process_time() - start)
    return min(times) * 1000


def operators(model: Path) -> Counter[str]:
    return Counter(node.op_type for node in onnx.load(model).graph.node)

"""Converting a model in a process of its own, which this module is when it is run.

    convert_apart(Job("pose.tflite", "pose.onnx", {}, "", ()), folder, watch)

Conversion is a few long calls, each of which holds Python's lock: made here, they would keep a window standing still
for seconds, and load torch and onnx for the sake of one file. A file that makes its reader break, or eat the memory,
breaks that process and not this one, and gets no more memory than a file of its size should need (on Linux; elsewhere
readers have bounds of their own); and a cancel takes effect at once. It comes behind the window and the models that run
meanwhile, for it would take their processors.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from nodeflow.models.errors import BadModel
from nodeflow.models.watch import Watch
from nodeflow.sizes import size_text

_ASIDE = getattr(subprocess, "CREATE_NO_WINDOW", 0) | getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)
"""What Windows is told of the other process; elsewhere it makes itself wait for others."""
_NICE = 10
ROOM, TIMES = 2 * 2**30, 16
"""Bytes of memory that a conversion may take, and as many more for each byte of its files. The real ones take 0.1 GB
and 8 to 15 times their files; what a file holds can be folded to far more than that."""
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
"""Others would take memory each, and processors from what runs."""
_LAST_WORDS = 4096
"""Bytes at the end of what the other process printed that are looked at."""
_REFUSED = "refused"
"""The file in which the other process says why it did not convert."""


@dataclass(frozen=True, slots=True)
class Job:
    """What to convert to what, by name in one folder. `shapes` and `architecture` are those of `to_onnx`; with
    `outputs`, what serves none of these outputs is cut away."""

    source: str
    made: str
    shapes: Mapping[str, Sequence[int]]
    architecture: str
    outputs: Sequence[str]


def convert_apart(job: Job, folder: Path, watch: Watch) -> Path:
    """Convert in another process and return the path of what was made. Raises BadModel, Cancelled."""
    command = [sys.executable, "-m", "nodeflow.models.apart", str(folder), json.dumps(asdict(job))]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            creationflags=_ASIDE,
            env={**os.environ, **_ONE_THREAD},
        )
        try:
            while process.poll() is None:
                watch.wait()
        finally:
            process.kill()
            process.wait()
    if process.returncode:
        raise BadModel(_why(folder, job, process.returncode))
    return folder / job.made


def convert_here(job: Job, folder: Path) -> Path:
    """Convert in this process. Raises ImportFailed, BadModel."""
    from nodeflow.models.importers import to_onnx

    source, shapes = folder / job.source, {name: tuple(shape) for name, shape in job.shapes.items()}
    made = to_onnx(source, shapes=shapes or None, architecture=job.architecture, dest=folder / job.made)
    if job.outputs:
        _keep_outputs(made, job.outputs)
    return made


def _keep_outputs(path: Path, outputs: Sequence[str]) -> None:
    import onnx
    from onnx.utils import Extractor

    model = onnx.load(path)
    there = [output.name for output in model.graph.output]
    if missing := set(outputs) - set(there):
        raise BadModel(f"{path.name} has no output {sorted(missing)[0]!r}; it has {', '.join(there)}")
    inputs = [entry.name for entry in model.graph.input]
    onnx.save(Extractor(model).extract_model(inputs, list(outputs)), path)


def _why(folder: Path, job: Job, code: int) -> str:
    if (folder / _REFUSED).exists():
        return (folder / _REFUSED).read_text("utf-8")
    with (folder / "log").open("rb") as log:
        log.seek(max(0, log.seek(0, os.SEEK_END) - _LAST_WORDS))
        lines = log.read().decode("utf-8", "replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "nothing was said")
    return (
        f"{job.source} cannot be converted: the converter ended with code {code} ({last[:300]}). Fetch it again, or "
        "choose another model"
    )


def main() -> int:
    from nodeflow.models.importers import ImportFailed

    if sys.platform != "win32":
        os.nice(_NICE)
    folder, job = Path(sys.argv[1]), Job(**json.loads(sys.argv[2]))
    size = sum(file.stat().st_size for file in folder.iterdir())
    room = ROOM + TIMES * size
    _limit(room)
    try:
        convert_here(job, folder)
    except (ImportFailed, BadModel) as fault:
        why = str(fault)
    except MemoryError:
        why = (
            f"{job.source} asks for more than {size_text(room)} of memory to be converted, though it has "
            f"{size_text(size)}; choose another model"
        )
    else:
        return 0
    (folder / _REFUSED).write_text(why, "utf-8")
    return 1


def _limit(size: int) -> None:
    """Hold what this process writes of its own to so many bytes, where the system can: Linux."""
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (size, size))


if __name__ == "__main__":
    sys.exit(main())

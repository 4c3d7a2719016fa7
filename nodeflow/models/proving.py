"""Opening a stranger's model in a process of its own before it is opened in this one.

    prove(path, cache, watch)           # raises BadModel where the file would bring the program down

Reading a signature runs nothing. But a runtime computes what is constant when it opens a file, writes functions out
that call one another, and may have faults of its own: a file of 200 bytes can ask it for all the memory there is, for
hours of time, or crash it. Here it does so to a process that has a limit of memory and of time. That process also runs
the model once, on zeros, since constants may be as large there; that it takes long then, or fails, proves nothing.

A program of torch.export is not proved: whatever could be run of it as it is loaded was refused with its signature.

What was proved once is kept in the cache, by the file's place, size and date. Memory is limited on Linux; elsewhere
the limit of time and the process hold. Only the model's own code can tell how it will do on other inputs.
"""

from __future__ import annotations

import hashlib
import math
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from nodeflow.models.cache import Cache, touch
from nodeflow.models.errors import BadModel
from nodeflow.models.signature import read_signature
from nodeflow.models.watch import Watch
from nodeflow.sizes import size_text

OPEN_SECONDS, RUN_SECONDS = 180.0, 10.0
"""How long a model may take to open (longer where its files are large), and how long it is run. On a slow machine the
runtime alone takes the first half minute."""
ROOM = 2 * 2**30
"""Bytes that it may take besides those of its files, thrice: as they are, as they are laid out, and once more."""
_STEP = 2**30 + 2**28
"""What onnxruntime takes at most for one constant, and some more. It goes on without one for which there is no room,
so whatever came as near to the limit as this would have gone beyond it."""
_SLOWEST = 20 * 2**20
"""Bytes of weights that any disk and runtime get through in a second."""
_MOST = 8192 * 8192 * 3
"""Numbers of one input: those of the largest picture."""
_PICTURE = (1, 3, 64, 64)
_NICE = 5


def prove(path: Path, cache: Cache, watch: Watch) -> None:
    """Returns where the model in a file opens within bounds; blocks meanwhile. Raises BadModel, Cancelled."""
    signature = read_signature(path)
    if signature.format == "torch-export":
        return
    files = (path, *signature.beside)
    mark = cache.folder / "proved" / _key(files)
    if mark.exists():
        touch(mark)
        return
    _try(path, sum(file.stat().st_size for file in files), watch)
    with suppress(OSError):  # then it is proved again the next time
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()


def _key(files: Sequence[Path]) -> str:
    """Names these files as they are, and the runtime that opens them."""
    said = [str(import_module(_runtime(files[0])).__version__)]
    for file in files:
        state = file.stat()
        said.append(f"{file.absolute()} {state.st_size} {state.st_mtime_ns}")
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]


def _runtime(path: Path) -> str:
    return "onnxruntime" if path.suffix.lower() == ".onnx" else "torch"


def _try(path: Path, size: int, watch: Watch) -> None:
    room, within = ROOM + 3 * size, OPEN_SECONDS + size / _SLOWEST
    with TemporaryDirectory(prefix="nodeflow-", ignore_cleanup_errors=True) as work:
        said = Path(work) / "said"
        said.touch()
        command = [sys.executable, "-m", "nodeflow.models.proving", str(path.absolute()), str(room), str(said)]
        with said.with_name("log").open("wb") as log:
            aside = getattr(subprocess, "CREATE_NO_WINDOW", 0)
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, creationflags=aside)
            try:
                code = _end_of(process, said, within, Watch(watch.progress, watch.cancelled), path.name)
            finally:
                process.kill()
                process.wait()
        verdict = said.read_text("utf-8")
    if verdict.endswith(SHORT):
        raise BadModel(
            f"{path.name} asks for more than {size_text(room)} of memory, though it has {size_text(size)}: {_NO}"
        )
    if verdict and verdict != OPENED:
        raise BadModel(verdict)
    if code is None and not verdict:
        raise BadModel(f"{path.name} does not open within {within:.0f} seconds: {_NO}")
    if code:
        raise BadModel(f"{path.name} crashes what opens it (code {code}): {_NO}")


def _end_of(process: subprocess.Popen[bytes], said: Path, within: float, watch: Watch, name: str) -> int | None:
    """The exit code; None where the time is up, first to open, then to run."""
    began, opened = watch.now(), False
    while process.poll() is None:
        if not opened and said.read_text("utf-8"):
            began, opened = watch.now(), True
        if watch.now() - began > (RUN_SECONDS if opened else within):
            return None
        watch.say(f"{name}: tried in a process of its own")
        watch.wait()
    return process.returncode


_NO = "it was tried in a process of its own, and is not opened here. Choose another file"


# ---- in that process

OPENED, SHORT = "opened ", "short"
"""What it says: the first once the model is open, the second where there was not room enough; else why not."""


def _inside(path: Path, room: int, said: Path) -> None:
    if sys.platform != "win32":
        os.nice(_NICE)
    import_module(_runtime(path))  # what a runtime takes by itself is no model's fault
    before = _status("VmSize")
    _limit(before + room + _STEP)

    def tell(words: str) -> None:
        with said.open("a", encoding="utf-8") as out:
            out.write(words)

    try:
        run = _opened(path)
        tell(SHORT if _status("VmPeak") - before > room else OPENED)
    except (BadModel, MemoryError) as error:
        tell(SHORT if _is_short(error) else str(error))
        return
    try:
        run()
    except Exception as error:  # zeros of a guessed size fit many networks, not all
        if _is_short(error):
            tell(SHORT)
    if _status("VmPeak") - before > room:
        tell(SHORT)


def _opened(path: Path) -> Callable[[], object]:
    import numpy as np

    from nodeflow.models.runtime import OnnxModel
    from nodeflow.models.torch_runtime import TorchModel

    model: OnnxModel | TorchModel = (
        OnnxModel(path, "cpu") if _runtime(path) == "onnxruntime" else TorchModel(path, "cpu")
    )
    shapes = {info: info.shape or _PICTURE for info in read_signature(path).inputs}
    sizes = {info: [length if isinstance(length, int) else 1 for length in shape] for info, shape in shapes.items()}
    # Zeros take no memory before they are read. Nobody could give more than this.
    if any(math.prod(size) > _MOST for size in sizes.values()):
        raise BadModel(f"{path.name} takes a tensor of {max(map(math.prod, sizes.values())):,} numbers: choose another")
    return lambda: model.run({info.name: np.zeros(size, info.dtype) for info, size in sizes.items()})


def _is_short(error: Exception) -> bool:
    said = f"{type(error).__name__} {error}".lower()
    return any(word in said for word in ("memoryerror", "bad_alloc", "allocat", "bfc_arena"))


def _limit(size: int) -> None:
    """Hold this process to so many bytes, where the system can: Linux."""
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _status(name: str) -> int:
    """A figure of this process in bytes, 0 where the system does not tell it."""
    try:
        lines = Path("/proc/self/status").read_text("ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))
    except (OSError, StopIteration, ValueError):
        return 0


if __name__ == "__main__":
    _inside(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))

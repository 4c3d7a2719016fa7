"""Large C libraries, loaded without Python's lock.

Python holds its lock while the system loads an extension with all that it links to: for half a second with torch,
50 ms with OpenCV, more from a cold disk; and no frame can be drawn meanwhile. So, just before Python imports one that
is known to be large, it is loaded by a plain call of C, which leaves the lock to others; Python then finds it there.

    load_unlocked()                     # once, from any thread; imports are as ever, on whatever thread they are

What such a library does first, it does under the lock, and each of its pages that is still on the disk is waited for
there: after a start of the machine that held frames up by a fifth of a second. So all of it is read before.

Only libraries that are known to bear it: nothing of theirs calls Python before Python itself asks for it.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from importlib.abc import MetaPathFinder
from importlib.machinery import ExtensionFileLoader, ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Final

_LARGE: Final = ("cv2", "torch._C", "av._core", "onnxruntime.capi.onnxruntime_pybind11_state")
_WITH_TORCH: Final = Path("lib", "libtorch_global_deps.so")
"""What the package `torch` loads first, in its own folder: CUDA's libraries hang on it."""

_OF_MANY: Final = "av._core"
"""The first of a package of many small extensions: the others, and what all link to, are imported right after it."""
_PIECE: Final = 1 << 26

Load = Callable[[str, int], object]
"""Takes a file and how to load it, as `dlopen` does."""


class Ahead(MetaPathFinder):
    """Finds no module itself: the finders after it do, as if it were not there."""

    def __init__(self, load: Load) -> None:
        self._load = load

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname in _LARGE or fullname == "torch":
            spec = PathFinder.find_spec(fullname, path, target)
            if spec is not None and spec.origin is not None:
                if isinstance(spec.loader, ExtensionFileLoader):  # `cv2` is a package, too
                    fetch(_package(spec.origin) if fullname == _OF_MANY else [Path(spec.origin)])
                    self._load(spec.origin, os.RTLD_NOW)
                elif fullname == "torch" and (first := Path(spec.origin).parent / _WITH_TORCH).exists():
                    self._load(os.fspath(first), os.RTLD_NOW | os.RTLD_GLOBAL)
        return None


def load_unlocked() -> None:
    """Do so from now on. Does nothing on Windows, which has another call for it."""
    if sys.platform != "win32" and not any(isinstance(finder, Ahead) for finder in sys.meta_path):
        sys.meta_path.insert(0, Ahead(_dlopen()))


def fetch(files: Iterable[Path]) -> None:
    """Have the system read files from the disk, and wait for it without Python's lock: into nothing, so that nothing is
    copied. What cannot be read so is left out, as all is on macOS."""
    with open(os.devnull, "wb") as nowhere:
        for path in files:
            with suppress(OSError), path.open("rb") as file:
                at = 0
                while sent := os.sendfile(nowhere.fileno(), file.fileno(), at, _PIECE):
                    at += sent


def _package(origin: str) -> list[Path]:
    """The extensions of a package, and the libraries that were packed with it."""
    folder = Path(origin).parent
    packed = folder.with_name(f"{folder.name}.libs")
    return [*folder.rglob("*.so"), *(packed.iterdir() if packed.is_dir() else ())]


def _dlopen() -> Load:
    call = ctypes.CDLL(None).dlopen
    call.argtypes, call.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
    return lambda file, how: call(os.fsencode(file), how)  # where it cannot be loaded, Python says why right after

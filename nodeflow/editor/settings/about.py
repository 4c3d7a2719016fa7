"""What this program is made of and runs on: versions, execution providers, devices. Any thread.

Versions are read from the installed packages, so that nothing is imported. What onnxruntime and the GPU driver have to
say is asked in a process of its own: to import them here would hold up frames for seconds.

    facts = Facts.ask(); ...once per frame: facts.lines()
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import threading
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import nodeflow

_PACKAGES: Final = (
    ("DearPyGui", ("dearpygui",)),
    ("onnxruntime", ("onnxruntime-gpu", "onnxruntime")),
    ("PyTorch", ("torch",)),
    ("OpenCV", ("opencv-python", "opencv-python-headless")),
    ("PyAV", ("av",)),
    ("NumPy", ("numpy",)),
)
_PATIENCE: Final = 60.0

_ASK: Final = """
import json
found = {"providers": [], "devices": []}
try:
    import onnxruntime
    found["providers"] = [name.removesuffix("ExecutionProvider") for name in onnxruntime.get_available_providers()]
except Exception as error:
    found["providers"] = [f"cannot be loaded: {error}"]
try:
    from nodeflow.engine.devices import devices
    found["devices"] = [[device.name, device.title, device.total] for device in devices()]
except Exception as error:
    found["devices"] = [["", f"cannot be told: {error}", 0]]
print(json.dumps(found))
"""


def versions() -> list[tuple[str, str]]:
    """Names and versions, this program first."""
    system = f"{platform.system()} {platform.release()}, {platform.machine()}"
    own = [("NodeFlow", nodeflow.__version__), ("Python", platform.python_version()), ("System", system)]
    return own + [(title, _version(names)) for title, names in _PACKAGES]


def _version(names: tuple[str, ...]) -> str:
    for name in names:
        try:
            return version(name)
        except PackageNotFoundError:
            continue
    return "not installed"


class Facts:
    """The answers, as they come in."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] | None = None
        """Providers and devices, or None until they are known."""
        self._versions = versions()

    @classmethod
    def ask(cls, command: tuple[str, ...] = (sys.executable, "-c", _ASK)) -> Facts:
        """Begin to ask; returns at once."""
        facts = cls()
        threading.Thread(target=facts._ask, args=(command,), name="asking for devices", daemon=True).start()
        return facts

    def lines(self) -> list[tuple[str, str]]:
        """Everything that is known by now, as names and values."""
        asking = [("Providers", "asking \u2026"), ("Devices", "asking \u2026")]
        return self._versions + (asking if self.found is None else self.found)

    def text(self) -> str:
        """The same, to be pasted into a report."""
        return "\n".join(f"{name}: {value}" for name, value in self.lines())

    def _ask(self, command: tuple[str, ...]) -> None:
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=True)
            answer = json.loads(done.stdout.strip().splitlines()[-1])
            devices = [_device(*each) for each in answer["devices"]]
            self.found = [
                ("Providers", ", ".join(map(str, answer["providers"])) or "none"),
                ("Devices", "; ".join(devices) or "none"),
            ]
        except (OSError, subprocess.SubprocessError, ValueError, LookupError, TypeError) as error:
            self.found = [("Devices", f"cannot be told: {type(error).__name__}")]


def _device(name: str, title: str, total: int) -> str:
    memory = f", {total / 2**30:.0f} GiB" if total else ""
    return f"{name} {title}{memory}".strip() if name.lower() != title.lower() else name

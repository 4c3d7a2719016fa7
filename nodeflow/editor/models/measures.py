"""What models were measured to take on this machine, kept in a small file in the models' cache.

    keep_measurement(folder, "blazepose-full", Measurement(21.3, "CPU", 88_000_000, ...))
    read_measurements(folder)["blazepose-full"].ms

Only what was measured stands there: with the machine, the device and the day. Figures of another machine, as in a
cache that was copied, are not shown. Pure; any thread.
"""

from __future__ import annotations

import os
import platform
import threading
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final

from nodeflow.editor.settings.stored import read, write

FILE: Final = "measured.json"
_keeping = threading.Lock()
"""Held while one is added: of two that end at once, each has to see the other's."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """`ms` is the median of `calls` calls, after a first one that is not counted; `memory` is by how many bytes the
    process grew with the model, None where the system does not tell. `on` says what it was given, `device` and
    `machine` where, `day` when ("2026-11-26")."""

    ms: float
    calls: int
    device: str
    memory: int | None
    load_s: float
    on: str
    machine: str
    day: str


def this_machine() -> str:
    """What tells this machine from another: its name, kind and number of processors."""
    return f"{platform.node()}, {platform.machine()}, {os.cpu_count()} processors"


def read_measurements(folder: Path, machine: str = "") -> dict[str, Measurement]:
    """Those of this machine (or `machine`), by the model's id. A file that is not in order has none."""
    wanted = machine or this_machine()
    content = read(folder / FILE)[0]
    found = {name: _measurement(value) for name, value in content.items()}
    return {name: each for name, each in found.items() if each is not None and each.machine == wanted}


def keep_measurement(folder: Path, model_id: str, measured: Measurement) -> None:
    """Put it into the file, whole or not at all. Raises OSError."""
    with _keeping:
        content = read(folder / FILE)[0]
        write(folder / FILE, {**content, model_id: asdict(measured)})


def _measurement(value: Any) -> Measurement | None:
    if not isinstance(value, dict):
        return None
    try:
        made = Measurement(**{field.name: value[field.name] for field in fields(Measurement)})
    except KeyError:
        return None
    numbers = (made.ms, made.calls, made.load_s)
    sound = all(isinstance(each, int | float) and 0 <= each < 1e9 for each in numbers)
    texts = all(isinstance(each, str) for each in (made.device, made.on, made.machine, made.day))
    memory = made.memory is None or (isinstance(made.memory, int) and 0 <= made.memory < 1 << 50)
    return made if sound and texts and memory else None

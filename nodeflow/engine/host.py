"""What the engine offers a node: the `Context` of the authoring API, made real."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from nodeflow.engine.stage import Stage
from nodeflow.node import NodeError
from nodeflow.paths import SAMPLE, PathSort, path_fault, placed


@dataclass(frozen=True, slots=True)
class Equipment:
    """What all nodes of a session have to work with: see `Session`."""

    device: str
    threads: int
    folder: Path
    interactive: bool


class Host:
    """The context of one node in one session. Its methods may be called from the thread that opens or runs the node.

    What it shows (note, progress, provider) is written by plain assignment and read by snapshots.
    """

    def __init__(self, stage: Stage, equipment: Equipment) -> None:
        self._stage = stage
        self._folder = equipment.folder
        self.device = equipment.device
        self.threads = equipment.threads
        self.interactive = equipment.interactive

    @property
    def stopping(self) -> bool:
        return self._stage.stop.is_set()

    def wait(self, seconds: float) -> bool:
        return self._stage.stop.wait(max(0.0, seconds))

    def path(self, text: str) -> Path:
        if not text.strip():
            raise NodeError("No file is chosen.", "Choose one.")
        return _checked("file", self._place(text))

    def _place(self, text: str) -> Path:
        """Where something to read is; a sample is fetched if need be."""
        if not text.startswith(SAMPLE):
            return placed(self._folder, text)
        from nodeflow.models import library

        name = text.removeprefix(SAMPLE)
        return library().asset(name, progress=self.progress, cancelled=self._stage.stop.is_set)

    def folder(self, text: str) -> Path:
        if not text.strip():
            raise NodeError("No folder is chosen.", "Choose one.")
        return _checked("folder", self._place(text))

    def output(self, text: str) -> Path:
        if not text.strip():
            raise NodeError("No file to write is given.", "Name one.")
        place = placed(self._folder, text)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise NodeError(
                f"the folder {place.parent} cannot be made: {fault.strerror}.", "Choose another."
            ) from fault
        _checked("save", place)
        if not os.access(place.parent, os.W_OK):
            raise NodeError(f"the folder {place.parent} is read-only.", "Choose a folder that you may write to.")
        return place

    def progress(self, text: str, fraction: float | None = None) -> None:
        self._stage.fraction = fraction
        self._stage.activity = text

    def note(self, text: str) -> None:
        self._stage.note = text

    def provider(self, name: str, device: str = "cpu") -> None:
        self._stage.provider = name
        if device != "cpu":
            self._stage.occupies(device)


def _checked(sort: PathSort, place: Path) -> Path:
    fault = path_fault(sort, place)
    if fault is not None:
        raise NodeError(*fault)
    return place

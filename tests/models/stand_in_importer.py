"""An importer that makes the same tiny model of everything, at once and in this process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

import nodeflow.models.importers as importers
from nodeflow.models import BadModel, apart
from nodeflow.models import convert as convert_module
from nodeflow.models.importers import ImportFailed
from nodeflow.models.watch import Watch

from .tiny_onnx import add_one


class Importer:
    """Stands in for `to_onnx`: notes what it was given and makes the same tiny model of everything."""

    def __init__(self) -> None:
        self.given: list[tuple[str, set[str], object]] = []
        self.error: Exception | None = None

    def __call__(
        self, path: Path, *, shapes: Mapping[str, Sequence[int]] | None = None, architecture: str = "", dest: Path
    ) -> Path:
        self.given.append((path.name, {each.name for each in path.parent.iterdir()}, shapes))
        if self.error:
            raise self.error
        return add_one(dest)


@pytest.fixture
def converted_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """See `converting_here`."""
    converting_here(monkeypatch)


def converting_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Models are converted in this process, which has torch in memory already: another would take seconds for that."""

    def convert(job: apart.Job, folder: Path, watch: Watch) -> Path:
        try:
            return apart.convert_here(job, folder)
        except ImportFailed as fault:
            raise BadModel(str(fault)) from fault

    monkeypatch.setattr(convert_module, "convert_apart", convert)


@pytest.fixture
def importer(monkeypatch: pytest.MonkeyPatch) -> Importer:
    """The stand-in in the place of the importers."""
    converting_here(monkeypatch)
    stand_in = Importer()
    monkeypatch.setattr(importers, "to_onnx", stand_in)
    return stand_in

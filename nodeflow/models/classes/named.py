"""Classes that are named by the lines of a file."""

from __future__ import annotations

from pathlib import Path

from nodeflow.models.classes.classifier import Classifier
from nodeflow.models.errors import BadModel
from nodeflow.models.opening import Parts

MOST_NAMES = 100_000


def open_classes(parts: Parts) -> Classifier:
    return Classifier(parts.networks["classifier"], parts.settings, read_names(parts.assets["names"]))


def read_names(path: Path) -> tuple[str, ...]:
    """The lines of a file, without empty ones. Raises BadModel."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise BadModel(f"{path.name} is no list of names: {error}") from error
    names = tuple(name for line in lines if (name := line.strip()))
    if not 1 <= len(names) <= MOST_NAMES:
        raise BadModel(f"{path.name} holds {len(names)} names")
    return names

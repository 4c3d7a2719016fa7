"""Classes that are named by the lines of a file."""

from __future__ import annotations

from pathlib import Path

from nodeflow.models.assets import asset_text
from nodeflow.models.classes.classifier import Classifier
from nodeflow.models.errors import BadModel
from nodeflow.models.opening import Parts

MOST_NAMES = 100_000


def open_classes(parts: Parts) -> Classifier:
    return Classifier(parts.networks["classifier"], parts.settings, read_names(parts.assets["names"]))


def read_names(path: Path) -> tuple[str, ...]:
    """The lines of a file, without empty ones. Raises BadModel."""
    names = tuple(name for line in asset_text(path).splitlines() if (name := line.strip()))
    if not 1 <= len(names) <= MOST_NAMES:
        raise BadModel(f"{path.name} holds {len(names):,} names, where 1 to {MOST_NAMES:,} can be; fetch it again")
    return names

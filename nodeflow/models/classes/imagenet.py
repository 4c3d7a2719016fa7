"""ImageNet's 1000 kinds, by the lists that the package timm carries: kinds in order, and words for each."""

from __future__ import annotations

from pathlib import Path

from nodeflow.models.classes.classifier import Classifier
from nodeflow.models.errors import BadModel
from nodeflow.models.opening import Parts

KINDS = 1000


def open_classes(parts: Parts) -> Classifier:
    names = read_names(parts.assets["kinds"], parts.assets["words"])
    return Classifier(parts.networks["classifier"], parts.settings, names)


def read_names(kinds: Path, words: Path) -> tuple[str, ...]:
    """A name for each kind: the first of its words; both, where two kinds share it. Raises BadModel."""
    wanted = kinds.read_text("utf-8").split()
    of_kind = dict(line.split("\t", 1) for line in words.read_text("utf-8").splitlines() if "\t" in line)
    missing = next((kind for kind in wanted if kind not in of_kind), None)
    if len(wanted) != KINDS or missing is not None:
        raise BadModel(f"{kinds.name} and {words.name} do not name {KINDS} kinds; fetch them again")
    spoken = [[word.strip() for word in of_kind[kind].split(",")] for kind in wanted]
    first = [name[0] for name in spoken]
    return tuple(name[0] if first.count(name[0]) == 1 else ", ".join(name[:2]) for name in spoken)

"""From fetched files to files that onnxruntime opens.

An .onnx file serves as it is. Others go through the importers once, in a process of their own (apart.py); the result
lies in the cache under a key made of the content of the weights and of the importers' own code, with its sha256 beside
it. A result that no longer matches its sha256 is made again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping
from functools import cache as once
from pathlib import Path
from typing import TYPE_CHECKING

from nodeflow.models.apart import Job, convert_apart
from nodeflow.models.cache import Cache, put, sha256_of
from nodeflow.models.watch import Watch

if TYPE_CHECKING:
    from nodeflow.models.card import Card, Network


def ready_networks(card: Card, files: Mapping[str, Path], cache: Cache, watch: Watch) -> dict[str, Path]:
    """ONNX files of a card's networks by role. `files` are its fetched files by name.

    Raises BadModel if a file cannot be converted, Cancelled.
    """
    return {role: _ready(card, network, files, cache, watch) for role, network in card.networks.items()}


def forget_networks(card: Card, others: Iterable[Card], cache: Cache) -> int:
    """Delete what was made of a card's networks, unless one of the others has the same. Returns the bytes freed."""
    theirs = {key for other in others for key in _keys(other, cache)}
    freed = 0
    for key in _keys(card, cache) - theirs:
        folder = cache.folder / "onnx" / key
        freed += sum(path.stat().st_size for path in folder.glob("*") if path.is_file())
        shutil.rmtree(folder, ignore_errors=True)
    return freed


def _keys(card: Card, cache: Cache) -> set[str]:
    return {_key(card, network, cache) for network in card.networks.values() if not network.file.endswith(".onnx")}


def _ready(card: Card, network: Network, files: Mapping[str, Path], cache: Cache, watch: Watch) -> Path:
    weights = files[network.file]
    if weights.suffix == ".onnx":
        return _beside(network, files, cache) if network.beside else weights
    key = _key(card, network, cache)
    made = cache.folder / "onnx" / key / f"{weights.stem}.onnx"
    if _is_whole(made):
        return made
    with cache.lock(f"onnx {key}", watch):
        if not _is_whole(made):
            watch.say(f"{weights.name}: converting to ONNX")
            _convert(network, files, made, cache, watch)
        return made


def _beside(network: Network, files: Mapping[str, Path], cache: Cache) -> Path:
    """An ONNX file whose weights lie in files of their own: all in one folder, as it wants them."""
    names = (network.file, *network.beside)
    key = hashlib.sha256("\n".join(str(files[name]) for name in names).encode()).hexdigest()[:16]
    folder = cache.folder / "onnx" / key
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        if not (folder / name).exists() or not (folder / name).samefile(files[name]):
            (folder / name).unlink(missing_ok=True)
            _link(files[name], folder / name)
    return folder / network.file


def _convert(network: Network, files: Mapping[str, Path], made: Path, cache: Cache, watch: Watch) -> None:
    with cache.workshop() as work:
        for name in (network.file, *network.beside):
            _link(files[name], work / name)
        job = Job(network.file, made.name, network.shapes, network.architecture, network.outputs)
        result = convert_apart(job, work, watch)
        seal = work / "seal"
        seal.write_text(sha256_of(result), "ascii")
        put(seal, _seal(made))
        put(result, made)


def _is_whole(made: Path) -> bool:
    try:
        return sha256_of(made) == _seal(made).read_text("ascii")
    except (OSError, UnicodeDecodeError):
        return False


def _seal(made: Path) -> Path:
    return made.with_name(made.name + ".sha256")


def _key(card: Card, network: Network, cache: Cache) -> str:
    parts = [cache.sha256(card.file(name)) or "" for name in (network.file, *network.beside)]
    parts += [repr(sorted(network.shapes.items())), repr(network.outputs), network.architecture, _importer_digest()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


@once
def _importer_digest() -> str:
    """A digest of the importers' code: when it changes, what it made before is made again."""
    from nodeflow.models import importers

    folder = Path(importers.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _link(origin: Path, place: Path) -> None:
    try:
        os.link(origin, place)
    except OSError:
        shutil.copyfile(origin, place)

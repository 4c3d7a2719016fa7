"""From fetched files to files that onnxruntime opens.

An .onnx file serves as it is. Others go through the importers once, in a process of their own (apart.py); the result
lies in the cache under a key made of the content of the weights and of the importers' own code, with its sha256 beside
it. A result that no longer matches its sha256 is made again. How long it stays, converted.py tells.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache as once
from pathlib import Path
from typing import TYPE_CHECKING

from nodeflow.models.apart import Job, convert_apart
from nodeflow.models.cache import Cache, is_same, put, sha256_of, touch
from nodeflow.models.converted import Converted, is_whole, limit, seal_of
from nodeflow.models.watch import Watch

if TYPE_CHECKING:
    from nodeflow.models.card import Card, Network

Cards = Callable[[], Iterable["Card"]]
"""All cards that there are: read only where it must be known what no card stands for."""


def ready_networks(card: Card, files: Mapping[str, Path], cache: Cache, watch: Watch, cards: Cards) -> dict[str, Path]:
    """ONNX files of a card's networks by role. `files` are its fetched files by name.

    They stay as long as this process lives; what was made of other `cards` may go for them. Raises BadModel if a file
    cannot be converted, Cancelled; ModelError where the limit of what is kept is no size.
    """
    return {role: _ready(card, network, files, cache, watch, cards) for role, network in card.networks.items()}


def converted_keys(card: Card, cache: Cache) -> set[str]:
    """Under which keys lies what is made of a card's networks."""
    made = (network for network in card.networks.values() if network.beside or not network.file.endswith(".onnx"))
    return {_key(card, network, cache) for network in made}


def _ready(card: Card, network: Network, files: Mapping[str, Path], cache: Cache, watch: Watch, cards: Cards) -> Path:
    weights = files[network.file]
    is_onnx = weights.suffix == ".onnx"
    if is_onnx and not network.beside:
        return weights
    store, key = Converted(cache), _key(card, network, cache)
    made = store.hold(key, weights.name, watch) / (network.file if is_onnx else f"{weights.stem}.onnx")
    if is_onnx:
        _put_together(
            {made.with_name(name): files[name] for name in (network.file, *network.beside)}, store, key, watch
        )
        return made
    if is_whole(made):
        touch(made)
        return made
    most = limit()
    with store.lock(key, weights.name, watch):
        if not is_whole(made):
            watch.say(f"{weights.name}: converting to ONNX")
            _convert(network, files, made, cache, watch)
    with suppress(OSError):  # what may be taken away is not worth a failure
        store.trim({key for each in cards() for key in converted_keys(each, cache)}, most)
    return made


def _put_together(parts: Mapping[Path, Path], store: Converted, key: str, watch: Watch) -> None:
    """Put an ONNX file and the files in which its weights lie into one folder, as it wants them: place -> origin."""
    if all(is_same(place, origin) for place, origin in parts.items()):
        return
    with store.lock(key, "its files", watch):
        for place, origin in parts.items():
            if not is_same(place, origin):
                place.parent.mkdir(parents=True, exist_ok=True)
                place.unlink(missing_ok=True)
                _link(origin, place)


def _convert(network: Network, files: Mapping[str, Path], made: Path, cache: Cache, watch: Watch) -> None:
    with cache.workshop() as work:
        for name in (network.file, *network.beside):
            _link(files[name], work / name)
        job = Job(network.file, made.name, network.shapes, network.architecture, network.outputs)
        result = convert_apart(job, work, watch)
        seal = work / "seal"
        seal.write_text(sha256_of(result), "ascii")
        put(seal, seal_of(made))
        put(result, made)


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
        shutil.copy2(origin, place)

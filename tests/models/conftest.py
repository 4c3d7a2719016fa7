"""A small library of models that nobody else has, and pip and npm that only know those."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from nodeflow.models import Library

from .shown import shown as shown
from .stand_in import stand_in as stand_in
from .stand_in_importer import converted_here as converted_here
from .stand_in_importer import importer as importer
from .toml_text import toml
from .website import site as site

PIP = """
import json, os, pathlib, shutil, sys
shop = pathlib.Path(os.environ["FAKE_SHOP"])
with (shop / "calls").open("a") as log:
    log.write(json.dumps(sys.argv[1:]) + "\\n")
name = sys.argv[-1].replace("==", "-").replace("@", "-").replace("/", "-").strip("-")
wanted = next((path for path in map(shop.joinpath, (name + ".whl", name + ".tgz")) if path.exists()), None)
if (shop / "hang").exists():
    (shop / "pid").write_text(str(os.getpid()))
    os.read(os.open(shop / "hang", os.O_RDONLY), 1)
if wanted is None:
    print("noise")
    sys.exit("ERROR: No matching distribution found for " + sys.argv[-1])
shutil.copy(wanted, wanted.name)
"""
"""Stands in for both tools: delivers name-version.whl or .tgz from the shop's folder, and writes down each call."""


Files = Mapping[str, tuple[bytes, Sequence[Mapping[str, object]]]]
"""Content and sources of files by name."""


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass
class Shop:
    """Packages on offer, and the cards that want files of them."""

    folder: Path
    cards: Path
    library: Library

    def wheel(self, package: str, version: str, members: Mapping[str, bytes]) -> Path:
        path = self.folder / f"{package}-{version}.whl"
        with zipfile.ZipFile(path, "w") as packed:
            for name, data in members.items():
                packed.writestr(name, data)
        return path

    def tarball(self, package: str, version: str, members: Mapping[str, bytes]) -> Path:
        path = self.folder / f"{package}-{version}.tgz"
        with tarfile.open(path, "w:gz") as packed:
            for name, data in members.items():
                entry = tarfile.TarInfo(name)
                entry.size = len(data)
                packed.addfile(entry, io.BytesIO(data))
        return path

    def card(self, model_id: str, files: Files, /, **changes: object) -> None:
        """Put up a card whose files have these contents and sources. `changes` replace its top-level fields."""
        first = next(iter(files))
        listed = [
            {"name": name, "sha256": sha(data), "size": len(data), "sources": sources}
            for name, (data, sources) in files.items()
        ]
        unsaid = ("title", "summary", "author", "paper", "licence", "training_data", "intended_use", "limits")
        fields: dict[str, object] = {
            **dict.fromkeys(unsaid, "not stated"),
            "id": model_id,
            "task": "pose",
            "family": "extract",
            "inputs": ["Image"],
            "outputs": ["Poses"],
            "commercial_use": "unclear",
            "runtime": "onnxruntime",
            "pipeline": {"kind": "movenet-multi", "size": 64},
            "networks": {"pose": {"file": first}},
            "files": listed,
            **changes,
        }
        self.cards.mkdir(exist_ok=True)
        (self.cards / f"{model_id}.toml").write_text("".join(f"{k} = {toml(v)}\n" for k, v in fields.items()))

    def calls(self) -> list[list[str]]:
        """Arguments of each call of pip or npm so far."""
        log = self.folder / "calls"
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

    def left_behind(self) -> list[Path]:
        """Everything in the cache that is not a file in its place, a lock or a mark of use."""
        cache = self.library.cache.folder
        inside = [path for path in cache.rglob("*") if path.is_file()]
        return [path for path in inside if path.relative_to(cache).parts[0] not in ("files", "onnx", "locks", "uses")]


HOLDING = """
import sys
from pathlib import Path
from nodeflow.models.in_use import hold
for key in sys.argv[2:]:
    hold(Path(sys.argv[1]), key)
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held_elsewhere(uses: Path, *keys: str) -> Iterator[None]:
    """While another process has these open; in the end it is killed."""
    command = [sys.executable, "-c", HOLDING, str(uses), *keys]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        try:
            yield
        finally:
            other.kill()


def wheel_source(package: str, version: str, member: str, **more: object) -> dict[str, object]:
    source = {"kind": "wheel", "package": package, "version": version, "member": member}
    return {**source, "artifact_size": 1000, **more}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A fake pip (first on the module path) and a fake npm (first on PATH), and a library with an empty cache."""
    folder = tmp_path / "shop"
    (folder / "tools").mkdir(parents=True)
    (folder / "tools" / "pip.py").write_text(PIP)
    npm = folder / "tools" / "npm"
    npm.write_text(f"#!{sys.executable}\n{PIP}")
    npm.chmod(0o755)
    monkeypatch.setenv("FAKE_SHOP", str(folder))
    monkeypatch.setenv("PYTHONPATH", str(folder / "tools"))
    monkeypatch.setenv("PATH", str(folder / "tools"), prepend=os.pathsep)
    monkeypatch.delenv("NODEFLOW_OFFLINE", raising=False)
    cards = tmp_path / "cards"
    return Shop(folder, cards, Library(cache=tmp_path / "cache", folders=(cards,)))


_CONTENT = {"m.json": b"graph", "m.bin": b"weights"}
FILES: Files = {name: (data, [wheel_source("thing", "1.0", name)]) for name, data in _CONTENT.items()}
NETWORK: dict[str, object] = {"file": "m.json", "beside": ["m.bin"], "shapes": {"x": [2]}}
"""The files and the network of a model that is to be converted."""


@pytest.fixture
def stocked(shop: Shop) -> Shop:
    """A shop whose model m is to be converted; its files come out of one wheel."""
    shop.wheel("thing", "1.0", _CONTENT)
    shop.card("m", FILES, networks={"pose": NETWORK})
    return shop

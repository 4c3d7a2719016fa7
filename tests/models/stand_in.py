"""Small models in place of those that cannot be fetched here: the card as it is, other files.

A stand-in has the inputs and outputs of the real model and an answer that a test can foretell. Everything else is as
in use: the card is read, the files are fetched (from a folder), the task is opened, the node is run.
"""

from __future__ import annotations

import sys
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

import onnx
import pytest

from nodeflow.models import Library
from nodeflow.models.card_files import BUILT_IN

from .toml_text import toml

StandIn = Callable[..., Library]


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """See `standing_in`."""
    return standing_in(tmp_path, monkeypatch)


def standing_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """`stand_in("dexined", edges=model)`: the library of this process knows that card, with these networks and assets
    by role (a model, or bytes). `pipeline` replaces settings of the card."""

    def put(
        model_id: str, /, *, pipeline: Mapping[str, object] | None = None, **parts: onnx.ModelProto | bytes
    ) -> Library:
        card = tomllib.loads((BUILT_IN / f"{model_id}.toml").read_text("utf-8"))
        card["pipeline"].update(pipeline or {})
        roles = {role: network["file"] for role, network in card.get("networks", {}).items()} | card.get("assets", {})
        assert set(parts) == set(roles)
        files = []
        for role, part in parts.items():
            path = folder / "files" / model_id / roles[role]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(part if isinstance(part, bytes) else part.SerializeToString())
            source = {"kind": "file", "path": str(path)}
            files.append({"name": path.name, "size": max(1, path.stat().st_size), "sources": [source]})
        card |= {"files": files, "checked": False}
        cards = folder / "cards"
        cards.mkdir(exist_ok=True)
        (cards / f"{model_id}.toml").write_text("".join(f"{key} = {toml(value)}\n" for key, value in card.items()))
        # A cache of its own each time: a file that is not pinned must stay what it was at first.
        library = Library(cache=Path(tempfile.mkdtemp(dir=folder)), folders=(cards,))
        monkeypatch.setattr(sys.modules["nodeflow.models.library"], "_library", library)  # its name is its function's
        monkeypatch.setattr("nodeflow.models.opening.BUILT_IN", cards)  # our own cards are not those of strangers
        return library

    return put

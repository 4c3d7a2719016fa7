"""Files of a model that its pipeline reads itself: names of classes, vocabularies, dictionaries, settings.

    numbers = asset_json(parts.assets["vocabulary"])

They may come from a stranger with their card. So no more than `LARGEST` bytes of one are read, also where it is packed,
and one that is not what it should be raises BadModel, which says what to do.
"""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path
from typing import Any, Final

from nodeflow.models.errors import BadModel
from nodeflow.sizes import size_text

LARGEST: Final = 64 * 2**20
"""Bytes of one file, unpacked: the largest dictionary of any model here takes a tenth."""


def asset_bytes(path: Path, *, packed: bool = False) -> bytes:
    """What is in a file, or, with `packed`, what gzip made it of. Raises BadModel."""
    try:
        with gzip.open(path) if packed else path.open("rb") as handle:
            data: bytes = handle.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error) as fault:
        raise BadModel(f"{path.name} cannot be read ({fault}); fetch it again") from fault
    if len(data) > LARGEST:
        raise BadModel(f"{path.name} is larger than {size_text(LARGEST)}, the most that is read; choose another model")
    return data


def asset_text(path: Path) -> str:
    """What is in a file of UTF-8. Raises BadModel."""
    try:
        return asset_bytes(path).decode("utf-8")
    except UnicodeDecodeError as fault:
        raise BadModel(f"{path.name} is no text ({fault}); fetch it again") from fault


def asset_json(path: Path, *, packed: bool = False) -> Any:
    """What a file of JSON says. Raises BadModel."""
    try:
        return json.loads(asset_bytes(path, packed=packed))
    except (ValueError, RecursionError) as fault:
        raise BadModel(f"{path.name} is no JSON ({fault}); fetch it again") from fault

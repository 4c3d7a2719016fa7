"""Names of classes: from a person's file, or from what a model's own metadata says. Both may be anything."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from pathlib import Path

from nodeflow.models.errors import BadModel

LONGEST_FILE = 4 * 2**20
MOST_NAMES = 100_000
_LONGEST_NAME = 200


def read_names(path: Path) -> tuple[str, ...]:
    """The names in a text file, one a line, or in a JSON file, as a list or by number. Raises BadModel."""
    try:
        with path.open("rb") as handle:
            data = handle.read(LONGEST_FILE + 1)
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadModel(f"the names in {path} cannot be read: {error}; choose a text file, one name a line") from error
    if len(data) > LONGEST_FILE:
        raise BadModel(
            f"{path.name} is longer than {LONGEST_FILE >> 20} MB: that is no list of names; choose another file"
        )
    if path.suffix.lower() != ".json":
        return _bounded([line.strip() for line in text.splitlines() if line.strip()], path.name)
    try:
        names = listed(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise BadModel(f"{path.name} is no JSON ({error}); choose another file") from error
    if names is None:
        raise BadModel(f'{path.name} must hold a list of names, or names by number such as {{"0": "cat"}}')
    return _bounded(names, path.name)


def names_in(metadata: Mapping[str, str]) -> tuple[str, ...]:
    """The names that a model's metadata gives under "names", as YOLO exports do; empty where there are none."""
    text = metadata.get("names", "")
    if not text or len(text) > LONGEST_FILE:
        return ()
    try:
        names = listed(ast.literal_eval(text))  # data only: it runs nothing
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return ()
    return tuple(map(_plain, names[:MOST_NAMES])) if names else ()


def listed(said: object) -> list[str] | None:
    """Names in order, from a list or from a mapping of numbers; None from anything else."""
    if isinstance(said, list | tuple):
        return [str(name) for name in said]
    if not isinstance(said, dict):
        return None
    try:
        numbered = {int(number): str(name) for number, name in said.items()}
    except (TypeError, ValueError, OverflowError):  # a list, "first", infinity
        return None
    if not numbered or min(numbered) < 0 or max(numbered) >= MOST_NAMES:
        return None
    return [numbered.get(number, f"class {number}") for number in range(max(numbered) + 1)]


def _bounded(names: list[str], what: str) -> tuple[str, ...]:
    if not names:
        raise BadModel(f"{what} holds no names; choose another file")
    if len(names) > MOST_NAMES:
        raise BadModel(f"{what} holds {len(names):,} names, and {MOST_NAMES:,} are the most; choose another file")
    return tuple(map(_plain, names))


def _plain(name: str) -> str:
    """A name that can be shown and written: no longer than most, and without halves of letters."""
    return name[:_LONGEST_NAME].encode("utf-8", "replace").decode("utf-8")

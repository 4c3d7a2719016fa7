"""Where card files lie, and reading them without judging them.

Built-in cards lie in `cards/` beside this file, samples in `samples.toml`; a person's own cards lie in the folder
`models` of the NodeFlow configuration folder and may be as wrong as they like: nothing here raises for one of many.
Kept free of pydantic, so that a menu of models costs milliseconds.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

from nodeflow.models.errors import CardError

BUILT_IN = Path(__file__).parent / "cards"
SAMPLES = Path(__file__).parent / "samples.toml"

SLUG = "[a-z0-9][a-z0-9_-]{0,63}"
"""What an id may be: it names files."""
CARD_LIMIT = 256 * 1024
"""Bytes: a longer card file is refused."""
_MOST_DOTS = 200
"""Dots in one line: the time that a key takes grows with the square of its parts."""


def user_cards() -> Path:
    """The folder for a person's own cards, in `NODEFLOW_CONFIG` if that is set; it need not exist."""
    if said := os.environ.get("NODEFLOW_CONFIG"):
        return Path(said) / "models"
    import platformdirs

    return platformdirs.user_config_path("nodeflow", appauthor=False) / "models"


def card_files(folders: tuple[Path, ...]) -> dict[str, Path]:
    """Card files by id (the file's name without its ending). A later folder replaces cards of an earlier one."""
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.toml"))}


def read_toml(path: Path) -> dict[str, object]:
    """A TOML file of bounded size. Raises CardError."""
    try:
        if path.exists() and not path.is_file():  # a pipe would keep who opens it waiting
            raise CardError(f"{path}: is not a file; put the card there, or take it away")
        with path.open("rb") as handle:
            data = handle.read(CARD_LIMIT + 1)
        if len(data) > CARD_LIMIT:
            raise CardError(f"{path}: a card file is at most {CARD_LIMIT // 1024} kB long")
        if any(line.count(b".") > _MOST_DOTS for line in data.split(b"\n")):
            raise CardError(f"{path}: a line of it has more than {_MOST_DOTS} dots; divide it into several")
        return tomllib.loads(data.decode("utf-8"))
    except (OSError, ValueError, RecursionError) as error:  # tomllib has no error of its own for a number too long
        raise CardError(f"{path}: cannot be read as TOML: {error}") from error

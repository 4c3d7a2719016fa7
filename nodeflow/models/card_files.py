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
        with path.open("rb") as handle:
            data = handle.read(CARD_LIMIT + 1)
        if len(data) > CARD_LIMIT:
            raise CardError(f"{path}: a card file is at most {CARD_LIMIT // 1024} kB long")
        return tomllib.loads(data.decode("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise CardError(f"{path}: cannot be read as TOML: {error}") from error

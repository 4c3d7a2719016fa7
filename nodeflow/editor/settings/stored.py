"""Files of the editor's own: settings, habits, unsaved work. Read with doubt, written whole or not at all. Any thread.

content, problem = read(config_folder() / "settings.json")
write(path, content)
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from nodeflow.graph import Json
from nodeflow.whole import write_whole

_MOST_BYTES = 1_000_000


def config_folder() -> Path:
    """NODEFLOW_CONFIG, else the user's folder for settings on this platform. It need not exist."""
    if said := os.environ.get("NODEFLOW_CONFIG"):
        return Path(said)
    import platformdirs

    return platformdirs.user_config_path("nodeflow", appauthor=False)


def state_folder() -> Path:
    """NODEFLOW_STATE, else the user's folder for what a program keeps between runs. It need not exist."""
    if said := os.environ.get("NODEFLOW_STATE"):
        return Path(said)
    import platformdirs

    return platformdirs.user_state_path("nodeflow", appauthor=False)


def subgraphs_folder() -> Path:
    """NODEFLOW_SUBGRAPHS, else the folder for subgraphs among the user's data. It need not exist."""
    if said := os.environ.get("NODEFLOW_SUBGRAPHS"):
        return Path(said)
    import platformdirs

    return platformdirs.user_data_path("nodeflow", appauthor=False) / "subgraphs"


def read(path: Path) -> tuple[dict[str, Json], str]:
    """The object in a file, and what is wrong with the file: then the object is empty. No file is no problem."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return {}, f"{path}: this is too large to be a file of NodeFlow's"
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}, ""
    except OSError as error:
        return {}, f"{path}: this cannot be read: {error.strerror}"
    except (ValueError, RecursionError) as error:
        return {}, f"{path}: this is no JSON: {error}"
    return (content, "") if isinstance(content, dict) else ({}, f"{path}: this is no JSON object")


def write(path: Path, content: dict[str, Json]) -> None:
    """Put an object into a file, in a folder that is made if need be. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(content, indent=2, sort_keys=True) + "\n")

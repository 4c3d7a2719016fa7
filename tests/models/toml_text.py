"""Cards as TOML, from what Python has."""

from __future__ import annotations

import json


def toml(value: object) -> str:
    """JSON is TOML for strings, numbers, booleans and lists; tables are written inline."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if value != value:
        return "nan"
    return json.dumps(value)

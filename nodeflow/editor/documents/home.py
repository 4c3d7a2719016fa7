"""Paths as they are told to the person. Pure."""

from __future__ import annotations

from pathlib import Path


def told(path: Path) -> str:
    """The whole path; one in the user's own folder begins with ~."""
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except (ValueError, RuntimeError):  # elsewhere, or there is no such folder
        return str(path)

"""Watching a value."""

from __future__ import annotations

from typing import Any

from nodeflow.node import node


@node("io.preview", category="Output", sink=True)
def preview(value: Any) -> Any:
    """Show whatever arrives, large; it passes through unchanged."""
    return value

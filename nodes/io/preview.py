"""Watching a value."""

from __future__ import annotations

from typing import Any

from nodeflow.node import node


@node(
    "io.preview", category="Output", sink=True, words="view display show screen monitor output window look print debug"
)
def preview(value: Any) -> Any:
    """Show whatever arrives, large; it passes through unchanged."""
    return value

"""Numbers as people read them: times, ages, cells of a table. Pure."""

from __future__ import annotations


def milliseconds(ms: float) -> str:
    """A time as it stands on a node: three digits are enough."""
    if ms >= 1000:
        return f"{ms / 1000:.1f} s"
    return f"{ms:.1f} ms" if ms < 100 else f"{ms:.0f} ms"


def number(value: float) -> str:
    """A number as short as it can be told: four digits are enough."""
    if value != value or abs(value) == float("inf"):
        return str(value)
    if value == round(value) and abs(value) < 1e6:
        return f"{value:.0f}"
    return f"{value:.4g}"


def cell(value: str | float | int | bool | None) -> str:
    """A cell of a table."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return number(value) if isinstance(value, float) else str(value)


def ago(seconds: float) -> str:
    """How long something is past."""
    if seconds < 1.0:
        return "now"
    if seconds < 100.0:
        return f"{seconds:.0f} s ago"
    return f"{seconds / 60:.0f} min ago" if seconds < 6000.0 else f"{seconds / 3600:.0f} h ago"

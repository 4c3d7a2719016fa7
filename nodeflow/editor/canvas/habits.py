"""How a person likes the canvas to behave. The same on every sheet, and kept in the settings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Habits:
    snap: bool = False
    """Nodes move in steps of the grid; Ctrl while dragging turns that round."""
    previews: bool | None = None
    """Whether new nodes show what they give; None leaves it to the node."""
    minimap: bool = True
    """A map in the corner where not all of the graph is in sight."""
    wheel_pans: bool = False
    """The wheel pans, and zooms with Ctrl: what a touchpad is best at."""
    glides: bool = False
    """The view glides to where it is sent, instead of jumping there."""

"""What the pointer does on the canvas, in words, for the shortcut sheet and the settings. See canvas/press.py."""

from __future__ import annotations

from typing import Final

GESTURES: Final[tuple[tuple[str, str], ...]] = (
    ("Drag from a port", "Connect it, or find what fits"),
    ("Drag off an input", "Take a wire elsewhere, or away"),
    ("Ctrl+drag from an output", "Take all its wires to another"),
    ("Drag a node onto a wire", "Put a node in between"),
    ("Alt+drag", "Cut wires"),
    ("Double click a wire", "Put a dot into a wire"),
    ("Drag a value", "Change a number; Shift for fine steps"),
    ("Double click a value", "Type a value, or a sum"),
    ("Right click a value", "Set a value back to its default"),
    ("Drag on empty canvas", "Select; Shift adds, Ctrl takes away"),
    ("Ctrl while dragging", "Snap to the grid for once, or not"),
    ("Alt while dragging a node", "Move freely past the guides"),
    ("Wheel", "Zoom; Shift or Ctrl pans"),
    ("Middle drag, right drag, Space+drag", "Pan"),
    ("Double click empty canvas, right click", "Add a node"),
)
"""How it is done, and what it does."""

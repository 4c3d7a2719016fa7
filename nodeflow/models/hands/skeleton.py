"""The 21 points of a hand, and what the fingers do."""

from __future__ import annotations

from nodeflow.values import Skeleton

FINGERS = ("thumb", "index", "middle", "ring", "pinky")

_PARTS = {"thumb": ("cmc", "mcp", "ip", "tip")} | dict.fromkeys(FINGERS[1:], ("mcp", "pip", "dip", "tip"))

HAND = Skeleton(
    "hand-21",
    ("wrist", *(f"{finger}_{part}" for finger in FINGERS for part in _PARTS[finger])),
    (*((4 * i + j if j else 0, 4 * i + j + 1) for i in range(5) for j in range(4)), (5, 9), (9, 13), (13, 17)),
)
"""MediaPipe's hand: from the wrist along each finger to its tip."""

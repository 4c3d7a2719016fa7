"""What a hand shows, by rule: which fingers are stretched, and whether thumb and index meet.

A finger is stretched if its tip lies further from the wrist than the joint two before it, by a margin. The thumb moves
sideways: it is stretched if its tip lies further from the knuckle of the little finger than the joint before it. These
hold for any turn of the hand in the picture; a hand that points at the camera cannot be told.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_BY_FINGERS = {
    "open": (1, 1, 1, 1, 1),
    "fist": (0, 0, 0, 0, 0),
    "point": (0, 1, 0, 0, 0),
    "victory": (0, 1, 1, 0, 0),
    "three": (1, 1, 1, 0, 0),
    "four": (0, 1, 1, 1, 1),
    "thumb": (1, 0, 0, 0, 0),
    "horns": (0, 1, 0, 0, 1),
    "call": (1, 0, 0, 0, 1),
}
"""Thumb, index, middle, ring and little finger of each gesture: stretched or bent."""

GESTURES: tuple[str, ...] = (*_BY_FINGERS, "ok", "hand")

_WRIST, _THUMB_IP, _THUMB_TIP, _INDEX_TIP, _MIDDLE_MCP, _PINKY_MCP = 0, 3, 4, 8, 9, 17
_TIPS, _BENDS = [8, 12, 16, 20], [6, 10, 14, 18]
_MARGIN = 1.1
_TOUCH = 0.35
"""How near thumb and index are when they meet, as a share of the palm's length."""


def gesture(xy: NDArray[np.float32]) -> str:
    """What a hand shows, from its 21 points, 21x2: one of `GESTURES`."""
    fingers = stretched(xy)
    palm = float(np.linalg.norm(xy[_MIDDLE_MCP] - xy[_WRIST]))
    meet = np.linalg.norm(xy[_THUMB_TIP] - xy[_INDEX_TIP]) < _TOUCH * palm
    if meet and fingers[2:] == (1, 1, 1):
        return "ok"
    return next((name for name, wanted in _BY_FINGERS.items() if wanted == fingers), "hand")


def stretched(xy: NDArray[np.float32]) -> tuple[int, ...]:
    """1 for each stretched finger, thumb first."""
    far = np.linalg.norm(xy - xy[_WRIST], axis=1)
    aside = np.linalg.norm(xy - xy[_PINKY_MCP], axis=1)
    thumb = aside[_THUMB_TIP] > _MARGIN * aside[_THUMB_IP]
    return (int(thumb), *(far[_TIPS] > _MARGIN * far[_BENDS]).astype(int).tolist())

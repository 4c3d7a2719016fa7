"""Points of faces, and the lines between them."""

from __future__ import annotations

from itertools import pairwise

from nodeflow.values import Skeleton

FACE = Skeleton(
    "face-6",
    ("right_eye", "left_eye", "nose", "mouth", "right_ear", "left_ear"),
    ((0, 1), (0, 2), (1, 2), (2, 3), (0, 4), (1, 5)),
)
"""What BlazeFace gives. Left and right are the person's own."""

_LINES = (
    # the oval of the face: its left side, its right
    (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152),
    (152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109, 10),
    # lips: outer and inner line
    (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185, 61),
    (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191, 78),
    # the left eye and brow, the right eye and brow
    (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466, 263),
    (276, 283, 282, 295, 285),
    (300, 293, 334, 296, 336),
    (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246, 33),
    (46, 53, 52, 65, 55),
    (70, 63, 105, 66, 107),
)
"""Lines along the points of MediaPipe's face mesh (its face_mesh_connections)."""

_NAMED = {1: "nose", 33: "right_eye_outer", 133: "right_eye_inner", 263: "left_eye_outer", 362: "left_eye_inner"} | {
    13: "upper_lip", 14: "lower_lip", 61: "mouth_right", 291: "mouth_left", 152: "chin", 10: "forehead"
}  # fmt: skip

_EDGES = tuple(pair for line in _LINES for pair in pairwise(line))
_POINTS = tuple(_NAMED.get(i, f"point_{i}") for i in range(468))

MESH = Skeleton("face-mesh-468", _POINTS, _EDGES)
"""MediaPipe's face mesh."""

IRISES = tuple(
    f"{side}_iris_{place}" for side in ("right", "left") for place in ("middle", "inner", "top", "outer", "bottom")
)
"""Five points of each iris; the inner one is towards the nose."""

_IRIS_EDGES = tuple((first + a, first + b) for first in (468, 473) for a, b in ((1, 2), (2, 3), (3, 4), (4, 1)))

MESH_WITH_IRISES = Skeleton("face-mesh-478", (*_POINTS, *IRISES), (*_EDGES, *_IRIS_EDGES))
"""The mesh with five points on each iris."""

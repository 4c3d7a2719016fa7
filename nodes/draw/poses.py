"""Poses drawn over the picture they were found in."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nodeflow.node import Slider, Widget, node
from nodeflow.values import Image, Poses, Skeleton
from nodes.draw.pen import RGB, SHADE, Fixed, Floats, Pixels, dots, fitting_width, fixed, lines, series
from nodes.same_source import require_same_source

LEFT: RGB = (255, 159, 67)
RIGHT: RGB = (84, 190, 255)
CENTRE: RGB = (240, 240, 245)
_FINE = frozenset({"nose", "eye", "ear", "mouth", "pinky", "index", "thumb"})
"""Joints that stand close together: their dots are smaller."""


@node(
    "draw.poses", category="Draw", title="Draw poses", parallel=True, words="overlay annotate skeleton joints keypoints"
)
def draw_poses(
    image: Image,
    poses: Poses,
    score: Annotated[float, Slider(0, 1, doc="Hide joints that the model is less sure of")] = 0.3,
    thickness: Annotated[float, Slider(0.2, 4, doc="Of the lines, as a multiple of what suits the picture")] = 1.0,
    joints: Annotated[bool, Widget(doc="Draw a dot on every joint", essential=False)] = True,
    colors: Annotated[
        Literal["auto", "by side", "by person"],
        Widget(doc="by side: left orange, right blue; auto: by side, but by person where there are several"),
    ] = "auto",
) -> Image:
    """Draw skeletons over a picture.

    The picture may be any crop or size of the one the poses were found in: they are moved to where they belong.
    """
    require_same_source(poses.frame, image, "The poses were")
    by_person = colors == "by person" or (colors == "auto" and len(poses) > 1)
    visible = (poses.score >= score) & np.isfinite(poses.xy).all(axis=2)
    canvas = image.copy()
    with np.errstate(invalid="ignore"):  # joints that are nowhere stay so
        places = poses.on(image.frame)
    for index, (xy, seen) in enumerate(zip(places, visible, strict=True)):
        if seen.any():
            color = _color_of_person(poses, index) if by_person else None
            _draw(canvas, xy, seen, _look_of(poses.skeleton), color, thickness, joints)
    return image.replaced(canvas)


class _Look(NamedTuple):
    """What a skeleton looks like: its bones, int Bx2, those of a colour together; the colours, and which bones have
    them; the size of each joint's dot, float K."""

    bones: NDArray[np.intp]
    colors: tuple[tuple[RGB, slice], ...]
    sizes: Floats


def _draw(
    canvas: Pixels, xy: Floats, seen: NDArray[np.bool_], look: _Look, color: RGB | None, thickness: float, joints: bool
) -> None:
    """One person: a dark rim first, so that it stands out on any ground, then bones, then joints."""
    tall = float(np.ptp(xy[seen], axis=0).max())
    width = max(1.0, thickness * min(fitting_width(canvas), tall / 130))
    rim = max(2.0, width * 0.5)
    points = fixed(xy)
    segments: Fixed = points[look.bones]
    shown = np.logical_and(*seen[look.bones].T)
    lines(canvas, segments[shown], SHADE, width + rim)
    for side, its in look.colors:
        lines(canvas, segments[its][shown[its]], color or side, width)
    if joints:
        radii = look.sizes[seen] * np.float32(width)
        dots(canvas, points[seen], SHADE, radii + np.float32(rim / 2))
        dots(canvas, points[seen], CENTRE, radii)


def _color_of_person(poses: Poses, index: int) -> RGB:
    """A colour that stays with a person for as long as their track does."""
    who = index if poses.track_id is None else int(poses.track_id[index])
    return series(who)


@lru_cache(maxsize=64)
def _look_of(skeleton: Skeleton) -> _Look:
    words = [set(joint.lower().replace(" ", "_").split("_")) for joint in skeleton.joints]
    sides = [LEFT if "left" in those else RIGHT if "right" in those else CENTRE for those in words]
    colors = [sides[a] if sides[a] == sides[b] else CENTRE for a, b in skeleton.edges]
    order: list[tuple[int, int]] = []
    spans: list[tuple[RGB, slice]] = []
    for color in (CENTRE, LEFT, RIGHT):
        its = [edge for edge, has in zip(skeleton.edges, colors, strict=True) if has == color]
        spans.append((color, slice(len(order), len(order) + len(its))))
        order += its
    fine = [bool(those & _FINE) and "foot" not in those for those in words]
    return _Look(np.array(order, np.intp).reshape(-1, 2), tuple(spans), np.where(fine, 0.6, 0.95).astype(np.float32))

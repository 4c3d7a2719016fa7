"""Lay nodes out along their wires, group by group: what a group holds first, then the group as if it were one node.

    places, frames = nested(boxes, groups, holders, strands, least)

Wires that run between groups in both directions cannot all go right; otherwise what holds for arrange.py holds here.
Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nodeflow.editor.canvas.arrange import arranged
from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.canvas.layers import Strand
from nodeflow.editor.canvas.layout import GRID
from nodeflow.editor.canvas.steps import Step, told_nobody

AIR, HEAD = GRID, 2 * GRID
"""Between a group's edge and what it holds: at three sides, and at the top, where the title is."""


def framed(inside: Rect, least: Point) -> Rect:
    """The frame of a group around what it holds."""
    left, top = inside.left - AIR, inside.top - HEAD
    return Rect(left, top, max(inside.right + AIR, left + least[0]), max(inside.bottom + AIR, top + least[1]))


def nested(
    boxes: Mapping[str, Rect],
    groups: Mapping[str, Rect],
    holders: Mapping[str, str],
    strands: Sequence[Strand],
    least: Point,
    step: Step = told_nobody,
) -> tuple[dict[str, Point], dict[str, Rect]]:
    """Where each box goes, and each group that holds any. `groups` come innermost first; `holders` names the group that
    directly holds a box or group, where there is one."""
    members: dict[str, list[str]] = {}
    for name in boxes:
        members.setdefault(holders.get(name, ""), []).append(name)
    rects = dict(boxes)
    offsets: dict[str, Point] = {}
    for group in (*groups, ""):
        if group and group not in members:  # it holds nothing, and keeps its size
            rects[group] = groups[group]
            members.setdefault(holders.get(group, ""), []).append(group)
            continue
        here = {name: rects[name] for name in members.get(group, ())}
        places = arranged(here, _between(here, holders, strands, offsets), step)
        inside = Rect.around(Rect.of(*at, here[name].width, here[name].height) for name, at in places.items())
        frame = framed(inside, least) if group and inside else Rect(0.0, 0.0, 0.0, 0.0)
        offsets |= {name: (x - frame.left, y - frame.top) for name, (x, y) in places.items()}
        if group:
            rects[group] = Rect.of(groups[group].left, groups[group].top, frame.width, frame.height)
            members.setdefault(holders.get(group, ""), []).append(group)
    at: dict[str, Point] = {"": (0.0, 0.0)}
    for group in ("", *reversed(list(groups))):
        for name in members.get(group, ()):
            at[name] = at[group][0] + offsets[name][0], at[group][1] + offsets[name][1]
    frames = {group: Rect.of(*at[group], rects[group].width, rects[group].height) for group in groups if group in at}
    return {name: at[name] for name in boxes}, frames


def _between(
    here: Mapping[str, Rect], holders: Mapping[str, str], strands: Sequence[Strand], offsets: Mapping[str, Point]
) -> list[Strand]:
    """The wires between the members of one group, where a wire of what a member holds is a wire of the member."""
    found = []
    for strand in strands:
        source, leaves = _member(here, holders, offsets, strand.source, strand.leaves)
        target, enters = _member(here, holders, offsets, strand.target, strand.enters)
        if source and target and (source != target or strand.source == strand.target):
            found.append(Strand(source, leaves, target, enters, strand.back))
    return sorted(found)


def _member(
    here: Mapping[str, Rect], holders: Mapping[str, str], offsets: Mapping[str, Point], name: str, down: float
) -> tuple[str, float]:
    """Which member holds `name`, or is it, and how far below its top lies what is `down` from the top of `name`."""
    while name and name not in here:
        down += offsets[name][1] if name in offsets else 0.0
        name = holders.get(name, "")
    return name, down

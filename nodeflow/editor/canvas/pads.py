"""What lies behind the nodes: groups, which hold the nodes whose middle is in them, and notes. Pure.

Both are *pads*: a rectangle with a colour and words. A group is taken by its title bar, so that one can draw a box
within it; a note anywhere. Smaller pads lie over larger ones. All coordinates are world units.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal, NamedTuple

from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.canvas.layout import (
    GRIP,
    PAD,
    PORTS_ZOOM,
    ROWS_ZOOM,
    TEXT,
    TITLE,
    TITLE_TEXT,
    Measure,
    approximate_width,
)
from nodeflow.editor.canvas.wrap import paragraphs
from nodeflow.graph import Graph, Group, Note

GROUP_LEAST: Point = (160.0, 80.0)
NOTE_LEAST: Point = (80.0, 40.0)
Edge = Literal["left", "top", "right", "bottom"]
EDGE_REACH = 4.0
"""How near a press must be to an edge to take hold of it, in screen pixels."""
LINE = 18.0
"""From one line of a note to the next."""
HUES = ("sky", "blue", "green", "yellow", "orange", "red", "pink", "grey")
"""The colours that a pad may have, as roles of the palette."""


class PadId(NamedTuple):
    """One group or note of the graph."""

    kind: Literal["group", "note"]
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, eq=False)
class Pad:
    """A group or a note on the canvas."""

    id: PadId
    thing: Group | Note
    bounds: Rect

    @property
    def words(self) -> str:
        """A group's title, a note's text."""
        return self.thing.title if isinstance(self.thing, Group) else self.thing.text

    @property
    def hue(self) -> str:
        return self.thing.color if self.thing.color in HUES else "grey"

    @property
    def grip(self) -> Rect:
        """The corner that resizes."""
        return Rect(self.bounds.right - GRIP, self.bounds.bottom - GRIP, self.bounds.right, self.bounds.bottom)

    def edges_at(self, point: Point, reach: float) -> frozenset[Edge]:
        """The edges that a press within `reach` of them takes hold of: one, or two at a corner."""
        if self.grip.contains(point):
            return frozenset({"right", "bottom"})
        bounds = self.bounds
        if not bounds.grown(reach).contains(point):
            return frozenset()
        x, y = point
        away: dict[Edge, float] = {
            "left": abs(x - bounds.left),
            "right": abs(x - bounds.right),
            "top": abs(y - bounds.top),
            "bottom": abs(y - bounds.bottom),
        }
        return frozenset(edge for edge, far in away.items() if far <= reach)

    def bar(self, zoom: float) -> Rect:
        """What a person takes it by: the whole of a note; a group's title bar, which from far away is a tab that stands
        up from it, as wide as the title and tall enough to be read."""
        left, top, right, bottom = self.bounds
        if self.id.kind == "note":
            return self.bounds
        times = bar_times(zoom)
        if times == 1.0:
            return Rect(left, top, right, min(top + TITLE, bottom))
        wide = (approximate_width(self.title) * TITLE_TEXT / TEXT + 2 * PAD) * times
        return Rect(left, top + TITLE * (1.0 - times), left + min(wide, right - left), top + TITLE)

    @property
    def title(self) -> str:
        """The words in one line."""
        return " ".join(self.words[:200].split())


def bar_times(zoom: float) -> float:
    """How much taller than from near a group's title is drawn."""
    return 1.0 if zoom >= ROWS_ZOOM else 2.2 if zoom >= PORTS_ZOOM else 5.0


class Contents(NamedTuple):
    """What a group holds."""

    nodes: frozenset[str]
    pads: frozenset[PadId]


class Pads:
    """The pads of one graph, the largest first: each may lie on those before it."""

    def __init__(self) -> None:
        self._pads: dict[PadId, Pad] = {}

    @property
    def all(self) -> Mapping[PadId, Pad]:
        return MappingProxyType(self._pads)

    def update(self, graph: Graph) -> None:
        """Show the pads of `graph`. One that did not change stays the same object."""
        pads: dict[PadId, Pad] = {}
        things: list[tuple[PadId, Group | Note]] = [(PadId("group", name), it) for name, it in graph.groups.items()]
        things += [(PadId("note", name), it) for name, it in graph.notes.items()]
        for id_, thing in things:
            old = self._pads.get(id_)
            bounds = Rect.of(*thing.at, *thing.size)
            same = old is not None and old.thing is thing and old.bounds == bounds
            pads[id_] = old if same and old else Pad(id_, thing, bounds)
        self._set(pads)

    def place(self, places: Mapping[PadId, Rect]) -> None:
        """Show these elsewhere for now."""
        self._set(self._pads | {id_: replace(self._pads[id_], bounds=bounds) for id_, bounds in places.items()})

    def at(self, point: Point, zoom: float) -> Pad | None:
        """The topmost pad that can be taken at a point."""
        near = zoom >= ROWS_ZOOM
        there = (
            pad
            for pad in self._pads.values()
            if pad.bar(zoom).contains(point) or (near and pad.edges_at(point, EDGE_REACH / zoom))
        )
        return max(there, key=_order, default=None)

    def around(self, point: Point) -> Pad | None:
        """The smallest group that holds what has its middle at `point`."""
        groups = (pad for pad in self._pads.values() if pad.id.kind == "group" and pad.bounds.contains(point))
        return max(groups, key=_order, default=None)

    def caught(self, rect: Rect) -> frozenset[PadId]:
        """What a selection box catches: notes that it touches, groups that lie in it whole."""
        return frozenset(
            pad.id
            for pad in self._pads.values()
            if (rect.holds(pad.bounds) if pad.id.kind == "group" else rect.meets(pad.bounds))
        )

    def contents(self, id_: PadId, boxes: Mapping[str, Rect]) -> Contents:
        """What a pad holds, by where it lies now: nodes and notes by their middle, smaller groups that lie in it whole.
        A note holds nothing."""
        holder = self._pads.get(id_)
        if holder is None or id_.kind == "note":
            return Contents(frozenset(), frozenset())
        inside = frozenset(
            pad.id
            for pad in self._pads.values()
            if pad.id != id_
            and (
                holder.bounds.contains(pad.bounds.center)
                if pad.id.kind == "note"
                else holder.bounds.holds(pad.bounds) and _order(pad) > _order(holder)
            )
        )
        return Contents(frozenset(node for node, box in boxes.items() if holder.bounds.contains(box.center)), inside)

    def _set(self, pads: dict[PadId, Pad]) -> None:
        self._pads = {pad.id: pad for pad in sorted(pads.values(), key=_order)}


def moved(graph: Graph, places: Mapping[PadId, Point]) -> Graph:
    """The graph with these pads there."""
    groups = {id_.name: graph.groups[id_.name].moved(at) for id_, at in places.items() if id_.kind == "group"}
    notes = {id_.name: graph.notes[id_.name].moved(at) for id_, at in places.items() if id_.kind == "note"}
    return _with(graph, groups, notes)


def fitted(graph: Graph, id_: PadId, rect: Rect) -> Graph:
    """The graph with a pad that fills `rect`."""
    at, size = (rect.left, rect.top), (rect.width, rect.height)
    if id_.kind == "group":
        return graph.set_groups({id_.name: replace(graph.groups[id_.name].moved(at), size=size)})
    return graph.set_notes({id_.name: replace(graph.notes[id_.name].moved(at), size=size)})


def note_height(words: str, width: float, measure: Measure) -> float:
    """How high a note of a width must be to show all of a text."""
    lines = paragraphs(words, width - 2 * PAD - 4.0, 10_000, measure)
    return max(NOTE_LEAST[1], 2 * PAD + LINE * len(lines))


def written(graph: Graph, id_: PadId, words: str) -> Graph:
    """The graph with another title on a group, or another text in a note."""
    if id_.kind == "group":
        return graph.set_groups({id_.name: replace(graph.groups[id_.name], title=words)})
    return graph.set_notes({id_.name: replace(graph.notes[id_.name], text=words)})


def colored(graph: Graph, pads: Iterable[PadId], hue: str | None) -> Graph:
    """The graph with these pads in another colour; None is grey."""
    ids = list(pads)
    groups = {id_.name: replace(graph.groups[id_.name], color=hue) for id_ in ids if id_.kind == "group"}
    notes = {id_.name: replace(graph.notes[id_.name], color=hue) for id_ in ids if id_.kind == "note"}
    return _with(graph, groups, notes)


def _with(graph: Graph, groups: Mapping[str, Group], notes: Mapping[str, Note]) -> Graph:
    graph = graph.set_groups(groups) if groups else graph
    return graph.set_notes(notes) if notes else graph


def _order(pad: Pad) -> tuple[bool, float, PadId]:
    """Higher lies over lower: notes over groups, small over large."""
    return pad.id.kind == "note", -pad.bounds.width * pad.bounds.height, pad.id

"""What things are called where a person reads it, such as in the undo list: by what the canvas shows, not by ids. Pure.

names = Names(graph, catalog)
names.step("Move", ["pose_2"])          # "Move Left hand", where that is its label
names.link(link)                        # "Camera.image -> Pose.image"
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from nodeflow.editor.canvas.pads import PadId
from nodeflow.editor.canvas.scene import Port
from nodeflow.editor.canvas.selection import Selection
from nodeflow.graph import Catalog, Endpoint, Graph, Link, View

Thing = str | Link | PadId
"""A node goes by its id."""
_LONGEST = 40


def title_of(level: Graph, catalog: Catalog, node: str) -> str:
    """What a node of a graph is called: its label, or else the title of its type."""
    label, node_type = level.view.get(node, View()).label, level[node].type
    schema = None if label else catalog.get(node_type)
    return label or (schema.title if schema else node_type)


@dataclass(frozen=True, slots=True)
class Names:
    """Of what is in a graph; what is not is called by its id."""

    graph: Graph
    catalog: Catalog

    def of(self, thing: Thing) -> str:
        if isinstance(thing, Link):
            return self.link(thing)
        return self.pad(thing) if isinstance(thing, PadId) else self.node(thing)

    def node(self, node: str) -> str:
        return title_of(self.graph, self.catalog, node) if node in self.graph.nodes else node

    def end(self, end: Endpoint | Port) -> str:
        """A port, or a parameter."""
        return f"{self.node(end.node)}.{end.port if isinstance(end, Endpoint) else end.name}"

    def link(self, link: Link) -> str:
        return f"{self.end(link.source)} -> {self.end(link.target)}"

    def pad(self, pad: PadId) -> str:
        """A group by its title; a note says too much for a name."""
        if pad.kind == "note":
            return "a note"
        group = self.graph.groups.get(pad.name)
        title = group.title.strip() if group else pad.name
        return f"{title[:_LONGEST]}\u2026" if len(title) > _LONGEST else title or "a group"

    def step(self, verb: str, things: Collection[Thing], kind: str = "node") -> str:
        """The name of a step: "Move Pose", "Move 3 nodes"."""
        return f"{verb} {self.of(next(iter(things)))}" if len(things) == 1 else f"{verb} {len(things)} {kind}s"

    def selected(self, verb: str, selection: Selection) -> str:
        """A step that does something to all of a selection: "Move Pose", "Move 3 nodes", "Move 4 things"."""
        things: list[Thing] = [*selection.nodes, *selection.pads, *selection.links]
        if len(things) == 1:
            return self.step(verb, things)
        kinds = {len(selection.nodes): "nodes", len(selection.links): "wires", len(selection.pads): "groups and notes"}
        return f"{verb} {len(things)} {kinds.get(len(things), 'things')}"

"""How a person likes the canvas to behave. The same on every sheet, and kept in the settings."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nodeflow.editor.canvas.geometry import Point
from nodeflow.editor.canvas.layout import on_grid
from nodeflow.graph import Graph, View


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

    def spot(self, at: Point) -> Point:
        """Where something new lies that was put at a place."""
        return (on_grid(at[0]), on_grid(at[1])) if self.snap else at

    def dressed(self, graph: Graph, node: str) -> Graph:
        """The graph with a new node that shows what the person wants new ones to show."""
        if self.previews is None:
            return graph
        return graph.set_view({node: replace(graph.view.get(node, View()), preview=self.previews)})

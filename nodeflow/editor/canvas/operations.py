"""What can be done to the view and to what is selected without the pointer, and the keys for all of it.

`OPERATIONS` is the table that shortcuts, menus and help are made from. Each function may be called at any time: where
there is nothing to do it does nothing. One that begins while a gesture goes on ends that gesture first, without trace.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from nodeflow.editor.canvas.arranging import ARRANGING
from nodeflow.editor.canvas.by_keys import BY_KEYS
from nodeflow.editor.canvas.clipping import CLIPPING
from nodeflow.editor.canvas.edits import folded, previewed
from nodeflow.editor.canvas.geometry import Rect, Viewport
from nodeflow.editor.canvas.grouping import GROUPING
from nodeflow.editor.canvas.interaction import Interaction
from nodeflow.editor.canvas.layout import GRID
from nodeflow.editor.canvas.modes import MODES
from nodeflow.editor.canvas.moving import with_contents
from nodeflow.editor.canvas.operation import Operation, chosen
from nodeflow.editor.canvas.pads import moved
from nodeflow.editor.canvas.selection import Selection


def select_all(canvas: Interaction) -> None:
    canvas.select(Selection(frozenset(canvas.graph.nodes), pads=frozenset(canvas.scene.pads.all)))


def escape(canvas: Interaction) -> None:
    """Drop the gesture; without one, what is done aside; without that, the selection."""
    if not canvas.cancel() and not canvas.actions.drop_aside():
        canvas.select(Selection())


def frame_all(canvas: Interaction) -> None:
    """Show the whole graph."""
    _frame(canvas, canvas.scene.bounds)


def frame_selected(canvas: Interaction) -> None:
    """Show what is selected, or the whole graph if nothing is."""
    _frame(canvas, canvas.selected_bounds() or canvas.scene.bounds)


def actual_size(canvas: Interaction) -> None:
    """Zoom to 100 % about the middle of the canvas."""
    zoom_by(canvas, 1 / canvas.goal.zoom)


def zoom_by(canvas: Interaction, factor: float) -> None:
    """Zoom about the middle of the canvas."""
    canvas.look_at(canvas.goal.zoomed(factor, (canvas.size[0] / 2, canvas.size[1] / 2)))


def toggle_previews(canvas: Interaction) -> None:
    """Show the previews of the selected nodes, or hide them if all are shown."""
    canvas.cancel()
    nodes = chosen(canvas)
    if nodes:
        canvas.edit(*previewed(canvas.graph, canvas.scene.catalog, nodes))


def toggle_collapsed(canvas: Interaction) -> None:
    """Collapse the selected nodes, or expand them if all are collapsed."""
    canvas.cancel()
    nodes = chosen(canvas)
    if nodes:
        canvas.edit(*folded(canvas.graph, canvas.scene.catalog, nodes))


def nudge(canvas: Interaction, dx: float, dy: float) -> None:
    """Move what is selected a little. Nudges of the same things in a row are one step of undo."""
    canvas.cancel()
    nodes, pads = with_contents(canvas, canvas.selection)
    if nodes or pads:
        boxes, there = canvas.scene.boxes, canvas.scene.pads.all
        graph = canvas.graph.move({node: (boxes[node].at[0] + dx, boxes[node].at[1] + dy) for node in nodes})
        graph = moved(graph, {pad: (there[pad].bounds.left + dx, there[pad].bounds.top + dy) for pad in pads})
        name = canvas.names.selected("Move", Selection(canvas.selection.nodes, pads=canvas.selection.pads))
        canvas.edit(name, graph, f"nudge {' '.join(sorted((*nodes, *map(str, pads))))}")


def rename(canvas: Interaction) -> None:
    """Let the person type a label for the one selected node, a title for a group, or what a note says."""
    nodes, pads = canvas.selection.nodes, canvas.selection.pads
    if len(nodes) == 1 and not pads:
        canvas.actions.open_rename(next(iter(nodes)))
    elif len(pads) == 1 and not nodes:
        canvas.actions.open_words(next(iter(pads)))


def search(canvas: Interaction) -> None:
    """Look for a node to add where the pointer is, or into the wire that is selected."""
    canvas.cancel()
    chosen, wires = canvas.selection, canvas.scene.wires
    if len(chosen.links) == 1 and not chosen.nodes and not chosen.pads:
        link = next(iter(chosen.links))
        if link in wires:
            canvas.actions.open_search(wires[link].curve.at(0.5), link)
            return
    canvas.actions.open_search(canvas.spot(), None)


def toggle_snap(canvas: Interaction) -> None:
    """Move nodes in steps of the grid, or freely."""
    canvas.habits = replace(canvas.habits, snap=not canvas.habits.snap)


def toggle_minimap(canvas: Interaction) -> None:
    """Show a map in the corner where not all is in sight, or never."""
    canvas.habits = replace(canvas.habits, minimap=not canvas.habits.minimap)


def toggle_wheel(canvas: Interaction) -> None:
    """Pan with the wheel and zoom with Ctrl, or the other way round."""
    canvas.habits = replace(canvas.habits, wheel_pans=not canvas.habits.wheel_pans)


def _frame(canvas: Interaction, rect: Rect | None) -> None:
    if rect is not None:
        canvas.look_at(Viewport.fitting(rect, canvas.size))


OPERATIONS: tuple[Operation, ...] = (
    Operation("canvas.escape", "Cancel, or select nothing", ("Escape",), escape),
    Operation("canvas.add", "Add a node", ("Tab",), search),
    *CLIPPING,
    Operation("canvas.select_all", "Select all", ("Ctrl+A",), select_all),
    Operation("canvas.rename", "Rename", ("F2",), rename),
    Operation("canvas.previews", "Show or hide previews", ("P",), toggle_previews),
    Operation("canvas.collapse", "Collapse or expand", ("H",), toggle_collapsed),
    Operation("canvas.frame_all", "Show the whole graph", ("Home",), frame_all),
    Operation("canvas.frame_selected", "Show the selection", ("F",), frame_selected),
    Operation("canvas.actual_size", "Zoom to 100 %", ("Ctrl+0",), actual_size),
    Operation("canvas.zoom_in", "Zoom in", ("Ctrl+=",), partial(zoom_by, factor=1.25)),
    Operation("canvas.zoom_out", "Zoom out", ("Ctrl+-",), partial(zoom_by, factor=0.8)),
    Operation("canvas.snap", "Snap to the grid", ("Shift+S",), toggle_snap, lambda c: c.habits.snap),
    Operation("canvas.minimap", "Map in the corner", ("Ctrl+M",), toggle_minimap, lambda c: c.habits.minimap),
    Operation("canvas.wheel", "Wheel pans", (), toggle_wheel, lambda c: c.habits.wheel_pans),
    Operation("canvas.left", "Move left", ("Left",), partial(nudge, dx=-GRID, dy=0.0)),
    Operation("canvas.right", "Move right", ("Right",), partial(nudge, dx=GRID, dy=0.0)),
    Operation("canvas.up", "Move up", ("Up",), partial(nudge, dx=0.0, dy=-GRID)),
    Operation("canvas.down", "Move down", ("Down",), partial(nudge, dx=0.0, dy=GRID)),
    *MODES,
    *GROUPING,
    *BY_KEYS,
    *ARRANGING,
)
"""In the order in which a menu shows them."""

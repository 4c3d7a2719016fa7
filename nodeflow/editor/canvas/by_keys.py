"""Operations for whoever works without a pointer: go from node to node, wire them, set their values.

The keyboard is at the selected node; of several, at the outermost the way it goes. See walk.py and linking.py.
"""

from __future__ import annotations

from functools import partial

from nodeflow.editor.canvas.free_place import free_place
from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.canvas.interaction import Interaction
from nodeflow.editor.canvas.layout import GRID, ROW, TITLE, WIDTH_MIN
from nodeflow.editor.canvas.linking import joined, ports_of
from nodeflow.editor.canvas.operation import Operation, chosen
from nodeflow.editor.canvas.scene import Hit
from nodeflow.editor.canvas.selection import Selection
from nodeflow.editor.canvas.walk import Way, along_wires, beside, nearest, outermost

_AFTER = 4 * GRID


def go(canvas: Interaction, way: Way, along: bool) -> None:
    """Select the next node that way, `along` the wires or wherever the nearest lies; the first time, one in sight."""
    canvas.cancel()
    scene = canvas.scene
    here = outermost(scene, chosen(canvas), way)
    if here is None:
        shown = canvas.viewport.shown(canvas.size)
        there = nearest(scene, shown.center, scene.boxes_in(shown)) or nearest(scene, shown.center)
    else:
        there = along_wires(scene, here, way) if along else beside(scene, here, way)
    if there is not None:
        canvas.select(Selection(frozenset({there})))
        canvas.reveal(there)


def select_along(canvas: Interaction, back: bool) -> None:
    """Select also all that feeds the selected nodes, or all that they feed."""
    nodes = canvas.selection.nodes
    reached = canvas.graph.upstream(nodes) if back else canvas.graph.downstream(nodes)
    canvas.select(canvas.selection.combined(Selection(frozenset(reached)), "add"))


def connect(canvas: Interaction) -> None:
    """Wire the selected nodes from left to right; with one selected, let the person choose its port and another."""
    canvas.cancel()
    scene = canvas.scene
    nodes = sorted(chosen(canvas), key=lambda node: scene.boxes[node].bounds.center)
    if len(nodes) == 1:
        canvas.actions.open_connect(nodes[0])
    elif nodes:
        graph = joined(scene, nodes)
        if graph is not canvas.graph:
            canvas.edit(f"Connect {len(nodes)} nodes", graph)
        else:
            where = scene.boxes[nodes[-1]].at
            canvas.actions.refuse("No output of one fits a free input of the next to its right.", where)


def add_after(canvas: Interaction) -> None:
    """Look for a node that takes what the selected one gives, and put it behind that one."""
    canvas.cancel()
    node = outermost(canvas.scene, chosen(canvas), "right")
    if node is None:
        canvas.actions.open_search(canvas.spot(), None)
        return
    box = canvas.scene.boxes[node]
    outputs = [port for port in ports_of(canvas.scene, node) if port.side == "out"]
    if not outputs:
        canvas.actions.refuse("This node gives nothing that another could take.", box.at)
        return
    x, y = free_place(canvas.scene, Rect.of(box.bounds.right + _AFTER, box.at[1], WIDTH_MIN, 4 * ROW))
    canvas.actions.open_search((x, y + TITLE + ROW / 2), outputs[0])


def edit(canvas: Interaction) -> None:
    """Let the person type or choose the first value of the selected node; Tab goes on to the next."""
    canvas.cancel()
    node = outermost(canvas.scene, chosen(canvas), "right")
    first = next_param(canvas, node, "", 1) if node else None
    if node and first:
        canvas.reveal(node)
        canvas.actions.open_param(node, first, by_keys=True)


def next_param(canvas: Interaction, node: str, param: str, step: int) -> str | None:
    """The parameter on a node that is `step` rows below `param`, which is "" above the first; None beyond the ends."""
    box = canvas.scene.boxes.get(node)
    names = [row.name for row in box.face.params if row.open] if box else []
    at = names.index(param) + step if param in names else min(step - 1, 0)
    return names[at] if 0 <= at < len(names) else None


def open_menu(canvas: Interaction) -> None:
    """Show what can be done with the selected node."""
    canvas.cancel()
    node = outermost(canvas.scene, chosen(canvas), "right")
    if node is not None:
        canvas.reveal(node)
        canvas.actions.open_menu(canvas.scene.boxes[node].bounds.center, Hit("title", node))


_WAYS: tuple[Way, ...] = ("left", "right", "up", "down")
_TITLES: dict[Way, tuple[str, str]] = {
    "left": ("Go to what feeds it", "Go to the node on the left"),
    "right": ("Go to what it feeds", "Go to the node on the right"),
    "up": ("Go to the wire above", "Go to the node above"),
    "down": ("Go to the wire below", "Go to the node below"),
}

BY_KEYS: tuple[Operation, ...] = (
    *(
        Operation(f"canvas.wire_{way}", _TITLES[way][0], (f"Alt+{way.title()}",), partial(go, way=way, along=True))
        for way in _WAYS
    ),
    *(
        Operation(f"canvas.go_{way}", _TITLES[way][1], (f"Ctrl+{way.title()}",), partial(go, way=way, along=False))
        for way in _WAYS
    ),
    Operation(
        "canvas.select_feeding", "Select all that feeds it", ("Alt+Shift+Left",), partial(select_along, back=True)
    ),
    Operation("canvas.select_fed", "Select all that it feeds", ("Alt+Shift+Right",), partial(select_along, back=False)),
    Operation("canvas.edit", "Set its values", ("Enter",), edit),
    Operation("canvas.connect", "Connect", ("C",), connect),
    Operation("canvas.add_after", "Add a node behind it", ("Shift+Tab",), add_after),
    Operation("canvas.menu", "What can be done with it", ("Shift+F10",), open_menu),
)

"""Operations that bring nodes into order: align, distribute, arrange. Each is one step of undo."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from nodeflow.editor.canvas.align import Axis, Edge, aligned, distributed
from nodeflow.editor.canvas.boxes import Box
from nodeflow.editor.canvas.foresight import Ahead
from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.canvas.interaction import Interaction
from nodeflow.editor.canvas.layers import Strand
from nodeflow.editor.canvas.moving import with_contents
from nodeflow.editor.canvas.nested import nested
from nodeflow.editor.canvas.operation import Operation, chosen
from nodeflow.editor.canvas.pads import GROUP_LEAST, Pad, PadId, fitted, moved
from nodeflow.editor.canvas.scene import Scene
from nodeflow.editor.canvas.selection import Selection
from nodeflow.editor.canvas.steps import Step
from nodeflow.graph import Graph


def align(canvas: Interaction, edge: Edge) -> None:
    """Bring the selected nodes into line."""
    canvas.cancel()
    _move(canvas, "Align", aligned(_bounds(canvas), edge))


def distribute(canvas: Interaction, axis: Axis) -> None:
    """Give the selected nodes the same room between them."""
    canvas.cancel()
    _move(canvas, "Distribute", distributed(_bounds(canvas), axis))


@dataclass(frozen=True, slots=True)
class _Mess:
    """What is to be laid out, as it lies: nodes, and notes that lie in groups, by `_key`; groups, the innermost first;
    which group holds what; the wires."""

    boxes: Mapping[str, Rect]
    groups: Mapping[str, Rect]
    holders: Mapping[str, str]
    strands: Sequence[Strand]


_Layout = tuple[dict[str, Point], dict[str, Rect]]
"""Where nodes and notes go, by key, and the groups around them."""


def arrange(canvas: Interaction) -> None:
    """Lay the selected nodes out along their wires, or what the selected groups hold; with less selected, everything.

    Groups that are laid out, too, fit what they hold. Of a large graph it takes seconds, beside the window, and is left
    undone if what is laid out was changed meanwhile.
    """
    canvas.cancel()
    nodes, pads = frozenset(chosen(canvas)), frozenset[PadId]()
    groups = frozenset(pad for pad in canvas.selection.pads if pad.kind == "group")
    if groups:
        nodes, pads = with_contents(canvas, Selection(canvas.selection.nodes, pads=groups))
    elif len(nodes) < 2:
        nodes, pads = frozenset(canvas.scene.boxes), frozenset(canvas.scene.pads.all)
    mess, graph, keys = _mess(canvas.scene, nodes, pads), canvas.graph, {_key(pad): pad for pad in pads}
    foresight, there = canvas.scene.foresight(), dict(canvas.scene.pads.all)

    def work(step: Step) -> tuple[_Layout, Selection, Graph, Ahead]:
        layout = nested(mess.boxes, mess.groups, mess.holders, mess.strands, GROUP_LEAST, step)
        shifted, after = _laid_out(graph, foresight.boxes, there, layout, keys)
        return layout, shifted, after, foresight.ahead(after)

    def take(made: tuple[_Layout, Selection, Graph, Ahead]) -> None:
        layout, shifted, after, ahead = made
        canvas.cancel()
        if canvas.graph is not graph:
            if _mess(canvas.scene, nodes, pads) != mess:
                canvas.actions.refuse("The graph was changed meanwhile, so it was not arranged", canvas.spot())
                return
            shifted, after = _laid_out(canvas.graph, canvas.scene.boxes, canvas.scene.pads.all, layout, keys)
        if shifted:
            canvas.scene.expect(ahead)
            canvas.edit(canvas.names.selected("Arrange", shifted), after)

    canvas.actions.do_aside(f"Arranging {len(nodes):,} nodes", len(mess.boxes), work, take)


def _mess(scene: Scene, nodes: Collection[str], pads: Collection[PadId]) -> _Mess:
    """These nodes and groups, and the notes that lie in the groups."""
    there = scene.pads.all
    groups = {_key(pad): there[pad].bounds for pad in reversed(list(there)) if pad in pads and pad.kind == "group"}
    boxes = {node: box.bounds for node, box in scene.boxes.items() if node in nodes}
    holders = {
        node: next((group for group, frame in groups.items() if frame.contains(box.center)), "")
        for node, box in boxes.items()
    }
    order = list(groups)  # the innermost first
    for at, name in enumerate(order):
        holders[name] = next((group for group in order[at + 1 :] if groups[group].holds(groups[name])), "")
    for pad in there:
        if pad in pads and pad.kind == "note":
            holder = next((group for group, frame in groups.items() if frame.contains(there[pad].bounds.center)), "")
            if holder:
                boxes[_key(pad)], holders[_key(pad)] = there[pad].bounds, holder
    return _Mess(boxes, groups, holders, strands_of(scene, boxes))


def _laid_out(
    graph: Graph, boxes: Mapping[str, Box], there: Mapping[PadId, Pad], layout: _Layout, pads: Mapping[str, PadId]
) -> tuple[Selection, Graph]:
    """What is not there yet, and the graph in which it is; `pads` are the groups and notes by their keys."""
    places, frames = layout
    nodes_to = {name: at for name, at in places.items() if name not in pads and boxes[name].at != at}
    notes_to = {pads[name]: at for name, at in places.items() if name in pads and there[pads[name]].bounds[:2] != at}
    frames_to = {pads[name]: rect for name, rect in frames.items() if there[pads[name]].bounds != rect}
    graph = moved(graph.move(nodes_to) if nodes_to else graph, notes_to)
    for pad, rect in frames_to.items():
        graph = fitted(graph, pad, rect)
    return Selection(frozenset(nodes_to), pads=frozenset((*notes_to, *frames_to))), graph


def _key(pad: PadId) -> str:
    """A name that no node has."""
    return f"{pad.kind}:{pad.name}"


def strands_of(scene: Scene, nodes: Mapping[str, object]) -> list[Strand]:
    """The wires among `nodes`, for `arranged`."""
    strands = []
    for link, wire in scene.wires.items():
        source, target = link.source.node, link.target.node
        if source in nodes and target in nodes:
            leaves, enters = wire.curve.a[1] - scene.boxes[source].at[1], wire.curve.d[1] - scene.boxes[target].at[1]
            leaves, enters = round(leaves, 3), round(enters, 3)  # so that where a node lies does not show
            strands.append(Strand(source, leaves, target, enters, scene.feedback_of(target) == link.target.port))
    return sorted(strands)


def _bounds(canvas: Interaction) -> dict[str, Rect]:
    return {node: canvas.scene.boxes[node].bounds for node in chosen(canvas)}


def _move(canvas: Interaction, verb: str, places: Mapping[str, Point]) -> None:
    """Move what is not there yet. Nothing to move is no step."""
    boxes = canvas.scene.boxes
    moved = {node: at for node, at in places.items() if boxes[node].at != at}
    if moved:
        canvas.edit(canvas.names.step(verb, moved), canvas.graph.move(moved))


ARRANGING: tuple[Operation, ...] = (
    Operation("canvas.arrange", "Arrange along the wires", ("L",), arrange),
    Operation("canvas.align_left", "Align left edges", ("Alt+A",), partial(align, edge="left")),
    Operation("canvas.align_right", "Align right edges", ("Alt+D",), partial(align, edge="right")),
    Operation("canvas.align_top", "Align top edges", ("Alt+W",), partial(align, edge="top")),
    Operation("canvas.align_bottom", "Align bottom edges", ("Alt+S",), partial(align, edge="bottom")),
    Operation("canvas.align_middle", "Align in a column", ("Alt+H",), partial(align, edge="middle")),
    Operation("canvas.align_center", "Align in a row", ("Alt+V",), partial(align, edge="center")),
    Operation("canvas.distribute_across", "Distribute across", ("Alt+Shift+H",), partial(distribute, axis="across")),
    Operation("canvas.distribute_down", "Distribute down", ("Alt+Shift+V",), partial(distribute, axis="down")),
)

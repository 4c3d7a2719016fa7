"""Operations that bring nodes into order: align, distribute, arrange. Each is one step of undo."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from nodeflow.editor.canvas.align import Axis, Edge, aligned, distributed
from nodeflow.editor.canvas.arrange import arranged
from nodeflow.editor.canvas.edits import named
from nodeflow.editor.canvas.geometry import Point, Rect
from nodeflow.editor.canvas.interaction import Interaction
from nodeflow.editor.canvas.layers import Strand
from nodeflow.editor.canvas.operation import Operation, chosen
from nodeflow.editor.canvas.scene import Scene


def align(canvas: Interaction, edge: Edge) -> None:
    """Bring the selected nodes into line."""
    canvas.cancel()
    _move(canvas, "Align", aligned(_bounds(canvas), edge))


def distribute(canvas: Interaction, axis: Axis) -> None:
    """Give the selected nodes the same room between them."""
    canvas.cancel()
    _move(canvas, "Distribute", distributed(_bounds(canvas), axis))


def arrange(canvas: Interaction) -> None:
    """Lay the selected nodes out along their wires; with less than two selected, all of them."""
    canvas.cancel()
    boxes = _bounds(canvas)
    if len(boxes) < 2:
        boxes = {node: box.bounds for node, box in canvas.scene.boxes.items()}
    _move(canvas, "Arrange", arranged(boxes, strands_of(canvas.scene, boxes)))


def strands_of(scene: Scene, nodes: Mapping[str, object]) -> list[Strand]:
    """The wires among `nodes`, for `arranged`."""
    strands = []
    for link, wire in scene.wires.items():
        source, target = link.source.node, link.target.node
        if source in nodes and target in nodes:
            leaves, enters = wire.curve.a[1] - scene.boxes[source].at[1], wire.curve.d[1] - scene.boxes[target].at[1]
            strands.append(Strand(source, leaves, target, enters, scene.feedback_of(target) == link.target.port))
    return sorted(strands)


def _bounds(canvas: Interaction) -> dict[str, Rect]:
    return {node: canvas.scene.boxes[node].bounds for node in chosen(canvas)}


def _move(canvas: Interaction, verb: str, places: Mapping[str, Point]) -> None:
    """Move what is not there yet. Nothing to move is no step."""
    boxes = canvas.scene.boxes
    moved = {node: at for node, at in places.items() if boxes[node].at != at}
    if moved:
        canvas.edit(named(verb, moved), canvas.graph.move(moved))


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

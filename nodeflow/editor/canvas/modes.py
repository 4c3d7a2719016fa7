"""Operations that take nodes out of the run and lead wires: mute, bypass, dots."""

from __future__ import annotations

from functools import partial

from nodeflow.editor.canvas.edits import dotted
from nodeflow.editor.canvas.interaction import Interaction
from nodeflow.editor.canvas.operation import Operation, chosen
from nodeflow.editor.canvas.selection import Selection
from nodeflow.graph import Mode

_VERBS = {"muted": "Mute", "bypassed": "Bypass", "on": "Turn on"}


def switch(canvas: Interaction, mode: Mode) -> None:
    """Mute or bypass the selected nodes, or turn them on if all are so already. Dots are always on."""
    canvas.cancel()
    graph, boxes = canvas.graph, canvas.scene.boxes
    nodes = [node for node in chosen(canvas) if not boxes[node].face.dot]
    wanted: Mode = "on" if all(graph[node].mode == mode for node in nodes) else mode
    changed = [node for node in nodes if graph[node].mode != wanted]
    if changed:
        canvas.edit(canvas.names.step(_VERBS[wanted], changed), graph.set_mode(changed, wanted))


def is_in(canvas: Interaction, mode: Mode) -> bool:
    """Whether all that is selected, and is more than dots, is so."""
    nodes = [node for node in chosen(canvas) if not canvas.scene.boxes[node].face.dot]
    return bool(nodes) and all(canvas.graph[node].mode == mode for node in nodes)


def put_dots(canvas: Interaction) -> None:
    """Put a dot into the middle of each selected wire."""
    canvas.cancel()
    graph, dots = canvas.graph, []
    links = sorted(canvas.selection.links & canvas.scene.wires.keys())
    for link in links:
        made = dotted(graph, canvas.scene.catalog, link, canvas.scene.wires[link].curve.at(0.5))
        if made is not None:
            graph = made[0]
            dots.append(made[1])
    if dots:
        canvas.edit(canvas.names.step("Put a dot into", links, "wire"), graph)
        canvas.select(Selection(frozenset(dots)))


MODES: tuple[Operation, ...] = (
    Operation("canvas.mute", "Mute", ("M",), partial(switch, mode="muted"), partial(is_in, mode="muted")),
    Operation("canvas.bypass", "Bypass", ("B",), partial(switch, mode="bypassed"), partial(is_in, mode="bypassed")),
    Operation("canvas.dot", "Put a dot into the wire", ("R",), put_dots),
)

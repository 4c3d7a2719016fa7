"""Operations that make more of what is selected, or less: delete, duplicate, copy, cut, paste.

A group is copied with all that it holds; deleting a group leaves what it holds where it is.
"""

from __future__ import annotations

from typing import Final

from nodeflow.editor.canvas.edits import copied, healed, placed, without
from nodeflow.editor.canvas.interaction import Interaction
from nodeflow.editor.canvas.layout import GRID
from nodeflow.editor.canvas.moving import with_contents
from nodeflow.editor.canvas.names import Names, Thing
from nodeflow.editor.canvas.operation import Operation
from nodeflow.editor.canvas.own_files import with_own_files
from nodeflow.editor.canvas.pads import PadId
from nodeflow.editor.canvas.selection import Selection
from nodeflow.graph import Copies, Graph, GraphFileError, loads
from nodeflow.sizes import size_text

MOST_PASTED: Final = 8_000_000
"""Characters: some 40,000 nodes. The window stands still while they are read."""


def delete(canvas: Interaction) -> None:
    """Delete what is selected."""
    canvas.cancel()
    gone = canvas.selection
    if gone:
        first = Selection(gone.nodes, pads=gone.pads) or gone
        canvas.edit(canvas.names.selected("Delete", first), without(canvas.graph, canvas.scene.catalog, gone))


def dissolve(canvas: Interaction) -> None:
    """Delete the selected nodes, and join the wires that ran through them."""
    canvas.cancel()
    nodes = [node for node in canvas.graph.nodes if node in canvas.selection.nodes]
    if nodes:
        name = canvas.names.step("Dissolve", nodes)
        canvas.edit(name, healed(canvas.graph, canvas.scene.catalog, nodes).remove(nodes))


def duplicate(canvas: Interaction, outer: bool = True) -> None:
    """Copy what is selected beside itself, and select the copies. With `outer`, nodes are fed from where the originals
    are fed."""
    canvas.cancel()
    if canvas.selection.nodes or canvas.selection.pads:
        nodes, pads = _whole(canvas)
        groups, notes = _names(pads, "group"), _names(pads, "note")
        graph, new = canvas.graph.duplicate(nodes, (2 * GRID, 2 * GRID), outer, groups=groups, notes=notes)
        graph = with_own_files(graph, canvas.scene.catalog, new.nodes.values())
        chosen = Selection(canvas.selection.nodes, pads=canvas.selection.pads)
        canvas.edit(canvas.names.selected("Duplicate", chosen), graph)
        _select(canvas, new)


def copy(canvas: Interaction, outer: bool = False) -> str:
    """What is selected as text for the clipboard, or "" if there is nothing. With `outer`, with links from outside."""
    nodes, pads = _whole(canvas)
    return copied(canvas.graph, nodes, pads, outer) if nodes or pads else ""


def cut(canvas: Interaction) -> str:
    """Like `copy`, and what was copied is gone."""
    text = copy(canvas)
    if text:
        nodes, pads = _whole(canvas)
        canvas.select(Selection(frozenset(nodes), canvas.selection.links, pads))
    delete(canvas)
    return text


def paste(canvas: Interaction, text: str) -> None:
    """Add what is in a copied text where the pointer is, and select it; or say what is wrong with the text."""
    start = text[:1000].lstrip()[:1]
    if start != "{":
        words = "The clipboard holds text, but no nodes" if start else "The clipboard holds no text"
        canvas.actions.refuse(words, canvas.spot())
        return
    if len(text) > MOST_PASTED:
        words = f"{size_text(len(text))} of text are too much to paste: save it as a file and import that"
        canvas.actions.refuse(words, canvas.spot())
        return
    try:
        place(canvas, loads(text))
    except GraphFileError as error:
        canvas.actions.refuse(f"The clipboard holds no nodes: {error}", canvas.spot())


def place(canvas: Interaction, part: Graph, name: str = "") -> None:
    """Add what is in another graph where the pointer is, or in the middle if it is elsewhere, and select it."""
    canvas.cancel()
    graph, new = placed(canvas.graph, part, canvas.spot())
    if any(new):
        graph = with_own_files(graph, canvas.scene.catalog, new.nodes.values())
        things: list[Thing] = [*new.nodes.values(), *_pads(new)]
        kind = "node" if len(things) == len(new.nodes) else "thing"
        canvas.edit(name or Names(graph, canvas.scene.catalog).step("Paste", things, kind), graph)
        _select(canvas, new)
        canvas.reveal_selected()


def _select(canvas: Interaction, new: Copies) -> None:
    canvas.select(Selection(frozenset(new.nodes.values()), pads=frozenset(_pads(new))))
    canvas.scene.raise_up(canvas.selection.nodes)


def _pads(new: Copies) -> list[PadId]:
    return [PadId("group", name) for name in new.groups.values()] + [PadId("note", name) for name in new.notes.values()]


def _whole(canvas: Interaction) -> tuple[list[str], frozenset[PadId]]:
    """What is selected with what its groups hold, the nodes in the graph's order."""
    nodes, pads = with_contents(canvas, canvas.selection)
    return [node for node in canvas.graph.nodes if node in nodes], pads


def _names(pads: frozenset[PadId], kind: str) -> list[str]:
    return sorted(pad.name for pad in pads if pad.kind == kind)


CLIPPING: tuple[Operation, ...] = (
    Operation("canvas.delete", "Delete", ("Delete", "Backspace"), delete),
    Operation("canvas.dissolve", "Delete and join the wires", ("Ctrl+Delete",), dissolve),
    Operation("canvas.duplicate", "Duplicate", ("Ctrl+D",), duplicate),
    Operation("canvas.duplicate_loose", "Duplicate without wires", ("Ctrl+Shift+D",), lambda c: duplicate(c, False)),
)
"""Copy, cut and paste are not here: they need somebody's clipboard."""

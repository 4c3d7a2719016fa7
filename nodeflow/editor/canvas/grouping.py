"""Operations on groups and notes. See pads.py for what they are."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import count

from nodeflow.editor.canvas.geometry import Rect
from nodeflow.editor.canvas.interaction import Interaction
from nodeflow.editor.canvas.layout import GRID
from nodeflow.editor.canvas.moving import with_contents
from nodeflow.editor.canvas.nested import framed
from nodeflow.editor.canvas.operation import Operation
from nodeflow.editor.canvas.pads import GROUP_LEAST, HUES, PadId, colored, fitted, note_height, written
from nodeflow.editor.canvas.selection import Selection
from nodeflow.graph import Group, Note

_writings = count()


def group(canvas: Interaction) -> None:
    """Draw a group around what is selected, or an empty one, and let the person type its title."""
    canvas.cancel()
    nodes, pads = with_contents(canvas, canvas.selection)
    frame = around(canvas, nodes, pads)
    thing = Group("Group", canvas.spot()) if frame is None else Group("Group", frame[:2], (frame.width, frame.height))
    graph, name = canvas.graph.add_group(thing)
    canvas.edit("Group" if nodes or pads else "Add a group", graph)
    _write(canvas, PadId("group", name))


def note(canvas: Interaction) -> None:
    """Add a note where the pointer is, all of it in sight, and let the person type it. Where a node lies there, which
    would cover it, it comes below that, as far as there is room."""
    canvas.cancel()
    x, y = canvas.spot()
    shown, (width, height) = canvas.viewport.shown(canvas.size), Note().size
    x = max(shown.left, min(x, shown.right - width - GRID))
    y = lowest = max(shown.top, min(y, shown.bottom - height - GRID))
    boxes = canvas.scene.boxes
    while covering := canvas.scene.boxes_in(Rect.of(x, lowest, width, height)):
        lowest = max(boxes[node].bounds.bottom for node in covering) + GRID
    y = lowest if lowest + height <= shown.bottom else y
    graph, name = canvas.graph.add_note(Note(at=canvas.habits.spot((x, y))))
    canvas.edit("Add a note", graph)
    _write(canvas, PadId("note", name))


def fit(canvas: Interaction) -> None:
    """Make the selected groups as large as what they hold asks for."""
    canvas.cancel()
    graph = canvas.graph
    for pad in sorted(canvas.selection.pads):
        nodes, pads = with_contents(canvas, Selection(pads=frozenset({pad})))
        frame = around(canvas, nodes, pads - {pad})
        if frame is not None and frame != canvas.scene.pads.all[pad].bounds:
            graph = fitted(graph, pad, frame)
    canvas.edit(canvas.names.selected("Fit", Selection(pads=canvas.selection.pads)), graph)


def select_contents(canvas: Interaction) -> None:
    """Select what the selected groups hold, in place of the groups."""
    groups = {pad for pad in canvas.selection.pads if pad.kind == "group"}
    nodes, pads = with_contents(canvas, canvas.selection)
    if groups:
        canvas.select(Selection(nodes, pads=pads - groups))


def color(canvas: Interaction, hue: str | None) -> None:
    """Give the selected groups and notes another colour."""
    canvas.cancel()
    pads = canvas.selection.pads
    there = canvas.scene.pads.all
    if any(there[pad].thing.color != hue for pad in pads):
        canvas.edit(canvas.names.selected("Colour", Selection(pads=pads)), colored(canvas.graph, pads, hue))


def write(canvas: Interaction, pad: PadId, words: str) -> None:
    """What the person typed as a group's title or a note's text: the answer to `open_words`. A note grows with its
    text."""
    writing(canvas, pad)(words)


def writing(canvas: Interaction, pad: PadId) -> Callable[[str], None]:
    """`write` for words that are shown as they are typed: all that comes is one step of undo, and a note is as high as
    its text needs by now, or as it was at first."""
    first = canvas.scene.pads.all.get(pad)
    height = first.bounds.height if first is not None else 0.0
    step = f"{'Rename' if pad.kind == 'group' else 'Write'} {canvas.names.pad(pad)}"
    merge = f"write {next(_writings)}"

    def take(words: str) -> None:
        there = canvas.scene.pads.all.get(pad)
        if there is None or there.words == words:
            return
        graph = written(canvas.graph, pad, words)
        if pad.kind == "note":
            left, top, width = there.bounds.left, there.bounds.top, there.bounds.width
            needed = note_height(words, width, canvas.scene.measure)
            graph = fitted(graph, pad, Rect.of(left, top, width, max(height, needed)))
        canvas.edit(step, graph, merge)

    return take


def around(canvas: Interaction, nodes: frozenset[str], pads: frozenset[PadId]) -> Rect | None:
    """The frame of a group that holds these, or None if there are none."""
    scene = canvas.scene
    bounds = [scene.boxes[node].bounds for node in nodes] + [scene.pads.all[pad].bounds for pad in pads]
    inside = Rect.around(bounds)
    if inside is None:
        return None
    return framed(inside, GROUP_LEAST)


def _write(canvas: Interaction, pad: PadId) -> None:
    canvas.select(Selection(pads=frozenset({pad})))
    canvas.actions.open_words(pad)


GROUPING: tuple[Operation, ...] = (
    Operation("canvas.group", "Group", ("Ctrl+Shift+G",), group),
    Operation("canvas.note", "Add a note", ("N",), note),
    Operation("canvas.fit_group", "Fit to what it holds", ("Shift+G",), fit),
    Operation("canvas.select_contents", "Select what it holds", ("Ctrl+Shift+A",), select_contents),
    *(Operation(f"canvas.color_{hue}", f"Colour: {hue}", (), partial(color, hue=hue)) for hue in HUES[:-1]),
    Operation("canvas.color_grey", "Colour: grey", (), partial(color, hue=None)),
)

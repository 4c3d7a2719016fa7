"""Whatever a person does with mouse and keys, nothing raises, nothing hangs, and the document stays sound."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from nodeflow.editor.canvas import clipping, grouping
from nodeflow.editor.canvas.gestures import Held, Idle
from nodeflow.editor.canvas.layout import Face
from nodeflow.editor.canvas.operations import OPERATIONS
from nodeflow.editor.canvas.scene import Scene
from nodeflow.graph import Graph, Group, Link, Node, Note, View, check
from nodeflow.testing.graphs import TOY, documents, graphs
from nodeflow.testing.pilot import Pilot

RICH = Graph(
    {name: Node(f"toy.{name}") for name in ("camera", "pose", "draw", "hold", "say", "preview", "dot")},
    (
        Link.parse("camera.image -> dot.value"),
        Link.parse("dot.value -> pose.image"),
        Link.parse("pose.poses -> draw.poses"),
    ),
    {"pose": View(preview=True)},
    groups={"group": Group("Find", (240, -40), (560, 260))},
    notes={"note": Note("Both at once", (300, 450)), "note_2": Note("", (0, -200), (90, 50), "green")},
)
pixels = st.floats(-50, 900)
# Random pixels mostly miss, so most events aim at a part of a node or wire.
parts = st.tuples(st.integers(0, 9), st.integers(0, 15))
targets = parts | parts | st.tuples(pixels, pixels)
helds = st.just(Held()) | st.builds(Held, *[st.booleans()] * 4)
buttons = st.sampled_from(["left", "left", "left", "middle", "right"])
drags = st.tuples(st.just("drag"), targets, targets, buttons, helds)
events = st.lists(
    st.one_of(
        *[drags] * 5,
        st.tuples(st.just("press"), targets, buttons, helds),
        st.tuples(st.just("move"), targets, helds),
        st.tuples(st.just("release"), targets, buttons, helds),
        st.tuples(st.just("click"), targets, buttons, helds),
        st.tuples(st.just("double_click"), targets),
        st.tuples(st.just("wheel"), targets, st.floats(-5, 5), helds),
        st.tuples(st.just("run"), st.sampled_from(OPERATIONS)),
        st.tuples(st.sampled_from(["cut and paste", "answer", "undo", "redo"])),
    ),
    min_size=4,
    max_size=20,
)

Event = tuple[Any, ...]
"""A deed and what it is done to."""


def gathered(graph: Graph) -> Graph:
    """The same graph where the pointer can reach it."""
    return graph.move({node: (i % 3 * 260, i // 3 * 200) for i, node in enumerate(graph.nodes)})


def aim(pilot: Pilot, target: tuple[float, float]) -> tuple[float, float]:
    """A pair of pixels; or, for whole numbers, a part of a node, the middle of a wire, a place in the map, or
    the bar or corner of a group or note."""
    scene = pilot.canvas.scene
    boxes, wires = list(scene.boxes.values()), list(scene.wires.values())
    if not isinstance(target[0], int) or not boxes:
        return target
    box, face = boxes[target[0] % len(boxes)], boxes[target[0] % len(boxes)].face
    middles = [part.center for part in (face.fold, face.eye, face.grip, face.preview, face.status) if part]
    places = [*(port.at for port in face.ports), *(row.rect.center for row in face.params), (80.0, 10.0), *middles]
    number = int(target[1])
    if number == 12 and wires:
        return pilot.at_world(wires[target[0] % len(wires)].curve.at(0.5))
    overlay = pilot.canvas.map
    if number == 13 and overlay:
        frame = overlay.frame
        return frame.left + frame.width * target[0] / 10, frame.top + frame.height * target[0] / 10
    pads = list(pilot.canvas.scene.pads.all)
    if number in (14, 15) and pads:
        return (pilot.at_pad if number == 14 else pilot.at_grip)(pads[target[0] % len(pads)])
    x, y = places[number % len(places)]
    return pilot.at_world((box.at[0] + x, box.at[1] + y))


def answer(pilot: Pilot) -> None:
    """Add what the last search could have offered, and write what was last asked for."""
    words = [wish[1] for wish in pilot.wishes if wish[0] == "open_words"]
    if words:
        grouping.write(pilot.canvas, words[-1], "Some words of mine, and others that take a second line")
    searches = [wish for wish in pilot.wishes if wish[0] == "open_search"]
    if searches:
        _, at, port = searches[-1]
        pilot.canvas.add(TOY.nodes["toy.draw"], at, port)


def do(pilot: Pilot, event: Event) -> None:
    match event:
        case ("press" | "click" as deed, target, button, held):
            getattr(pilot, deed)(aim(pilot, target), button, held)
        case ("move", target, held):
            pilot.move(aim(pilot, target), held)
        case ("release", target, button, held):
            pilot.move(aim(pilot, target), held)
            pilot.release(button, held)
        case ("drag", start, end, button, held):
            pilot.drag(aim(pilot, start), aim(pilot, end), button, held)
        case ("double_click", target):
            pilot.double_click(aim(pilot, target))
        case ("wheel", target, turns, held):
            pilot.wheel(aim(pilot, target), turns, held)
        case ("run", operation):
            operation.run(pilot.canvas)
        case ("answer",):
            answer(pilot)
        case ("cut and paste",):
            clipping.paste(pilot.canvas, clipping.cut(pilot.canvas))
        case (step,):
            getattr(pilot, step)()


def look(pilot: Pilot) -> None:
    """Read everything that a painter reads."""
    canvas = pilot.canvas
    canvas.scene.visible(canvas.viewport.shown(canvas.size))
    for name in ("band", "curve", "stroke", "lit", "target", "wire", "detached", "doomed"):
        getattr(canvas.gesture, name, None)


def shown(face: Face) -> tuple[object, ...]:
    """All that a face shows."""
    return tuple(getattr(face, field.name) for field in fields(face))


def assert_settled(pilot: Pilot) -> None:
    canvas = pilot.canvas
    canvas.cancel()
    assert isinstance(canvas.gesture, Idle)
    assert canvas.graph is pilot.graph
    assert canvas.selection == canvas.selection.within(pilot.graph)
    fresh = Scene(TOY)
    fresh.update(pilot.graph)
    assert {node: box.bounds for node, box in canvas.scene.boxes.items()} == {
        node: box.bounds for node, box in fresh.boxes.items()
    }
    assert {node: shown(box.face) for node, box in canvas.scene.boxes.items()} == {
        node: shown(box.face) for node, box in fresh.boxes.items()
    }
    assert dict(canvas.scene.wires) == dict(fresh.wires)
    pads, fresh_pads = canvas.scene.pads.all, fresh.pads.all
    assert [(pad.id, pad.bounds, pad.words, pad.hue) for pad in pads.values()] == [
        (pad.id, pad.bounds, pad.words, pad.hue) for pad in fresh_pads.values()
    ]


def link_problems(graph: Graph) -> list[str]:
    codes = {"cycle", "kind-mismatch", "unknown-port", "two-links", "dangling-link", "unknown-type", "bad-param"}
    return [str(problem) for problem in check(graph, TOY) if problem.code in codes]


@settings(deadline=None)
@given((st.just(RICH) | graphs(max_nodes=6)).map(gathered), events)
def test_a_sound_graph_stays_sound_and_undo_leads_back(graph: Graph, deeds: list[Event]) -> None:
    pilot = Pilot(TOY, graph)
    for event in deeds:
        do(pilot, event)
        look(pilot)
        assert link_problems(pilot.graph) == []
    assert_settled(pilot)
    end = pilot.graph
    steps = 0
    while pilot.history.undo_name is not None:
        pilot.undo()
        steps += 1
    assert pilot.graph is graph
    assert_settled(pilot)
    for _ in range(steps):
        pilot.redo()
    assert pilot.graph is end
    assert_settled(pilot)


@settings(deadline=None, max_examples=40)
@given(documents(max_nodes=5).map(gathered), events)
def test_any_document_can_be_handled(graph: Graph, deeds: list[Event]) -> None:
    pilot = Pilot(TOY, graph)
    for event in deeds:
        do(pilot, event)
        look(pilot)
    assert_settled(pilot)

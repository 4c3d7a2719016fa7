"""Whatever a person does with mouse and keys on any level of a document, nothing raises and undo leads back.

The events are those of one canvas (`test_any_events`), and among them subgraphs that are made, entered, left, changed
by their uses and expanded again.
"""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from nodeflow.editor.canvas.gestures import Idle
from nodeflow.editor.canvas.interaction import Interaction
from nodeflow.editor.canvas.scene import Scene
from nodeflow.editor.canvas.selection import Selection
from nodeflow.editor.documents.nesting import NESTING
from nodeflow.graph import Graph, check, dumps, enclose, loads
from nodeflow.graph.definitions import definition_of
from nodeflow.graph.history import History
from nodeflow.testing.graphs import TOY
from nodeflow.testing.pilot import Pilot
from tests.editor.canvas.test_any_events import RICH, do, events, gathered, look, shown
from tests.editor.fakes import Bench


class NestedPilot(Pilot):
    """A person at a whole document: the canvas is that of the level which is shown."""

    def __init__(self, graph: Graph) -> None:
        self.bench = Bench()
        self.bench.front.name = "Another name"
        self.sheet = self.bench.workspace.sheet
        self.first = self.sheet.document.graph
        self.sheet.edit("Build", graph)

    @property
    def canvas(self) -> Interaction:  # type: ignore[override]
        return self.sheet.canvas

    @property
    def graph(self) -> Graph:
        return self.sheet.graph

    @property
    def history(self) -> History:  # type: ignore[override]
        return self.sheet.document.history

    @property
    def wishes(self) -> list[tuple[Any, ...]]:  # type: ignore[override]
        names = {"search": "open_search", "words": "open_words"}
        return [(names[wish[0]], *wish[1:]) for wish in self.bench.front.opened if wish[0] in names]

    def undo(self) -> None:
        self.sheet.undo()

    def redo(self) -> None:
        self.sheet.redo()


nested = st.one_of(
    st.tuples(st.just("select"), st.sets(st.integers(0, 9), min_size=1, max_size=3)),
    st.tuples(st.just("nest"), st.sampled_from(NESTING)),
    st.tuples(st.just("go"), st.sampled_from(["in", "in", "out"]), st.integers(0, 9)),
)
ends = st.lists(st.one_of(nested, nested, events.map(lambda deeds: deeds[0])), min_size=4, max_size=24)


def _do(pilot: NestedPilot, event: Any) -> None:
    nodes = list(pilot.graph.nodes)
    match event:
        case ("select", places):
            if nodes:
                pilot.canvas.select(Selection(frozenset(nodes[place % len(nodes)] for place in places)))
        case ("nest", deed):
            if deed.can(pilot.sheet):
                deed.do(pilot.sheet)
        case ("go", "in", place):
            uses = [node for node in nodes if definition_of(pilot.graph[node].type) in pilot.graph.definitions]
            if uses:
                assert pilot.sheet.enter(uses[place % len(uses)])
        case ("go", "out", _):
            pilot.sheet.leave()
        case _:
            do(pilot, event)


def _assert_settled(pilot: NestedPilot) -> None:
    """The canvas is that of the level which is shown, and as one that is made anew."""
    pilot.canvas.cancel()
    assert isinstance(pilot.canvas.gesture, Idle)
    assert pilot.canvas.graph is pilot.graph
    fresh = Scene(TOY)
    fresh.update(pilot.graph)
    there = pilot.canvas.scene
    assert {node: shown(box.face) for node, box in there.boxes.items()} == {
        node: shown(box.face) for node, box in fresh.boxes.items()
    }
    assert dict(there.wires) == dict(fresh.wires)


def _link_problems(graph: Graph) -> list[str]:
    codes = {"cycle", "two-links", "dangling-link", "unknown-type", "bad-param"}
    return [str(problem) for problem in check(graph, TOY) if problem.code in codes]


@settings(deadline=None, max_examples=40)
@given(st.booleans(), ends)
def test_any_events_on_any_level_leave_a_sound_document_and_undo_leads_back(made: bool, deeds: list[Any]) -> None:
    start = gathered(RICH)
    pilot = NestedPilot(enclose(start, ["pose", "dot"], "Inner")[0] if made else start)
    for event in deeds:
        _do(pilot, event)
        look(pilot)
    _assert_settled(pilot)
    whole = pilot.history.graph
    assert _link_problems(whole) == []
    assert dumps(loads(dumps(whole))) == dumps(whole)
    steps = 0
    while pilot.history.undo_name is not None:
        pilot.undo()
        steps += 1
    assert pilot.history.graph is pilot.first
    _assert_settled(pilot)
    for _ in range(steps):
        pilot.redo()
    assert pilot.history.graph is whole
    _assert_settled(pilot)

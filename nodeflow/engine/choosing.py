"""Inputs that are chosen among frame by frame, and what need not be computed because it was not chosen.

    camera -> is there anyone? -> switch.choice
    camera -> style -> switch.b             # runs only for frames with somebody in them

A node whose **choice** comes over a wire has two kinds of further parts in the plan. Once the choice is there, its step
"decides" opens a **valve** for each input that the frame uses, and closes the others; a valve is a step that "passes"
when it is open and its value is there. The node itself waits for its valves.

A node that is needed through valves only, or by such nodes only, has one more thing to wait for: that somebody needs
it. Each of those who might says so, once a frame: the first who does sets it free, and it says the same to what it
needs itself. When all have said no, it answers "not chosen" at once, without a call, and that too goes on upwards. So a
frame still ends whatever is chosen, and nothing is decided anew while it runs: it is all in the counts of `Frame`.

These always run: sinks, watched nodes, sources; what a node that holds or recalls keeps for other frames, because it
must not depend on what a frame chose to show; and what gives its value to another clock.

Called under the circuit's lock. Graphs without such choices never come here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from nodeflow.engine.inputs import values_on
from nodeflow.engine.packets import Failed, Missing
from nodeflow.node import NodeError, Nothing, chosen
from nodeflow.values import Items

if TYPE_CHECKING:
    from nodeflow.engine.packets import Frame
    from nodeflow.engine.plan import PlanNode, Wire


class Valve(NamedTuple):
    """On a wire into an input that may be chosen: its own place in the plan, the input's, and who gives the value."""

    place: int
    port: int
    producer: int


@dataclass(frozen=True, slots=True)
class Choice:
    """How a node chooses: the wire that says what, the inputs to choose among by name, and which of them it is where
    the wire has nothing to say. `decides` is the place of the step that opens the `valves`."""

    wire: Wire
    among: dict[str, int]
    otherwise: int
    decides: int
    valves: tuple[Valve, ...]

    def used(self, frame: Frame) -> set[int]:
        """The places of the inputs that a frame uses: one, or several where the choice is a list."""
        packets = frame.packets[self.wire.producer]
        assert packets is not None, "a choice was asked for before it was there"
        said = packets[self.wire.output]
        if isinstance(said, Failed):
            return set()
        if self.wire.convert is not None and not isinstance(said, Nothing):
            try:
                said = self.wire.convert(said)
            except Exception:  # the node answers with that (see `inputs`)
                return set()
        return {place for each in (said if isinstance(said, Items) else (said,)) for place in self._place(each)}

    def _place(self, said: Any) -> Iterable[int]:
        if isinstance(said, Nothing):
            return (self.otherwise,)
        try:
            return (self.among[chosen(said, tuple(self.among))],)
        except NodeError:
            return ()  # the node itself will say so

    def values_on(self, frame: Frame, wires: Sequence[Wire | None]) -> tuple[Any, ...] | Missing:
        """What a call gets: None for what is not used, though it may be there."""
        unused = set(self.among.values()) - self.used(frame)
        return values_on(frame, [None if place in unused else wire for place, wire in enumerate(wires)])


# What a plan has for it


def with_choices(nodes: Sequence[PlanNode], wanted: Collection[str]) -> tuple[list[PlanNode], tuple[int, ...]]:
    """A plan's nodes with the parts of those that choose; and for each how many others decide whether a frame needs
    it, 0 for what always runs. `wanted` are the ids of sinks and of watched nodes."""
    choosers = [node for node in nodes if node.schema.chooser and _choosing_wire(node)]
    made = list(nodes)
    if not choosers:
        return made, ()
    for node in choosers:
        _add_parts(made, node)
    always = _always(made, wanted)
    undecided = [0] * len(made)
    for node in made:
        if node.step is None and node.place not in always:
            above = {wire.producer for wire in _needs(node)} - always
            made[node.place] = replace(node, above=tuple(sorted(above)))
            for producer in above:
                undecided[producer] += 1
        for valve in node.choice.valves if node.choice and node.step is None else ():
            undecided[valve.producer] += valve.producer not in always
    for node in choosers:
        choice = made[node.place].choice
        if choice and choice.valves:
            undecided[choice.decides] = undecided[node.place]
    return made, tuple(undecided)


def _choosing_wire(node: PlanNode) -> Wire | None:
    ports = [port.name for port in node.schema.inputs]
    return node.inputs[ports.index(node.schema.chooser)]


def _add_parts(nodes: list[PlanNode], node: PlanNode) -> None:
    """Give a node that chooses its steps: behind all others."""
    schema, wire = node.schema, _choosing_wire(node)
    param = schema.param(schema.selects)
    assert wire is not None
    assert param is not None
    ports = [port.name for port in schema.inputs]
    among = {name: ports.index(name) for name in param.choices}
    decides = len(nodes)
    valves: list[Valve] = []
    for port in among.values():
        if (its := node.inputs[port]) is not None:
            valves.append(Valve(decides + 1 + len(valves), port, its.producer))
    choice = Choice(wire, among, among[node.settings.values[param.name]], decides, tuple(valves))
    nodes[node.place] = replace(nodes[node.place], choice=choice, take=choice.values_on)
    if not valves:
        return
    chooser = nodes[node.place]
    nodes.append(chooser.part("decides", decides, consumers=tuple([valve.place for valve in valves])))
    nodes += [chooser.part("passes", valve.place, consumers=(node.place,)) for valve in valves]
    for producer in {wire.producer for wire in node.inputs if wire is not None}:
        consumers = nodes[producer].consumers
        if node.place in consumers:
            instead = [valve.place for valve in valves if valve.producer == producer]
            instead += [node.place, decides] if producer == wire.producer else []
            others = [place for place in consumers if place != node.place]
            nodes[producer] = replace(nodes[producer], consumers=(*others, *instead))


def _always(nodes: Sequence[PlanNode], wanted: Collection[str]) -> set[int]:
    """The places of those that run for every frame."""
    fed = {wire.producer for node in nodes for wire in node.inputs if wire is not None}
    always = {
        node.place for node in nodes if node.holds or node.is_source or node.id in wanted or node.place not in fed
    }
    for node in reversed(nodes):
        for wire in filter(None, node.inputs):
            if nodes[wire.producer].clock != node.clock:
                always.add(wire.producer)
        if node.place in always:
            always |= {wire.producer for wire in _needs(node)}
    return always


def _needs(node: PlanNode) -> Iterable[Wire]:
    """The wires that a node needs whenever it runs."""
    chooses = node.choice is not None and node.step is None
    return (node.choice.wire,) if node.choice and chooses else [wire for wire in node.inputs if wire is not None]


# What becomes of it on a frame


def take_steps(frame: Frame, step: int) -> tuple[list[int], list[int]]:
    """Take this step, and those that it sets free. Returns the nodes that wait for nothing any more, and those that
    nobody needs on this frame."""
    choices = _Choices(frame)
    choices.free(step)
    return choices.ready, choices.needless


def needless_beside(frame: Frame, given: Iterable[int]) -> list[int]:
    """The nodes that nobody needs, because what they would be needed for is there already."""
    choices = _Choices(frame)
    for place in given:
        frame.undecided[place] = 0
    for place in given:
        choices.spare(place)
    return choices.needless


class _Choices:
    """What follows from one decision. Lists, not recursion: chains are long."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.ready: list[int] = []
        self.needless: list[int] = []

    def free(self, place: int) -> None:
        """This one waits for nothing any more."""
        waiting = [place]
        while waiting:
            node = self.frame.nodes[waiting.pop()]
            choice = node.choice
            if node.step == "passes":
                waiting += self._count_down(node.consumers)
            elif node.step == "decides" and choice is not None:
                if self.frame.awaited[node.place] == 0:  # the node it decides for has no answer yet
                    waiting += self._decide(choice, choice.used(self.frame))
            else:
                self.ready.append(node.place)

    def _decide(self, choice: Choice, used: Collection[int]) -> list[int]:
        free = []
        for valve in choice.valves:
            if valve.port in used:
                free += [*self._need(valve.producer), *self._count_down((valve.place,))]
            else:
                taker = self.frame.nodes[valve.place].consumers
                self.frame.awaited[valve.place] = -1
                self._spare((valve.producer,))
                free += self._count_down(taker)
        return free

    def _need(self, place: int) -> list[int]:
        """Somebody needs this node, and so all that it needs. Returns who waits for nothing any more."""
        frame, free, waiting = self.frame, [], [place]
        while waiting:
            node = frame.nodes[waiting.pop()]
            if frame.undecided[node.place] == 0:
                continue
            frame.undecided[node.place] = 0
            free += self._count_down((node.place,))
            if node.choice is not None and node.choice.valves:
                free += self._count_down((node.choice.decides,))
            waiting += node.above
        return free

    def spare(self, place: int) -> None:
        """This node is not called: what is above it is not needed for it."""
        node = self.frame.nodes[place]
        self._spare(self._above(node))

    def _spare(self, places: Iterable[int]) -> None:
        frame, waiting = self.frame, list(places)
        while waiting:
            place = waiting.pop()
            if frame.undecided[place] == 0:
                continue
            frame.undecided[place] -= 1
            if frame.undecided[place] == 0:
                frame.awaited[place] = -1
                self.needless.append(place)
                waiting += self._above(frame.nodes[place])

    def _above(self, node: PlanNode) -> Iterable[int]:
        """Whom a node will not need that is not called; its valves are closed."""
        choice = node.choice
        if choice is None:
            return node.above
        for step in (choice.decides, *(valve.place for valve in choice.valves)) if choice.valves else ():
            self.frame.awaited[step] = -1
        return *node.above, *(valve.producer for valve in choice.valves)

    def _count_down(self, places: Iterable[int]) -> list[int]:
        """One thing less to wait for. Returns those for which it was the last."""
        free, awaited = [], self.frame.awaited
        for place in places:
            awaited[place] -= 1
            if awaited[place] == 0:
                free.append(place)
        return free

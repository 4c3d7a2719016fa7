"""What a graph gives, worked out the plainest way there is: frame by frame, node by node, nothing side by side.

    oracle = Oracle(run.log)
    oracle.expected[frame]["add"]       # its outputs, one for each port
    oracle.calls                        # which node had to be called for which frame

It knows the document, and nothing of plans and stages. Which frames set out when and on which revision, and when each
call ended, it is told, for those are free; what the frames give, and which calls that takes, it finds out for itself.
What one call gives stands in `meaning`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from math import inf, isfinite
from typing import Any

from nodeflow.engine.packets import NOT_CHOSEN, Frame
from nodeflow.engine.revision import Clock, Revision
from nodeflow.graph import Graph, Node, NodeSchema
from tests.engine.events import CameBack, Event, Made, Retried, SetOut, TookOver, Withdrew
from tests.engine.meaning import (
    DONE,
    NEEDLESS,
    NOTHING,
    Broken,
    Life,
    Outputs,
    Wrong,
    for_each,
    is_hung,
    picked,
    plain,
)
from tests.engine.virtual import STALLS
from tests.engine.zoo import DOES_NOT_OPEN, DRIVEN, ZOO

_OF_A_REVISION = "_graph", "_watched", "_still", "_links", "running", "_streaming", "_lives", "_contents", "_always"


class Oracle:
    def __init__(self, log: Iterable[Event]) -> None:
        log = list(log)
        self.expected: dict[Frame, dict[str, Outputs]] = {}
        self.calls: Counter[tuple[str, Frame]] = Counter()
        self.running: set[str] = set()
        self._ended = {(event.node, event.frame): event.at for event in log if isinstance(event, Made)}
        self.withdrawn: dict[Frame, frozenset[str]] = defaultdict(frozenset)
        for event in log:
            if isinstance(event, Withdrew):
                self.withdrawn[event.frame] |= event.nodes
        self._lives: dict[str, Life] = {}
        self._views: dict[Revision, dict[str, Any]] = {}
        """What is known of each revision; a stream may stay on one while the next has yet to compute something."""
        newest: dict[str, Any] = {}
        self._passing: dict[tuple[str, Frame], tuple[Life, Any]] = {}
        self._ids: dict[Any, int] = {}
        self._last: dict[Clock, dict[int, Outputs]] = {}
        self._late: dict[tuple[str, Frame], tuple[int, Outputs]] = {}
        """What calls that were given up give after all, and the content that it is."""
        self._kept: dict[int, tuple[Outputs, float]] = {}
        """What is kept of still nodes, and since when."""
        self._still: dict[str, Outputs] = {}
        for event in log:
            vars(self).update(newest)
            if isinstance(event, TookOver):
                self._take_over(event.graph, event.watched)
                newest = self._views[event.revision] = {name: vars(self)[name] for name in _OF_A_REVISION}
            elif isinstance(event, Retried):
                self._retry(event)
            elif isinstance(event, SetOut):
                view = self._views[event.frame.revision]
                vars(self).update(view)
                self._run(event)
                view["_still"] = self._still
            elif isinstance(event, Made) and (event.node, event.frame) in self._passing:
                life, value = self._passing[event.node, event.frame]
                life.held = value, event.frame.captured
            elif isinstance(event, CameBack) and event.frame.clock is event.frame.revision.still:
                content, outputs = self._late[event.node, event.frame]
                if not isinstance(outputs[0], Wrong):
                    self._keep(content, outputs, event.at)

    # Revisions

    def _retry(self, event: Retried) -> None:
        life = self._lives[event.node]
        life.strikes, life.rests_until, life.refused = 0, 0.0, None
        life.again = event.anew

    def _take_over(self, graph: Graph, watched: frozenset[str]) -> None:
        """What runs now, and what of it lives on."""
        self._graph, self._watched = graph, watched & graph.nodes.keys()
        self._still = {}  # its still nodes have yet to give anything
        self._links = {(link.target.node, link.target.port): link.source for link in graph.links}
        for name in graph.nodes:
            if self._kind(name) == "flow.switch" and (name, "choice") not in self._links:
                self._links.pop((name, "b" if self._param(name, "use", "a") == "a" else "a"), None)
        sinks = {name for name in graph.nodes if self._schema(name).sink}
        ends = [(taker, giver.node) for (taker, _), giver in self._links.items()]
        self.running = closed(sinks | self._watched, lambda name: {giver for taker, giver in ends if taker == name})
        sources = {name for name in self.running if self._schema(name).clock}
        self._streaming = closed(sources, lambda name: {taker for taker, giver in ends if giver == name})
        lists = closed({name for name in self.running if self._gives_lists(name)}, self._taking_items)
        self._lives = {name: self._life(name, lists) for name in self.running}
        self._contents: dict[str, int] = {}
        self._always = self._run_always()

    def _run_always(self) -> set[str]:
        """The nodes that run for every frame, whatever is chosen on it: those for which graphs are run, those that
        something is kept of for other frames, and all that these need whatever is chosen."""
        back = {(name, self._schema(name).feedback) for name in self.running}
        wires = {end: giver.node for end, giver in self._links.items() if end[0] in self.running and end not in back}
        start = {name for name in self.running if self._schema(name).sink or self._schema(name).clock}
        start |= (
            self._watched | {name for name in self.running if self._holds(name)} | (self.running - set(wires.values()))
        )
        start |= {self._links[end].node for end in back & self._links.keys() if end[0] in self._streaming}
        start |= {giver for (name, _), giver in wires.items() if (name in self._streaming) > (giver in self._streaming)}
        sure = [(name, giver) for (name, port), giver in wires.items() if not self._chooses(name) or port == "choice"]
        return closed(start, lambda name: {giver for taker, giver in sure if taker == name})

    def _life(self, name: str, lists: set[str]) -> Life:
        setup, schema = self._param(name, "offset", 0), self._schema(name)
        life, opens = self._lives.get(name), setup != DOES_NOT_OPEN
        kept = self._links.get((name, schema.feedback or ("value" if schema.holds else "")))
        keeps = None
        if kept and name in self._streaming:
            kind = next(port.kind for port in self._schema(kept.node).outputs if port.name == kept.port)
            keeps = kind, kept.node in lists and not kind.endswith("[]")
        if life is None or keeps != life.keeps or (life.again and (opens or not life.opens)):
            life = Life(setup, opens, keeps)
        elif life.again:
            life.again, life.refused = False, setup
        elif setup == life.setup:
            life.refused = None
        elif life.opens and not opens:
            life.refused = setup
        elif setup != life.refused:
            life = Life(setup, opens, keeps)
        return life

    def _gives_lists(self, name: str) -> bool:
        return any(port.kind.endswith("[]") for port in self._schema(name).outputs)

    def _taking_items(self, name: str) -> set[str]:
        """Who may get a list from a node where it takes one item; a still node recalls none."""
        taking = {
            (taker, port)
            for (taker, port), giver in self._links.items()
            if giver.node == name
            and taker in self.running
            and (port != self._schema(taker).feedback or taker in self._streaming)
        }
        return {
            taker
            for taker, port in taking
            if any(each.name == port and not each.kind.endswith("[]") for each in self._schema(taker).inputs)
        }

    def _kind(self, name: str) -> str:
        return self._graph.nodes[name].type

    def _schema(self, name: str) -> NodeSchema:
        return ZOO.types[self._kind(name)].schema

    def _param(self, name: str, param: str, default: Any) -> Any:
        return self._graph.nodes[name].params.get(param, default)

    def _holds(self, name: str) -> bool:
        return self._schema(name).holds and name in self._streaming

    def _content(self, name: str) -> int:
        """What a node's value depends on, as a number: equal branches have the same, and no others."""
        if name not in self._contents:
            schema = self._schema(name)
            ports = [port.name for port in schema.inputs if port.name != schema.feedback]
            ports += filter(None, [DRIVEN.get(schema.type)])
            givers = [self._links.get((name, port)) for port in ports]
            inputs = tuple(giver and (self._content(giver.node), giver.port) for giver in givers)
            own = name if name in self._streaming and (schema.clock or not schema.pure) else ""
            params = {**self._graph.nodes[name].params, "offset": self._lives[name].setup}
            whole = schema.type, own, tuple(sorted(params.items())), inputs
            self._contents[name] = self._ids.setdefault(whole, len(self._ids))
        return self._contents[name]

    # Frames

    def _run(self, event: SetOut) -> None:
        """Work out all nodes of a frame."""
        self._frame = frame = event.frame
        self._is_still = frame.clock is frame.revision.still
        self._members = {node.id for node in event.nodes}
        self._before = self._last.get(frame.clock, {}) if frame.again else None
        self._values: dict[str, Outputs] = {name: (plain(value),) for name, value in event.sources.items()}
        self._newest: dict[str, Outputs] = {}
        for name in self.running:
            if self._holds(name):
                self._held(name)
        for name in sorted(self._members & self._always | self._asked(event)):
            self._value(name)
        for name in self._members - self._values.keys():
            self._values[name] = self._known(name) or (NEEDLESS,) * len(self._schema(name).outputs)
        for name in sorted(self._members):
            if self._schema(name).feedback and not self._is_still:
                self._lives[name].past.store(frame.tick, self._input(name, self._schema(name).feedback))
        self.expected[frame] = self._values
        found = {**self._still, **self._newest, **self._values}
        self._last[frame.clock] = {
            self._content(name): outputs
            for name, outputs in found.items()
            if name in self.running and outputs and outputs[0] != NEEDLESS and not isinstance(outputs[0], Wrong)
        }
        if self._is_still:
            self._still = self._values
            for name, outputs in found.items():
                content = self._content(name) if name in self.running else None
                if content is not None and self._last[frame.clock].get(content) == outputs:
                    self._keep(content, outputs, self._ended.get((name, frame), 0.0))
            for name in self._members - self.withdrawn[frame]:
                self._lives[name].done = self._content(name) if self._values[name] == DONE else None

    def _asked(self, event: SetOut) -> set[str]:
        """Of a frame that an edit cut short: whom those asked that were called off later. Only the engine knows."""
        if not self.withdrawn[event.frame]:
            return set()
        packets = {node.id: event.frame.packets[node.place] or () for node in event.nodes if node.outputs}
        return {name for name, given in packets.items() if NOT_CHOSEN not in given}

    def _value(self, name: str) -> Outputs:
        if name in self.withdrawn[self._frame]:
            self._values[name] = (Wrong(""),) * len(self._schema(name).outputs)
        if name not in self._values:
            self._values[name] = self._known(name) or self._given(name)
        return self._values[name]

    def _known(self, name: str) -> Outputs | None:
        """What need not be worked out again."""
        is_sink, content = self._schema(name).sink, self._content(name)
        if self._before is not None:
            return DONE if is_sink else self._before.get(content)
        if self._is_still:
            return (DONE if content == self._lives[name].done else None) if is_sink else self._kept_by_now(content)
        return None

    def _keep(self, content: int, outputs: Outputs, since: float) -> None:
        self._kept[content] = outputs, min(since, self._kept.get(content, (outputs, inf))[1])

    def _kept_by_now(self, content: int) -> Outputs | None:
        """Where a node was replaced while its call went on, the frame that set out meanwhile did not know it."""
        outputs, since = self._kept.get(content, (None, 0.0))
        return outputs if since <= self._frame.admitted else None

    def _given(self, name: str) -> Outputs:
        """What a node gives. It is called unless something is missing."""
        life, schema = self._lives[name], self._schema(name)
        inputs: list[Any] = []
        rests = self._frame.captured < life.rests_until or self._is_not_back(name)
        stuck = Wrong(name) if not life.opens or rests else None
        missing = None
        used = self._used(name)
        for port in schema.inputs:
            value = None if port.name not in used else self._input(name, port.name)
            if missing is None and (isinstance(value, Wrong) or (value == NOTHING and not port.optional)):
                missing = value
            inputs.append(None if value == NOTHING else value)
        if schema.type in DRIVEN:
            value = self._input(name, DRIVEN[schema.type])
            missing = value if missing is None and isinstance(value, Wrong) else missing
            life.driven = None if value == NOTHING else value
        if missing is None and self._is_not_back(name) and self._is_still:
            self._late[name, self._frame] = self._content(name), self._made_of(name, life, inputs)
        stuck = stuck or missing
        if stuck is not None:
            return self._held(name) if self._holds(name) else (stuck,) * len(schema.outputs)
        if (equal := self._called_in_its_place(name)) is not None:
            return self._value(equal)
        self.calls[name, self._frame] += 1
        if self._holds(name):
            self._passing[name, self._frame] = life, inputs[0]
            return self._held(name)
        try:
            outputs = self._called(name, life, inputs)
        except Broken:
            life.strikes += 1
            if life.strikes >= 5 and self._frame.clock.live:
                life.rests_until = self._ended[name, self._frame] + min(30.0, 0.5 * 2.0 ** (life.strikes - 5))
            return (Wrong(name),) * len(schema.outputs)
        life.strikes, life.rests_until = 0, 0.0
        return outputs

    def _made_of(self, name: str, life: Life, inputs: list[Any]) -> Outputs:
        try:
            return self._called(name, life, inputs)
        except Broken:
            return (Wrong(name),) * len(self._schema(name).outputs)

    def _called_in_its_place(self, name: str) -> str | None:
        """Of still nodes that are equal one is called, and which of them is free; if it fails, another is."""
        if not self._is_still or self._schema(name).sink or (name, self._frame) in self._ended:
            return None
        called = (other for other in sorted(self._members) if (other, self._frame) in self._ended)
        return next((other for other in called if self._content(other) == self._content(name)), None)

    def _is_not_back(self, name: str) -> bool:
        """Whether the node was given up on this frame, or had not come back from another. That is free too."""
        if self._kind(name) != STALLS:
            return False
        packets = next(self._frame.packets[node.place] for node in self._frame.nodes if node.id == name)
        return is_hung(packets[0] if packets else None, name)

    def _chooses(self, name: str) -> bool:
        """Whether each frame says which of the node's inputs it uses."""
        return self._kind(name) == "flow.switch" and (name, "choice") in self._links

    def _used(self, name: str) -> set[str]:
        """The inputs of a node that this frame uses."""
        schema = self._schema(name)
        if not self._chooses(name):
            return {port.name for port in schema.inputs if port.name != schema.feedback}
        choice = self._input(name, "choice")
        if isinstance(choice, Wrong):
            return {"choice"}
        return {"choice", *map(self._chosen(name), choice if isinstance(choice, tuple) else (choice,))}

    def _chosen(self, name: str) -> Callable[[Any], str]:
        return partial(picked, self._param(name, "use", "a"))

    def _input(self, name: str, port: str) -> Any:
        """What stands at a port: None if nothing is wired to it."""
        giver = self._links.get((name, port))
        if giver is None:
            return None
        ports = [out.name for out in self._schema(giver.node).outputs]
        if self._holds(giver.node):
            outputs = self._held(giver.node)
        elif giver.node in self._members:
            outputs = self._value(giver.node)
        else:
            outputs = self._still[giver.node]
        value = outputs[ports.index(giver.port)]
        wants_list = any(each.name == port and each.kind.endswith("[]") for each in self._schema(name).inputs)
        return (value,) if wants_list and isinstance(value, float) else value

    def _held(self, name: str) -> Outputs:
        """What a node that holds has for a frame that sets out now, or had when it first did."""
        if name not in self._newest:
            had = self._before.get(self._content(name)) if self._before is not None else None
            held = self._lives[name].held
            now = (NOTHING, NOTHING) if held is None else (held[0], self._frame.admitted - held[1])
            self._newest[name] = had or now
        return self._newest[name]

    def _called(self, name: str, life: Life, inputs: list[Any]) -> Outputs:
        """What a call gives. Raises Broken."""
        match self._kind(name):
            case "flow.hold":
                return inputs[0], 0.0
            case "flow.previous":
                recalled = None if self._is_still else life.past.recall(self._frame.tick)
                found = inputs[1] if recalled is None else recalled
            case "flow.switch":
                choices = inputs[2] if isinstance(inputs[2], tuple) else (inputs[2],)
                ports = list(map(self._chosen(name), choices))
                if "" in ports:
                    raise Broken
                made = [inputs["ab".index(port)] for port in ports]
                found = tuple(NOTHING if each is None else each for each in made) if choices is inputs[2] else made[0]
            case "t.total":
                found = float(sum(item for item in inputs[0] if isinstance(item, float)))
            case "t.constant":
                found = self._param(name, "value", 7.0)
            case _:
                found = for_each(self._driven(name, life), self._schema(name), life, inputs)
        return DONE if self._schema(name).sink else (NOTHING if found is None else found,)

    def _driven(self, name: str, life: Life) -> Node:
        """The node as it is set, where a wire decides that. Raises Broken."""
        node = self._graph.nodes[name]
        if life.driven is None:
            return node
        if isinstance(life.driven, tuple) or not isfinite(life.driven):
            raise Broken
        whole = node.type == "t.shift"
        value = round(life.driven) if whole else life.driven
        return replace(node, params={**node.params, DRIVEN[node.type]: value})


def closed(start: set[str], step: Callable[[str], set[str]]) -> set[str]:
    """Everything that is reached from `start`."""
    found, waiting = set(start), list(start)
    while waiting:
        new = step(waiting.pop()) - found
        found |= new
        waiting += new
    return found

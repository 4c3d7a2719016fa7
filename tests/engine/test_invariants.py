"""One property over all that a graph can be: whatever the order in which calls end, whatever is edited meanwhile, the
frames give what they give one by one.

The conductor and everything below it is the engine's own (see `virtual`); what must come out is worked out by the
plainest interpreter there is (see `oracle`), over graphs of every kind (see `zoo`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from random import Random

from hypothesis import Phase, given, note, settings
from hypothesis import strategies as st

from nodeflow.engine import status
from nodeflow.engine.packets import Frame, is_worth_keeping
from nodeflow.engine.revision import Clock
from nodeflow.engine.stage import Stage
from nodeflow.graph import Graph
from tests.engine.events import CameBack, GaveUp, Made, SetOut
from tests.engine.meaning import is_hung, plain
from tests.engine.oracle import Oracle
from tests.engine.parts import Collect
from tests.engine.virtual import Virtual, virtual
from tests.engine.zoo import ZOO, Opened, camera_and_style, edited, grown

MOST_IN_FLIGHT = 4


_PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)


@settings(max_examples=120, phases=_PHASES)
@given(st.randoms(use_true_random=False))
def test_pipelined_and_edited_equals_one_frame_after_another(rng: Random) -> None:
    hold_to_one_frame_after_another(grown(rng), rng)


@settings(max_examples=40, phases=_PHASES)
@given(st.randoms(use_true_random=False))
def test_so_it_is_where_a_live_stream_goes_on_while_a_value_that_it_needs_is_made_anew(rng: Random) -> None:
    hold_to_one_frame_after_another(grown(rng, camera_and_style()), rng)


def hold_to_one_frame_after_another(graph: Graph, rng: Random) -> None:
    Opened.lives.clear()
    Collect.kept.clear()
    note(told(graph))
    with virtual(ZOO, rng.randrange) as run:
        run.conductor.begin(graph)
        check_counts(run)
        for _ in range(rng.randint(10, 120)):
            graph = act(run, graph, rng)
            check_counts(run)
        finish(run)
        check_counts(run)
        check_end(run)
        run.conductor.end("stopped")
        run.all_come_back()
    assert all(life == [1, 1] for life in Opened.lives), "a node was not closed exactly once"


def told(graph: Graph) -> str:
    nodes = [f"{name}: {made.type} {dict(made.params)}" for name, made in graph.nodes.items()]
    return "\n".join([*nodes, *map(str, graph.links)])


def act(run: Virtual, graph: Graph, rng: Random) -> Graph:
    """One of the things that happen to a run."""
    what = rng.randrange(50)
    conductor, paused = run.conductor, run.conductor.state == "paused"
    if what < 20:
        run.finish_one()
    elif what < 31 and run.readers:
        run.offer(rng.choice(sorted(run.readers)))
    elif what < 34 and not paused:
        conductor.pause()
    elif what == 32 and paused:
        conductor.step()
    elif what == 33 and paused:
        conductor.resume()
    elif 38 <= what < 41:
        run.watch([name for name in sorted(graph.nodes) if rng.random() < 0.15], graph)
    elif 41 <= what < 43:
        run.retry(rng.choice(sorted(graph.nodes)), graph)
    elif 46 <= what < 48:
        run.hang()
    elif what >= 48:
        run.come_back()
    elif what >= 43:
        conductor.seek(rng.randrange(30))
    elif what < 38:
        other = edited(graph, rng)
        note(f"edited: {told(other)}")
        conductor.edit(other)
        return other
    return graph


def finish(run: Virtual) -> None:
    """Let the sources that wait come to their end, and all frames to theirs."""
    run.conductor.resume()
    settle(run)
    going = {name for name, reader in run.readers.items() if reader.gate.policy == "every"}
    while going:
        going = {name for name in going if run.offer(name) and not run.readers[name].gate.full}
        settle(run)
    assert run.traffic.is_quiet(), "a call that does not come back holds frames back"
    assert run.conductor.revision.still_done, "the last edit was lost"
    revision = run.conductor.revision
    assert all(clock.revision is revision for clock in revision.clocks), "a stream stayed behind"
    while run.is_out:
        run.all_come_back()
        settle(run)
    still = run.conductor.revision
    for node in still.plan.nodes:
        packets = still.still_packets[node.place]
        assert not (packets and is_hung(packets[0], node.id)), "what a call gave that came late was not taken"


def settle(run: Virtual) -> None:
    """Let all calls end or be given up."""
    run.drain()
    while run.is_stuck:
        run.hang()
        run.drain()


def check_counts(run: Virtual) -> None:
    """What holds at every moment."""
    now, revision = status.snapshot(run.conductor), run.conductor.revision
    assert now.admitted == now.finished + now.in_flight
    assert now.offered == now.admitted + now.dropped + now.waiting
    for clock in revision.clocks:
        assert clock.in_flight <= MOST_IN_FLIGHT + clock.live
        assert len({gate.policy for gate in clock.gates}) == 1, "a live source and one that waits beat together"
        assert len(clock.gates) == 1 or not clock.live, "two live sources beat together"
        if now.state == "paused" and run.traffic.is_quiet() and clock.last is not None:
            of_now = {revision.keys[place] for place in clock.plan.members if revision.plan.nodes[place].outputs}
            assert of_now <= set(clock.last.revision.keys), "an edit of the frame that is shown was not made"


def check_end(run: Virtual) -> None:
    """What holds once everything has ended."""
    oracle = Oracle(run.log)
    set_out = [event for event in run.log if isinstance(event, SetOut)]
    made = [event for event in run.log if isinstance(event, Made)]
    for event in set_out:
        check_frame(event, oracle.expected[event.frame])
    check_sources([event for event in set_out if not event.frame.again])
    calls = Counter((event.node, event.frame) for event in made)
    assert not (calls - oracle.calls), f"needless calls: {calls - oracle.calls}"
    assert not (oracle.calls - calls), f"calls not made: {oracle.calls - calls}"
    check_hung(run)
    check_twins(made)
    check_order(made, parallel={node.id for event in set_out for node in event.nodes if node.parallel})


def check_frame(event: SetOut, expected: dict[str, tuple[object, ...]]) -> None:
    """Every node gave what it would have given had nothing run beside it."""
    frame = event.frame
    assert frame.left == 0
    for planned in event.nodes:
        if planned.outputs:
            found = tuple(map(plain, frame.packets[planned.place] or ()))
            assert found == expected[planned.id], f"{planned.id}, frame {frame.tick.index}, again: {frame.again}"


def check_twins(made: list[Made]) -> None:
    """Of still nodes that are equal only one is called on a frame, unless it fails."""
    called: Counter[tuple[Frame, bytes]] = Counter()
    for event in made:
        frame, revision = event.frame, event.frame.revision
        place = revision.plan.index[event.node]
        packets = frame.packets[place]
        if frame.clock is revision.still and packets and is_worth_keeping(packets):
            called[frame, revision.keys[place]] += 1
    assert all(count == 1 for count in called.values())


def check_sources(set_out: list[SetOut]) -> None:
    """A live source's frame is the newest that there was; a source that waits loses nothing."""
    given: dict[Stage, list[float]] = defaultdict(list)
    for event in set_out:
        for planned in event.nodes:
            if planned.id in event.newest:
                assert event.sources[planned.id] is event.newest[planned.id], "an older frame set out"
            elif planned.is_source and planned.schema.type != "t.tape":  # that one is wound
                given[event.frame.stages[planned.place]].append(event.sources[planned.id].value)
    for values in given.values():
        assert values == [values[0] + i for i in range(len(values))], "frames were lost"


def check_hung(run: Virtual) -> None:
    """A node answers that it hangs only while a call of it is not back."""
    hangs: Counter[Stage] = Counter()
    found: dict[Stage, list[SetOut]] = defaultdict(list)
    for event in run.log:
        if isinstance(event, GaveUp):
            hangs[event.stage] += 1
            found.pop(event.stage, None)  # those that set out before it may have met it
        elif isinstance(event, CameBack):
            hangs[event.stage] -= 1
        elif isinstance(event, SetOut):
            for node in event.nodes:
                stage = event.frame.stages[node.place]
                packets = event.frame.packets[node.place]
                if hangs[stage] == 0 and packets and is_hung(packets[0], node.id):
                    found[stage].append(event)
    assert not any(found.values()), "a node that had come back was not called"


def check_order(made: list[Made], parallel: set[str]) -> None:
    """A node that is not parallel sees its frames in order, and its calls are counted."""
    ticks: dict[tuple[Stage, Clock], list[int]] = defaultdict(list)
    for event in made:
        ticks[event.stage, event.frame.clock].append(event.frame.tick.index)
    for (stage, _), seen in ticks.items():
        assert stage.id in parallel or seen == sorted(seen), f"{stage.id} saw frames out of order"
    for stage, runs in Counter(event.stage for event in made).items():
        assert stage.meter.runs == runs

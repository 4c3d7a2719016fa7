"""What a frame need not compute, because it is known: from the cache, from the frame before an edit, from done work.

All of it goes by content keys (see `keys`), and is used under the circuit's lock.
"""

from __future__ import annotations

from nodeflow.engine.cache import Cache
from nodeflow.engine.circuit import Call
from nodeflow.engine.packets import Failed, Frame, Packets, is_worth_keeping
from nodeflow.engine.revision import Clock, Revision
from nodeflow.engine.stage import Stage


def known_still(revision: Revision, cache: Cache) -> dict[int, Packets]:
    """The packets of still nodes that are there already, by place. A sink whose inputs have not changed has done its
    work."""
    known: dict[int, Packets] = {}
    for place in revision.plan.still.members:
        key, stage = revision.keys[place], revision.stages[place]
        is_sink = not revision.plan.nodes[place].outputs
        packets = (() if stage.done == key else None) if is_sink else cache.get(key)
        stage.cached = packets is not None
        if packets is not None:
            known[place] = packets
            stage.given, stage.last = packets or stage.given, None
    return known


def keep_values(frame: Frame, cache: Cache) -> None:
    """Take over the values that a frame of still nodes gave, also one that an edit cut short."""
    for place in frame.clock.plan.members:
        packets = frame.packets[place]
        if packets is not None and frame.nodes[place].outputs and not frame.stages[place].cached:
            cache.put(frame.revision.keys[place], packets)


def keep_late(call: Call, packets: Packets, cache: Cache) -> None:
    """Take over what a call of a still node gave that had been given up."""
    key = call.frame.revision.keys[call.node.place]
    if call.node.outputs:
        cache.put(key, packets)
    else:
        call.stage.done = key if call.stage.last is None else None


def answered_too_early(call: Call, revision: Revision) -> bool:
    """Whether `revision` is to compute its still nodes once more, now that a call of one has come back that had been
    given up: somebody answered that there is no value, and what the call gave is one; or the node can be called again,
    and has other inputs since. (Where the call itself failed, that is no reason.)"""
    key, went_well = call.frame.revision.keys[call.node.place], call.stage.last is None
    for place in revision.plan.still.members:
        given, outputs = revision.still_packets[place], revision.plan.nodes[place].outputs
        if given is None or (given and not isinstance(given[0], Failed)):
            continue
        if went_well and outputs if revision.keys[place] == key else revision.stages[place] is call.stage:
            return True
    return False


def awaited(frame: Frame) -> set[Stage]:
    """Whose calls are under way for a frame that an edit cut short."""
    return {frame.stages[place] for place in frame.clock.plan.members if frame.packets[place] is None}


def known_again(revision: Revision, clock: Clock) -> tuple[dict[int, Packets], dict[int, Packets]] | None:
    """What the last frame of a stream need not compute when it goes through `revision` again, and what nodes that hold
    had for it; None if there is nothing to compute.

    Only nodes whose key has changed run, and nothing is written twice: nodes without outputs are passed over, but for
    those that keep a value for the next frame.
    """
    last = clock.last
    if last is None or last.revision is revision:
        return None
    nodes, keys = revision.plan.nodes, revision.keys
    before = {
        key: packets
        for key, packets in zip(last.revision.keys, last.packets, strict=True)
        if packets and is_worth_keeping(packets)
    }
    known: dict[int, Packets] = {}
    for place in clock.plan.members:
        packets = before.get(keys[place])
        if packets is not None:
            known[place] = packets
        elif not nodes[place].outputs and nodes[place].step is None:
            known[place] = ()
    if len(known) == len(clock.plan.members) or any(place not in known for place in clock.plan.sources):
        return None
    return known, {place: before[keys[place]] for place in revision.plan.holds if keys[place] in before}

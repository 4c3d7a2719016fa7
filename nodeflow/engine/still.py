"""The one frame of the still nodes, those that no source feeds: it sets out for a revision, and the next cuts it short.

A frame that was cut short ends with the calls that had begun. What they give is kept, and only then does that of the
revision of now set out: so nothing is computed twice, and of several edits only the last is. Calls of nodes that have
been replaced are not waited for. What is known already and what is kept goes by content: see `known`.

Used under the circuit's lock.
"""

from __future__ import annotations

from collections.abc import Iterable

from nodeflow.engine.cache import Cache
from nodeflow.engine.circuit import Call, Circuit
from nodeflow.engine.known import answered_too_early, awaited, keep_late, keep_values, known_still
from nodeflow.engine.looker import Looker
from nodeflow.engine.packets import Frame, Packets
from nodeflow.engine.revision import Revision
from nodeflow.node import Tick


class Still:
    """See the module's head."""

    def __init__(self, circuit: Circuit, cache: Cache, looker: Looker) -> None:
        self._circuit = circuit
        self._cache = cache
        self._looker = looker
        self._on_its_way: Frame | None = None
        """Perhaps of an earlier revision."""

    def is_due(self, revision: Revision) -> bool:
        """Whether its frame is to set out, and may."""
        return not revision.still_done and self._on_its_way is None

    def set_out(self, revision: Revision, now: float) -> None:
        """At `now`, in seconds. What the cache knows is there already, and a sink whose inputs have not changed has
        done its work."""
        known = known_still(revision, self._cache)
        self._show_uncalled(revision, known)
        revision.still.number = 1
        frame = self._circuit.admit(revision, revision.still, known, Tick(0, 0.0), now)
        self._on_its_way = frame if frame.left else None
        revision.still_packets = frame.packets  # streams have those that are there

    def cut_short(self, revision: Revision) -> None:
        """`revision` takes over."""
        if self._on_its_way is not None:
            self._circuit.withdraw(self._on_its_way)
        frame = self._on_its_way  # unless it has ended with that
        if frame is not None and not awaited(frame) & set(revision.stages):
            keep_values(frame, self._cache)
            self._on_its_way = None

    def ended(self, frame: Frame) -> None:
        """A frame of still nodes has ended."""
        revision = frame.revision
        if frame is self._on_its_way:
            self._on_its_way = None
        if frame.twins is not None:
            self._show_uncalled(revision, frame.twins.spared)
        revision.still_packets = frame.packets
        revision.still_done = True
        keep_values(frame, self._cache)

    def came_back(self, call: Call, packets: Packets, now: Revision) -> bool:
        """A call that had been given up has ended after all: what a still node gave is not lost. Whether somebody went
        on without it, so that the still nodes of now are to be computed once more."""
        if call.frame.clock is call.frame.revision.still:
            keep_late(call, packets, self._cache)
        return answered_too_early(call, now)

    def _show_uncalled(self, revision: Revision, places: Iterable[int]) -> None:
        """Look at those that have a value without a call."""
        for stage in [revision.stages[place] for place in places]:
            if stage.id in self._looker.nodes:
                self._looker.offer(stage, 0, stage.given, revision.plan.revision)

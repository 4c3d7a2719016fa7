"""Which call comes next, against the plainest queue there is: a list that is looked through."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from nodeflow.engine.ready import Ready

FRAMES = [SimpleNamespace(tick=SimpleNamespace(index=index)) for index in range(3)]
RESOURCES = (None, None, "gpu", "other")


class Plain:
    """Who steps aside for a resource comes back behind those like it."""

    def __init__(self) -> None:
        self.waiting: list[Any] = []
        self.aside: dict[str, list[Any]] = {}

    def take(self) -> Any:
        while self.waiting:
            call = min(self.waiting, key=lambda call: (call.node.distance, call.frame.tick.index))
            self.waiting.remove(call)
            if call.resource not in self.aside:
                self.aside |= {call.resource: []} if call.resource else {}
                return call
            self.aside[call.resource].append(call)
        return None

    def withdraw(self, frame: Any) -> set[int]:
        gone = [call for calls in (self.waiting, *self.aside.values()) for call in calls if call.frame is frame]
        for calls in (self.waiting, *self.aside.values()):
            calls[:] = [call for call in calls if call.frame is not frame]
        return {call.node.place for call in gone}


@given(st.data())
def test_the_nearest_to_a_sink_first_then_the_oldest_frame_then_as_they_came(data: st.DataObject) -> None:
    ready, plain = Ready(), Plain()
    for place in range(data.draw(st.integers(1, 40))):
        match data.draw(st.sampled_from(("push", "push", "push", "take", "take", "free", "withdraw"))):
            case "push":
                node = SimpleNamespace(place=place, distance=data.draw(st.integers(0, 2)))
                frame, resource = data.draw(st.sampled_from(FRAMES)), data.draw(st.sampled_from(RESOURCES))
                call: Any = SimpleNamespace(node=node, frame=frame, resource=resource)
                ready.push(call)
                plain.waiting.append(call)
            case "take":
                assert ready.take() is plain.take()
            case "free" if plain.aside:
                resource = data.draw(st.sampled_from(sorted(plain.aside)))
                plain.waiting += plain.aside.pop(resource)
                ready.free(resource)
            case "withdraw":
                frame = data.draw(st.sampled_from(FRAMES))
                assert ready.withdraw(frame) == plain.withdraw(frame)

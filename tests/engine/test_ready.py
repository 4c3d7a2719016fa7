"""Which call comes next, against the plainest queue there is: a list that is looked through."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from nodeflow.engine.ready import Ready

FRAMES: list[Any] = [SimpleNamespace(tick=SimpleNamespace(index=index)) for index in range(3)]
RESOURCES = ("gpu", "other")


class Plain:
    """All that wait, in the order in which they were ready."""

    def __init__(self) -> None:
        self.waiting: list[Any] = []
        self.taken: set[str] = set()

    def head(self, *resources: str) -> Any:
        calls = [call for call in self.waiting if call.resource not in self.taken]
        if resources:
            calls = [call for call in calls if call.resource in resources]
        return min(calls, key=lambda call: (call.node.distance, call.frame.tick.index), default=None)

    def take(self, *resources: str) -> Any:
        call = self.head(*resources)
        if call is not None:
            self.waiting.remove(call)
            self.taken |= {call.resource} - {None}
        return call

    def withdraw(self, frame: Any) -> set[int]:
        gone = [call for call in self.waiting if call.frame is frame]
        self.waiting = [call for call in self.waiting if call.frame is not frame]
        return {call.node.place for call in gone}


@given(st.data())
def test_the_nearest_to_a_sink_first_then_the_oldest_frame_then_as_they_came(data: st.DataObject) -> None:
    ready, plain = Ready(), Plain()
    for place in range(data.draw(st.integers(1, 40))):
        match data.draw(st.sampled_from(("push", "push", "push", "take", "take", "take on", "free", "withdraw"))):
            case "push":
                node = SimpleNamespace(place=place, distance=data.draw(st.integers(0, 2)))
                frame, resource = data.draw(st.sampled_from(FRAMES)), data.draw(st.sampled_from((None, *RESOURCES)))
                call: Any = SimpleNamespace(node=node, frame=frame, resource=resource, ready=float(place))
                ready.push(call)
                plain.waiting.append(call)
            case "take":
                assert ready.take() is plain.take()
            case "take on":
                resource = data.draw(st.sampled_from(RESOURCES))
                assert ready.take_on(resource) is plain.take(resource)
            case "free" if plain.taken:
                resource = data.draw(st.sampled_from(sorted(plain.taken)))
                plain.taken.remove(resource)
                ready.free(resource)
            case "withdraw":
                frame = data.draw(st.sampled_from(FRAMES))
                assert ready.withdraw(frame) == plain.withdraw(frame)
        assert ready.head() is plain.head()
        for resource in RESOURCES:
            assert ready.head_on(resource) is plain.head(resource)

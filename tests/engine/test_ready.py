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
    def __init__(self) -> None:
        self.waiting: list[Any] = []
        self.taken: set[str] = set()

    def take(self) -> Any:
        free = [call for call in self.waiting if call.resource not in self.taken]
        if not free:
            return None
        call = min(free, key=lambda call: (call.node.distance, call.frame.tick.index))
        self.waiting.remove(call)
        self.taken |= {call.resource} - {None}
        return call


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
                found, expected = ready.take(), plain.take()
                assert (found is None) == (expected is None)
                if found is not expected:  # those that stepped aside may have lost their place among their like
                    assert rank(found) == rank(expected)
                    plain.waiting.append(expected)
                    plain.waiting.remove(found)
                    plain.taken = plain.taken - {expected.resource} | ({found.resource} - {None})
            case "free" if plain.taken:
                resource = data.draw(st.sampled_from(sorted(plain.taken)))
                plain.taken.remove(resource)
                ready.free(resource)
            case "withdraw":
                frame = data.draw(st.sampled_from(FRAMES))
                gone = [call for call in plain.waiting if call.frame is frame]
                plain.waiting = [call for call in plain.waiting if call.frame is not frame]
                assert ready.withdraw(frame) == {call.node.place for call in gone}


def rank(call: Any) -> tuple[int, int]:
    return call.node.distance, call.frame.tick.index

"""The trace as viewers want it: each thread has a track of its own, and the slices of a track do not cross."""

from __future__ import annotations

import json
from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from nodeflow.engine.trace import Trace

_WAITS = st.floats(0.0, 0.01)
_CALLS = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 5), _WAITS, _WAITS, st.integers(2**40, 2**40 + 12)), max_size=30
)
_FRAMES = st.lists(st.tuples(st.integers(2**40, 2**40 + 1), _WAITS, _WAITS), max_size=12)


def _made(calls: list[tuple[str, int, float, float, int]], frames: list[tuple[int, float, float]]) -> Trace:
    """Calls one after the other on their threads, and frames that may be on their way together."""
    trace = Trace()
    clock: dict[int, float] = defaultdict(float)
    for node, frame, waited, took, thread in calls:
        began = clock[thread] + waited
        clock[thread] = began + took
        trace.calls.append((node, frame, began - waited, began, began + took, thread))
    for number, (stream, captured, took) in enumerate(frames):
        trace.frames.append((stream, number, captured, captured + took))
    return trace


@given(_CALLS, _FRAMES)
def test_tracks_are_few_named_and_their_slices_do_not_cross(
    calls: list[tuple[str, int, float, float, int]], frames: list[tuple[int, float, float]]
) -> None:
    told = _made(calls, frames).chrome({2**40 + n: f"worker {n}" for n in range(13)}, {"a": 0, "b": 0, "c": -1})
    events = json.loads(json.dumps(told))["traceEvents"]
    slices = [event for event in events if event["ph"] == "X"]
    assert len(slices) == len(calls) + len(frames)
    named = [(event["pid"], event["tid"]) for event in events if event["name"] == "thread_name"]
    assert len(named) == len(set(named))
    assert {(event["pid"], event["tid"]) for event in slices} == set(named)
    assert all(0 <= event["tid"] < 2**32 for event in events)  # Perfetto puts all others on one track
    tracks = defaultdict(list)
    for event in slices:
        tracks[event["pid"], event["tid"]].append((event["ts"], event["ts"] + event["dur"]))
    for track in tracks.values():
        for (_, ended), (began, _) in zip(sorted(track), sorted(track)[1:], strict=False):
            assert began >= ended - 0.01  # of a microsecond


def test_arrows_lead_from_call_to_call_of_one_frame() -> None:
    trace = Trace()
    trace.calls.extend([("a", 0, 0.0, 1.0, 2.0, 7), ("a", 1, 2.0, 3.0, 4.0, 7), ("b", 0, 2.0, 2.5, 3.0, 9)])
    events = trace.chrome({7: "worker 0", 9: "worker 1"}, {"a": 0, "b": 0})["traceEvents"]
    arrows = [(event["ph"], event["tid"]) for event in events if event.get("cat") == "flow"]
    assert arrows == [("s", 1), ("f", 2)]  # the frame that had one call only has none


def test_workers_stand_in_order_and_one_that_has_ended_has_a_name_too() -> None:
    trace = Trace()
    trace.calls.extend(("a", n, 0.0, 0.0, 0.0, n) for n in range(4))
    events = trace.chrome({0: "worker 10", 1: "worker 9", 3: "worker 0"}, {})["traceEvents"]
    names = [event["args"]["name"] for event in events if event["name"] == "thread_name"]
    assert names == ["a thread that has ended", "worker 0", "worker 9", "worker 10"]


def test_times_are_told_in_microseconds_since_the_trace_began() -> None:
    trace = Trace()
    trace._zero = 100.0
    trace.calls.append(("a", 3, 100.25, 100.5, 100.75, 7))
    trace.frames.append((1, 3, 100.125, 101.0))
    slices = [event for event in trace.chrome({}, {"a": 0})["traceEvents"] if event["ph"] == "X"]
    assert [(event["name"], event["ts"], event["dur"]) for event in slices] == [
        ("a", 500_000, 250_000),
        ("frame 3", 125_000, 875_000),
    ]
    assert slices[0]["args"] == {"frame": 3, "waited_us": 250_000}


def test_a_new_run_begins_a_new_trace() -> None:
    trace = Trace()
    trace.calls.append(("a", 0, 0.0, 0.0, 0.0, 1))
    trace.begin()
    assert [event["ph"] for event in trace.chrome({}, {})["traceEvents"]] == ["M", "M"]

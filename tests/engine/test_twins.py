"""Two equal still branches run once, whichever is ready first; what failed is tried by each."""

from __future__ import annotations

from collections import Counter

import pytest

from nodeflow.graph import Graph, Node
from nodeflow.node import Registry, node
from nodeflow.values import Number
from tests.engine.events import Made
from tests.engine.parts import REGISTRY, Collect
from tests.engine.virtual import Virtual, virtual


def branches(kind: str) -> Graph:
    """Two equal constants, a node behind each, and the sum of what these give."""
    names = ("one", "other")
    nodes = {f"{name}_value": Node("t.constant", params={"value": 3.0}) for name in names}
    nodes |= {name: Node(kind) for name in names} | {"either": Node("t.either"), "collect": Node("t.collect")}
    links = [f"{name}_value.number -> {name}.number" for name in names]
    return Graph(nodes, ()).connect(
        *links, "one.number -> either.a", "other.number -> either.b", "either.number -> collect.number"
    )


def calls(run: Virtual) -> Counter[str]:
    return Counter(event.node for event in run.log if isinstance(event, Made))


@pytest.mark.parametrize("last", [False, True])
def test_two_equal_branches_run_once(last: bool) -> None:
    Collect.kept.clear()
    with virtual(REGISTRY, lambda count: count - 1 if last else 0) as run:
        run.conductor.begin(branches("t.double"))
        run.drain()
        made = calls(run)
        assert made["one_value"] + made["other_value"] == 1
        assert made["one"] + made["other"] == 1
        assert [kept.value for kept in Collect.kept["out"]] == [12.0]


def test_each_tries_what_failed() -> None:
    with virtual(REGISTRY, lambda count: 0) as run:
        run.conductor.begin(branches("t.fail_on"))  # it fails on 3
        run.drain()
        made = calls(run)
        assert (made["one"], made["other"]) == (1, 1)
        failed = {stage.id: str(stage.last) for stage in run.conductor.revision.stages}
        assert failed["one"].startswith("one:")
        assert failed["other"].startswith("other:")


def test_an_edit_calls_off_who_waits_with_whom_it_waits_for() -> None:
    Collect.kept.clear()
    with virtual(REGISTRY, lambda count: 0) as run:
        run.conductor.begin(branches("t.double"))
        run.conductor.edit(branches("t.double").set_param("one_value", "value", 4.0))
        run.drain()
        assert [kept.value for kept in Collect.kept["out"]] == [14.0]
        assert run.traffic.is_quiet()


def test_an_edit_calls_off_who_waits_for_a_call_that_has_begun() -> None:
    Collect.kept.clear()
    with virtual(REGISTRY, lambda count: 0) as run:
        run.conductor.begin(branches("t.double"))
        with run.conductor.lock:
            run.begin_calls()
        assert len(run.hand) == 1
        run.conductor.edit(branches("t.double").set_param("one_value", "value", 4.0))
        run.drain()
        assert [kept.value for kept in Collect.kept["out"]] == [14.0]
        assert run.traffic.is_quiet()


class Tried:
    calls = 0


@node("t.second_try", category="Test")
def second_try(number: Number) -> Number:
    """Fails when it is called for the first time."""
    Tried.calls += 1
    if Tried.calls == 1:
        raise ValueError("not yet")
    return number


def test_of_those_that_are_left_when_one_has_failed_one_is_called() -> None:
    registry = Registry({**REGISTRY.types, **Registry.of(second_try).types})
    graph, third = branches("t.second_try").add(Node("t.second_try"))
    graph, end = graph.add(Node("t.collect"))
    Tried.calls = 0
    with virtual(registry, lambda count: 0) as run:
        run.conductor.begin(graph.connect(f"one_value.number -> {third}.number", f"{third}.number -> {end}.number"))
        run.drain()
        made = calls(run)
        assert made["one"] + made["other"] + made[third] == Tried.calls == 2


def test_what_takes_its_value_over_is_shown_as_cached_and_looked_at() -> None:
    with virtual(REGISTRY, lambda count: 0) as run:
        run.conductor.begin(branches("t.double"))
        run.watch(["one", "other"], branches("t.double"))
        run.drain()
        cached = {stage.id for stage in run.conductor.revision.stages if stage.cached}
        (spared,) = cached & {"one", "other"}
        assert run.conductor.looker.knows(spared)  # for those that are called, workers see to it

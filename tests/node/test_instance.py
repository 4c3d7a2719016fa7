"""A node that is there: how it is opened, called and closed, and what it may give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pytest

from nodeflow.node import (
    Context,
    Instance,
    Nothing,
    Params,
    Stream,
    Tick,
    Timed,
    WrongValue,
    live_arguments,
    node,
    node_type_of,
    number,
)
from nodeflow.testing.nodes import NodeContext, open_node, run_node
from nodeflow.values import Image, Mask, Number, Text

PICTURE = Image(np.zeros((2, 3, 3), np.uint8))


class Pair(NamedTuple):
    first: Number
    second: Text


@node("test.scale", category="Test")
def scale(value: Number, by: float = 2.0) -> Number:
    return Number(value.value * by)


@node("test.say", category="Test")
def say(what: Any, tick: Tick) -> Any:
    """Gives back whatever it is told to."""
    return what() if callable(what) else what


@node("test.pair", category="Test")
def pair(what: Any) -> Pair:
    return what()


@node("test.number", category="Test")
def as_number(what: Any) -> Number:
    return what()


@node("test.swallow", category="Test")
def swallow(image: Image, mask: Mask | None = None) -> None:
    assert mask is None


@node("test.counter", category="Test")
class Counter:
    """Counts from `start`; remembers what happened to it."""

    class Setup(Params):
        start: int = number(10)

    class Live(Params):
        step: int = number(1)

    def open(self, setup: Setup, ctx: Context) -> Stream:
        self.count = setup.start
        self.log = ["open"]
        ctx.note("opened")
        return Stream(note=f"from {setup.start}")

    def run(self, image: Image, live: Live, tick: Tick) -> Number:
        self.count += live.step
        return Number(self.count, f"at {tick.index}")

    def close(self) -> None:
        self.log.append("close")


@node("test.stream", category="Test", clock="every")
def stream(to: int = 3) -> Iterator[Number | Timed]:
    yield Number(0)
    for n in range(1, to):
        yield Timed(Number(n), n / 10)


def test_a_function_runs_with_its_parameters() -> None:
    assert run_node(scale, Number(3)) == Number(6)
    assert run_node(scale, Number(3), by=0.5) == Number(1.5)


def test_a_class_is_opened_called_and_closed() -> None:
    ctx = NodeContext()
    with open_node(Counter, ctx=ctx, start=100, step=5) as counter:
        assert counter.stream.note == "from 100"
        assert counter(PICTURE) == Number(105, "at 0")
        assert counter(PICTURE, step=1) == Number(106, "at 1")
        assert counter(PICTURE, tick=Tick(9, 0.3)) == Number(107, "at 9")
    assert ctx.notes == ["opened"]


def test_close_comes_once_and_only_after_a_successful_open() -> None:
    instance = Instance(node_type_of(Counter))
    instance.close()
    instance.open(NodeContext(), {})
    code = instance._code
    instance.close()
    instance.close()
    assert code.log == ["open", "close"]


def test_live_parameters_come_with_each_call() -> None:
    node_type = node_type_of(Counter)
    instance = Instance(node_type)
    instance.open(NodeContext(), {"start": 0})
    steps = [live_arguments(node_type, {"step": step}) for step in (1, 10, 100)]
    assert [instance.call((PICTURE,), Tick(0, 0.0), live)[0].value for live in steps] == [1, 11, 111]


def test_a_source_gives_values_and_times() -> None:
    with open_node(stream, to=3) as opened:
        assert list(opened.frames()) == [(None, Number(0)), (0.1, Number(1)), (0.2, Number(2))]
    assert run_node(stream, to=2) == [Number(0), Number(1)]


def test_optional_inputs_may_be_left_out_and_others_may_not() -> None:
    assert run_node(swallow, PICTURE) is None
    for inputs in ((), (PICTURE, None, None)):
        with pytest.raises(TypeError, match=r"takes \['image', 'mask'\]"):
            run_node(swallow, *inputs)


def test_nothing_stands_for_every_missing_value() -> None:
    assert run_node(as_number, lambda: None) == Nothing("no value")
    assert run_node(as_number, lambda: Nothing("why")) == Nothing("why")
    assert run_node(pair, lambda: Nothing("why")) == (Nothing("why"), Nothing("why"))
    assert run_node(pair, lambda: None) == (Nothing("no value"),) * 2
    half = Pair(Number(1), None)  # type: ignore[arg-type]
    assert run_node(pair, lambda: half) == (Number(1), Nothing("no value"))


@pytest.mark.parametrize(
    ("code", "gives", "said"),
    [
        (as_number, Text("x"), "promised Number and gave Text"),
        (as_number, 3.5, "promised Number and gave float"),
        (pair, (Number(1), Number(2)), "output 'second' promised Text and gave Number"),
        (pair, (Number(1),), "promised 2 values and gave 1"),
    ],
)
def test_a_broken_promise_is_said(code: Any, gives: Any, said: str) -> None:
    with pytest.raises(WrongValue, match=said):
        run_node(code, lambda: gives)


def test_any_may_be_anything() -> None:
    assert run_node(say, Text("x")) == Text("x")


def test_parameters_that_no_graph_could_hold_are_refused_in_tests_too() -> None:
    with pytest.raises(TypeError, match="has no parameter 'bye'"):
        run_node(scale, Number(1), bye=2.0)
    with pytest.raises(TypeError, match="by must be a number"):
        run_node(scale, Number(1), by="two")
    with open_node(Counter) as counter, pytest.raises(TypeError, match="no live parameter 'start'"):
        counter(PICTURE, start=3)

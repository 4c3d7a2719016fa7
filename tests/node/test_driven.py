"""What a wire may set a parameter to."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.graph import NodeSchema, ParamSchema, PortSchema, fault
from nodeflow.node import NodeError, Params, Registry, driven_arguments, live_arguments, node, node_type_of, number
from nodeflow.values import Boolean, Color, Items, Number, Text

WIDTH = ParamSchema("width", "integer", 2, minimum=1, maximum=9)
FREE = ParamSchema("free", "number", 0.0)
SIDE = ParamSchema("side", "choice", "left", choices=("left", "right", "90"))


@pytest.mark.parametrize(
    ("param", "value", "said"),
    [
        (WIDTH, Number(3.4), 3),
        (WIDTH, Number(-5), 1),
        (WIDTH, Number(math.inf), 9),
        (FREE, Number(1e300), 1e300),
        (ParamSchema("on", "toggle", True), Boolean(False), False),
        (ParamSchema("words", "text", ""), Text("a"), "a"),
        (ParamSchema("words", "lines", ""), Text("a\nb"), "a\nb"),
        (ParamSchema("shade", "color", "#000000"), Color(255, 136, 0), "#ff8800"),
        (SIDE, Text("right"), "right"),
        (SIDE, Text("1"), "right"),
        (SIDE, Text("90"), "90"),
        (FREE, Boolean(True), 1.0),
        (SIDE, Number(1), "right"),
    ],
)
def test_what_a_value_sets_a_parameter_to(param: ParamSchema, value: object, said: object) -> None:
    inputs, live = driven_arguments([param], ("an input", value), {param.name: param.default, "other": 1})
    assert inputs == ("an input",)
    assert live == {param.name: said, "other": 1}
    assert type(live[param.name]) is type(said)


@pytest.mark.parametrize(
    ("param", "value", "why"),
    [
        (FREE, Number(math.nan), "free is given nan"),
        (FREE, Number(-math.inf), "free is given -inf"),
        (WIDTH, Number(math.nan), "width is given nan"),
        (WIDTH, Items((Number(1),)), "width is given a list"),
        (WIDTH, Text("3"), "which is no Number"),
        (SIDE, Text("up"), "side must be one of left, right, 90"),
        (SIDE, Text("7"), "there is nothing to choose"),
        (ParamSchema("words", "text", ""), Text(3), "words must be a text"),  # type: ignore[arg-type]
        (ParamSchema("on", "toggle", True), Boolean("yes"), "on must be true or false"),  # type: ignore[arg-type]
    ],
)
def test_what_it_cannot_be_set_to(param: ParamSchema, value: object, why: str) -> None:
    with pytest.raises(NodeError, match=why):
        driven_arguments([param], (value,), {})


def test_where_a_wire_brings_nothing_the_parameter_stays_as_it_is_set() -> None:
    assert driven_arguments([WIDTH, FREE], (None, Number(2)), {"width": 7, "free": 0.0}) == (
        (),
        {"width": 7, "free": 2},
    )


@given(st.floats() | st.integers(-(10**400), 10**400))
def test_no_number_gets_past_the_bounds(number: float) -> None:
    for param in (WIDTH, ParamSchema("amount", "number", 0.0, minimum=-1, maximum=0.5)):
        try:
            _, live = driven_arguments([param], (Number(number),), {})
        except NodeError:
            assert math.isnan(number)
        else:
            assert fault(param, live[param.name]) == ""


def test_a_class_node_gets_its_live_parameters_in_one() -> None:
    @node("t.faint", category="Test")
    class Faint:
        class Live(Params):
            amount: float = number(1.0)
            other: float = number(2.0)

        def run(self, number: Number, live: Live) -> Number:
            return Number(number.value * live.amount)

    live = live_arguments(node_type_of(Faint), {"amount": 3.0})
    _, driven = driven_arguments([ParamSchema("amount", "number", 1.0)], (Number(0), Number(5)), live)
    assert (driven["live"].amount, driven["live"].other) == (5.0, 2.0)
    assert live["live"].amount == 3.0
    assert Registry.of(Faint).catalog.nodes["t.faint"].socket("amount") == PortSchema("amount", "Number", optional=True)


def schema(**traits: Any) -> NodeSchema:
    params = (
        ParamSchema("live", "number", 0.0, doc="How much"),
        ParamSchema("setup", "number", 0.0, "setup"),
        ParamSchema("path", "file", ""),
        ParamSchema("use", "choice", "a", choices=("a", "b")),
    )
    return NodeSchema("t.any", "Any", "Test", params=params, **traits)


def test_which_parameters_are_sockets() -> None:
    plain = schema()
    assert plain.socket("live") == plain.input("live") == PortSchema("live", "Number", optional=True, doc="How much")
    assert plain.socket("use") == PortSchema("use", "Text", optional=True)
    assert [plain.socket(name) for name in ("setup", "path", "nothing")] == [None, None, None]
    ports = PortSchema("a", "Number"), PortSchema("b", "Number")
    assert schema(inputs=ports, selects="use").socket("use") is None
    assert schema(holds=True).socket("live") is None
    in_front = schema(inputs=(PortSchema("live", "Image"),))
    assert in_front.socket("live") is None
    assert in_front.input("live") == PortSchema("live", "Image")
    assert plain.from_wire(["live", "setup", "image"]) == {"live"}
    assert in_front.from_wire(["live"]) == set()

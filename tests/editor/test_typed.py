"""A number that is typed may be a sum; whatever else is typed is refused, and nothing typed is ever run."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.editor.commands.typed import number_in, value_typed
from nodeflow.graph import ParamSchema


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.5", 0.5),
        ("0,5", 0.5),
        (" -3 ", -3.0),
        ("1e-3", 0.001),
        ("1/4", 0.25),
        ("(1 + 4) % 3", 2.0),
        ("2*pi", math.tau),
        ("2^3", 8.0),
        ("-2**2", -4.0),
        ("7//2", 3.0),
    ],
)
def test_sums_are_worked_out(text: str, number: float) -> None:
    assert number_in(text) == pytest.approx(number)


@pytest.mark.parametrize(
    "text",
    [
        *("", "a", "1/0", "nan", "inf", "1e999", "9**9**9", "(-1)**0.5", "True", "1j", "'2'", "1 2", "\0"),
        *("abs(1)", "().__class__", "[1][0]", "x:=1", "(lambda: 1)()", "1 if 1 else 2", "1<2", "~1", "1@2"),
        *("(" * 150 + "1" + ")" * 40, "-" * 190 + "1e", "9" * 500),
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        number_in(text)


@given(st.text("0123456789+-*/%^().,e pi", max_size=40))
def test_a_sum_comes_to_a_number_or_is_refused(text: str) -> None:
    try:
        assert math.isfinite(number_in(text))
    except ValueError:
        pass


def test_a_value_keeps_within_its_bounds_and_has_no_unit() -> None:
    size = ParamSchema("size", "integer", 10, minimum=1.0, maximum=100.0, unit="px")
    assert [value_typed(size, text) for text in ("2*12 px", "1/3", "1000", "2.5*3")] == [24, 1, 100, 8]
    assert value_typed(ParamSchema("words", "text", ""), "1/3") == "1/3"

"""Sizes in bytes, as people read them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nodeflow.sizes import size_text


def test_sizes_have_the_unit_that_leaves_few_digits() -> None:
    sizes = {0: "0 kB", 1: "1 kB", 512_000: "512 kB", 3_400_000: "3.4 MB", 51_000_000: "51 MB", 1_200_000_000: "1.2 GB"}
    assert {size: size_text(size) for size in sizes} == sizes


@given(st.integers(0, 10**12))
def test_sizes_are_short_and_never_nothing(size: int) -> None:
    said = size_text(size)
    assert len(said) <= 7
    assert said.split()[1] in ("kB", "MB", "GB")
    assert (said == "0 kB") == (size == 0)

"""Sizes in bytes, as people read them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nodeflow.sizes import bytes_of, size_text


def test_sizes_have_the_unit_that_leaves_few_digits() -> None:
    sizes = {0: "0 kB", 1: "1 kB", 512_000: "512 kB", 3_400_000: "3.4 MB", 51_000_000: "51 MB", 1_200_000_000: "1.2 GB"}
    assert {size: size_text(size) for size in sizes} == sizes


@given(st.integers(0, 10**12))
def test_sizes_are_short_and_never_nothing(size: int) -> None:
    said = size_text(size)
    assert len(said) <= 7
    assert said.split()[1] in ("kB", "MB", "GB")
    assert (said == "0 kB") == (size == 0)


@given(st.integers(1, 10**12))
def test_a_size_that_is_read_again_is_nearly_the_same(size: int) -> None:
    said = size_text(size)
    again = bytes_of(said)
    assert again is not None
    assert size_text(again) == said
    assert bytes_of(said.replace(" ", "").lower()) == again


@given(st.text(max_size=12))
def test_no_text_breaks_what_reads_sizes(text: str) -> None:
    size = bytes_of(text)
    assert size is None or size >= 0


def test_what_is_no_size_is_told() -> None:
    assert [bytes_of(text) for text in ("4096", "1.5 GB", "", "GB", "-1 GB", "1 XB", "nan", "1e5")] == [
        4096,
        1_500_000_000,
        *[None] * 6,
    ]

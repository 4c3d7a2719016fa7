"""Names of classes out of files and metadata that may hold anything."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodeflow.models import BadModel
from nodeflow.models.bare.names import MOST_NAMES, names_in, read_names

SAID = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.tuples(inner) | st.dictionaries(st.integers() | st.floats(), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(SAID.map(repr) | st.text(alphabet="[](){}:,'1e9-\\\\ud80 ", max_size=30))
def test_whatever_metadata_says_names_can_be_written(text: str) -> None:
    for name in names_in({"names": text}):
        name.encode("utf-8")


@pytest.mark.parametrize(
    "text",
    [
        *("", "7", "{", "[1, 2", "__import__('os')", "{1e999: 'a'}", "{[]: 1}", "{-1: 'a'}", f"{{{MOST_NAMES}: 'a'}}"),
        *("-" * 10**5 + "1", "(" * 10**5, "{0: " * 1000),
    ],
    ids=lambda text: text[:20],
)
def test_metadata_that_names_nothing_gives_no_names(text: str) -> None:
    assert names_in({"names": text}) == ()


def test_names_come_in_the_order_of_their_numbers_and_gaps_are_filled() -> None:
    assert names_in({"names": "{2: 'bus', 0: 'cat'}"}) == ("cat", "class 1", "bus")
    assert names_in({"names": "['cat', '\\ud800']"}) == ("cat", "?")


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("a.txt", "cat\n\n dog \r\n", ("cat", "dog")),
        ("b.json", '["cat", "dog"]', ("cat", "dog")),
        ("c.json", '{"1": "dog", "0": "cat", "3": "cow"}', ("cat", "dog", "class 2", "cow")),
    ],
)
def test_names_are_read_from_what_people_have(tmp_path: Path, name: str, text: str, wanted: tuple[str, ...]) -> None:
    (tmp_path / name).write_text(text)
    assert read_names(tmp_path / name) == wanted


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("a.txt", ""), ("b.json", "{"), ("c.json", "7"), ("d.json", "[]"), ("e.json", "[" * 10**5)),
        *(("f.json", '{"a": "b"}'), ("g.json", '{"1e999": "a"}'), ("h.json", '{"999999999": "x"}')),
    ],
    ids=lambda each: each[:20],
)
def test_a_file_that_names_nothing_is_refused(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(BadModel, match=name):
        read_names(tmp_path / name)


@given(st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=5))
def test_a_list_is_read_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    path = tmp_path_factory.mktemp("names") / "names.json"
    path.write_text(json.dumps(names))
    assert read_names(path) == tuple(name.encode("utf-8", "replace").decode() for name in names)

"""A table that grows by what goes by."""

from __future__ import annotations

import numpy as np
import pytest

from nodeflow.node import NodeError, Tick
from nodeflow.testing.nodes import open_node
from nodeflow.values import Classes, Image, Number, Table, Text
from nodes.measure.rows_seen import CollectRows


def classes(sure: float) -> Classes:
    return Classes(np.array([sure, 1 - sure], np.float32), ("spam", "other"))


def test_each_value_is_a_row_beside_what_it_is_about() -> None:
    with open_node(CollectRows) as collect:
        collect(classes(0.75), Text("win", "en"), tick=Tick(0, 0.0))
        table = collect(classes(0.25), Text("Mittag?", "de"), tick=Tick(1, 0.0))
    assert table == Table(
        ("item", "language", "label", "score"), (("win", "en", "spam", 0.75), ("Mittag?", "de", "other", 0.75))
    )


def test_the_last_rows_are_kept_and_may_come_first() -> None:
    with open_node(CollectRows, most=2, newest_first=True) as collect:
        for place in range(5):
            table = collect(Number(float(place)), tick=Tick(place, 0.0))
    assert table == Table(("frame", "value"), ((4, 4.0), (3, 3.0)))


def test_a_frame_that_is_computed_again_replaces_its_rows() -> None:
    with open_node(CollectRows) as collect:
        collect(Number(1.0), tick=Tick(0, 0.0))
        assert collect(Number(2.0), tick=Tick(0, 0.0)).rows == ((0, 2.0),)


def test_other_columns_begin_a_new_table() -> None:
    with open_node(CollectRows) as collect:
        collect(Number(1.0), tick=Tick(0, 0.0))
        assert collect(Text("a"), tick=Tick(1, 0.0)) == Table(("frame", "text"), ((1, "a"),))


def test_what_has_no_rows_is_refused() -> None:
    with open_node(CollectRows) as collect, pytest.raises(NodeError, match="does not fit into a table"):
        collect(Image(np.zeros((2, 2, 3), np.uint8)), tick=Tick(0, 0.0))

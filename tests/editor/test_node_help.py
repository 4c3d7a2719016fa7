"""What is said of a node type, and where it is used."""

from __future__ import annotations

import json

import pytest

from nodeflow.editor.commands.node_help import (
    about_param,
    behaviour,
    default_of,
    examples,
    paragraphs,
    range_of,
    sample_choices,
)
from nodeflow.editor.documents.templates import GROUPS
from nodeflow.graph import NodeSchema, ParamSchema
from nodeflow.samples import sample_graphs


@pytest.mark.parametrize(
    ("param", "said"),
    [
        (ParamSchema("a", "number", 1.0, minimum=0.0, maximum=50.0, unit="px"), "0 to 50 px"),
        (ParamSchema("a", "number", 1.0, minimum=0.5), "0.5 or more"),
        (ParamSchema("a", "integer", 0, minimum=0, maximum=1_000_000), "0 to 1,000,000"),
        (ParamSchema("a", "integer", 1, maximum=9, unit="s"), "9 s or less"),
        (ParamSchema("a", "choice", "x", choices=("x", "y")), "x, y"),
        (ParamSchema("a", "choice", "1", choices=tuple(map(str, range(500)))), "one of 500 names"),
        (ParamSchema("a", "toggle", False), "on or off"),
        (ParamSchema("a", "model", "m", task="pose"), "a model for pose"),
        (ParamSchema("a", "text", ""), ""),
    ],
)
def test_what_a_parameter_may_be(param: ParamSchema, said: str) -> None:
    assert range_of(param) == said


def test_a_default_is_said_in_words() -> None:
    assert default_of(ParamSchema("a", "toggle", True)) == "on"
    assert default_of(ParamSchema("a", "number", 0.0)) == "0.0"
    assert default_of(ParamSchema("a", "file", None)) == ""


def test_the_tip_of_a_parameter_says_what_a_change_costs() -> None:
    tip = about_param(ParamSchema("size", "integer", 3, group="setup", minimum=1, maximum=9, doc="How large."))
    assert tip.splitlines() == ["How large.", "1 to 9", "Default: 3", "A change opens the node again."]


def test_how_a_node_runs_is_said_by_its_traits() -> None:
    assert behaviour(NodeSchema("a", "A", "X", clock="live", resource="io"))[0].startswith("It runs on files")
    assert "drop" in " ".join(behaviour(NodeSchema("a", "A", "X", clock="live")))
    model = NodeSchema("a", "A", "X", params=(ParamSchema("model", "model", "m", task="pose"),))
    assert behaviour(model)[0] == "It runs on the device that models run on."


def test_a_docstring_is_broken_where_the_panel_likes() -> None:
    assert paragraphs("One\n line.\n\nTwo.") == "One line.\n\nTwo."


def test_examples_use_the_node_and_the_smallest_comes_first() -> None:
    found = examples("people.pose")
    assert found
    graphs = [json.loads(sample.path.read_text(encoding="utf-8")) for sample in found]
    assert [len(graph["nodes"]) for graph in graphs] == sorted(len(graph["nodes"]) for graph in graphs)
    assert all("people.pose" in [node["type"] for node in graph["nodes"].values()] for graph in graphs)
    assert examples("there.is_none") == []


def test_every_sample_graph_hangs_in_the_menu_under_its_group() -> None:
    opened: list[str] = []
    choices = sample_choices(lambda path: opened.append(path.stem))
    for choice in choices:
        if choice.action:
            choice.action()
    assert sorted(opened) == list(sample_graphs())
    assert [choice.title for choice in choices if not choice.action] == list(GROUPS)

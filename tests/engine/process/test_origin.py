"""A node's code, found again from its process."""

from __future__ import annotations

from pathlib import Path

import pytest

from nodeflow.engine.process import ProcessInstance
from nodeflow.graph import Node
from nodeflow.node import NodeError, Registry, Tick, load_registry, node, node_type_of
from nodeflow.testing.nodes import NodeContext
from nodeflow.values import Number
from tests.engine.process.parts import AnyPorts, Source, Stubborn


def test_code_that_another_process_cannot_find_is_refused() -> None:
    @node("p.local", category="Test")
    def local(number: Number) -> Number:
        return number

    with pytest.raises(NodeError, match="inside a function") as raised:
        ProcessInstance(node_type_of(local)).open(NodeContext(), {})
    assert "node pack" in raised.value.hint

    local.__module__ = "__main__"
    with pytest.raises(NodeError, match="in the program itself"):
        ProcessInstance(node_type_of(local)).open(NodeContext(), {})


def test_a_node_whose_ports_depend_on_its_setup_has_them_in_its_process_too() -> None:
    registry = Registry.of(AnyPorts)
    made = registry.adapted(Node("p.any"), "", Path)
    instance = ProcessInstance(registry.type(made.type))
    instance.open(NodeContext(), {})
    try:
        assert instance.call((Number(1), Number(2)), Tick(0, 0.0, None), {}) == (Number(3), Number(4))
    finally:
        instance.close()


def test_code_whose_name_now_stands_for_something_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = node_type_of(Source)
    monkeypatch.setattr("tests.engine.process.parts.Source", Stubborn)
    with pytest.raises(NodeError, match="another node"):
        ProcessInstance(taken).open(NodeContext(), {})
    monkeypatch.delattr("tests.engine.process.parts.Source")
    with pytest.raises(NodeError, match="not found"):
        ProcessInstance(taken).open(NodeContext(), {})


def test_a_pack_of_the_users_folder_is_found(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "from nodeflow.node import Params, node\n"
        "from nodeflow.values import Number\n"
        "@node('mine.twice', category='Mine')\n"
        "class Twice:\n"
        "    class Live(Params):\n"
        "        plus: float = 0.0\n"
        "    def run(self, number: Number, live: Live) -> Number:\n"
        "        return Number(number.value * 2 + live.plus)\n"
    )
    node_type = load_registry(tmp_path).types["mine.twice"]
    assert node_type.live is not None
    instance = ProcessInstance(node_type)
    instance.open(NodeContext(), {})
    try:
        assert instance.call((Number(4),), Tick(0, 0.0), {"live": node_type.live.of({"plus": 1.0})}) == (Number(9),)
    finally:
        instance.close()

"""Every sample graph whose models are fetched from packages runs, with what stands in for a camera and a microphone.

"camera" is left out: nothing stands in for one there.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from nodeflow.engine import Session, Start
from nodeflow.graph import Graph, load
from nodeflow.models import Library
from nodeflow.node import load_registry
from nodeflow.samples import sample_graphs

FRAMES = 3
PATIENCE = 600.0
REGISTRY = load_registry()


def _models(graph: Graph) -> set[str]:
    """The models that its nodes name."""
    nodes = [(node, REGISTRY.catalog.get(node.type)) for node in graph.nodes.values()]
    params = [(node, param) for node, schema in nodes if schema for param in schema.params if param.type == "model"]
    return {str(node.params.get(param.name, param.default)) for node, param in params} - {""}


@pytest.mark.weights
@pytest.mark.parametrize("name", sorted(sample_graphs().keys() - {"camera"}))
def test_it_runs_to_its_end_and_no_node_fails(name: str, library: Library, tmp_path: Path) -> None:
    graph = load(sample_graphs()[name])
    unchecked = sorted(model for model in _models(graph) if not library.card(model).checked)
    if unchecked:
        pytest.skip(f"not checked here, no packaged weights: {', '.join(unchecked)}")
    with Session(graph, REGISTRY, folder=tmp_path, frames=FRAMES, device="cpu") as session:
        session.send(Start())
        end = session.wait(PATIENCE)
    assert end.state == "finished", end.message
    assert end.finished
    assert {node: status.message for node, status in end.nodes.items() if status.failed} == {}
    assert end.nodes.keys() == graph.nodes.keys(), "a node that nothing asks for"

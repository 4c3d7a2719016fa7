"""What a model is measured on: the sample graphs, without a camera, with nothing that has to be fetched unasked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nodeflow.editor.models.measuring import trial_of
from nodeflow.editor.models.uses import model_param, use_of
from nodeflow.graph import Catalog, check
from nodeflow.models.tasks import TASKS
from nodeflow.node import load_registry

from .shop import entry


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_registry().catalog


@pytest.mark.parametrize("task", ["pose", "hands", "emotion", "person-mask", "style", "picture-generator", "upscale"])
def test_a_model_is_tried_in_a_sample_graph_that_reads_samples(task: str, catalog: Catalog) -> None:
    sampled = trial_of(entry(TASKS[task].default, task=task), catalog)
    assert sampled is not None
    graph = sampled.graph
    assert graph[sampled.node].params["model"] == TASKS[task].default
    assert not [problem for problem in check(graph, catalog) if problem.severity == "error"]
    for node in graph.nodes.values():
        schema = catalog.nodes[node.type]
        assert schema.clock != "live", "no camera is switched on"
        assert not schema.sink, "nothing is written"
    assert sampled.on


def test_where_no_sample_shows_its_task_a_model_is_fed_by_samples_of_the_same_kinds(catalog: Catalog) -> None:
    pose = catalog.nodes["people.pose"]
    param = model_param(pose, "pose")
    assert param is not None
    own = replace(pose, type="own.pose", params=(replace(param, task="own"),))
    sampled = trial_of(entry("x", task="own"), Catalog({**catalog.nodes, "own.pose": own}, catalog.conversions))
    assert sampled is not None
    assert sampled.graph[sampled.node].type == "own.pose"
    assert sampled.graph[sampled.end].type == "draw.poses", "what draws its results makes the picture"
    assert sampled.on
    assert not sampled.others


def test_a_task_that_no_sample_shows_cannot_be_measured(catalog: Catalog) -> None:
    assert trial_of(entry("x", task="unheard-of"), catalog) is None


def test_every_task_of_the_library_has_a_node_that_runs_it(catalog: Catalog) -> None:
    from nodeflow.models import library

    for card in library().cards().values():
        assert use_of(catalog, card.task, card.inputs, card.outputs) is not None, card.id

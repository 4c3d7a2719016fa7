"""Which nodes run a model: those with a model parameter of its task. Pure.

The packs say it: a node's `model` parameter names the task that it is for, and nobody else knows. Where several node
types have the same task, the one that takes and gives what the card says is meant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from nodeflow.graph import Catalog, Graph, NodeSchema, ParamSchema


@dataclass(frozen=True, slots=True)
class Use:
    """A node type, and the parameter of it that a model goes into."""

    schema: NodeSchema
    param: ParamSchema


def model_param(schema: NodeSchema | None, task: str) -> ParamSchema | None:
    """The parameter for models of a task."""
    params = schema.params if schema else ()
    return next((param for param in params if param.type == "model" and param.task == task), None)


def use_of(catalog: Catalog, task: str, inputs: Iterable[str], outputs: Iterable[str]) -> Use | None:
    """The node type that runs a model of this task, with what it takes and gives; None if there is none."""
    takes, gives = set(inputs), set(outputs)
    best: tuple[tuple[int, int, str], Use] | None = None
    for schema in catalog.nodes.values():
        param = model_param(schema, task)
        if param is None:
            continue
        ins, outs = {port.kind for port in schema.inputs}, {port.kind for port in schema.outputs}
        order = (len(takes ^ ins) + len(gives ^ outs), len(schema.params), schema.type)
        if best is None or order < best[0]:
            best = order, Use(schema, param)
    return best[1] if best else None


def node_for(graph: Graph, catalog: Catalog, nodes: Collection[str], task: str) -> tuple[str, ParamSchema] | None:
    """The one of `nodes`, if it is one, and its parameter for a model of the task."""
    node = next(iter(nodes)) if len(nodes) == 1 else None
    if node is None or node not in graph.nodes:
        return None
    param = model_param(catalog.get(graph[node].type), task)
    return (node, param) if param else None


def model_of(graph: Graph, node: str, param: ParamSchema) -> str:
    """The id of the model that a node is set to."""
    return str(graph[node].params.get(param.name, param.default))

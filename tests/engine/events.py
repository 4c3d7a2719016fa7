"""What a virtual run writes down: see `virtual`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from nodeflow.engine.packets import Frame
from nodeflow.engine.plan import PlanNode
from nodeflow.engine.revision import Revision
from nodeflow.engine.stage import Stage
from nodeflow.graph import Graph


class TookOver(NamedTuple):
    """A revision took over: of this graph, made when these nodes were watched."""

    revision: Revision
    graph: Graph
    watched: frozenset[str]


class Retried(NamedTuple):
    """A node is tried again; it is `anew` if it could not be called."""

    node: str
    anew: bool


class SetOut(NamedTuple):
    """A frame set out: the nodes that it goes through, its sources' values, and what live ones had offered last."""

    frame: Frame
    nodes: tuple[PlanNode, ...]
    sources: Mapping[str, Any]
    newest: Mapping[str, Any]


class Made(NamedTuple):
    """A call was made, and ended at this time."""

    stage: Stage
    node: str
    frame: Frame
    at: float


class GaveUp(NamedTuple):
    """A call was over its time limit, or the run could not wait for it."""

    stage: Stage
    node: str
    frame: Frame


class CameBack(NamedTuple):
    """A call that had been given up ended after all, at this time."""

    stage: Stage
    node: str
    frame: Frame
    at: float


class Withdrew(NamedTuple):
    """An edit cut a frame of still nodes short: these were not called."""

    frame: Frame
    nodes: frozenset[str]


Event = TookOver | SetOut | Made | Withdrew | Retried | GaveUp | CameBack

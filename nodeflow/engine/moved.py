"""Nodes whose ids have changed and that are the same: put into a subgraph while they run, or taken out of one.

A node is known by its id from one revision to the next. A node "soft_face/blur" whose id is new takes over the stage of
a "blur" whose id is gone, if it is opened as the same and fed by the same: then it is what that was, wherever a person
sees it. So a video that is being written goes on, and a model is not loaded again. Within one graph it has to be called
the same, too: a node that comes as an equal one goes is another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import takewhile

from nodeflow.engine.packets import Failed
from nodeflow.engine.plan import Plan, PlanNode
from nodeflow.engine.revision import Revision
from nodeflow.engine.stage import Stage
from nodeflow.graph.names import INSIDE

_Likeness = tuple[str, tuple[tuple[Stage, int] | None, ...]]
"""A node's type, and what stands at each of its inputs."""


class Gone:
    """The stages of a revision whose ids are not in the next plan."""

    def __init__(self, now: Revision, plan: Plan) -> None:
        self._stages: dict[_Likeness, list[Stage]] = {}
        for place in sorted(now.plan.index[name] for name in now.plan.index.keys() - plan.index.keys()):
            likeness = _likeness(now.plan.nodes[place], now.stages)
            self._stages.setdefault(likeness, []).append(now.stages[place])

    def __bool__(self) -> bool:
        return bool(self._stages)

    def take(self, node: PlanNode, stages: Sequence[Stage]) -> Stage | None:
        """The stage that served a node of the next plan under another id; `stages` serve those before it."""
        there = self._stages.get(_likeness(node, stages), [])
        alike = [
            stage
            for stage in there
            if node.settings.identity in (stage.identity, stage.refused) and _may_be(stage.id, node.id)
        ]
        if not alike:
            return None
        stage = max(alike, key=lambda each: _shared(each.id, node.id))
        there.remove(stage)
        return stage


def rename(stages: Sequence[Stage], names: Iterable[str]) -> set[str]:
    """Give stages the ids of now, also in what is said of their failures. Returns the names of those that had another.
    Under the lock."""
    named = list(zip(stages, names, strict=True))
    new = {stage.id: name for stage, name in named if stage.id != name}
    moved = {stage.name for stage in stages if stage.id in new}
    for stage, name in named:
        if stage.fault is not None:
            stage.fault = _told_of(stage.fault, new)
        if isinstance(stage.last, Failed):
            stage.last = _told_of(stage.last, new)
        stage.id = name
    return moved


def _told_of(failed: Failed, new: dict[str, str]) -> Failed:
    return replace(failed, node=new[failed.node]) if failed.node in new else failed


def _likeness(node: PlanNode, stages: Sequence[Stage]) -> _Likeness:
    return node.schema.type, tuple((stages[wire.producer], wire.output) if wire else None for wire in node.inputs)


def _may_be(before: str, now: str) -> bool:
    """Whether a node may have moved from one id to another: to another depth, where its name may be taken, or under the
    name that it has."""
    return before.count(INSIDE) != now.count(INSIDE) or _shared(before, now) > 0


def _shared(one: str, other: str) -> int:
    """How many names two ids end with alike."""
    pairs = zip(reversed(one.split(INSIDE)), reversed(other.split(INSIDE)), strict=False)
    return len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))

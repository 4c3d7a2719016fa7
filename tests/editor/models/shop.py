"""Entries of models that there are not, and a catalog whose nodes run them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nodeflow.editor.models.entries import Entry
from nodeflow.editor.models.measures import Measurement
from nodeflow.graph import Catalog, NodeSchema, ParamSchema, PortSchema
from nodeflow.testing.graphs import TOY

_PLAIN = Entry(
    id="plain", title="Plain", summary="What it does.", task="pose", task_title="People and their joints",
    family="extract", inputs=("Image",), outputs=("Poses",), author="Somebody", paper="None", licence="MIT",
    commercial="yes", training_data="not stated", intended_use="Tests.", limits="Not studied.", runtime="onnxruntime",
    size=1_000_000, download=1_000_000, sources=("npm a",), files=(("a.onnx", "1.0 MB"),), here=False, default=False,
)  # fmt: skip


def entry(model_id: str, **changes: Any) -> Entry:
    return replace(_PLAIN, id=model_id, title=changes.pop("title", model_id.title()), **changes)


def measured(ms: float) -> Measurement:
    return Measurement(ms, 30, "CPU", 1 << 20, 0.2, "astronaut", "this", "2026-11-26")


ENTRIES = (
    entry("blazepose-full", title="BlazePose Full", author="Google Research", default=True, here=True,
          measured=measured(20.0)),
    entry("movenet", title="MoveNet Lightning", author="Google Research", measured=measured(8.0),
          other_words="mocap motion capture of people"),
    entry("styles", title="Many styles", task="style", task_title="Pictures in a style", family="transform",
          outputs=("Image",), commercial="unclear", default=True),
    entry("faces", title="DCGAN faces", task="generator", task_title="Pictures made of numbers", family="generate",
          inputs=("Vector",), outputs=("Image",), commercial="no", checked=False, here=True, default=True),
)  # fmt: skip
"""Four models of three tasks."""


def _model(task: str, default: str, group: Any = "setup") -> ParamSchema:
    return ParamSchema("model", "model", default, group, task=task)


_IMAGE, _POSES = PortSchema("image", "Image"), PortSchema("poses", "Poses")
WITH_MODELS = Catalog(
    dict(TOY.nodes)
    | {
        schema.type: schema
        for schema in (
            NodeSchema(
                "people.pose", "Pose", "People", inputs=(_IMAGE,), outputs=(_POSES,),
                params=(_model("pose", "blazepose-full"), ParamSchema("score", "number", 0.3)),
            ),
            NodeSchema(
                "people.aged", "Pose of before", "People", inputs=(_IMAGE, _POSES), outputs=(_POSES,),
                params=(_model("pose", "movenet"),),
            ),
            NodeSchema(
                "transform.style", "Style", "Image", inputs=(_IMAGE,), outputs=(_IMAGE,),
                params=(_model("style", "styles"),),
            ),
            NodeSchema("draw.poses", "Draw poses", "Draw", inputs=(_IMAGE, _POSES), outputs=(_IMAGE,)),
        )
    },
    TOY.conversions,
)  # fmt: skip
"""The toy catalog, with nodes that say for which task their model is."""

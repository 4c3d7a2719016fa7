"""The model library: cards, files, runtimes, and the pipelines that turn pictures into results.

    from nodeflow.models import library, open_task

    for id in library().ids(task="pose"): ...
    pose = open_task("pose", "blazepose-full", device="auto", progress=print)
    poses = pose(image, score=0.3)

Importing this package loads neither pydantic nor onnxruntime nor OpenCV; the first call that needs them does.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from nodeflow.models.errors import (
    BadModel,
    Cancelled,
    CardError,
    Declined,
    DeviceUnavailable,
    FetchFailed,
    InUse,
    ModelError,
    UnknownModel,
)
from nodeflow.models.library import Library, library
from nodeflow.models.sessions import Loaded, loaded
from nodeflow.models.watch import Progress

if TYPE_CHECKING:
    from nodeflow.models.card import Card, Sample
    from nodeflow.models.opening import Parts, open_for, open_task
    from nodeflow.models.pose import PoseModel, open_pose
    from nodeflow.models.runtime import OnnxModel

_HEAVY = {
    "Card": "card",
    "Sample": "card",
    "PoseModel": "pose",
    "open_pose": "pose",
    "OnnxModel": "runtime",
    "Parts": "opening",
    "open_for": "opening",
    "open_task": "opening",
}
"""What waits for its first use, and the module it is in."""


def __getattr__(name: str) -> object:
    if name not in _HEAVY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HEAVY[name]}"), name)


__all__ = [
    "BadModel",
    "Cancelled",
    "Card",
    "CardError",
    "Declined",
    "DeviceUnavailable",
    "FetchFailed",
    "InUse",
    "Library",
    "Loaded",
    "ModelError",
    "OnnxModel",
    "Parts",
    "PoseModel",
    "Progress",
    "Sample",
    "UnknownModel",
    "library",
    "loaded",
    "open_for",
    "open_pose",
    "open_task",
]

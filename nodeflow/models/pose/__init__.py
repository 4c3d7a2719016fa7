"""Poses of people in pictures.

    pose = open_pose("blazepose-full")          # fetches what is missing; may take a while
    for image in frames:
        poses = pose(image, score=0.3)          # Poses in the image's own frame of reference
    pose.close()

A pose model remembers where people were: give each stream its own, in frame order, from one thread at a time, and
`reset` it where the stream jumps. Instances of the same model share its weights and sessions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from nodeflow.models.opened import Opened
from nodeflow.models.providers import Precision
from nodeflow.models.watch import Progress
from nodeflow.values import Image, Poses

__all__ = ["PoseModel", "open_pose"]


class PoseModel(Opened, Protocol):
    """Finds people and their joints."""

    def __call__(self, image: Image, *, score: float) -> Poses:
        """People whose `person` score is at least `score` (0..1), with all their joints. Raises BadModel."""
        ...

    def reset(self) -> None:
        """Forget where people were: the next picture is not a sequel of the last."""
        ...


def open_pose(
    model_id: str,
    *,
    device: str = "auto",
    threads: int = 1,
    precision: Precision = "auto",
    tensorrt: bool = False,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> PoseModel:
    """Open a pose model by the id of its card: `open_task` for poses, with its arguments and errors."""
    from nodeflow.models.opening import open_task

    model: PoseModel = open_task(
        "pose",
        model_id,
        device=device,
        threads=threads,
        precision=precision,
        tensorrt=tensorrt,
        progress=progress,
        cancelled=cancelled,
    )
    return model

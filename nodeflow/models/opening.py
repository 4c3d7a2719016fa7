"""Opening a model of the library for a task: the one way from a card to something that can be called.

    pose = open_task("pose", "blazepose-full", device="auto", progress=print)
    poses = pose(image, score=0.5)
    pose.close()

    self._model = open_for(ctx, "pose", setup.model)       # in a node's `open`: says on the node what it runs on

What comes back is the task's own kind of thing (`PoseModel` for poses, say); it says what it runs on and is closed
after use. Models of the same file, device and options share their sessions; what remembers a stream is not shared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from nodeflow.models.card_files import BUILT_IN
from nodeflow.models.errors import ModelError
from nodeflow.models.library import library
from nodeflow.models.providers import Precision
from nodeflow.models.proving import prove
from nodeflow.models.runtime import OnnxModel
from nodeflow.models.watch import Progress, Watch


@dataclass(frozen=True, slots=True)
class Parts:
    """What a pipeline is made from: its networks and assets by role, the settings of its card, and where to run.

    `settings` is the card's class of `pipelines`. `device` and `threads` are for what does not run by onnxruntime.
    """

    networks: Mapping[str, OnnxModel]
    assets: Mapping[str, Path]
    settings: Any
    device: str = "auto"
    threads: int = 1


class Host(Protocol):
    """For whom a model is opened: the part of a node's `Context` that it takes."""

    @property
    def device(self) -> str: ...
    @property
    def threads(self) -> int: ...
    @property
    def stopping(self) -> bool: ...
    def progress(self, text: str, fraction: float | None = None) -> None: ...
    def provider(self, name: str, device: str = "cpu") -> None: ...


def open_for(host: Host, task: str, model_id: str, *, precision: Precision = "auto", tensorrt: bool = False) -> Any:
    """`open_task` where `host` runs, with its progress shown there; what the model runs on is said there too."""
    model = open_task(
        task,
        model_id,
        device=host.device,
        threads=host.threads,
        precision=precision,
        tensorrt=tensorrt,
        progress=host.progress,
        cancelled=lambda: host.stopping,
    )
    host.provider(model.provider, model.device)
    return model


def open_task(
    task: str,
    model_id: str,
    *,
    device: str = "auto",
    threads: int = 1,
    precision: Precision = "auto",
    tensorrt: bool = False,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Any:
    """Open a model by the id of its card, fetching and converting its files first where needed.

    `device` is "auto", "cpu" or "cuda:0"; `threads` how many cores one call may use on the CPU. `precision` "fp16"
    and `tensorrt` are wishes for a GPU: the model's `provider` says whether they came true, and why not. Blocks.
    Raises UnknownModel, CardError, FetchFailed, Cancelled, BadModel, DeviceUnavailable; ModelError if the model is
    not one for `task`.
    """
    shelf = library()
    card = shelf.card(model_id)
    if card.task != task:
        ids = ", ".join(shelf.ids(task=task))
        raise ModelError(f"{model_id!r} is a model for {card.task}, not for {task}; models for {task}: {ids}")
    paths = shelf.fetch(model_id, progress, cancelled)
    if card.folder != BUILT_IN:  # its author is not known here, and its hash only says that it is the author's file
        for role in (*card.networks, *card.pipeline.run_by_torch):
            prove(paths[role], shelf.cache, Watch.of(progress, cancelled))
    several = len(card.networks) > 1
    networks = {
        role: OnnxModel(
            paths[role], device, threads, precision, tensorrt, name=f"{model_id}: {role}" if several else model_id
        )
        for role in card.networks
    }
    assets = {role: paths[role] for role in card.assets}
    module, _, function = card.pipeline.code.partition(":")
    return getattr(import_module(module), function)(Parts(networks, assets, card.pipeline, device, threads))

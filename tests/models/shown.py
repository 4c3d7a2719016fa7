"""Looking at what networks are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from nodeflow.models import OnnxModel
from nodeflow.values import Image

Array = np.ndarray


def picture(width: int, height: int) -> Image:
    """Of the network's own size, so that nothing depends on how pictures are shrunk; each channel is another."""
    across, down = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    levels = np.dstack((across, down**2, 0.3 + 0.4 * np.sin(9 * across) * down))
    return Image(np.round(levels * 255).astype(np.uint8))


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Array]]:
    """Every input that a network of this test is given, that of the last call last."""
    seen: list[dict[str, Array]] = []
    run, bound = OnnxModel.run, OnnxModel.bound

    def noted(feeds: Mapping[str, Array]) -> None:
        seen.append({name: np.array(value) for name, value in feeds.items()})

    def watched(self: OnnxModel, feeds: Mapping[str, Array], outputs: Any = None) -> list[Any]:
        noted(feeds)
        return run(self, feeds, outputs)

    def watched_bound(self: OnnxModel, feeds: Mapping[str, Array], outputs: Any = None) -> Callable[[], list[Any]]:
        call = bound(self, feeds, outputs)

        def noted_call() -> list[Any]:
            noted(feeds)
            return call()

        return noted_call

    monkeypatch.setattr(OnnxModel, "run", watched)
    monkeypatch.setattr(OnnxModel, "bound", watched_bound)
    return seen

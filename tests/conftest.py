"""What all tests share.

Weights and sample media come from the model library into the user's own cache (`NODEFLOW_CACHE` if that is set), so
that they are fetched once per machine and not once per run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from nodeflow.models import Library
from nodeflow.models import library as the_library
from nodeflow.values import Image

FETCH_SECONDS = 1800

# How long an example takes, to be made or to be tried, is the machine's business. A run of the suite tries the same
# examples as the one before, so that what it says is about the change; `make explore` looks for others.
SLOW_IS_FINE = [HealthCheck.too_slow]
settings.register_profile("nodeflow", deadline=None, suppress_health_check=SLOW_IS_FINE, derandomize=True)
settings.register_profile("explore", deadline=None, suppress_health_check=SLOW_IS_FINE)
settings.load_profile("nodeflow")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test that may have to download gets the time for it; several processes begin with what takes one of them
    longest: the windows, which stay in one."""
    for item in items:
        if item.get_closest_marker("weights") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(FETCH_SECONDS))
    if config.getoption("dist", "no") != "no":
        items.sort(key=lambda item: item.get_closest_marker("gui") is None)
        for item in items:
            if item.get_closest_marker("gui"):
                item.add_marker(pytest.mark.xdist_group("gui"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Where several processes share the tests (`make test`): all windows go to one, so that two mice never are at
    work at once, and any other file to whichever is free, so that what its tests share is made once."""
    from xdist.scheduler import LoadGroupScheduling

    class ByFile(LoadGroupScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return str(super()._split_scope(nodeid).split("::")[0])

    return ByFile(config, log)


@pytest.fixture(scope="session")
def library() -> Library:
    """The model library with its lasting cache, for tests marked `weights`."""
    return the_library()


@pytest.fixture(scope="session")
def frames_of(library: Library) -> Callable[..., Iterator[Image]]:
    """Frames of a sample clip as images: `frames_of("one_person", every=5)`."""

    def read(sample: str, *, every: int = 1) -> Iterator[Image]:
        path: Path = library.asset(sample)
        import av

        with av.open(str(path)) as clip:
            for number, frame in enumerate(clip.decode(video=0)):
                if number % every == 0:
                    yield Image(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8))

    return read

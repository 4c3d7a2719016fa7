"""What all tests share.

Weights and sample media come from the model library into the user's own cache (`NODEFLOW_CACHE` if that is set), so
that they are fetched once per machine and not once per run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that may have to download gets the time for it."""
    for item in items:
        if item.get_closest_marker("weights") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(FETCH_SECONDS))


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
                    yield Image(frame.to_ndarray(format="rgb24"))

    return read

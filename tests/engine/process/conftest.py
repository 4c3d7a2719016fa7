"""Processes take a good part of a second to start: tests that leave theirs well share one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from nodeflow.node import NodeError
from nodeflow.testing.nodes import NodeContext
from tests.engine.process.desk import Desk
from tests.engine.process.parts import Do, Echo


@pytest.fixture(scope="package")
def echo() -> Iterator[Desk]:
    desk = Desk(Echo, NodeContext())
    yield desk
    desk.instance.close()


@pytest.fixture(scope="package")
def well(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The node that does what it is told; for what its process survives."""
    desk = Desk(Do, NodeContext(tmp_path_factory.mktemp("well")), start=10)
    yield desk
    desk.instance.close()


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Opens instances of the test's own."""
    opened: list[Desk] = []

    def make(code: object, **values: Any) -> Desk:
        desk = Desk(code, NodeContext(tmp_path), **values)
        opened.append(desk)
        return desk

    yield make
    for desk in opened:
        desk.instance.kill()
        with suppress(NodeError):
            desk.instance.close()

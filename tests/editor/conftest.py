"""A screen for the tests that need one: the one there is, or a virtual one of our own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nodeflow.graph import Graph, Node, save

from .desk import Desk

PACKS = str(Path(__file__).parent / "packs")


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is ready at once where a thread gets its turn at once is waited for, however busy the machine is."""
    for name in ("aside.PATIENCE", "adapting.PATIENCE", "adapting.DROP_PATIENCE"):
        monkeypatch.setattr(f"nodeflow.editor.documents.{name}", 20.0)


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """The name of an X display. Skips where there is neither a display nor Xvfb (`make test` gets it)."""
    if os.environ.get("DISPLAY"):
        yield os.environ["DISPLAY"]
    else:
        yield from _screen()


@pytest.fixture
def fresh_display() -> Iterator[str]:
    """A screen on which nothing was ever shown or copied."""
    yield from _screen()


def _screen() -> Iterator[str]:
    if shutil.which("Xvfb") is None or shutil.which("xdotool") is None:
        pytest.skip("no display, and no Xvfb and xdotool to make one")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1000x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    try:
        if not number:
            pytest.skip("Xvfb does not start here")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


@pytest.fixture
def graph_file(tmp_path: Path) -> Path:
    """A file with a source, something that inverts pictures and a preview, none of them connected."""
    graph, _ = Graph().add(Node("desk.balls"), (0.0, 0.0))
    graph, _ = graph.add(Node("desk.invert"), (320.0, 0.0))
    graph, _ = graph.add(Node("desk.count"), (320.0, 200.0))
    graph, _ = graph.add(Node("io.preview"), (640.0, 0.0))
    path = tmp_path / "graph.json"
    save(graph, path)
    return path


@pytest.fixture
def desk(display: str, graph_file: Path) -> Iterator[Desk]:
    """The editor on `graph_file`."""
    with Desk(graph_file, env={"DISPLAY": display, "NODEFLOW_PACKS": PACKS}) as opened:
        yield opened


@pytest.fixture
def open_desk(display: str) -> Callable[..., Desk]:
    """The editor on any graph; to be used with `with`."""

    def opened(graph: Path | None, *, start: bool = False, env: dict[str, str] | None = None) -> Desk:
        return Desk(graph, start=start, env={"DISPLAY": display, "NODEFLOW_PACKS": PACKS} | (env or {}))

    return opened

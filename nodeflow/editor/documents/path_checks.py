"""Whether the paths in a document are of the sort that their parameters want, looked up by a thread: disks may be slow.

    checks.look(graph, catalog, folder)     # after an edit
    checks.update()                         # once per frame; True when `problems` are others than before

A path that is wrong is looked at again every few seconds, so that the problem goes when the file is put there. What is
a sample is not looked at: it is fetched when it is needed. GUI thread only.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from nodeflow.graph import Catalog, Graph, Problem, lowered
from nodeflow.paths import SAMPLE, SORTS, path_fault, placed

_AGAIN: Final = 2.0
"""Seconds after which a path that was wrong is looked at again."""
_MOST: Final = 200
"""Paths that are looked at; a graph from a stranger may name any number."""


def path_problems(graph: Graph, catalog: Catalog, folder: Path) -> list[Problem]:
    """What is wrong with the paths of the nodes that run. Relative ones start from `folder`."""
    found: list[Problem] = []
    looked = 0
    for name, node in lowered(graph, catalog).nodes.items():
        schema = catalog.get(node.type)
        for param in schema.params if schema else ():
            sort = next((sort for sort in SORTS if sort == param.type), None)
            value = node.params.get(param.name, param.default)
            if sort is None or not isinstance(value, str) or not value.strip() or value.startswith(SAMPLE):
                continue
            looked += 1
            if looked > _MOST:
                return found
            fault = path_fault(sort, placed(folder, value))
            if fault is not None:
                problem = Problem("bad-path", fault.message, name, param.name, fault.hint)
                needless = schema is not None and schema.clock == "live"  # only wanted where nothing live is there
                found.append(replace(problem, severity="warning") if needless else problem)
    return found


class PathChecks:
    """Those of one document. See the module's head."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.problems: list[Problem] = []
        self._clock = clock
        self._graph: Graph | None = None
        self._catalog = Catalog()
        self._folder: Path | None = None
        self._found: list[Problem] | None = None
        self._thread: threading.Thread | None = None
        self._due = False
        self._next = 0.0

    def look(self, graph: Graph | None, catalog: Catalog, folder: Path | None) -> None:
        """Look at the paths of this graph from now on, relative ones from `folder`, or where the program runs; cheap to
        call with the same again."""
        if graph is not self._graph or catalog is not self._catalog or folder != self._folder:
            self._graph, self._catalog, self._folder, self._due = graph, catalog, folder, True

    def update(self) -> bool:
        """Take what was found; True if that is something else than before."""
        thread = self._thread
        if thread is not None and thread.is_alive():
            return False
        found, self._found, self._thread = self._found, None, None
        news = found is not None and found != self.problems
        if found is not None and news:
            self.problems = found
        now = self._clock()
        if self._graph is not None and (self._due or (self.problems and now >= self._next)):
            self._due, self._next = False, now + _AGAIN
            wanted = (self._graph, self._catalog, self._folder)
            self._thread = threading.Thread(target=self._look, args=wanted, name="looking at paths", daemon=True)
            self._thread.start()
        return news

    def wait(self) -> bool:
        """Wait until what is looked at has been seen, for tests; what `update` gives then."""
        news = self.update()
        if self._thread is not None:
            self._thread.join()
        return self.update() or news

    def _look(self, graph: Graph, catalog: Catalog, folder: Path | None) -> None:
        self._found = path_problems(graph, catalog, folder or Path.cwd())

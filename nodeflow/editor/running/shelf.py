"""The models of the library as menus show them, read by a thread so that no frame waits for it.

shelf = Shelf(); shelf.want("pose"); shelf.models("pose")     # None until it is read
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from nodeflow.editor.reading import Reading
from nodeflow.graph import Catalog, Graph
from nodeflow.sizes import size_text


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One model. `size` in bytes of all its files, `download` of what is still to be fetched; `ready` if it is here."""

    id: str
    title: str
    size: int
    ready: bool
    download: int = 0

    @property
    def note(self) -> str:
        return "ready" if self.ready else f"not downloaded \u00b7 {size_text(self.size)}"


class Shelf:
    """Entries by task. GUI thread only; it reads on threads of its own."""

    def __init__(self) -> None:
        self._entries: dict[str, tuple[ModelEntry, ...]] = {}
        self._readings: dict[str, Reading] = {}

    def want(self, task: str) -> None:
        """Read the models of a task, again if that was done."""
        self._reading(task).want()

    def refresh(self) -> None:
        """Read again whatever was read: another model may be here now."""
        for task in tuple(self._entries):
            self.want(task)

    def models(self, task: str) -> tuple[ModelEntry, ...] | None:
        """What was last read, or None where nothing was yet."""
        if task not in self._entries:
            self._reading(task).begin()
        return self._entries.get(task)

    def missing(self, graph: Graph, catalog: Catalog) -> tuple[ModelEntry, ...]:
        """The models that a graph names and that are not here, as far as it is known yet."""
        wanted: dict[str, set[object]] = {}
        for node in graph.nodes.values():
            schema = catalog.get(node.type)
            for param in schema.params if schema else ():
                if param.type == "model":
                    wanted.setdefault(param.task, set()).add(node.params.get(param.name, param.default))
        return tuple(
            entry
            for task, ids in wanted.items()
            for entry in self.models(task) or ()
            if entry.id in ids and not entry.ready
        )

    def _reading(self, task: str) -> Reading:
        if task not in self._readings:
            self._readings[task] = Reading("reading models", partial(self._read, task))
        return self._readings[task]

    def _read(self, task: str) -> None:
        from nodeflow.models import ModelError, library

        entries = []
        shelf = library()
        for model_id in shelf.ids(task or None):
            try:
                card, ready = shelf.card(model_id), shelf.status(model_id) == "ready"
                download = shelf.download_size(model_id)
            except ModelError:
                continue
            entries.append(ModelEntry(model_id, card.title, card.size, ready, download))
        self._entries[task] = tuple(entries)

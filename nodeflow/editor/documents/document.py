"""The graph being edited, its file and its history.

A document is replaced, never emptied: opening a file makes another one. Saving is all or nothing (`graph.save`).
Pure; owned by the GUI thread.
"""

from __future__ import annotations

from pathlib import Path

from nodeflow.graph import Catalog, Graph, History, load, renames, save

SUFFIX = ".json"


class Document:
    """`path` is None until the graph was first saved; until then it is called `title`."""

    def __init__(self, graph: Graph | None = None, path: Path | None = None, title: str = "Untitled") -> None:
        self.history = History(graph or Graph())
        self.path = path
        self._title = title
        self._seen: tuple[int, int] | None = None
        """The file as it was read or written last."""

    @classmethod
    def open(cls, path: Path, catalog: Catalog) -> Document:
        """Nodes of a type that was renamed get its name of today.

        Raises GraphFileError, which says what is wrong with the file and where.
        """
        seen = _stamp(path)
        document = cls(load(path, renames(catalog)), path.absolute())
        document._seen = seen
        return document

    @property
    def graph(self) -> Graph:
        return self.history.graph

    @property
    def dirty(self) -> bool:
        """Whether closing it now would lose something."""
        return not self.history.saved

    @property
    def changed_elsewhere(self) -> bool:
        """Whether something else has written the file since it was read or written here."""
        now = _stamp(self.path) if self.path and self._seen else None
        return now is not None and now != self._seen

    def unseen_since(self, at: float) -> None:
        """Say that the file was read or written here before a time, Unix time: what is newer, something else wrote."""
        now = _stamp(self.path) if self.path else None
        self._seen = now if now is not None and now[0] <= at * 1e9 else (0, 0)

    @property
    def name(self) -> str:
        return self.path.stem if self.path else self._title

    @property
    def folder(self) -> Path | None:
        """What relative paths in the graph start from."""
        return self.path.parent if self.path else None

    def relative(self, path: Path) -> str:
        """A path as the graph says it: from the document's folder if it lies below that."""
        inside = self.folder is not None and path.is_relative_to(self.folder)
        return str(path.relative_to(self.folder) if inside and self.folder else path)

    def save(self, path: Path | None = None, graph: Graph | None = None) -> None:
        """Write to `path`, which becomes the document's, or to where it was: the graph, or a form of it that means the
        same there. Raises GraphFileError, ValueError."""
        path = path or self.path
        if path is None:
            raise ValueError("this graph has no file yet: say where to save it")
        path = path if path.suffix else path.with_suffix(SUFFIX)
        save(self.graph if graph is None else graph, path)
        self.path = path.absolute()
        self._seen = _stamp(path)
        self.history.mark_saved()


def _stamp(path: Path) -> tuple[int, int] | None:
    """What tells one state of a file from another; None where there is none."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size

"""The pictures, clips and sounds to try things on, read by a thread so that no frame waits for it.

    samples = Samples()
    samples.fitting(param)                  # what a file parameter may be; None until it is read
    samples.missing(graph, catalog)         # what a run of the graph will want to download

A graph names one where the path of a file is wanted: "sample:one_person".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch

from nodeflow.editor.reading import Reading
from nodeflow.graph import Catalog, Graph, ParamSchema
from nodeflow.paths import SAMPLE


@dataclass(frozen=True, slots=True)
class SampleEntry:
    """One sample. `ref` is what a graph calls it, `download` in bytes what is still to be fetched: 0 if it is here."""

    ref: str
    title: str
    media: str
    file: str
    download: int

    @property
    def name(self) -> str:
        """What people read in its place: "one person"."""
        return self.ref.removeprefix(SAMPLE).replace("_", " ")


@dataclass(frozen=True, slots=True)
class MissingSample:
    """A sample that is not here. A `stand_in` is only wanted where there is no camera or microphone."""

    entry: SampleEntry
    stand_in: bool


def fits(param: ParamSchema, entry: SampleEntry) -> bool:
    """Whether a parameter takes such a file, or folder."""
    if entry.media == "folder":
        return param.type == "folder"
    endings = (pattern.lower() for pattern in param.patterns)
    return param.type == "file" and any(fnmatch(entry.file.lower(), ending) for ending in endings)


class Samples:
    """All samples. GUI thread only; it reads on a thread of its own."""

    def __init__(self) -> None:
        self._entries: tuple[SampleEntry, ...] | None = None
        self._fitting: tuple[object, dict[tuple[str, tuple[str, ...]], tuple[SampleEntry, ...]]] = None, {}
        """Which of those that were read fit into which parameters: asked for every frame."""
        self._reading = Reading("reading samples", self._read)

    @property
    def entries(self) -> tuple[SampleEntry, ...] | None:
        """What was last read, or None where nothing was yet: then it is read."""
        if self._entries is None:
            self._reading.begin()
        return self._entries

    def refresh(self) -> None:
        """Read them, or read them again: another may be here now."""
        self._reading.want()

    def fitting(self, param: ParamSchema) -> tuple[SampleEntry, ...] | None:
        """Those that a file parameter takes, or None where they are not read yet."""
        entries = self.entries
        if entries is None:
            return None
        if self._fitting[0] is not entries:
            self._fitting = entries, {}
        known, what = self._fitting[1], (param.type, param.patterns)
        if what not in known:
            known[what] = tuple(entry for entry in entries if fits(param, entry))
        return known[what]

    def missing(self, graph: Graph, catalog: Catalog) -> tuple[MissingSample, ...]:
        """The samples that a graph names and that are not here, as far as it is known yet."""
        wanted = dict(sorted(_named(graph, catalog), reverse=True))  # wanted for sure wins over wanted perhaps
        there = {entry.ref: entry for entry in (self.entries if wanted else None) or ()}
        return tuple(
            MissingSample(there[ref], stand_in)
            for ref, stand_in in wanted.items()
            if ref in there and there[ref].download
        )

    def _read(self) -> None:
        from nodeflow.models import ModelError, library

        shelf = library()
        try:
            samples = tuple(shelf.samples().values())
        except ModelError:
            samples = ()
        self._entries = tuple(
            SampleEntry(each.ref, each.title, each.media, each.files[0].name, shelf.asset_download_size(each.id))
            for each in samples
        )


def _named(graph: Graph, catalog: Catalog) -> Iterator[tuple[str, bool]]:
    """The samples that nodes name, each with whether it is only there for want of something live."""
    for node in graph.nodes.values():
        schema = catalog.get(node.type)
        for param in schema.params if schema else ():
            value = node.params.get(param.name, param.default)
            if schema and param.type in ("file", "folder") and isinstance(value, str) and value.startswith(SAMPLE):
                yield value, schema.clock == "live"

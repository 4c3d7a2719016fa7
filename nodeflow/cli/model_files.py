"""`nodeflow models cache` and `nodeflow models prune`: what models take of the disk, and giving some of it back."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from nodeflow.cli.faults import Fault
from nodeflow.cli.printing import say
from nodeflow.cli.tables import table
from nodeflow.sizes import bytes_of, size_text

if TYPE_CHECKING:
    from nodeflow.models.disk_use import DiskUse, ModelUse, Part

_HEAD = ("MODEL", "DOWNLOADED", "CONVERTED", "LAST USED")
_WORDS: dict[Part, str] = {
    "shared": "shared by several models",
    "samples": "samples",
    "unlisted": "downloads that no card stands for",
    "outdated": "converted by other versions, or for cards that changed",
    "beyond limit": "converted, beyond the limit",
    "unfinished": "unfinished downloads",
    "other": "measurements, pictures and the like",
}
_DAY = 24 * 3600


def cache(as_json: Annotated[bool, typer.Option("--json", help="Print as JSON, sizes in bytes.")] = False) -> int:
    """Show what models take of the disk."""
    from nodeflow.models import library
    from nodeflow.models.converted import limit
    from nodeflow.models.disk_use import disk_use, prune

    shelf = library()
    use, freed = disk_use(shelf), prune(shelf, limit(), dry_run=True).freed
    could = sum(freed.values())
    if as_json:
        said = {**asdict(use), "folder": str(use.folder), "total": use.total, "prunable": could}
        print(json.dumps(said, indent=2))
        return 0
    for line in _lines(use):
        say(line)
    if could:
        say(f"`nodeflow models prune` frees {size_text(could)}")
    return 0


def prune(
    limit: Annotated[
        str, typer.Option(metavar="SIZE", help="Keep no more than this of what was converted: 2GB, 500MB.")
    ] = "",
    unlisted: Annotated[
        bool,
        typer.Option("--unlisted", help="Downloads too that no card stands for and that were not used for a week."),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
) -> int:
    """Delete converted models that are not needed.

    What another version of NodeFlow converted goes; so does, beyond a limit, what was not used for the longest time,
    and what downloads that broke off have left. What a running NodeFlow has open stays, and so does what was
    downloaded: `nodeflow models remove` deletes that.
    """
    from nodeflow.models import converted, library
    from nodeflow.models.disk_use import prune as pruned

    most = bytes_of(limit) if limit else converted.limit()
    if most is None:
        raise Fault(f"--limit {limit!r} is no size: say 500MB or 2GB")
    done = pruned(library(), most, unlisted=unlisted, dry_run=dry_run)
    for part, size in done.freed.items():
        say(f"{_WORDS[part]}: {size_text(size)}")
    say(f"{size_text(sum(done.freed.values()))} {'would be ' if dry_run else ''}freed")
    if done.in_use:
        say(f"{size_text(done.in_use)} stay: a NodeFlow that runs has them open")
    return 0


def _lines(use: DiskUse) -> list[str]:
    lines = list(table([_HEAD, *map(_row, use.models)], right=(1, 2))) if use.models else []
    rest = [(_WORDS[part], size_text(size)) for part, size in use.parts.items() if size]
    return [*lines, *(f"{words}: {size}" for words, size in rest), f"{size_text(use.total)} in {use.folder}"]


def _row(model: ModelUse) -> tuple[str, ...]:
    days = int(max(0.0, time.time() - model.used) // _DAY)
    when = "today" if days == 0 else f"{days} day{'s' * (days > 1)} ago"
    return model.id, size_text(model.downloaded), size_text(model.converted) if model.converted else "", when

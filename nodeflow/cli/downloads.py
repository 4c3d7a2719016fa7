"""What is said before something is downloaded: what it is, how large, and under which licence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nodeflow.cli.printing import warn
from nodeflow.sizes import size_text

if TYPE_CHECKING:
    from nodeflow.models import Card, Sample
    from nodeflow.models.library import Fetch
    from nodeflow.models.watch import Watch

_USE = {"yes": "", "no": "; not for commercial use", "unclear": "; whether commercial use is allowed is unclear"}


def told_first(thing: Card | Sample, size: int, fetch: Fetch, watch: Watch) -> dict[str, Path]:
    """A `Library.offer` for the command line: whoever gave the command is told, and not asked."""

    use = _USE[getattr(thing, "commercial_use", "yes")]
    warn(f"{thing.title}: downloading {size_text(size)}. Licence: {thing.licence}{use}")
    return fetch(watch)

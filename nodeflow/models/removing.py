"""Deleting a model from the cache: its files, and what was made of them, all of it or nothing.

What another fetched model needs, too, stays. A model that another process has open stays as it is, unless it is removed
by force: what that process then has open goes on, but it cannot be opened again without being fetched. What this
process has open is the caller's to think of.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from nodeflow.models.cache import Cache
from nodeflow.models.convert import converted_keys
from nodeflow.models.converted import Converted
from nodeflow.models.errors import InUse
from nodeflow.models.in_use import is_held_elsewhere, release

if TYPE_CHECKING:
    from nodeflow.models.card import Card


def remove(card: Card, others: Sequence[Card], cache: Cache, *, force: bool) -> int:
    """Delete what a card's model has in the cache and none of the `others` need. Returns the bytes freed.

    Raises InUse, unless it is done by `force`; OSError.
    """
    shared = {file.key for other in others for file in other.files}
    files = [file for file in card.files if file.key not in shared]
    made = converted_keys(card, cache)
    made -= {key for other in others for key in converted_keys(other, cache)}
    keys = sorted({*made, *(file.short_key for file in files)})
    with ExitStack() as locks:
        for key in keys:
            free = locks.enter_context(cache.lock_if_free(key)) and not is_held_elsewhere(cache.uses, key)
            if not free and not force:
                raise InUse(card.title)
        freed = sum(Converted(cache).delete(key) for key in made)
        freed += sum(cache.forget(file) for file in files)
        for key in keys:
            release(cache.uses, key)
    return freed

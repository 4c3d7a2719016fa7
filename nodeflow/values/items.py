"""Lists on a wire: the crops of all people in a picture, say."""

from __future__ import annotations

from typing import Any


class Items(tuple[Any, ...]):
    """Several values of one kind, in an order that nodes keep. A node that takes one item is called for each.

    An item may be missing (a node had nothing to give for it); its place is kept.
    """

    __slots__ = ()

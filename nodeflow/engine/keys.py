"""What a node's value depends on, as one short key.

Keys are Merkle: a node's key is made from its type, its parameters, the state of the files they name and its inputs'
keys, in constant time a node and whatever its id is. So two equal branches have equal keys, and an edit changes the
keys downstream of it and no others. A source's key stands for its stream, not for one frame of it; on a stream a node
that is not pure has a key of its own, for its value depends on the frames that it has seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from nodeflow.engine.clocks import STILL
from nodeflow.engine.plan import EMPTY, Plan, PlanNode
from nodeflow.paths import placed

if TYPE_CHECKING:
    from nodeflow.engine.stage import Stage


def content_keys(
    plan: Plan, folder: Path, before: Plan = EMPTY, known: Sequence[bytes] = (), stages: Sequence[Stage] = ()
) -> list[bytes]:
    """The key of every node of a plan, by index. Relative files start from `folder`.

    `known` are the keys of the plan `before`: nodes that both plans share, with inputs that have not changed, keep
    theirs without a look, unless they read files. A node of a stream goes by the name of its stage, where `stages` are
    given: so it keeps its key when its id changes.
    """
    keys: list[bytes] = []
    renewed: set[int] = set()
    shared = before.nodes if len(before.nodes) == len(plan.nodes) == len(known) else ()
    for place, node in enumerate(plan.nodes):
        same = bool(shared) and shared[place] is node and not node.settings.files
        if same and (not renewed or renewed.isdisjoint(wire.producer for wire in node.inputs if wire)):
            keys.append(known[place])
            continue
        keys.append(_key(node, stages[place].name if stages else node.id, keys, folder))
        if not shared or keys[place] != known[place]:
            renewed.add(place)
    return keys


def _key(node: PlanNode, name: str, keys: list[bytes], folder: Path) -> bytes:
    inputs = tuple(wire and (keys[wire.producer], wire.output) for wire in node.inputs)
    own = name if node.clock != STILL and not (inputs and node.schema.pure) else ""
    node_type = (node.schema.type, node.schema.version, own)
    driven = [param.name for param in node.driven]
    content = (node_type, sorted(node.settings.values.items()), inputs, driven, _files(node, folder))
    return blake2b(repr(content).encode(), digest_size=16).digest()


def _files(node: PlanNode, folder: Path) -> tuple[tuple[int, int] | None, ...]:
    """Size and time of change of each file a node reads, so that a changed file is a changed key."""
    return tuple(_state(placed(folder, name)) for name in node.settings.files if isinstance(name, str) and name)


def _state(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime_ns

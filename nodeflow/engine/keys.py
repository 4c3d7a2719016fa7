"""What a node's value depends on, as one short key.

Keys are Merkle: a node's key is made from its type, its parameters, the state of the files they name and its inputs'
keys, in constant time a node and whatever its id is. So two equal branches have equal keys, and an edit changes the
keys downstream of it and no others. A source's key stands for its stream, not for one frame of it.
"""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

from nodeflow.engine.clocks import STILL
from nodeflow.engine.plan import Plan, PlanNode


def content_keys(plan: Plan, folder: Path) -> list[bytes]:
    """The key of every node of a plan, by index. Relative files start from `folder`."""
    keys: list[bytes] = []
    for node in plan.nodes:
        inputs = tuple(wire and (keys[wire.producer], wire.output) for wire in node.inputs)
        own = node.id if node.clock != STILL and not inputs else ""
        content = (
            node.schema.type,
            node.schema.version,
            own,
            sorted(node.values.items()),
            inputs,
            _files(node, folder),
        )
        keys.append(blake2b(repr(content).encode(), digest_size=16).digest())
    return keys


def _files(node: PlanNode, folder: Path) -> tuple[tuple[int, int] | None, ...]:
    """Size and time of change of each file a node reads, so that a changed file is a changed key."""
    names = (node.values[param.name] for param in node.schema.params if param.type == "file")
    return tuple(_state(folder / name) for name in names if isinstance(name, str) and name)


def _state(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_size, found.st_mtime_ns

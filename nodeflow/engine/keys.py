"""What a still node's value depends on, as one short key.

Keys are Merkle: a node's key is made from its type, its parameters and its inputs' keys, in constant time a node and
whatever its id is, so two equal branches have equal keys, and an edit changes the keys downstream of it and no others.
"""

from __future__ import annotations

from hashlib import blake2b

from nodeflow.engine.plan import Plan


def still_keys(plan: Plan) -> dict[int, bytes]:
    """The key of every still node of a plan, by index."""
    keys: dict[int, bytes] = {}
    for index in plan.still.members:
        node = plan.nodes[index]
        inputs = tuple(wire and (keys[wire.producer], wire.output) for wire in node.inputs)
        content = (node.schema.type, node.schema.version, sorted(node.values.items()), inputs)
        keys[index] = blake2b(repr(content).encode(), digest_size=16).digest()
    return keys

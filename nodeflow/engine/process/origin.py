"""Where a node's code comes from, so that another process can load it too.

Code crosses by name: its module is imported there and the node is looked up in it. Packs of the user's folder cannot
be found by name; they are loaded from the file they came from, under the same name.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from functools import reduce
from typing import NamedTuple

from nodeflow.node import NodeError, NodeType, Registry, node_type_of

_HINT = "Put it at the top level of a module that can be imported, such as a node pack."


class Origin(NamedTuple):
    """A node type by name: its module, its place in it, and the file of the module's topmost package."""

    type: str
    module: str
    qualname: str
    file: str | None


def origin_of(node_type: NodeType) -> Origin:
    """Where to find a node type again. Raises NodeError if another process could not."""
    module, qualname = node_type.code.__module__, node_type.code.__qualname__
    name = f"the node {node_type.schema.type!r} cannot run in a process of its own"
    if module == "__main__":
        raise NodeError(f"{name}: it is defined in the program itself", _HINT)
    if "<" in qualname:
        raise NodeError(f"{name}: it is defined inside a function ({module}.{qualname})", _HINT)
    origin = Origin(node_type.schema.type, module, qualname, getattr(sys.modules.get(_top(module)), "__file__", None))
    try:
        found = _look_up(origin)
    except (ImportError, AttributeError, TypeError, KeyError) as fault:
        raise NodeError(f"{name}: {module}.{qualname} is not found ({fault})", _HINT) from fault
    if found.code is not node_type.code:
        raise NodeError(f"{name}: {module}.{qualname} is another node by now", _HINT)
    return origin


def load(origin: Origin) -> NodeType:
    """Import the node type that `origin` names. Raises NodeError if that fails."""
    try:
        if importlib.util.find_spec(_top(origin.module)) is None:
            _import_file(_top(origin.module), origin.file)
        return _look_up(origin)
    except (Exception, SystemExit) as fault:  # a module may do anything at import
        message = f"{origin.module} cannot be imported in the node's process: {type(fault).__name__}: {fault}"
        raise NodeError(message, "Import this module in a fresh Python to see why.") from fault


def _look_up(origin: Origin) -> NodeType:
    code = reduce(getattr, origin.qualname.split("."), importlib.import_module(origin.module))
    found = node_type_of(code)
    return Registry.of(code).type(origin.type) if found.schema.adapts else found


def _import_file(name: str, file: str | None) -> None:
    spec = importlib.util.spec_from_file_location(name, file) if file else None
    if spec is None or spec.loader is None:
        raise ImportError(f"there is no module {name}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)


def _top(module: str) -> str:
    return module.partition(".")[0]

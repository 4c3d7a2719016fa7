"""Which node types there are: packs found by entry point and in the user's folder.

A pack is a package (or module) named by an entry point of the group `nodeflow.nodes`; every module in it is imported
and its `@node` functions and classes are taken. A module that fails to import is a problem with a message, shown in
the editor and by `nodeflow nodes`; the rest of its pack and every other pack still load.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import pkgutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

from nodeflow.graph import Node, base_type
from nodeflow.graph.schema import Catalog, Conversion
from nodeflow.node.define import NodeType
from nodeflow.node.ports import Adapted
from nodeflow.values import CONVERSIONS

ENTRY_POINT_GROUP = "nodeflow.nodes"


@dataclass(frozen=True, slots=True)
class PackProblem:
    """A pack, or one module of it, that could not be loaded, and why."""

    pack: str
    module: str
    message: str

    def __str__(self) -> str:
        return f"node pack {self.pack!r}: {self.module} could not be loaded: {self.message}"


@dataclass(frozen=True, slots=True)
class Registry:
    """The node types by name, the catalog the checks use, and what went wrong while loading."""

    types: Mapping[str, NodeType]
    problems: tuple[PackProblem, ...] = ()
    catalog: Catalog = field(init=False)

    def __post_init__(self) -> None:
        rules = {
            pair: Conversion(rule.source, rule.target, rule.lossless, rule.doc) for pair, rule in CONVERSIONS.items()
        }
        schemas = {name: node_type.schema for name, node_type in self.types.items()}
        object.__setattr__(self, "catalog", Catalog(schemas, rules))

    def type(self, name: str) -> NodeType:
        """The node type of that name; its ports may be written out (see `nodeflow.graph.written`). Raises KeyError."""
        if name in self.types:
            return self.types[name]
        schema = self.catalog.get(name)
        if schema is None:
            raise KeyError(name)
        return replace(self.types[base_type(name)], schema=schema)

    def adapted(self, node: Node, changed: str, place: Callable[[str], Path]) -> Node:
        """A node of a type that adapts, after its parameter `changed` was set: with the ports that follow from it.

        May read the files that the parameters name, found by `place`. Raises NodeError, OSError and what
        `nodeflow.models` raises where the ports cannot be told.
        """
        node_type = self.types[base_type(node.type)]
        values = {param.name: node.params.get(param.name, param.default) for param in node_type.schema.params}
        setup = node_type.setup.of(values) if node_type.setup else None
        made: Adapted = node_type.code.adapt(setup, changed, place)  # type: ignore[union-attr]
        return replace(node, type=made.ports.type(node_type.schema.type), params={**node.params, **made.params})

    @classmethod
    def of(cls, *code: object) -> Registry:
        """A registry of just these `@node` functions and classes, for tests and scripts."""
        types = [node_type_of(item) for item in code]
        return cls({node_type.schema.type: node_type for node_type in types})


def node_type_of(code: object) -> NodeType:
    """The node type that `@node` made of a function or class. Raises TypeError if it did not."""
    made = getattr(code, "__nodeflow__", None)
    if not isinstance(made, NodeType):
        raise TypeError(f"{code!r} is not decorated with @node")
    return made


def user_packs() -> Path:
    """The folder where a person puts packs of their own: each a module, or a folder with an `__init__.py`.

    NODEFLOW_PACKS, else the folder for packs among the user's data. It need not exist."""
    if said := os.environ.get("NODEFLOW_PACKS"):
        return Path(said)
    import platformdirs

    return platformdirs.user_data_path("nodeflow", appauthor=False) / "packs"


def load_registry(folder: Path | None = None) -> Registry:
    """Load every installed pack, the standard one first, and the packs in the user's folder (`user_packs()` unless
    another is given). Imports no model runtime by itself."""
    named = folder is None and bool(os.environ.get("NODEFLOW_PACKS"))
    folder = user_packs() if folder is None else folder
    types: dict[str, NodeType] = {}
    problems: list[PackProblem] = []
    if named and not folder.is_dir():
        problems.append(PackProblem(folder.name, str(folder), "NODEFLOW_PACKS names it, and there is no such folder"))
    for point in sorted(
        entry_points(group=ENTRY_POINT_GROUP), key=lambda point: (point.name != "standard", point.name)
    ):
        _take_pack(point.name, point.value, _import(point.value), types, problems)
    try:
        places = sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError as fault:
        places = []
        problems.append(PackProblem(folder.name, str(folder), f"the folder cannot be read: {fault.strerror}"))
    for place in places:
        if place.suffix == ".py" or (place / "__init__.py").is_file():
            name = f"nodeflow_user_pack_{place.stem}"
            _take_pack(place.stem, name, _import_from(place, name), types, problems)
    return Registry(types, tuple(problems))


def _take_pack(
    pack: str,
    name: str,
    root: ModuleType | BaseException,
    types: dict[str, NodeType],
    problems: list[PackProblem],
) -> None:
    for module_name, module in _modules(name, root):
        if isinstance(module, BaseException):
            problems.append(PackProblem(pack, module_name, f"{type(module).__name__}: {module}"))
            continue
        for found in _nodes_in(module):
            known = types.get(found.schema.type)
            if known is not None and known.code is not found.code:
                message = f"the node type {found.schema.type!r} is already taken by pack {known.schema.pack!r}"
                problems.append(PackProblem(pack, module_name, message))
                continue
            types[found.schema.type] = replace(found, schema=replace(found.schema, pack=pack))


def _modules(name: str, root: ModuleType | BaseException) -> Iterator[tuple[str, ModuleType | BaseException]]:
    """A module and all below it, each imported, or the error that its import raised."""
    yield name, root
    for info in pkgutil.iter_modules(getattr(root, "__path__", ()), f"{name}."):
        if not info.name.endswith(".__main__"):
            yield from _modules(info.name, _import(info.name))


def _import(name: str) -> ModuleType | BaseException:
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit) as fault:  # a pack may do anything at import; the others must still load
        return fault


def _import_from(place: Path, name: str) -> ModuleType | BaseException:
    """Import a pack of the user's folder under a name of its own."""
    if name in sys.modules:
        return sys.modules[name]
    target = place if place.suffix == ".py" else place / "__init__.py"
    spec = importlib.util.spec_from_file_location(name, target)
    if spec is None or spec.loader is None:
        return ImportError(f"{target} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as fault:
        del sys.modules[name]
        return fault
    return module


def _nodes_in(module: ModuleType) -> Iterable[NodeType]:
    for value in list(vars(module).values()):
        try:
            made = getattr(value, "__nodeflow__", None)
        except Exception:  # a stand-in for something that is not there now
            continue
        if isinstance(made, NodeType) and value.__module__ == module.__name__:
            yield made

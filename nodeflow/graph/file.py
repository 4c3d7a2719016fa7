"""The graph file: one JSON text per graph, made to be read, compared and merged by people.

`save` and `load` are each other's reverse. The same graph gives the same bytes, and what this version does not know
(node types, parameters, fields) is kept and written back. A file is somebody else's: nothing in it is code,
everything is bounded, and whatever is wrong is one `GraphFileError` that names the file, the node and the field.

    save(graph, "pose.json")    # never half written: the new file takes the old one's place in one step
    graph = load("pose.json")

docs/file_format.md describes the format. These functions may be called from any thread.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from .document import MAX_LINKS, MAX_NODES, NodeMigration, read, written
from .field import Field, GraphFileError
from .model import Graph
from .parts import Node
from .schema import Catalog
from .strict_json import Laid, Lines, layout, parse
from .written import base_type

FORMAT = "nodeflow"
VERSION = 1
MAX_BYTES = 32 * 2**20

MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""How a document of each version below VERSION becomes one of the next version."""


def load(path: str | os.PathLike[str], migrate: NodeMigration | None = None) -> Graph:
    """The graph in a file. Raises GraphFileError, also where the file cannot be read."""
    name = str(path)
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise OSError("it is not a file")
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise GraphFileError(name, f"this cannot be read: {_cause(error)}", "Name a graph file to open.") from error
    if len(data) > MAX_BYTES:
        raise GraphFileError(name, f"this is larger than {MAX_BYTES // 2**20} MiB, which no graph is")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise GraphFileError(name, f"this is no graph: byte {error.start} is not text in UTF-8") from None
    return loads(text, name, migrate)


def loads(text: str, name: str = "graph", migrate: NodeMigration | None = None) -> Graph:
    """The graph in `text`. Errors call it `name`; `migrate` brings nodes of older versions up to date."""
    if not text.strip():
        raise GraphFileError(name, "this file is empty: there is no graph in it")
    try:
        document = parse(text)
    except ValueError as error:
        raise GraphFileError(name, f"this is no graph in JSON: {error}") from None
    found = _up_to_date(Field(document, name))
    fields = found.fields()
    del fields["format"], fields["version"]
    return read(found, fields, migrate)


def dumps(graph: Graph) -> str:
    """The text of a graph file: the same for equal graphs, whatever the order they were built in."""
    head: dict[str, Laid] = {"format": FORMAT, "version": VERSION}
    return layout(Lines({**head, **written(graph), **head})) + "\n"


def save(graph: Graph, path: str | os.PathLike[str]) -> None:
    """Put `graph` into a file, all of it or nothing: what was there stays until the new text is safe on the disk.

    A symbolic link stays one, and a file keeps its permissions. Raises GraphFileError where that cannot be done.
    """
    data = dumps(graph).encode()
    graphs = (graph, *graph.definitions.values())
    nodes, links = sum(len(one.nodes) for one in graphs), sum(len(one.links) for one in graphs)
    if len(data) > MAX_BYTES or nodes > MAX_NODES or links > MAX_LINKS:
        raise GraphFileError(str(path), "this graph is too large to be opened again", "Divide it into several.")
    try:
        target = os.path.realpath(path)
        folder = os.path.dirname(target)
        new = os.path.join(folder, f".nodeflow-{os.urandom(8).hex()}.tmp")
        try:
            _write(new, data, like=target)
            os.replace(new, target)
        except BaseException:
            with suppress(OSError):
                os.unlink(new)
            raise
        _settle(folder)
    except (OSError, ValueError) as error:
        raise GraphFileError(
            str(path), f"this cannot be written: {_cause(error)}", "Save in a folder of yours that has room."
        ) from error


def renames(catalog: Catalog) -> NodeMigration:
    """A migration that gives a node of a type that another one `replaces` the type of today."""
    today = {old: schema.type for schema in catalog.nodes.values() for old in schema.replaces}

    def renamed(node: Node) -> Node:
        base = base_type(node.type)
        known = base in catalog.nodes or base not in today
        return node if known else replace(node, type=today[base] + node.type.removeprefix(base))

    return renamed


def _up_to_date(document: Field) -> Field:
    """The document as one of version VERSION."""
    fields = document.fields()
    if "format" not in fields or fields["format"].value != FORMAT:
        raise document.error(f'this is no NodeFlow graph: it does not say "format": "{FORMAT}"')
    if "version" not in fields:
        raise document.error("this does not say its format version", f'Write "version": {VERSION}.')
    version = fields["version"].version()
    if version > VERSION:
        raise fields["version"].error(
            f"this was made by a newer NodeFlow: its format is {version}, and this program knows {VERSION}",
            "Update NodeFlow to open it.",
        )
    value: Any = document.value
    for old in range(version, VERSION):
        try:
            value = MIGRATIONS[old](value)
        except Exception as error:
            raise document.error(f"this cannot be brought from format {old} to {old + 1}: {error!r}") from error
    return replace(document, value=value)


def _write(path: str, data: bytes, like: str) -> None:
    """Write a new file, safe on the disk, with the permissions of `like` if that exists."""
    mode = os.lstat(like).st_mode if os.path.lexists(like) else None
    if mode is not None and not stat.S_ISREG(mode):
        raise OSError("it is not a file")
    if mode is not None and not os.access(like, os.W_OK):
        raise OSError("it is read-only")
    with open(path, "xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if mode is not None:
        os.chmod(path, stat.S_IMODE(mode))


def _settle(folder: str) -> None:
    """Make a rename in `folder` outlive a power cut, where the system has a way to."""
    if os.name == "posix":
        with suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def _cause(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)

"""Taking a graph to another folder: the files that it reads stay the ones they were. Pure.

A relative path in a graph starts from the graph's folder (see `nodeflow.samples`). Where that changes, as when a graph
is imported or saved elsewhere, what a parameter says has to change for it to mean the same file. What a graph writes
goes where the graph goes, so that stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from nodeflow.graph import Catalog, Graph, subgraphs


def carried(graph: Graph, catalog: Catalog, folder: Path, say: Callable[[Path], str]) -> Graph:
    """The graph with every relative path of a file or folder that there is below `folder` written as `say` says it, in
    its subgraphs and in what is set on their uses, too. The very same graph where there is none."""
    known = subgraphs(graph, catalog).catalog
    inside = {name: _carried(each, known, folder, say) for name, each in graph.definitions.items()}
    changed = {name: each for name, each in inside.items() if each is not graph.definitions[name]}
    return _carried(graph.redefine(changed) if changed else graph, known, folder, say)


def _carried(level: Graph, catalog: Catalog, folder: Path, say: Callable[[Path], str]) -> Graph:
    """The same of the nodes of one level."""
    for name, node in level.nodes.items():
        schema = catalog.get(node.type)
        for param in schema.params if schema else ():
            value = node.params.get(param.name)
            if param.type in ("file", "folder") and isinstance(value, str) and _is_relative(value, folder):
                level = level.set_param(name, param.name, say(folder / value))
    return level


def _is_relative(text: str, folder: Path) -> bool:
    """Whether a text is the relative path of something that there is."""
    try:
        return bool(text.strip()) and not Path(text).is_absolute() and (folder / text).exists()
    except (OSError, ValueError):
        return False

"""Nodes that are new in a graph write no file that another node writes. Pure.

graph = with_own_files(graph, catalog, ["video_2"])     # "out/video.mp4" is taken: it writes "out/video_2.mp4"
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import count
from pathlib import PurePosixPath
from posixpath import normpath
from typing import Final

from nodeflow.graph import Catalog, Graph, Node

_NUMBERED: Final = re.compile(r"(.+)_(\d{1,4})")


def with_own_files(graph: Graph, catalog: Catalog, new: Collection[str]) -> Graph:
    """The graph in which each file that one of the `new` nodes writes, and that is taken, has the next name."""
    written, new = list(_written(graph, catalog)), set(new)
    taken = {normpath(path) for node, _, path in written if node not in new}
    names: dict[tuple[PurePosixPath, str], Iterator[str]] = {}
    changed: dict[str, Node] = {}
    for node, param, path in written:
        if node not in new:
            continue
        own = path
        if normpath(path) in taken:
            place, stem, number = _parts(path)
            following = names.setdefault((place, stem), _numbered(place, stem, number + 1))
            own = next(name for name in following if normpath(name) not in taken)
            made = changed.get(node, graph[node])
            changed[node] = replace(made, params={**made.params, param: own})
        taken.add(normpath(own))
    return graph.with_nodes(changed) if changed else graph


def _written(graph: Graph, catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    """Which node writes where: its id, the parameter that says it, and the path."""
    for kind, nodes in graph.by_type.items():
        schema = catalog.get(kind)
        for param in schema.params if schema else ():
            for node in nodes if param.type == "save" else ():
                path = graph.nodes[node].params.get(param.name, param.default)
                if isinstance(path, str) and PurePosixPath(path).name:
                    yield node, param.name, path


def _parts(path: str) -> tuple[PurePosixPath, str, int]:
    """A path with 0 for its number, its name without number and ending, and the number behind that, else 1."""
    place = PurePosixPath(path)
    numbered = _NUMBERED.fullmatch(place.stem)
    stem, number = (numbered[1], int(numbered[2])) if numbered else (place.stem, 1)
    return place.with_stem(f"{stem}_0"), stem, number


def _numbered(place: PurePosixPath, stem: str, first: int) -> Iterator[str]:
    return (str(place.with_stem(f"{stem}_{number}")) for number in count(first))
